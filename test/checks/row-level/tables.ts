import { Bool, Field, Float64, Int32, RecordBatch, Schema, Struct, Utf8, makeData, vectorFromArray } from 'apache-arrow';
import fc from 'fast-check';
import type { VerificationResult } from '../../../src/checks/verification-result.js';
import type { RowLevelOptions } from '../../../src/checks/row-level/batches.js';

/** One row of the tables of these tests. */
export interface Row {
  readonly id: number;
  readonly name: string | null;
  readonly grp: string | null;
  readonly v: number | null;
  readonly w: number | null;
  readonly flag: boolean | null;
}

const nullable = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null, freq: 5 });

/** Rows with few distinct values, so that keys are repeated. */
export const rowsOf = (maxLength = 60): fc.Arbitrary<Row[]> => fc.array(fc.record({
  name: nullable(fc.constantFrom('', 'ann', 'bob', 'émile', '😀😀', 'a very long name indeed', 'x1')),
  grp: nullable(fc.constantFrom('a', 'b', 'c')),
  v: nullable(fc.integer({ min: -3, max: 12 })),
  w: nullable(fc.constantFrom(0, -0, NaN, 1.5, -2, Infinity, 1e300)),
  flag: nullable(fc.boolean()),
}), { maxLength }).map((rows) => rows.map((row, id) => ({ id, ...row })));

const TYPES = {
  id: new Int32(), name: new Utf8(), grp: new Utf8(), v: new Int32(), w: new Float64(), flag: new Bool(),
};

/** Rows as record batches of these sizes, repeated until all rows are in one. */
export function batchesOf(rows: readonly Row[], sizes: readonly number[] = [rows.length || 1]): RecordBatch[] {
  const fields = Object.entries(TYPES).map(([name, type]) => new Field(name, type, true));
  const batches: RecordBatch[] = [];
  let at = 0;
  do {
    const part = rows.slice(at, at + Math.max(1, sizes[batches.length % sizes.length]!));
    const children = Object.entries(TYPES).map(([name, type]) =>
      vectorFromArray(part.map((row) => row[name as keyof Row]), type as never).data[0]!);
    const data = makeData({ type: new Struct(fields), length: part.length, nullCount: 0, children: children as never });
    batches.push(new RecordBatch(new Schema(fields), data));
    at += part.length;
  } while (at < rows.length);
  return batches;
}

/** The letters of each column of verdicts: T, F, N. */
export async function lettersOf(result: VerificationResult, options: RowLevelOptions = {}) {
  const columns: Record<string, string> = {};
  for await (const batch of result.rowLevelResults({ columns: [], ...options })) {
    for (const { name } of batch.schema.fields) {
      const column = batch.getChild(name)!;
      columns[name] ??= '';
      for (let i = 0; i < column.length; ++i) {
        const value = column.get(i);
        columns[name] += value === null ? 'N' : value ? 'T' : 'F';
      }
    }
  }
  return columns;
}
