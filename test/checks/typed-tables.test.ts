import { Dictionary, Float64, Int32, Int64, Table, Utf8, tableFromArrays, vectorFromArray, type RecordBatch, type TypeMap } from 'apache-arrow';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { VerificationSuite, atLeast, type ColumnsOf } from '../../src/index.js';

const table = new Table({
  id: vectorFromArray([1n, 2n], new Int64()),
  price: vectorFromArray([1.5, 2.5], new Float64()),
  shop: vectorFromArray(['US', 'UK'], new Utf8()),
  code: vectorFromArray(['a', 'b'], new Dictionary(new Utf8(), new Int32())),
});

describe('a typed Arrow table', () => {
  it('tells its columns and their kinds', () => {
    interface Known { readonly id: 'numeric'; readonly price: 'numeric'; readonly shop: 'string'; readonly code: 'string' }
    expectTypeOf<ColumnsOf<typeof table>>().toEqualTypeOf<Known>();
    expectTypeOf<ColumnsOf<(typeof table)['batches']>>().toEqualTypeOf<Known>();
    const arrays = tableFromArrays({ n: new Float32Array(1), i: new BigInt64Array(1) });
    expectTypeOf<ColumnsOf<typeof arrays>>().toEqualTypeOf<{ readonly n: 'numeric'; readonly i: 'numeric' }>();
    expectTypeOf<keyof ColumnsOf<Table>>().toEqualTypeOf<string>();
    expectTypeOf<keyof ColumnsOf<Table<TypeMap>>>().toEqualTypeOf<string>();
    expectTypeOf<keyof ColumnsOf<RecordBatch[]>>().toEqualTypeOf<string>();
  });

  it('is checked by a function that knows them', async () => {
    const result = await VerificationSuite().onData(table).check('Error', 'typed', (c) => c
      .isUnique('id').hasMin('price', atLeast(1)).hasMinLength('code', atLeast(1)).where("shop = 'US'")
      // @ts-expect-error -- a text has no minimum
      .hasMin('shop', atLeast(1))
      // @ts-expect-error -- no such column
      .isComplete('shops')).run({ threads: 0 });
    expect(result.results[0]!.constraintResults.map((r) => r.outcome)).toEqual(['passed', 'passed', 'passed', 'error', 'error']);
  });
});
