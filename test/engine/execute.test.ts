import { beforeEach, describe, expect, it } from 'vitest';
import { AssayError } from '../../src/base/errors.js';
import { execute, explain } from '../../src/engine/execute.js';
import type { Execution, Progress, RunOptions } from '../../src/engine/plan.js';
import { unpackBits } from '../../src/data/packed-bits.js';
import type { OpenSource } from '../../src/data/source.js';
import type { BatchView } from '../../src/expression/batch-view.js';
import {
  ask, askFold, distinct, failing, fakeSource, groups, isPositive, keys, knownRows, planted, rows, setting, sum, trace, x,
} from './fakes.js';

const run = (asks: Parameters<typeof execute>[0], source: OpenSource, options: RunOptions = {}) => execute(asks, source, options, setting);
const values = (e: Execution) => e.answers.map((a) => (a.ok ? a.value : `${a.error.code}: ${a.error.message}`));

beforeEach(() => {
  planted.opened = planted.open = 0;
});

describe('one pass', () => {
  it('computes equal requests once and answers in the order of the asks', async () => {
    const source = fakeSource([[[1, 2], [3]], [[4]]]);
    const result = await run([ask(rows), ask(sum), ask(rows), ask(rows, [{ ...x }])], source);
    expect(values(result)).toEqual([{ n: 4 }, { s: 10 }, { n: 4 }, { n: 4 }]);
    expect(result.rows).toBe(4);
    expect(source.reads).toEqual([{ split: 0, wanted: ['x'] }, { split: 1, wanted: ['x'] }]);
    expect(planted).toEqual({ opened: 1 + 2, open: 0 }); // exact: one; ordered: one a split
    expect(result.explanation.states.map((s) => s.askedBy)).toEqual([3, 1]);
  });

  it('reads columns one after the other where the source wishes it, and counts rows and bytes once', async () => {
    const y = { ...x, name: 'y' };
    const asks = [ask(rows), ask(sum), ask(trace, [y]), askFold(distinct)];
    const splits = [[[1, 2], [3]], [[4]]];
    const source = { ...fakeSource(splits), held: (split: { index: number }) => (split.index === 0 ? 1e9 : 1) };
    const result = await run(asks, source);
    expect(values(result)).toEqual(values(await run(asks, fakeSource(splits))));
    expect(result.rows).toBe(4);
    expect(source.reads).toEqual([{ split: 0, wanted: ['x'] }, { split: 0, wanted: ['y'] }, { split: 1, wanted: ['x', 'y'] }]);
    expect(planted.open).toBe(0);
  });

  it('refuses a source whose columns have not the same rows', async () => {
    const y = { ...x, name: 'y' };
    const source = fakeSource([[[1, 2]]], { before: () => {} });
    const uneven: OpenSource = {
      ...source,
      held: () => 1e9,
      async *read(split, wanted, options) {
        yield* source.read(split, wanted, options);
        if (wanted.has('y')) yield* source.read(split, wanted, options);
      },
    };
    await expect(run([ask(sum), ask(trace, [y])], uneven)).rejects.toThrow('fake split 0: some columns have 4 rows, others 2');
  });

  it('keeps requests apart that differ in input, filter or options', async () => {
    const other = { ...ask(rows), request: { ...ask(rows).request, options: { edges: [-Infinity, Infinity] } } };
    const third = { ...ask(rows), request: { ...ask(rows).request, options: { edges: [-Infinity, NaN] } } };
    const result = await run([ask(rows), ask(rows, [isPositive]), ask(rows, [x], isPositive), other, third], fakeSource([[[1]]]));
    expect(result.explanation.states).toHaveLength(5);
  });

  it('merges ordered states in the order of the splits', async () => {
    const result = await run([ask(trace)], fakeSource([[[1], [2]], [], [[3]], [[4]]]));
    expect(values(result)).toEqual([{ t: '1,2,||3,|4,' }]);
  });

  it('folds tables over counts and over keys', async () => {
    const source = fakeSource([[[1, 2, 2]], [[2, 65, 64]]]);
    const result = await run([askFold(distinct), askFold(keys), askFold(distinct)], source);
    expect(values(result)).toEqual([4, ['64:1', '1:1', '65:1', '2:3'], 4]);
    expect(planted.open).toBe(0);
  });

  it('answers over zero splits, zero rows and zero asks', async () => {
    const asks = [ask(rows), ask(sum), askFold(distinct), askFold(keys)];
    const nothing = [{ n: 0 }, { s: 0 }, 0, []];
    expect(values(await run(asks, fakeSource([])))).toEqual(nothing);
    expect(values(await run(asks, fakeSource([[], [[]]])))).toEqual(nothing);
    expect((await run([], fakeSource([[[1]]]))).answers).toEqual([]);
    expect(planted.open).toBe(0);
  });

  it('reads a huge number of tiny splits', async () => {
    const source = fakeSource(Array.from({ length: 20_000 }, (_, i) => [[i]]));
    const result = await run([ask(rows), ask(sum), askFold(distinct)], source);
    expect(values(result)).toEqual([{ n: 20_000 }, { s: 199_990_000 }, 20_000]);
  });
});

describe('what is known before', () => {
  it('does not read splits that summaries answer', async () => {
    const source = fakeSource([[[1, 2]], [[3]], [[4, 5]]], { summaries: (i) => (i === 1 ? {} : { rows: 2 }) });
    const result = await run([ask(knownRows)], source);
    expect(values(result)).toEqual([{ n: 5 }]);
    expect(source.reads.map((r) => r.split)).toEqual([1]);
    expect(result.rows).toBe(1);
    expect(String(result.explanation)).toContain('2 of 3 splits');
  });

  it('leaves out what only answered requests would read', async () => {
    const source = fakeSource([[[1, 2]]], { summaries: () => ({ rows: 2 }) });
    const y = { ...x, name: 'y' };
    const result = await run([ask(knownRows, [y]), ask(sum)], source);
    expect(values(result)).toEqual([{ n: 2 }, { s: 3 }]);
    expect(source.reads).toEqual([{ split: 0, wanted: ['x'] }]);
  });
});

describe('failures', () => {
  it.each(['open', 'add', 'finish', 'merge'] as const)('keeps a failure in %s to its own request', async (where) => {
    for (const law of ['exact', 'ordered'] as const) {
      if (where === 'merge' && law === 'exact') continue; // one thread never merges exact states
      const result = await run([ask(rows), ask(failing(where, law)), ask(sum)], fakeSource([[[1, 13]], [[13, 2]]]));
      expect(values(result)).toEqual([{ n: 4 }, `EVALUATION: planted in ${where}`, { s: 29 }]);
      expect(planted.open).toBe(0);
    }
  });

  it('keeps a failing fold and a failing table to themselves', async () => {
    const bad = { ...distinct, add: () => { throw new Error('bad fold'); } };
    const broken = { ...groups, name: 'broken', merge: () => { throw new AssayError('MEMORY_LIMIT', 'no room'); } };
    const result = await run([askFold(bad), askFold(distinct), askFold(distinct, broken), ask(rows)], fakeSource([[[1, 2]]]));
    expect(values(result)).toEqual(['INTERNAL: bad fold', 2, 'MEMORY_LIMIT: no room', { n: 2 }]);
    expect(planted.open).toBe(0);
  });

  it('rejects when the source fails', async () => {
    const source = fakeSource([[[1]], [[2]]], {
      before: (split) => {
        if (split === 1) throw new AssayError('SOURCE', 'fake.parquet: truncated');
      },
    });
    await expect(run([ask(rows)], source)).rejects.toMatchObject({ code: 'SOURCE', message: 'fake.parquet: truncated' });
    expect(planted.open).toBe(0);
    expect(source.open.size).toBe(0);
  });

  it('keeps a request that cannot be planned to itself', async () => {
    const boom = () => { throw new AssayError('UNSUPPORTED', 'planted'); };
    const result = await run([ask({ ...rows, law: boom }), ask(rows), ask({ ...rows, summary: boom })], fakeSource([[[1]], [[2]]]));
    expect(values(result)).toEqual(['UNSUPPORTED: planted', { n: 2 }, 'UNSUPPORTED: planted']);
  });

  it('names the place of errors that a source did not mean to throw', async () => {
    const source = fakeSource([[[1]], [[2]]], { before: (split) => Promise.reject(split === 1 ? new TypeError('boom') : undefined).catch((e) => { if (e) throw e; }) });
    await expect(run([ask(rows)], source)).rejects.toMatchObject({ code: 'SOURCE', message: 'fake split 1: boom' });
  });

  it.each([{ threads: -1 }, { threads: 1.5 }, { memoryLimit: 0 }, { memoryLimit: NaN }])('refuses %o', async (options) => {
    await expect(run([], fakeSource([]), options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('aborts', () => {
  it('rejects with the reason, though a read hangs for ever', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const hang = () => {
      setTimeout(() => controller.abort(reason), 5);
      return new Promise<void>(() => {});
    };
    const source = fakeSource([[[1]], [[2]]], { before: (split) => (split === 1 ? hang() : undefined) });
    await expect(run([ask(rows), askFold(distinct)], source, { signal: controller.signal })).rejects.toBe(reason);
    expect(planted.open).toBe(0);
  });

  it('is heard while batches come without a wait', async () => {
    let read = 0;
    const controller = new AbortController();
    const before = () => {
      if (read++ === 0) setTimeout(() => controller.abort(), 30);
    };
    const source = fakeSource([Array.from({ length: 1_000_000 }, () => [1])], { before });
    await expect(run([ask(rows)], source, { signal: controller.signal })).rejects.toHaveProperty('name', 'AbortError');
    expect(read).toBeLessThan(1_000_000);
  });

  it('reads nothing once aborted', async () => {
    const source = fakeSource([[[1]]]);
    await expect(run([ask(rows)], source, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
    expect(source.reads).toEqual([]);
  });
});

describe('progress', () => {
  it('tells every phase, never goes back, and is throttled', async () => {
    const events: Progress[] = [];
    const source = fakeSource(Array.from({ length: 5000 }, () => [[1, 2]]), { summaries: () => ({ bytes: 16 }) });
    await run([ask(sum)], source, { onProgress: (p) => events.push(p) });
    expect([...new Set(events.map((e) => e.phase))]).toEqual(['scan', 'merge', 'done']);
    expect(events.at(-1)).toMatchObject({ splitsDone: 5000, splits: 5000, rows: 10_000, bytes: 80_000, totalBytes: 80_000 });
    events.slice(1).forEach((e, i) => expect(e.rows).toBeGreaterThanOrEqual(events[i]!.rows));
    const apart = events.slice(1).flatMap((e, i) => (e.phase === events[i]!.phase ? [e.elapsedMs - events[i]!.elapsedMs] : []));
    expect(apart.filter((ms) => ms < 99)).toEqual([]); // 100, but for the rounding of differences
  });

  it('lets an error of the listener out', async () => {
    const onProgress = () => { throw new AssayError('INTERNAL', 'listener'); };
    await expect(run([ask(sum)], fakeSource([[[1]]]), { onProgress })).rejects.toThrow('listener');
    expect(planted.open).toBe(0);
  });
});

describe('row verdicts', () => {
  it('puts the bits of batches of any size one after another', async () => {
    const sizes = [3, 8, 13, 1, 0, 70];
    let n = 0;
    const next = () => [1, -1, NaN, 2, -3][n++ % 5]!;
    const splits = [sizes.map((s) => Array.from({ length: s }, next)), [[5]]];
    const result = await run([ask(rows)], fakeSource(splits), { verdicts: [isPositive] });
    const bits = (bytes: Uint8Array, count: number) => Array.from({ length: count }, (_, i) => ((bytes[i >> 3]! >> (i & 7)) & 1) === 1);
    expect(result.verdicts!.map((v) => [v.split, v.rows])).toEqual([[0, 95], [1, 1]]);
    result.verdicts!.forEach((v, s) => {
      const all = splits[s]!.flat();
      const found = unpackBits(v.packed, v.rows, [0, 1]);
      expect(bits(found.get(0)!, v.rows)).toEqual(all.map((value) => value > 0));
      expect(bits(found.get(1)!, v.rows)).toEqual(all.map((value) => !Number.isNaN(value)));
    });
    expect(result.verdictErrors).toEqual([null]);
  });

  it('keeps a verdict that fails apart from the others', async () => {
    const result = await run([ask(rows)], fakeSource([[[1, 2]]]), { verdicts: [x, isPositive] });
    expect(result.verdictErrors.map((e) => e?.code)).toEqual(['EVALUATION', undefined]);
    const found = unpackBits(result.verdicts![0]!.packed, 2, [0, 1, 2, 3]);
    expect([0, 1, 2, 3].map((k) => [...found.get(k)!])).toEqual([[0], [0], [3], [3]]);
    expect(values(result)).toEqual([{ n: 2 }]);
  });

  it('are given up past their limit', async () => {
    const result = await run([ask(rows)], fakeSource([[[1, -2]], [[1]]]), { verdicts: [isPositive], verdictLimit: 3 });
    expect(result.verdicts).toBeNull();
    expect(values(result)).toEqual([{ n: 3 }]);
  });

  it('are read even where summaries answer everything else', async () => {
    const source = fakeSource([[[1, -2]]], { summaries: () => ({ rows: 2 }) });
    const result = await run([ask(knownRows)], source, { verdicts: [isPositive] });
    expect(values(result)).toEqual([{ n: 2 }]);
    expect(unpackBits(result.verdicts![0]!.packed, 2, [0]).get(0)).toEqual(Uint8Array.of(1));
  });
});

describe('an observer', () => {
  it('sees every batch on the calling thread, with what it reads', async () => {
    const seen: [number, number][] = [];
    const observer = {
      reads: [isPositive],
      look: (view: BatchView, split: number) => void seen.push([split, view.truths(isPositive, null).count]),
    };
    const result = await run([], fakeSource([[[1, -2], [3]], [[4]]]), { observer, threads: 2 });
    expect(seen).toEqual([[0, 1], [0, 1], [1, 1]]);
    expect(result.explanation.notes.join()).toMatch(/functions of the caller/);
  });
});

describe('explain', () => {
  it('says what would be read without reading', () => {
    const source = fakeSource([[[1]], [[2]]]);
    const text = String(explain([ask(rows), ask(rows), ask(sum, [x], isPositive), askFold(distinct)], source, {}, setting));
    expect(source.reads).toEqual([]);
    expect(text).toBe(`Reads 1 column of 2 splits on the calling thread.

┌────────────┬──────┬─────────────────┬──────────┐
│ state      │ over │ where           │ asked by │
├────────────┼──────┼─────────────────┼──────────┤
│ fakeRows   │ x    │                 │        2 │
│ fakeSum    │ x    │ fakePositive(x) │        1 │
│ fakeGroups │ x    │                 │        1 │
└────────────┴──────┴─────────────────┴──────────┘

┌────────┬────────┐
│ column │ facets │
├────────┼────────┤
│ x      │ values │
└────────┴────────┘

- on the calling thread: the data lives in its memory`);
  });

  it('says that a source can be read once only', () => {
    const once = { ...fakeSource([[[1]]]), replayable: false };
    expect(explain([ask(rows)], once, {}, setting).notes.join()).toContain('read once only');
  });
});
