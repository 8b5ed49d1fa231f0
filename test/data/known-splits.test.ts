import { describe, expect, it } from 'vitest';
import { knownSplits } from '../../src/data/known-splits.js';
import type { ColumnFacts, ColumnSummaries } from '../../src/data/source.js';
import { DOUBLE, INT, LONG, type DataType } from '../../src/data/types.js';

const summaries = (type: DataType, nulls: readonly number[], extremes: readonly bigint[] = []): ColumnSummaries => ({
  type, nulls: Float64Array.from(nulls), hasExtremes: Uint8Array.from(nulls, (_, i) => (extremes.length > i * 2 ? 1 : 0)),
  extremes: BigInt64Array.from(nulls.flatMap((_, i) => [extremes[i * 2] ?? 0n, extremes[i * 2 + 1] ?? 0n])),
  claimed: null,
});
const facts = (of: Readonly<Record<string, ColumnSummaries>>): ColumnFacts => ({ get: (name) => of[name] });
const split = (rows: number | undefined, columns?: { facts: ColumnFacts; at: number }) =>
  ({ summary: { ...(rows !== undefined && { rows }), ...(columns && { columns }) } });

describe('what is known of splits', () => {
  const a = facts({ i: summaries(INT, [1, 0], [3n, 4n, -7n, 9n]) });
  const b = facts({ i: summaries(INT, [2]), l: summaries(LONG, [0]) });

  it('is what one file says of its row groups', () => {
    const known = knownSplits([split(10, { facts: a, at: 0 }), split(5, { facts: a, at: 1 })]);
    expect([[...known.rows], known.total]).toEqual([[10, 5], 15]);
    expect(known.column('i')).toMatchObject({ type: INT, nulls: Float64Array.of(1, 0), total: 1, extremes: BigInt64Array.of(3n, 4n, -7n, 9n) });
    expect(known.column('l')).toBeUndefined();
  });

  it('is put together from several files, in any order, and has gaps', () => {
    const known = knownSplits([split(5, { facts: a, at: 1 }), split(undefined), split(7, { facts: b, at: 0 }), split(10, { facts: a, at: 0 })]);
    expect([[...known.rows], known.total]).toEqual([[5, -1, 7, 10], -1]);
    expect(known.column('i')).toEqual({
      type: INT, nulls: Float64Array.of(0, -1, 2, 1), total: -1, hasExtremes: Uint8Array.of(1, 0, 0, 1),
      extremes: BigInt64Array.of(-7n, 9n, 0n, 0n, 0n, 0n, 3n, 4n), claimed: null,
    });
    expect(known.column('l')!.nulls).toEqual(Float64Array.of(-1, -1, 0, -1));
  });

  it('keeps what each file claims of floating point', () => {
    const [c, d] = [[1, 2, NaN, NaN], [-3, 4]].map((claimed) =>
      facts({ f: { ...summaries(DOUBLE, claimed.length === 4 ? [0, 0] : [0]), claimed: Float64Array.from(claimed) } }));
    const known = knownSplits([split(1, { facts: d!, at: 0 }), split(1), split(1, { facts: c!, at: 1 }), split(1, { facts: c!, at: 0 })]);
    expect(known.column('f')!.claimed).toEqual(Float64Array.of(-3, 4, NaN, NaN, NaN, NaN, 1, 2));
  });

  it('is of those splits alone that are there', () => {
    const known = knownSplits([split(10, { facts: a, at: 0 })]);
    expect(known.column('i')).toMatchObject({ nulls: Float64Array.of(1), total: 1 });
  });

  it('is nothing where files say different types', () => {
    const other = facts({ i: summaries(LONG, [0]) });
    expect(knownSplits([split(1, { facts: b, at: 0 }), split(1, { facts: other, at: 0 })]).column('i')).toBeUndefined();
  });
});
