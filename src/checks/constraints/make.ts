import type { Analyzer } from '../../analyzers/contract.js';
import { demanded, type AnyDemand } from '../assertions.js';
import type { AnalysisConstraint, RowLevel } from '../constraint.js';
import { isOne, optionsOf, type ConstraintOptions, type FilterOptions, type Options } from './options.js';

/** A constraint that can still be given a filter. */
export interface Filterable {
  readonly constraint: AnalysisConstraint;
  /** The same constraint with another filter; undefined: all rows. */
  filtered(where: string | undefined): AnalysisConstraint;
}

/** A constraint that is made again when its filter changes. */
export function filterable<O extends FilterOptions>(
  options: Options<O> | undefined,
  make: (o: O) => AnalysisConstraint,
): Filterable {
  const o = optionsOf(options);
  return Object.freeze({ constraint: make(o), filtered: (where: string | undefined) => make({ ...o, where }) });
}

interface Parts {
  readonly pick?: (value: never) => unknown;
  readonly integral?: boolean;
  readonly subject?: string;
  readonly rowLevel?: RowLevel;
}

/** A constraint under Deequ's text, unless the options name it. */
export function constraintOf(
  name: string,
  analyzer: Analyzer,
  assertion: AnyDemand,
  o: ConstraintOptions,
  parts: Parts = {},
): AnalysisConstraint {
  return Object.freeze({
    name: o.name ?? name,
    analyzer,
    ...demanded(assertion),
    ...(assertion === isOne && { assumed: true }),
    ...(o.hint !== undefined && { hint: o.hint }),
    ...(o.skip !== undefined && { skip: o.skip }),
    ...parts,
  });
}

/** Deequ's text of a constraint that has no name of its own. */
export function unnamed(analyzer: Analyzer, picked: boolean, hint: string | undefined): string {
  const [pick, said] = [picked ? 'Some(<function1>)' : 'None', hint === undefined ? 'None' : `Some(${hint})`];
  return `AnalysisBasedConstraint(${analyzer},<function1>,${pick},${said})`;
}
