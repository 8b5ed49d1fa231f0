import { equals, type Assertion } from '../base/comparators.js';
import { sqlTypeName, type DataType, type Schema } from '../data/types.js';
import { checkedAssertion, comparison, type ComparisonFailed, type ComparisonResult } from './results.js';
import { withTables, type ComparisonOptions } from './tables.js';

/**
 * The part of the primary table's columns that the reference has under the same name with the same type. As in Deequ
 * case matters, order and nullability do not, and nested types are the same whatever they hold. No data is read. The
 * assertion's default is 1.
 */
async function matchSchema(
  primary: unknown, reference: unknown, assertion: Assertion = equals(1), options: ComparisonOptions = {},
): Promise<ComparisonResult> {
  const demanded = checkedAssertion(assertion);
  const [own, other] = await withTables(primary, reference, options, async (left, right) =>
    [typesOf(left.schema), typesOf(right.schema)] as const);
  if (own.size === 0 || other.size === 0) return unlike('One or both DataFrames have no columns');
  if (own.size !== other.size) return unlike('Column counts do not match');
  let same = 0;
  for (const [name, type] of own) if (other.get(name) === type) ++same;
  const ratio = same / own.size;
  return comparison(demanded, ratio, { unmet: `${(ratio * 100).toFixed(2)}% of columns passed the threshold` });
}

function typesOf({ fields }: Schema): ReadonlyMap<string, string> {
  return new Map(fields.map((f) => [f.name, nameOf(f.type)]));
}

function nameOf(type: DataType): string {
  return type.kind === 'struct' || type.kind === 'array' || type.kind === 'map' ? type.kind : sqlTypeName(type);
}

function unlike(errorMessage: string): ComparisonFailed {
  return Object.freeze({ kind: 'ComparisonFailed', errorMessage, ratio: 0, value: null, outcome: 'failed' });
}

/** Whether two tables have the same columns. */
export const SchemaMatch = Object.freeze({ matchSchema });
