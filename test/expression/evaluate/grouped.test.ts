import { describe, expect, test } from 'vitest';
import { expression } from '../../../src/analysis/expression.js';

const words = ['item-1', 'aab', 'b2', 'über', '', 'ab ab', null];

/** Rows whose argument has so many values. */
const rowsOf = (values: number) => Array.from({ length: 1000 }, (_, i) => ({
  s: words[i % words.length]!, p: i % 91 === 5 ? null : `a|${i % values}`, day: '2024-02-29',
}));

describe.each([3, 60, 200, 1000])('of %d values', (values) => {
  const rows = rowsOf(values);
  const cases: readonly (readonly [string, (literal: string) => string])[] = [
    ['s RLIKE p', (p) => `s RLIKE ${p}`],
    ["s LIKE concat('%', p)", (p) => `s LIKE concat('%', ${p})`],
    ["regexp_replace(s, p, '<$0>')", (p) => `regexp_replace(s, ${p}, '<$0>')`],
    ['regexp_extract(s, p, 0)', (p) => `regexp_extract(s, ${p}, 0)`],
    ["array_join(split(s, p), ';')", (p) => `array_join(split(s, ${p}), ';')`],
    ["translate(s, p, 'xyz')", (p) => `translate(s, ${p}, 'xyz')`],
    ["date_format(date(day), concat('yyyy-', substring(p, 3)))", (p) => `date_format(date(day), concat('yyyy-', substring(${p}, 3)))`],
  ];
  test.each(cases)('%s is what it is with literals', async (text, withLiteral) => {
    const got = await expression(text).evaluate(rows);
    const some = rows.map((row, i) => ({ row, i })).filter(({ row, i }) => row.p !== null && i % 37 === 0);
    for (const { row, i } of some) {
      expect([i, got[i]]).toEqual([i, (await expression(withLiteral(`'${row.p}'`)).evaluate([row]))[0]]);
    }
    expect(rows.every(({ p }, i) => p !== null || got[i] === null)).toBe(true);
  });
});
