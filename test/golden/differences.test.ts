import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
// @ts-expect-error -- plain JavaScript, as the runner is
import { checkDifferences } from './check-differences.mjs';
// @ts-expect-error -- plain JavaScript, as the runner is
import { rowDifferences } from './row-level-differences.mjs';
// @ts-expect-error -- plain JavaScript, as the runner is
import { schemaDifferences } from './comparison.mjs';
// @ts-expect-error -- plain JavaScript, as the runner is
import { differenceOf, differences } from './differences.mjs';
// @ts-expect-error -- plain JavaScript, as the runner is
import { profileDifferences } from './profile-differences.mjs';
// @ts-expect-error -- plain JavaScript, as the runner is
import { suggestionDifferences } from './suggestion-differences.mjs';
// @ts-expect-error -- plain JavaScript, as the runner is
import { timeDifferences } from './time-differences.mjs';
// @ts-expect-error -- plain JavaScript, as the runner is
import { difference, nearNumber } from './values.mjs';
// @ts-expect-error -- plain JavaScript, as the runner is
import { compareAnalyzerCase } from './analyzers.mjs';

const text = readFileSync(new URL('../../docs/deequ-differences.md', import.meta.url), 'utf8');

describe('deliberate differences', () => {
  it('are described under the same ids', () => {
    const described = [...text.matchAll(/^### (.+)$/gm)].map((m) => m[1]);
    const all = [...differences, ...checkDifferences, ...profileDifferences, ...suggestionDifferences, ...timeDifferences, ...rowDifferences,
      ...schemaDifferences];
    const listed = new Set(all.map((d: { id: string }) => d.id));
    expect([...described].sort()).toEqual([...listed].sort());
  });

  it('apply by the text of a defect or by a rule, never by the id of a case', () => {
    const golden = { id: 'x', dataset: 'y', analyzer: { name: 'Mean', args: { column: 'c' } }, result: { value: 1 } };
    expect(differenceOf(golden, { typeOf: () => ({ kind: 'double' }) })).toBeUndefined();
    expect(differenceOf({ ...golden, defect: 'an unheard-of defect' }, { typeOf: () => undefined })).toBeUndefined();
    const marked = { ...golden, defect: 'a NULL result becomes 0.0' };
    expect(differenceOf(marked, { typeOf: () => undefined }).id).toBe('sql-null');
  });
});

describe('the comparison of golden results', () => {
  const golden = (name: string, result: object) => ({ analyzer: { name, args: { column: 'c' } }, result });
  const compare = (g: object, result: object, kind = 'int') => compareAnalyzerCase(g, { result }, () => ({ kind }));

  it('is exact on counts and tolerant on floating point', () => {
    expect(compare(golden('Sum', { value: 3 }), { value: 3.0000000001 })).toMatch(/value: expected 3/);
    expect(compare(golden('Sum', { value: 3 }), { value: 3.0000000001 }, 'double')).toBeNull();
    expect(compare(golden('Sum', { value: 3 }), { value: 3.0001 }, 'double')).toMatch(/value/);
    expect(compare(golden('Minimum', { value: -0 }), { value: 0 })).toMatch(/expected -0, got 0/);
    expect(compare(golden('Mean', { value: 'NaN' }), { value: NaN })).toBeNull();
  });

  it('wants the same failures', () => {
    const failed = { exception: 'EmptyStateException', message: 'm' };
    expect(compare(golden('Mean', failed), failed)).toBeNull();
    expect(compare(golden('Mean', failed), { ...failed, message: 'n' })).toMatch(/message/);
    expect(compare(golden('Mean', failed), { value: 1 })).toMatch(/got a value/);
    expect(compare(golden('Mean', { ...failed, engineMessage: true }), { exception: 'X', message: 'y' })).toBeNull();
    expect(compare(golden('Mean', { value: 1 }), failed)).toMatch(/expected a value/);
  });

  it('keeps the order of histograms and not that of types', () => {
    const histogram = (...keys: string[]) => ({
      value: { values: keys.map((key) => ({ key, absolute: 1 })), numberOfBins: 2, tailCount: 0 },
    });
    expect(compare(golden('Histogram', histogram('a', 'b')), histogram('b', 'a'))).toMatch(/key/);
    expect(compare(golden('DataType', histogram('a', 'b')), histogram('b', 'a'))).toBeNull();
    expect(compare(golden('Histogram', histogram('NaN', 'b')), histogram('NaN', 'b'))).toBeNull();
  });

  it('finds the first difference of values', () => {
    expect(difference({ a: [1, 2] }, { a: [1, 3] })).toBe('a[1]: expected 2, got 3');
    expect(difference([1], [1, 2])).toMatch(/expected 1 items/);
    expect(difference({ a: 1 }, {})).toMatch(/got nothing/);
    expect(nearNumber(1e-13, 0)).toBe(true);
    expect(nearNumber(1, 1 + 1e-8)).toBe(false);
    expect(nearNumber(Infinity, 1)).toBe(false);
  });
});
