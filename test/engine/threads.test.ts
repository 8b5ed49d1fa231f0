import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countBits, unpackBits } from '../../src/data/packed-bits.js';
import type { Execution, KeyJudge, Progress, RunOptions } from '../../src/engine/plan.js';
import type { Setting } from '../../src/engine/setting.js';
import type { BatchView } from '../../src/expression/batch-view.js';
import type { Bound } from '../../src/expression/bound.js';
import type { CountsView, Fold, GroupView, RecordSpec, StateSpec, TableSpec } from '../../src/states/contract.js';
import { dishonest, fragile, mortal, openPlanted, plantedStates, type PlantedArgs } from './fixtures/planted.mjs';

// Worker threads are plain JavaScript, so these tests run the built package.
const dist = new URL('../../dist/', import.meta.url).href;
const built = existsSync(new URL('../../dist/engine/worker.js', import.meta.url));
const { execute, explain } = built ? ((await import(`${dist}engine/execute.js`)) as typeof import('../../src/engine/execute.js')) : ({} as never);
const { stateSpecs } = built ? ((await import(`${dist}states/index.js`)) as typeof import('../../src/states/index.js')) : ({} as never);
const { encodeState } = built ? ((await import(`${dist}states/codec.js`)) as typeof import('../../src/states/codec.js')) : ({} as never);
const { openView } = built ? ((await import(`${dist}expression/view.js`)) as typeof import('../../src/expression/view.js')) : ({} as never);
const { giveBack, readyThreads, stopIdleThreads, takeThreads } = built ? ((await import(`${dist}engine/pool.js`)) as typeof import('../../src/engine/pool.js')) : ({} as never);

const worker = new URL('./fixtures/worker.mjs', import.meta.url);
const setting: Setting = {
  states: new Map<string, StateSpec>([...(stateSpecs ?? []), ...plantedStates.map((s): [string, StateSpec] => [s.name, s])]),
  view: openView,
  worker,
};

const x: Bound = { kind: 'column', name: 'x', type: { kind: 'double' } };
const i: Bound = { kind: 'column', name: 'i', type: { kind: 'int' } };
const s: Bound = { kind: 'column', name: 's', type: { kind: 'string' } };
const known: Bound = { kind: 'call', fn: 'isnotnull', args: [i], type: { kind: 'boolean' } };

/** What to ask of every record state of the registry. */
const QUESTIONS: Readonly<Record<string, readonly (readonly [inputs: readonly Bound[], options: unknown])[]>> = {
  matches: [[[], null], [[known], null]],
  extrema: [[[x], null], [[i], null], [[s], null]],
  sums: [[[x], null], [[i], null]],
  moments: [[[x], { order: 2 }], [[i], { order: 4 }]],
  comoments: [[[x, i], null]],
  hll: [[[x], null], [[i], null], [[s], null]],
  gk: [[[x], { relativeError: 0.01 }]],
  kll: [[[x], { sketchSize: 256, shrinkingFactor: 0.64 }]],
  classes: [[[s], null]],
  frequent: [[[i], { capacity: 16 }], [[s], { capacity: 4096 }]],
  texts: [[[s], null]],
  bins: [[[x], { edges: [-Infinity, 0, 1, Infinity], closed: false }], [[i], { edges: [-500, 0, 500], closed: true }]],
};

const ask = (state: string | RecordSpec<any, any>, inputs: readonly Bound[] = [], options: unknown = null, where: Bound | null = null) => {
  const spec = (typeof state === 'string' ? stateSpecs.get(state)! : state) as RecordSpec<any, any>;
  return { kind: 'state', spec, request: { state: spec.name, inputs, where, options } } as const;
};

const recordAsks = () => Object.entries(QUESTIONS).flatMap(([name, all]) =>
  all.flatMap(([inputs, options]) => [ask(name, inputs, options), ask(name, inputs, options, known)]));

// Which partition long keys belong to depends on the seed of the run: like every fold, these do not depend on the order.
const counts: Fold<Map<string, number>> = {
  name: 'counts', needs: 'counts', empty: () => new Map(),
  add(all, v: CountsView) {
    v.counts.forEach((c, k) => all.set(`${c}`, (all.get(`${c}`) ?? 0) + v.groups[k]!));
    if (v.allNull > 0) all.set('null', v.allNull);
    return all;
  },
};
const keys: Fold<Map<string, number>> = {
  name: 'keys', needs: 'keys', empty: () => new Map(),
  add(all, v: GroupView) {
    for (let g = 0; g < v.size; ++g) all.set(String(v.key(g, 0)), v.count(g));
    return all;
  },
};
const fold = (of: Fold<any>, inputs: readonly Bound[]) => {
  const spec = stateSpecs.get('groups') as TableSpec<any>;
  return { kind: 'fold', spec, fold: of, request: { state: 'groups', inputs, where: null, options: null } } as const;
};
const tableAsks = () => (stateSpecs.has('groups') ? [fold(counts, [s]), fold(counts, [i]), fold(keys, [i]), fold(keys, [s]), fold(counts, [x, s])] : []);

/** Everything that a run found, as text: states in their codec. */
function fingerprint(run: Execution, asks: readonly (ReturnType<typeof ask> | ReturnType<typeof fold>)[]) {
  return run.answers.map((a, k) => {
    const of = asks[k]!;
    if (!a.ok) return `${of.request.state}: ${a.error.code} ${a.error.message}`;
    const text = of.kind === 'state' ? Buffer.from(encodeState(of.spec, of.request, a.value as object)).toString('hex') : JSON.stringify([...(a.value as Map<string, number>)].sort());
    return `${of.request.state}: ${text.length} ${createHash('sha1').update(text).digest('hex')}`;
  });
}

const scan = async (asks: Parameters<typeof execute>[0], args: PlantedArgs, options: RunOptions = {}, other: Partial<Setting> = {}) =>
  execute(asks, await openPlanted(args), options, { ...setting, ...other });

/** Waits for three threads: while they start, the calling thread would read what they are to read. */
async function warm(): Promise<void> {
  while (readyThreads(worker) < 3) {
    takeThreads(worker, 3).forEach(giveBack);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

let folder: string;
const spilled = () => readdirSync(folder);
const spilledBytes = () => readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((name) => statSync(join(folder, name))).reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);

/** Runs over sources that take longer and longer, until one took long enough for what threads do beside it, however busy the machine is. */
async function slower<T>(work: (slow: number) => Promise<T>, isEnough: (result: T) => boolean): Promise<T> {
  for (let slow = 5; ; slow *= 6) {
    const result = await work(slow);
    if (isEnough(result) || slow > 1000) return result;
  }
}

describe.runIf(built)('worker threads', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threads-test-'));
    process.env['TMPDIR'] = folder;
    await warm();
  });
  afterAll(async () => {
    await stopIdleThreads();
    delete process.env['TMPDIR'];
    rmSync(folder, { recursive: true });
  });

  it('ask every record state of the registry', () => {
    expect(Object.keys(QUESTIONS).sort()).toEqual([...stateSpecs.values()].filter((spec) => spec.kind === 'record').map((spec) => spec.name).sort());
  });

  it('give byte-identical states for any number of threads', async () => {
    const asks = [...recordAsks(), ...tableAsks()];
    const alone = await scan(asks, { splits: 17 }, { threads: 0, verdicts: [known] });
    const expected = fingerprint(alone, asks);
    expect(expected.filter((t) => /(INTERNAL|UNSUPPORTED|STATE|EVALUATION)/.test(t))).toEqual([]);
    for (const threads of [1, 2, 3]) {
      const run = await scan(asks, { splits: 17 }, { threads, verdicts: [known] });
      expect(fingerprint(run, asks)).toEqual(expected);
      expect(run.rows).toBe(alone.rows);
      expect(run.verdicts).toEqual(alone.verdicts);
      expect(run.explanation.threads).toBeGreaterThan(0);
    }
  });

  it('give the same for a huge number of tiny splits', async () => {
    const asks = [ask('moments', [x], { order: 2 }), ask('sums', [x]), ask('extrema', [x]), ...tableAsks()];
    const args = { splits: 3000, tiny: true };
    const expected = fingerprint(await scan(asks, args, { threads: 0 }), asks);
    const run = await scan(asks, args, { threads: 2 });
    expect(fingerprint(run, asks)).toEqual(expected);
    expect([run.rows, run.explanation.threads > 0]).toEqual([3000, true]);
  });

  it('find the same groups of keys that ascend, whether or not those of two threads can meet', async () => {
    const asks = [fold(counts, [i])];
    const slow = { splits: 12, slow: 5 }; // so that every thread gets some
    const first = (run: Execution) => (run.answers[0]!.ok ? (run.answers[0]!.value as Map<string, number>) : new Map<string, number>());
    await warm();
    for (const ids of [5_000, 2_000]) {
      const alone = first(await scan(asks, { splits: 12, ids }, { threads: 0 }));
      expect([...alone.keys()].sort()).toEqual(ids === 5_000 ? ['1', 'null'] : ['1', '2', 'null']);
      for (const threads of [1, 2, 3]) expect(first(await scan(asks, { ...slow, ids }, { threads }))).toEqual(alone);
    }
  });

  it('judge rows by the hashes of their keys where these are kept, in pieces past the limit', async () => {
    const args = { splits: 12, ids: 2_000 };
    const own: (number | null)[][] = Array.from({ length: args.splits }, () => []); // the keys by split
    const look = (view: BatchView, split: number) => {
      const [known, at] = [view.known(i, null).bits, view.vector(i).values];
      const { buffer } = view.kernels.memory;
      const bits = known === 0 ? null : new Uint8Array(buffer, known, (view.rows + 7) >> 3);
      const isKnown = (r: number) => bits === null || ((bits[r >> 3]! >> (r & 7)) & 1) === 1;
      new Int32Array(buffer, at, view.rows).forEach((n, r) => own[split]!.push(isKnown(r) ? n : null));
    };
    await scan([ask('matches')], args, { threads: 0, observer: { reads: [i], look } });
    const times = new Map<number | null, number>();
    for (const key of own.flat()) times.set(key, (times.get(key) ?? 0) + 1);
    const expected = own.map((keys) => keys.map((key) => times.get(key) === 1));
    const repeats = fold({
      name: 'repeats', needs: 'repeats', empty: () => [] as Int32Array[],
      add: (all, v) => (v.repeated!.length > 0 ? [...all, v.repeated!] : all),
    } satisfies Fold<Int32Array[]>, [i]);
    await warm();
    const limits = [Infinity, 230_000, 150_000]; // enough; less than a set of all repeated keys; than all hashes
    for (const threads of [0, 1, 2, 3]) for (const verdictLimit of limits) {
      let judged: boolean[][] | null = null;
      const asks = [repeats];
      const judge: KeyJudge['judge'] = async ([answer], verdicts, keys) => {
        const hashes = answer!.ok ? (answer!.value as Int32Array[]) : [];
        expect(hashes.reduce((n, some) => n + some.length / 2, 0) * 56).toBeGreaterThan(230_000);
        const found = (await keys.rowsWithout(0, hashes, true))!;
        judged = verdicts.map(({ split, rows }) => {
          const { packed, others } = found.get(split)!;
          const bits = unpackBits(packed, rows, [0, 1]);
          expect(countBits(bits.get(1)!, rows)).toBe(rows);
          expect(countBits(bits.get(0)!, rows)).toBe(rows - others);
          return Array.from({ length: rows }, (_, r) => ((bits.get(0)![r >> 3]! >> (r & 7)) & 1) === 1);
        });
        const first = new Map(verdicts.map(({ split, rows }) => [split, new Uint8Array((rows + 7) >> 3).fill(1, 0, 1)]));
        const some = (await keys.hashesOf(0, first))!.reduce((n, hashed) => n + hashed.length / 2, 0);
        expect(some).toBe(own.filter(([key]) => key !== null).length);
      };
      const options = { threads, verdicts: [known], verdictLimit, kept: { asks, judge } };
      await scan(asks, threads === 0 ? args : { ...args, slow: 5 }, options);
      expect(judged).toEqual(verdictLimit === 150_000 ? null : expected);
    }
  });

  it('give the same while they start, when the calling thread reads and merges in the place of one', async () => {
    const asks = [ask('sums', [x]), fold(counts, [i])];
    const expected = fingerprint(await scan(asks, { splits: 10 }, { threads: 0 }), asks);
    const notes: string[] = [];
    for (const threads of [1, 2, 3]) {
      await stopIdleThreads();
      const run = await scan(asks, { splits: 10, slow: 30 }, { threads });
      expect(fingerprint(run, asks)).toEqual(expected);
      expect(run.explanation.threads).toBeLessThanOrEqual(threads);
      notes.push(...run.explanation.notes);
    }
    expect(notes.join('\n')).toMatch(/the calling thread read, too: all splits were taken before it paid to start 1 more worker thread\b/);
    const taking: unknown[] = []; // part in a run that is long enough for the last one to load, however busy the machine is
    for (const slow of [300, 1500, 6000]) {
      await stopIdleThreads();
      const long = await scan(asks, { splits: 10, slow }, { threads: 2 }, { lastMs: 200 });
      expect(fingerprint(long, asks)).toEqual(expected);
      taking.push([long.explanation.threads, long.explanation.notes.filter((n) => n.includes('too'))]);
      if (long.explanation.threads === 2) break;
    }
    expect(taking.at(-1)).toEqual([2, []]);
    await warm();
  });

  it('would not hide a state that depends on threads', async () => {
    const asks = [ask(dishonest, [x])];
    await warm();
    const prints = await slower(async (slow) => {
      const prints = new Set<string>();
      for (const threads of [0, 2, 3]) prints.add(fingerprint(await scan(asks, { splits: 8, slow }, { threads }), asks).join());
      return prints;
    }, ({ size }) => size === 3);
    expect(prints.size).toBe(3);
  });

  it('spill what is beyond the limit and leave nothing behind', async () => {
    const asks = tableAsks();
    const expected = fingerprint(await scan(asks, { splits: 9 }, { threads: 0 }), asks);
    for (const [threads, memoryLimit] of [[0, 1_000_000], [2, 2_000_000]] as const) {
      let bytes = 0;
      const onProgress = ({ phase }: Progress) => void (phase === 'merge' && bytes === 0 && (bytes = spilledBytes())); // before threads remove them
      expect(fingerprint(await scan(asks, { splits: 9 }, { threads, memoryLimit, onProgress }), asks)).toEqual(expected);
      expect(bytes).toBeGreaterThan(0);
      expect(spilled()).toEqual([]);
    }
  });

  it('report the failure of the first split, whoever met it first', async () => {
    const asks = [ask(fragile, [x]), ask('matches', [known])];
    const expected = fingerprint(await scan(asks, { splits: 12 }, { threads: 0 }), asks);
    expect(expected[0]).toBe('fragile: EVALUATION planted at 6');
    for (const threads of [1, 2, 3]) expect(fingerprint(await scan(asks, { splits: 12 }, { threads }), asks)).toEqual(expected);
  });

  it('reject when the source fails', async () => {
    await expect(scan(recordAsks(), { splits: 6, at: 4, fault: 'source' }, { threads: 2 })).rejects
      .toMatchObject({ code: 'SOURCE', message: 'planted.parquet: truncated' });
    await expect(scan(recordAsks(), { splits: 6, short: true }, { threads: 2 })).rejects.toMatchObject({ code: 'SOURCE' });
  });

  it.each([['exit', /exit code 7/], ['uncaught', /planted crash/]] as const)('name the split when a thread dies (%s), and recover', async (fault, why) => {
    await warm();
    const dying = scan([...recordAsks(), ...tableAsks()], { splits: 6, at: 3, fault }, { threads: 2, memoryLimit: 2_000_000 });
    await expect(dying).rejects.toMatchObject({ code: 'WORKER', message: expect.stringContaining('planted split 3') });
    await expect(dying).rejects.toThrow(why);
    expect(spilled()).toEqual([]);
    const after = await scan([ask('matches', [known])], { splits: 6 }, { threads: 2 });
    expect(after.answers[0]).toMatchObject({ ok: true, value: { rows: 12_015 } });
  });

  it('are missed when one dies after its scan, while another still reads', async () => {
    await warm();
    const { request } = fold(counts, [i]);
    const rows = { kind: 'fold', spec: mortal, fold: counts, request: { ...request, state: 'mortal' } } as const;
    await expect(scan([rows], { splits: 2, at: 0, fault: 'last' }, { threads: 2 })).rejects
      .toMatchObject({ code: 'WORKER', message: expect.stringMatching(/exit code 7/) });
    const { answers } = await scan([rows], { splits: 2 }, { threads: 0 });
    expect(answers[0]).toMatchObject({ ok: true, value: new Map([['4001', 1]]) });
  });

  it('survive a thread that runs out of memory, and let the process end', async () => {
    const child = fileURLToPath(new URL('./fixtures/child.mjs', import.meta.url));
    const running = promisify(execFile)(process.execPath, ['--max-old-space-size=64', child]);
    let said = 0;
    running.child.stdout!.on('data', () => (said = performance.now()));
    const { stdout } = await running;
    const left = performance.now() - said;
    expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/^WORKER .*planted split 3.*memory/), 'true true']);
    expect(left).toBeLessThan(25_000); // it does not wait for idle threads, which are kept for 30 s
  });

  it.each(['hang', 'deaf', 'spin', 'slow'] as const)('abort while a thread is in a read that takes long or for ever (%s), and recover', async (fault) => {
    await warm();
    const controller = new AbortController();
    const asks = [...recordAsks(), ...tableAsks()];
    const reason = new Error('enough');
    let done = 0;
    const onProgress = ({ splitsDone }: Progress) => void (done = splitsDone);
    const args = { splits: 200, at: 3, fault, slow: fault === 'slow' ? 20 : 0 };
    const running = scan(asks, args, { threads: 2, signal: controller.signal, memoryLimit: 2_000_000, onProgress });
    setTimeout(() => controller.abort(reason), 150);
    await expect(running).rejects.toBe(reason);
    expect(done).toBeLessThan(200);
    expect(spilled()).toEqual([]);
    const after = await scan([ask('matches', [known])], { splits: 6 }, { threads: 2 });
    expect(after.answers[0]).toMatchObject({ ok: true, value: { rows: 12_015 } });
  });

  it('leave the run to the calling thread where they cannot work, and say so', async () => {
    const cases: [string, PlantedArgs, Partial<Setting>, RegExp][] = [
      ['the module is missing', { splits: 4 }, { worker: new URL('./fixtures/gone.mjs', import.meta.url) }, /module is missing/],
      ['the module does not load', { splits: 3 }, { worker: new URL('./fixtures/stillborn.mjs', import.meta.url) }, /did not start: planted/],
      ['they cannot open the source', { splits: 3, unable: true }, {}, /could not open the source: planted/],
      ['they do not know a state', { splits: 4 }, { states: new Map() }, /do not know the state 'matches'/],
      ['there is one split', { splits: 1 }, {}, /one split/],
    ];
    for (const [, args, other, note] of cases) {
      const notes = await slower(async (slow) => {
        const run = await scan([ask('matches', [known]), ...tableAsks()], { ...args, slow }, { threads: 2 }, other);
        expect(run.answers.every((a) => a.ok)).toBe(true);
        expect(run.explanation.threads).toBe(0);
        return run.explanation.notes.join('\n');
      }, (notes) => note.test(notes));
      expect(notes).toMatch(note);
    }
  });

  it('are taken for large inputs by themselves', async () => {
    const large = await openPlanted({ splits: 8, bytes: 1e8 });
    expect(explain([ask('matches', [known])], large, {}, setting).notes[0]).toMatch(/worker threads: about 254\.3 MiB|one processor/);
    expect(explain([ask('matches', [known])], await openPlanted({ splits: 8 }), {}, setting).notes[0]).toMatch(/sooner/);
  });

  it('tell progress', async () => {
    const events: Progress[] = [];
    const run = await scan([ask('matches', [known])], { splits: 30, slow: 30 }, { threads: 2, onProgress: (p) => events.push(p) });
    expect(events.length).toBeGreaterThan(3);
    expect(new Set(events.map((e) => e.phase))).toEqual(new Set(['scan', 'merge', 'done']));
    expect(events.at(-1)).toMatchObject({ splitsDone: 30, splits: 30, rows: run.rows });
    events.slice(1).forEach((e, k) => expect(e.rows).toBeGreaterThanOrEqual(events[k]!.rows));
  });

  it('are not started again and again by runs that are over before they are ready', async () => {
    const { busyThreads } = (await import(`${dist}engine/pool.js`)) as typeof import('../../src/engine/pool.js');
    await stopIdleThreads();
    const before = busyThreads();
    for (let k = 0; k < 20; ++k) {
      const run = await scan([ask('matches', [known])], { splits: 2, tiny: true }, { threads: 2 });
      expect(run.answers[0]).toMatchObject({ ok: true, value: { rows: 2 } });
      expect(busyThreads() - before).toBeLessThanOrEqual(2);
    }
  });

  it('serve several runs at a time', async () => {
    const asks = recordAsks();
    const expected = fingerprint(await scan(asks, { splits: 5 }, { threads: 0 }), asks);
    const runs = await Promise.all(Array.from({ length: 4 }, () => scan(asks, { splits: 5 }, { threads: 2 })));
    for (const run of runs) expect(fingerprint(run, asks)).toEqual(expected);
  });
});

it('runs on the built package', () => {
  expect(built, 'build first: npm run build').toBe(true);
});
