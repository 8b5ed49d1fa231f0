import { equals, type Assertion } from '../base/comparators.js';
import { AssayError } from '../base/errors.js';
import { javaDouble } from '../base/number-text.js';
import { sumOf } from '../data/numbers.js';
import type { OpenSource } from '../data/source.js';
import { isNumeric, sqlTypeName } from '../data/types.js';
import { execute } from '../engine/execute.js';
import { sums, type Sums } from '../states/sums.js';
import { columnOf } from './columns.js';
import { checkedAssertion, comparison, comparisonError, type ComparisonResult } from './results.js';
import { limitsOf, withTables, type ComparisonOptions, type Limits } from './tables.js';

/** `sum(column)` or `avg(column)`. */
export type AggregateExpression = string;

/**
 * An aggregate of the primary table per one of the reference, each `sum(column)` or `avg(column)`: 1 where both are 0,
 * 0 where only the second is; an aggregate of no values counts as 0. Sums of integers and decimals are exact. The
 * assertion's default is 1.
 *
 * A column that is not there or is no number gives a ComparisonFailed with outcome `error`; another text than an
 * aggregate throws INVALID_ARGUMENT.
 */
async function matchAggregates(
  primary: unknown, first: AggregateExpression, reference: unknown, second: AggregateExpression,
  assertion: Assertion = equals(1), options: ComparisonOptions = {},
): Promise<ComparisonResult> {
  const demanded = checkedAssertion(assertion);
  const [one, other] = [parsed(first), parsed(second)];
  const limits = limitsOf(options);
  const found = await withTables(primary, reference, options, async (left, right) => {
    const own = await aggregate(one, left, 'primary', limits);
    return typeof own === 'string' ? own : [own, await aggregate(other, right, 'reference', limits)] as const;
  });
  if (typeof found === 'string') return comparisonError(found);
  const [own, against] = found;
  if (typeof against === 'string') return comparisonError(against);
  const [x, y] = [own ?? 0, against ?? 0];
  const ratio = y !== 0 ? x / y : x === 0 ? 1 : 0;
  const unmet = `Value: ${javaDouble(ratio)} does not meet the constraint requirement.`;
  return comparison(demanded, ratio, { vacuous: own === null && against === null, unmet });
}

interface Aggregate {
  readonly fn: 'sum' | 'avg';
  readonly column: string;
}

function parsed(text: AggregateExpression): Aggregate {
  const found = /^\s*(sum|avg|SUM|AVG)\s*\(\s*(.*?)\s*\)\s*$/s.exec(text);
  if (found && found[2] !== '') return { fn: found[1]!.toLowerCase() as Aggregate['fn'], column: found[2]! };
  throw new AssayError('INVALID_ARGUMENT', `not an aggregate: '${text}'; give sum(column) or avg(column)`);
}

/** The value of an aggregate, null over no values; or why there is none. */
async function aggregate(
  { fn, column }: Aggregate, source: OpenSource, place: string, limits: Limits,
): Promise<number | null | string> {
  const input = columnOf(column, source.schema);
  if (input === null) return `Column ${column} does not exist in ${place} data frame.`;
  if (!isNumeric(input.type)) return `Column ${column} of the ${place} data frame is no number: ${sqlTypeName(input.type)}`;
  const request = { state: sums.name, inputs: [input], where: null, options: null };
  const { answers: [answer] } = await execute([{ kind: 'state', spec: sums, request }], source, limits);
  if (!answer!.ok) throw answer!.error;
  const state = answer!.value as Sums;
  if (state.n === 0) return null;
  const sum = sumOf(input.type, state);
  return fn === 'sum' ? sum : sum / state.n;
}

/** Whether aggregates of two tables agree. */
export const AggregateMatch = Object.freeze({ matchAggregates });
