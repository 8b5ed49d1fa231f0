import type { Table } from 'apache-arrow';
import type { RowOutcomes } from '../../src/index.js';

/** The outcome column of all rows, and how many batches there were. */
export async function outcomesOf(result: RowOutcomes | { kind: string }): Promise<boolean[]> {
  if (!('outcomeColumn' in result)) throw new Error(JSON.stringify(result));
  const out: boolean[] = [];
  for await (const batch of result) out.push(...(batch as Table).getChild(result.outcomeColumn)!.toArray() as boolean[]);
  return out;
}

/** Whether two values are equal to `=`: nulls never, NaNs always. */
export function equal(a: unknown, b: unknown): boolean {
  return a !== null && b !== null && (a === b || (a !== a && b !== b));
}
