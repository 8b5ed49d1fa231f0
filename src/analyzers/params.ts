import { AssayError } from '../base/errors.js';

/** What kind of value a parameter holds; this settles its text, its JSON and its part of an analyzer's key. */
export type ParamKind =
  | 'column' | 'columns' | 'text' | 'predicate' | 'int' | 'double' | 'doubles' | 'boolean'
  | 'where' // a predicate or null
  | 'options' // AnalyzerOptions or null
  | 'optional-int' | 'optional-doubles' | 'function' | 'optional-function' | 'kll' | 'aggregate' | 'dataset'
  | 'mapping' | 'optional-mapping';

/**
 * How a parameter prints in Deequ's case-class text, and what it is in JSON and docs.
 * `where`, `options`, `kll` and the `optional` kinds may be null and print `None` or `Some(x)`.
 */
export interface Param {
  readonly kind: ParamKind;
  /** Deequ's name in JSON, if it differs from the parameter's. */
  readonly json?: string;
  /** What it is if it is not given, or not in JSON; parameters that may be null need none. */
  readonly default?: unknown;
  readonly doc: string;
}

/** Parameters in Deequ's order of declaration. */
export type ParamList<P> = { readonly [N in keyof P]-?: Param };

/** What happens to nulls in length analyzers, and how filtered rows appear in row-level results. */
export interface AnalyzerOptions {
  readonly nullBehavior: 'Ignore' | 'EmptyString' | 'Fail';
  readonly filteredRow: 'NULL' | 'TRUE';
}

/** The options that filterable analyzers take. */
export interface WhereOptions {
  /** Only rows on which this predicate is true are looked at. */
  readonly where?: string | undefined;
}

/** The options of analyzers with row verdicts. */
export interface RowOptions extends WhereOptions, Partial<AnalyzerOptions> {}

/** Deequ's parameters of a KLL sketch. */
export interface KLLParameters {
  readonly sketchSize: number;
  readonly shrinkingFactor: number;
  readonly numberOfBuckets: number;
}

/** What a histogram adds up: rows, or the values of a column. */
export type AggregateFunction = 'Count' | { readonly sum: string };

/** The AnalyzerOptions that options ask for; null where they ask for none, as Deequ's default is. */
export function analyzerOptions(o: Partial<AnalyzerOptions> | undefined): AnalyzerOptions | null {
  refuseText(o);
  if (o?.nullBehavior === undefined && o?.filteredRow === undefined) return null;
  return Object.freeze({ nullBehavior: o.nullBehavior ?? 'Ignore', filteredRow: o.filteredRow ?? 'TRUE' });
}

/** The parameters of an analyzer of one column. */
export function withWhere(column: string, options?: WhereOptions): { column: string; where: string | null } {
  return { column, where: whereOf(options) };
}

/** The parameters of an analyzer of one column that has row verdicts. */
export function withRowOptions(
  column: string,
  options?: RowOptions,
): { column: string; where: string | null; options: AnalyzerOptions | null } {
  return { column, where: whereOf(options), options: analyzerOptions(options) };
}

/** The filter that options ask for. */
export function whereOf(o: WhereOptions | undefined): string | null {
  refuseText(o);
  return o?.where ?? null;
}

/** A filter in place of the options would be left aside in silence. */
function refuseText(o: unknown): void {
  if (o === undefined || (typeof o === 'object' && o !== null)) return;
  const message = `options must be an object such as { where: 'x > 1' }, not ${JSON.stringify(o)}`;
  throw new AssayError('INVALID_ARGUMENT', message);
}
