import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sparkline } from '../../src/base/sparkline.js';
import { textWidth } from '../../src/base/text-width.js';

describe('a sparkline', () => {
  test('goes from the least to the greatest value', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7]).line).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([5, 5, 5])).toEqual({ line: '▄▄▄', marks: null });
    expect(sparkline([])).toEqual({ line: '', marks: null });
    expect(sparkline([-1.7e308, 1.7e308]).line).toBe('▁█');
    expect(sparkline([0, 5e-324, 0]).line).toBe('▁█▁');
  });

  test('shows what is missing, and what is not finite', () => {
    expect(sparkline([1, null, 2, NaN, Infinity, -Infinity]).line).toBe('▁·█·█▁');
    expect(sparkline([null]).line).toBe('·');
  });

  test('marks values below, and keeps them when it is short of room', () => {
    expect(sparkline([1, 9, 1], (i) => i === 1)).toEqual({ line: '▁█▁', marks: '·▲·' });
    expect(sparkline([1, 1, 1, 1, 1, 9, 1, 1], (i) => i === 5, 4)).toEqual({ line: '▁▁█▁', marks: '··▲·' });
  });

  test('has a mark for every part in which something is marked, and one character a value at most', () => {
    const values = fc.array(fc.option(fc.double()), { maxLength: 200 });
    fc.assert(fc.property(values, fc.array(fc.nat(199)), fc.integer({ min: 1, max: 80 }), (series, marked, width) => {
      const { line, marks } = sparkline(series, (i) => marked.includes(i), width);
      const length = Math.min(series.length, width);
      expect(textWidth(line)).toBe(length);
      expect(marks === null).toBe(!marked.some((i) => i < series.length));
      if (marks === null) return;
      const parts = new Set(marked.filter((i) => i < series.length)
        .map((i) => Array.from({ length }, (_, p) => p).findLast((p) => Math.floor((p * series.length) / length) <= i)));
      expect([...marks].flatMap((m, p) => (m === '▲' ? [p] : []))).toEqual([...parts].sort((a, b) => a! - b!));
    }));
  });
});
