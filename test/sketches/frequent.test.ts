import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutTo, frequentFromBytes, frequentToBytes, mergeFrequent, type FrequentSketch } from '../../src/sketches/frequent.js';

const key = (text: string) => new TextEncoder().encode(text);
const sketchOf = (texts: readonly string[], capacity: number): FrequentSketch => {
  const counts = new Map<string, number>();
  for (const t of texts) counts.set(t, (counts.get(t) ?? 0) + 1);
  const entries = [...counts].map(([t, count]) => ({ key: key(t), length: key(t).length, count }));
  return cutTo({ n: texts.length, error: 0, entries }, capacity);
};
const words = fc.array(fc.constantFrom('', 'a', 'b', 'c', 'é', '名', 'aa', '\0'), { maxLength: 100 });

describe('frequent keys', () => {
  test('stay within their error, however they are merged', () => {
    fc.assert(fc.property(words, words, fc.integer({ min: 1, max: 9 }), (x, y, capacity) => {
      const all = [...x, ...y];
      const merged = mergeFrequent(sketchOf(x, capacity), sketchOf(y, capacity), capacity);
      expect(merged.n).toBe(all.length);
      expect(merged.entries.length).toBeLessThanOrEqual(capacity);
      for (const text of new Set(all)) {
        const truth = all.filter((t) => t === text).length;
        const count = merged.entries.find((e) => new TextDecoder().decode(e.key) === text)?.count ?? 0;
        expect(count).toBeLessThanOrEqual(truth);
        expect(count + merged.error).toBeGreaterThanOrEqual(truth);
      }
      if (new Set(all).size <= capacity) expect(merged.error).toBe(0);
    }));
  });

  test('are told apart by all of their bytes and, where these were cut, by their length', () => {
    const long = (length: number, end: string) => ({ key: key('x'.repeat(4096) + end), length, count: 1 });
    const one = [long(5000, '12345678'), { key: key('ab'), length: 2, count: 5 }];
    const other = [
      long(5000, '12345678'), long(5001, '12345678'), long(5000, '12345679'), { key: key('ba'), length: 2, count: 3 },
    ];
    const merged = mergeFrequent({ n: 6, error: 0, entries: one }, { n: 6, error: 0, entries: other }, 100);
    expect(merged.entries.map((e) => [e.length, e.key.at(-1), e.count])).toEqual([
      [5000, 0x38, 2], [2, 0x62, 5], [5001, 0x38, 1], [5000, 0x39, 1], [2, 0x61, 3],
    ]);
    expect(one.map((e) => e.count)).toEqual([1, 5]); // what was merged is left as it was
  });

  test('survive their bytes, and broken ones are refused', () => {
    fc.assert(fc.property(words, (x) => {
      const entries = [...sketchOf(x, 100).entries];
      const bytes = frequentToBytes(entries);
      const counts = Float64Array.from(entries, (e) => e.count);
      expect(frequentFromBytes(bytes, counts)).toEqual(entries);
      if (bytes.length > 0) expect(() => frequentFromBytes(bytes.slice(0, -1), counts)).toThrow(/broken/);
      expect(() => frequentFromBytes(bytes, Float64Array.from([...counts, 1]))).toThrow(/counts/);
    }));
  });
});
