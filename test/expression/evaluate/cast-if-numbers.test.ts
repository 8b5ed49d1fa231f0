import { describe, expect, test } from 'vitest';
import { DOUBLE, LONG, STRING, type DataType } from '../../../src/data/types.js';
import { openView } from '../../../src/expression/view.js';
import { batchOf, column, dictionaryColumn, kernels, plainColumn } from '../../states/batches.js';

/** The numbers that a cast makes of texts. */
function numbers(fn: string, texts: readonly (string | null)[], type: DataType, make = plainColumn): number[] {
  const view = openView(batchOf({ s: STRING }, texts.map((s) => ({ s })), make), kernels);
  try {
    const { values, count } = view.numbers({ kind: 'call', fn, args: [column('s', STRING)], type }, null);
    return [...new Float64Array(kernels.memory.buffer, values, count)];
  } finally {
    view.close();
  }
}

const INTEGERS = ['1', null, '-20', '+3', '007', '12345678901', null, '99999999999999999999'];
const FRACTIONS = [...INTEGERS, '1.5', '-2e3', '3.25E-1'];
const [LATE, ALONE] = [300, 70].map((n) => Array.from({ length: n }, (_, i) => String(i)));

describe('a cast of what may be numbers', () => {
  test.each([['plain', plainColumn], ['of a dictionary', dictionaryColumn]] as const)('is the cast, %s', (_, make) => {
    const cases = [
      [INTEGERS, LONG], [INTEGERS, DOUBLE], [FRACTIONS, DOUBLE], [LATE!, LONG], [[null, null], LONG], [[], DOUBLE],
    ] as const;
    for (const [texts, type] of cases) {
      expect(numbers('cast_if_numbers', texts, type, make)).toEqual(numbers('cast', texts, type, make));
    }
    expect(numbers('cast_if_numbers', INTEGERS, LONG, make)).toEqual([1, -20, 3, 7, 12345678901]); // the last fits no long
  });

  test.each([
    ['at the beginning', (word: string) => [word, ...ALONE!]],
    ['at the end', (word: string) => [...LATE!, word]],
    ['between nulls', (word: string) => [null, word, null]],
  ])('gives up at a text that looks like none, %s', (_, around) => {
    for (const type of [LONG, DOUBLE]) {
      for (const word of ['x', '', 'true', '.5', 'NaN', '1,000']) {
        // What the cast can read although it looks like no number is seen among the first texts only.
        if (around('').indexOf('') > 64 && numbers('cast', [word], type).length > 0) continue;
        expect(() => numbers('cast_if_numbers', around(word), type), word).toThrow(/not all texts look like values of type/);
      }
    }
  });

  test('gives up at a fraction where integers are wanted', () => {
    expect(() => numbers('cast_if_numbers', ['1', '2.5'], LONG)).toThrow(/not all texts look like values of type long/);
    expect(numbers('cast_if_numbers', ['1', '2.5'], DOUBLE)).toEqual([1, 2.5]);
  });
});
