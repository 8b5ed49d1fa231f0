import { describe, expect, it } from 'vitest';
import { AssertedValues } from '../../../src/checks/row-level/asserted-values.js';
import { DOUBLE } from '../../../src/data/types.js';
import { SOME_ROWS, columnOf, viewOf, type Value } from '../../states/table/batches.js';
import { kernels } from '../../states/table/tables.js';

describe('values that a function is applied to', () => {
  /** The verdicts on batches of a column with a dictionary, and the values for which the function was called. */
  function judge(
    batches: readonly (readonly Value[])[], inScope: ((row: number) => boolean) | null, holds: (x: number) => boolean,
  ) {
    const called: number[] = [];
    const values = new AssertedValues({
      kind: 'value', value: columnOf(0, DOUBLE), where: inScope && SOME_ROWS, outside: 'NULL', nulls: null,
      holds(x) {
        called.push(x);
        return holds(x);
      },
    });
    const letters = batches.map((batch) => {
      const column = { type: DOUBLE, dictionary: true, values: batch };
      const view = viewOf(kernels, [column], batch.length, inScope && batch.map((_, i) => inScope(i)));
      const { truth, known } = values.judge(view);
      view.close();
      const isSet = (bits: Uint8Array, i: number) => ((bits[i >> 3]! >> (i & 7)) & 1) === 1;
      return batch.map((_, i) => (!isSet(known, i) ? '-' : isSet(truth, i) ? 'T' : 'F')).join('');
    });
    return { letters, called, error: values.error };
  }

  it('are each asked for once, whatever batches and dictionaries they are in', () => {
    const found = judge([[1, 2, null, 1], [2, 1], [1, 5, 2, null]], null, (x) => x > 1);
    expect(found).toMatchObject({ letters: ['FT-F', 'TF', 'FTT-'], error: null });
    expect(found.called.sort()).toEqual([1, 2, 5]);
  });

  it('are not asked for where they are out of scope', () => {
    const found = judge([[1, 2], [2, 1, 1], [3, 7]], (row) => row !== 1, (x) => x > 1);
    expect(found.letters).toEqual(['F-', 'T-F', 'T-']);
    expect(found.called.sort()).toEqual([1, 2, 3]);
  });

  it('fail where the function throws, each time', () => {
    const found = judge([[1, 4], [4, 1]], null, (x) => {
      if (x === 4) throw new Error('planted');
      return true;
    });
    expect(found.letters).toEqual(['TF', 'FT']);
    expect(found.called.sort()).toEqual([1, 4]);
    expect(String(found.error)).toMatch(/planted/);
  });
});
