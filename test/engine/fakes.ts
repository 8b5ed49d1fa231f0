import { AssayError } from '../../src/base/errors.js';
import type { Batch } from '../../src/data/column.js';
import type { OpenSource, Split, SplitSummary } from '../../src/data/source.js';
import { BOOLEAN, DOUBLE } from '../../src/data/types.js';
import type { BatchView } from '../../src/expression/batch-view.js';
import type { Bound } from '../../src/expression/bound.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import type { Setting } from '../../src/engine/setting.js';
import type { CountsView, Fold, GroupView, RecordSpec, TableSpec } from '../../src/states/contract.js';

/** Batches of a fake source are arrays of numbers: the one column `x`. */
export type FakeBatch = readonly number[];

export const x: Bound = { kind: 'column', name: 'x', type: DOUBLE };
export const isPositive: Bound = { kind: 'call', fn: 'fakePositive', args: [x], type: BOOLEAN };

export interface FakeSource extends OpenSource {
  readonly reads: { split: number; wanted: string[] }[];
  /** Splits whose reading is going on. */
  readonly open: Set<number>;
}

export interface FakeOptions {
  summaries?: (split: number) => SplitSummary;
  /** Awaited before each batch. */
  before?: (split: number, batch: number, signal: AbortSignal | undefined) => Promise<void> | void;
}

/** A source of splits of batches of numbers, in memory. */
export function fakeSource(splits: readonly (readonly FakeBatch[])[], { summaries, before }: FakeOptions = {}): FakeSource {
  const reads: { split: number; wanted: string[] }[] = [];
  const open = new Set<number>();
  return {
    schema: { fields: [{ name: 'x', type: DOUBLE, nullable: true }] },
    splits: splits.map((_, index): Split => ({ index, label: `fake split ${index}`, summary: summaries?.(index) ?? {} })),
    replayable: true,
    portable: null,
    memory: null,
    reads,
    open,
    async *read(split, wanted, options) {
      reads.push({ split: split.index, wanted: [...wanted.keys()] });
      open.add(split.index);
      try {
        let b = 0;
        for (const numbers of splits[split.index]!) {
          await before?.(split.index, b++, options?.signal);
          options?.onBytes?.(numbers.length * 8);
          yield { rows: numbers.length, numbers, column: () => { throw new Error('fake batches have no columns'); } } as Batch;
        }
      } finally {
        open.delete(split.index);
      }
    },
    close: async () => {},
  };
}

/** The numbers of a fake batch, through its view. */
export const numbersOf = (view: BatchView): readonly number[] => (view as unknown as { numbers: readonly number[] }).numbers;

function fakeView(batch: Batch, kernels: Kernels): BatchView {
  const numbers = (batch as unknown as { numbers: readonly number[] }).numbers;
  const bitmap = (test: (n: number) => boolean) => {
    const at = kernels.scratch.zeroed(((numbers.length + 127) >> 7) << 4);
    const bytes = new Uint8Array(kernels.memory.buffer, at, (numbers.length + 7) >> 3);
    let count = 0;
    numbers.forEach((n, i) => {
      if (!test(n)) return;
      bytes[i >> 3]! |= 1 << (i & 7);
      ++count;
    });
    return { bits: at, count };
  };
  return {
    rows: numbers.length,
    kernels,
    numbers,
    truths: (e: Bound) => {
      if (e.kind !== 'call' || e.fn !== 'fakePositive') throw new AssayError('EVALUATION', 'no such fake');
      return bitmap((n) => n > 0);
    },
    known: () => (numbers.some(Number.isNaN) ? bitmap((n) => !Number.isNaN(n)) : { bits: 0, count: numbers.length }),
    close: () => kernels.scratch.reset(),
  } as unknown as BatchView;
}

/** Accumulators of planted states: how many were opened and are still open. */
export const planted = { opened: 0, open: 0 };

/** A record state from a few functions. */
export function fakeState<S extends object>(
  name: string,
  law: 'exact' | 'ordered',
  fields: RecordSpec<any, S>['fields'],
  empty: () => S,
  add: (state: S, n: number) => S,
  merge: (a: S, b: S) => S,
  more: Partial<RecordSpec<any, S>> = {},
): RecordSpec<any, S> {
  return {
    kind: 'record', name, version: 1, law, fields, merge,
    open() {
      let state = empty();
      ++planted.opened;
      ++planted.open;
      return {
        add: (view) => numbersOf(view).forEach((n) => (state = add(state, n))),
        finish: () => state,
        bytes: 8,
        close: () => void --planted.open,
      };
    },
    ...more,
  };
}

/** Rows: exact. */
export const rows = fakeState('fakeRows', 'exact', { n: 'count' }, () => ({ n: 0 }), (s) => ({ n: s.n + 1 }), (a, b) => ({ n: a.n + b.n }));

/** Rows, known from summaries. */
export const knownRows = fakeState('fakeKnownRows', 'exact', { n: 'count' }, () => ({ n: 0 }), (s) => ({ n: s.n + 1 }), (a, b) => ({ n: a.n + b.n }), {
  summary: ({ rows }) => ({ state: { n: rows.reduce((n, x) => n + Math.max(0, x), 0) }, splits: Uint8Array.from(rows, (x) => (x < 0 ? 0 : 1)) }),
});

/** A sum of doubles in the order of the data: the last bits depend on that order. */
export const sum = fakeState('fakeSum', 'ordered', { s: 'f64' }, () => ({ s: 0 }), (a, n) => ({ s: a.s + n }), (a, b) => ({ s: a.s + b.s }));

/** The order in which states were merged, as text. */
export const trace = fakeState('fakeTrace', 'ordered', { t: 'bytes' }, () => ({ t: '' }), (a, n) => ({ t: `${a.t}${n},` }), (a, b) => ({ t: `${a.t}|${b.t}` }));

/** A state that fails at one number, in one of its functions. */
export function failing(where: 'open' | 'add' | 'finish' | 'merge', law: 'exact' | 'ordered' = 'exact') {
  const boom = (at: string) => {
    if (at === where) throw new AssayError('EVALUATION', `planted in ${at}`);
  };
  const base = fakeState(`failing ${where} ${law}`, law, { n: 'count' }, () => ({ n: 0 }), (s, n) => {
    if (n === 13) boom('add');
    return { n: s.n + 1 };
  }, (a, b) => {
    boom('merge');
    return { n: a.n + b.n };
  });
  return {
    ...base,
    open(...args: Parameters<typeof base.open>) {
      boom('open');
      const inner = base.open(...args);
      return { ...inner, finish: () => (boom('finish'), inner.finish()) };
    },
  } as typeof base;
}

/** number → count, in one JS map; part p holds the numbers that are p modulo 64. */
export const groups: TableSpec<any> = {
  kind: 'table', name: 'fakeGroups', version: 1, law: 'exact',
  open() {
    const counts = new Map<number, number>();
    ++planted.open;
    return {
      add: (view) => numbersOf(view).forEach((n) => counts.set(n, (counts.get(n) ?? 0) + 1)),
      get bytes() {
        return counts.size * 16;
      },
      take(partition) {
        const entries = [...counts].filter(([n]) => Math.abs(n) % 64 === partition);
        entries.forEach(([n]) => counts.delete(n));
        return entries.length > 0 ? [{ bytes: Float64Array.from(entries.flat()).buffer }] : [];
      },
      close: () => void --planted.open,
    };
  },
  merge(parts) {
    const counts = new Map<number, number>();
    for (const part of parts) for (const [n, c] of entriesOf(part)) counts.set(n, (counts.get(n) ?? 0) + c);
    return { bytes: Float64Array.from([...counts].sort(([a], [b]) => a - b).flat()).buffer };
  },
  read: (part): GroupView => {
    const entries = entriesOf(part);
    return { size: entries.length, count: (i) => entries[i]![1], measure: () => null, key: (i) => entries[i]![0] };
  },
  counts: (part): CountsView => {
    const histogram = new Map<number, number>();
    for (const [, c] of entriesOf(part)) histogram.set(c, (histogram.get(c) ?? 0) + 1);
    return { counts: [...histogram.keys()], groups: [...histogram.values()], allNull: 0 };
  },
};

function entriesOf(part: unknown): [number, number][] {
  const flat = new Float64Array((part as { bytes: ArrayBuffer }).bytes);
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!]);
}

export const distinct: Fold<number> = {
  name: 'distinct', needs: 'counts', empty: () => 0,
  add: (n, view) => n + view.groups.reduce((a, b) => a + b, 0),
};

export const keys: Fold<string[]> = {
  name: 'keys', needs: 'keys', empty: () => [],
  add: (all, view) => [...all, ...Array.from({ length: view.size }, (_, i) => `${view.key(i, 0)}:${view.count(i)}`)],
};

/** The engine with the states above and no worker threads. */
export const setting: Setting = { states: new Map(), view: fakeView, worker: null };

export const ask = (spec: RecordSpec<any, any>, inputs: readonly Bound[] = [x], where: Bound | null = null) =>
  ({ kind: 'state', spec, request: { state: spec.name, inputs, where, options: null } }) as const;

export const askFold = (fold: Fold<any>, spec = groups) =>
  ({ kind: 'fold', spec, fold, request: { state: spec.name, inputs: [x], where: null, options: null } }) as const;
