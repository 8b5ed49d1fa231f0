import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ApproxQuantile, Check, VerificationSuite, above, and, atLeast, atMost, below, between, equals, holds, not, oneOf, or, type Check as CheckOf, type Comparator,
} from '../../src/index.js';
import { holdsBetween } from '../../src/base/comparators.js';
import { rows } from '../../src/sources/rows.js';

const N = 20_000;
const table = Array.from({ length: N }, (_, i) => ({ id: i, even: i % 2 === 0, x: (i * 7919) % N, shop: `s${i % 5}` }));
const run = (build: (c: CheckOf) => CheckOf, errorAware = true, data: unknown = table) =>
  VerificationSuite().onData(data).addCheck(build(Check('Error', 'c'))).run({ threads: 0, errorAware });
const outcomes = async (build: (c: CheckOf) => CheckOf, errorAware = true, data: unknown = table) =>
  (await run(build, errorAware, data)).results[0]!.constraintResults.map((r) => [r.outcome, r.value]);

/** The same table, that can be read only once. */
const once = { name: 'once', open: async () => ({ ...(await rows(table).open()), replayable: false }) };

describe('verdicts that mind errors', () => {
  it('recompute a count of distinct values near its threshold, and nothing else', async () => {
    const build = (c: CheckOf) => c
      .hasApproxCountDistinct('id', equals(N))
      .hasApproxCountDistinct('id', atLeast(1000))
      .hasApproxCountDistinct('x', between(N, N)).where('even')
      .hasApproxCountDistinct('shop', equals(5));
    const plain = await outcomes(build, false);
    expect(plain[0]![0]).toBe('failed');
    const result = await run(build);
    const aware = result.results[0]!.constraintResults;
    expect(aware.map((r) => [r.outcome, r.value])).toEqual([
      ['passed', N], ['passed', plain[1]![1]], ['failed', plain[2]![1]], ['passed', 5],
    ]);
    expect(result.context.explanation!.notes.filter((n) => n.includes('second reading')))
      .toEqual([expect.stringMatching(/it is computed exactly in a second reading: CountDistinct\(id,None\), CountDistinct\(shop,None\)$/)]);
    expect(result.context.entries.map(([a]) => a.analyzer)).toEqual(Array(3).fill('ApproxCountDistinct'));
  });

  it('recompute a quantile near its threshold', async () => {
    const build = (c: CheckOf) => c.hasApproxQuantile('x', 0.5, between(9_999.4, 9_999.6)).hasApproxQuantile('x', 0.5, between(9_000, 11_000))
      .hasApproxQuantile('x', 0.25, (q) => q === 4_999.75);
    expect(await outcomes(build)).toEqual([['passed', 9_999.5], ['passed', expect.any(Number)], ['passed', 4_999.75]]);
    expect((await outcomes(build, false)).map(([o]) => o)).toEqual(['failed', 'passed', 'failed']);
    const shown = (await run((c) => c.hasApproxQuantile('x', 0.5, above(0)))).context.entries.map(([a]) => String(a));
    expect(shown).toEqual([String(ApproxQuantile('x', 0.5))]);
  });

  it('recompute a sketch that left something out', async () => {
    const seen: number[] = [];
    const build = (c: CheckOf) => c.kllSketchSatisfies('x', (d) => seen.push(d.buckets[0]!.count) > 0, { kllParameters: { numberOfBuckets: 10, sketchSize: 64 } });
    await run(build);
    expect(seen).toEqual([2000]);
    const small = await outcomes((c) => c.kllSketchSatisfies('x', () => true), true, table.slice(0, 10));
    expect(small).toEqual([['passed', expect.anything()]]);
  });

  it('are inconclusive if the data cannot be read again', async () => {
    const result = await run((c) => c.hasApproxCountDistinct('id', equals(N), 'look').hasApproxCountDistinct('id', atLeast(1000))
      .not((d) => d.hasApproxCountDistinct('id', equals(N))), true, once);
    const [a, b, c] = result.results[0]!.constraintResults;
    expect([a!.status, a!.outcome, b!.outcome, c!.status, c!.outcome]).toEqual(['Failure', 'inconclusive', 'passed', 'Failure', 'inconclusive']);
    expect(a!.message).toMatch(/^The metric is approximate, and the exact value lies from \d+ to \d+; it could not be computed exactly: .*read only once/);
    expect(String(result)).toContain('? inconclusive');
    expect((await outcomes((c) => c.hasApproxCountDistinct('id', equals(N)), false, once)).map(([o]) => o)).toEqual(['failed']);
  });

  it('mind both thresholds, and settle what an error cannot change', async () => {
    const grade = async (error: number, warn: number) => {
      const result = await run((c) => c.hasApproxCountDistinct('id', { error: atLeast(error), warn: atLeast(warn) }));
      return [result.status, result.context.explanation!.notes.some((n) => n.includes('second reading:'))];
    };
    expect(await grade(1000, N)).toEqual(['Success', true]);
    expect(await grade(N + 1, 2 * N)).toEqual(['Error', true]);
    expect(await grade(10 * N, N)).toEqual(['Error', false]);
    expect(await grade(10, 10 * N)).toEqual(['Warning', false]);
  });

  it('leave alone what fails, is empty or is exact', async () => {
    expect(await outcomes((c) => c.hasApproxCountDistinct('nope', equals(1)).hasApproxQuantile('shop', 0.5, equals(1))
      .hasApproxQuantile('x', 5, equals(1)).hasApproxCountDistinct('id', equals(0)).where('false').hasExactQuantile('x', 0, equals(0))))
      .toEqual([['error', undefined], ['error', undefined], ['error', undefined], ['vacuous', 0], ['passed', 0]]);
  });

  it('are explained', async () => {
    const suite = VerificationSuite().onData(table).check('Error', 'c', (c) => c.hasApproxCountDistinct('id', equals(N)));
    expect(String(await suite.explain({ errorAware: true }))).toContain('straddles a threshold, it is computed exactly in a second reading');
    expect(String(await suite.explain())).not.toContain('straddles');
  });
});

describe('a comparator over an interval', () => {
  const n = fc.integer({ min: -3, max: 3 });
  const { comparator } = fc.letrec<{ comparator: Comparator }>((tie) => ({
    comparator: fc.oneof(
      { maxDepth: 2 },
      fc.tuple(fc.constantFrom(atLeast, atMost, above, below, equals), n).map(([make, x]) => make(x)),
      fc.tuple(n, n).map(([a, b]) => between(Math.min(a, b), Math.max(a, b))),
      fc.array(n, { maxLength: 3 }).map((values) => oneOf(...values)),
      tie('comparator').map(not),
      fc.array(tie('comparator'), { maxLength: 3 }).map((of) => and(...of)),
      fc.array(tie('comparator'), { maxLength: 3 }).map((of) => or(...of)),
    ),
  }));
  it('is settled only if it holds for all or for none', () => fc.assert(fc.property(comparator, n, n, (c, a, b) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const all = Array.from({ length: 4 * (high - low) + 1 }, (_, i) => holds(c, low + i / 4));
    const settled = holdsBetween(c, low, high);
    if (settled !== null) expect(all.every((x) => x === settled)).toBe(true);
    if (low === high) expect(settled).toBe(holds(c, low));
  })));
});
