import { equals, type Assertion } from '../base/comparators.js';
import { javaDouble } from '../base/number-text.js';
import type { OpenSource } from '../data/source.js';
import { execute } from '../engine/execute.js';
import { matches, type Matches } from '../states/matches.js';
import { checkedAssertion, comparison, type ComparisonResult } from './results.js';
import { limitsOf, withTables, type ComparisonOptions, type Limits } from './tables.js';

/**
 * Rows of the primary table per row of the reference: Infinity for an empty reference, NaN for two empty tables. Read
 * from footers where files have some. The assertion's default is 1.
 */
async function matchRowCounts(
  primary: unknown, reference: unknown, assertion: Assertion = equals(1), options: ComparisonOptions = {},
): Promise<ComparisonResult> {
  const demanded = checkedAssertion(assertion);
  const limits = limitsOf(options);
  const [own, other] = await withTables(primary, reference, options, async (left, right) =>
    [await rowsOf(left, limits), await rowsOf(right, limits)] as const);
  const ratio = own / other;
  const unmet = `Value: ${javaDouble(ratio)} does not meet the constraint requirement.`;
  return comparison(demanded, ratio, { vacuous: own === 0 && other === 0, unmet });
}

async function rowsOf(source: OpenSource, limits: Limits): Promise<number> {
  const request = { state: matches.name, inputs: [], where: null, options: null };
  const { answers: [answer] } = await execute([{ kind: 'state', spec: matches, request }], source, limits);
  if (!answer!.ok) throw answer!.error;
  return (answer!.value as Matches).scope;
}

/** Whether two tables have as many rows. */
export const RowCountMatch = Object.freeze({ matchRowCounts });
