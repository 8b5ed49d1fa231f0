import { BOOLEAN, DOUBLE } from '../data/types.js';
import type { Bound } from '../expression/bound.js';
import type { Bind, Outside, RowRule } from './contract.js';
import { sortedInputs } from './grouping.js';
import { asDouble, asText, call, literal } from './lower.js';
import type { AnalyzerOptions } from './params.js';

/** The parameters of analyzers that judge rows. */
interface RowParams {
  readonly where: string | null;
  readonly options: AnalyzerOptions | null;
}

/** What rows outside the filter count as. */
export function outsideOf({ options }: RowParams): Outside {
  return options?.filteredRow ?? 'TRUE';
}

/** A verdict with its filter; `unknown`: what Deequ says where rows outside count as TRUE and the filter is null. */
export function verdictRule(verdict: Bound, p: RowParams, bind: Bind, unknown: Outside | 'verdict'): RowRule {
  const where = bind.where(p.where);
  if (where === null) return { kind: 'verdict', verdict };
  if (outsideOf(p) === 'NULL' || unknown === 'TRUE') {
    return { kind: 'verdict', verdict: within(verdict, where, outsideOf(p)) };
  }
  const rest = unknown === 'verdict' ? [verdict] : [where, verdict, literal(BOOLEAN, null)];
  return { kind: 'verdict', verdict: call('case', [call('not', [where], BOOLEAN), PASSED, ...rest], BOOLEAN) };
}

const PASSED = literal(BOOLEAN, true);

/** A verdict where the filter is TRUE; elsewhere TRUE or null. */
export function within(verdict: Bound, where: Bound | null, outside: Outside): Bound {
  if (where === null) return verdict;
  return call('case', [where, verdict, outside === 'TRUE' ? PASSED : literal(BOOLEAN, null)], BOOLEAN);
}

/** A number to which the assertion of a constraint is applied row by row. */
export function valueRule(value: Bound, p: RowParams, bind: Bind, nulls: null | false): RowRule {
  return { kind: 'value', value: byText(value, bind), where: bind.where(p.where), outside: outsideOf(p), nulls };
}

/** Deequ converts a value to text before it becomes a double: a float32 becomes the double of its shortest decimal. */
function byText(value: Bound, { zone }: Bind): Bound {
  if (value.type.kind === DOUBLE.kind) return value;
  return asDouble(value.type.kind === 'float' ? asText(value, zone) : value, zone);
}

/** Rows are judged by how many others have the same values in some columns. */
export function groupRule(
  columns: readonly string[],
  p: RowParams,
  bind: Bind,
  alone: 'exactly' | 'at most',
): RowRule {
  const keys = sortedInputs(bind, columns);
  return { kind: 'group', keys, where: bind.where(p.where), outside: outsideOf(p), alone };
}
