/**
 * How a parameter prints in Deequ's case-class text, and what it is in JSON and docs.
 * `option` kinds print `None` or `Some(x)`.
 */
export interface Param {
  readonly kind:
    | 'column' | 'columns' | 'text' | 'predicate' | 'int' | 'double' | 'doubles' | 'boolean'
    | 'where' // option of a predicate
    | 'options' // option of AnalyzerOptions(nullBehavior, filteredRow)
    | 'optional-int' | 'optional-doubles' | 'function' | 'optional-function' | 'kll' | 'aggregate' | 'dataset' | 'mapping' | 'optional-mapping';
  /** Deequ's name in JSON, if it differs from the parameter's. */
  readonly json?: string;
  readonly doc: string;
}

/** Parameters in Deequ's order of declaration. */
export type ParamList<P> = { readonly [N in keyof P]-?: Param };
