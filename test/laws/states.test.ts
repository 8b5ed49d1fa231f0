import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { knownSplits, type KnownSplits } from '../../src/data/known-splits.js';
import { BOOLEAN, DATE, DOUBLE, FLOAT, INT, LONG, STRING, decimal, type DataType } from '../../src/data/types.js';
import type { BatchView } from '../../src/expression/batch-view.js';
import type { Bound } from '../../src/expression/bound.js';
import { gkFromBytes } from '../../src/sketches/gk.js';
import { binsOptions } from '../../src/states/bins.js';
import { decodeState, encodeState } from '../../src/states/codec.js';
import { defineState, lawOf, type RecordSpec, type Request } from '../../src/states/contract.js';
import { frequentValues } from '../../src/states/frequent.js';
import { stateSpecs } from '../../src/states/index.js';
import { quantileOf } from '../../src/states/gk.js';
import { ranksOf } from '../../src/states/kll.js';
import {
  column, dictionaryColumn, feed, isKnown, kernels, plainColumn, stateOf, type Row, type Types,
} from '../states/batches.js';
import { summaryOf, type ColumnSummary } from '../states/summaries.js';

/**
 * What every record state must obey, for every request below. `exact` states are compared as bytes; `ordered` ones by
 * `near`, which says what their bound means.
 */
interface Subject {
  readonly inputs: readonly Bound[];
  readonly options?: unknown;
  readonly filtered?: boolean;
  near?(a: any, b: any, rows: readonly Row[]): void;
}

type Spec = RecordSpec<any, any>;

const types: Types = {
  b: BOOLEAN, i: INT, l: LONG, d: DOUBLE, m: DOUBLE, f: FLOAT, p: decimal(12, 2), q: decimal(38, 4), s: STRING,
  t: DATE, w: BOOLEAN,
};
const at = (name: string) => column(name, types[name]!);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 5, nil: null });
const row: fc.Arbitrary<Row> = fc.record({
  b: maybe(fc.boolean()),
  i: maybe(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer())),
  l: maybe(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  d: maybe(fc.oneof(fc.double(), fc.constantFrom(NaN, -0, 0, Infinity, -Infinity))),
  m: maybe(fc.double({ min: -1000, max: 1000, noNaN: true })), // moderate: bounds of float states are relative to it
  f: maybe(fc.float()),
  p: maybe(fc.bigInt({ min: -(10n ** 12n) + 1n, max: 10n ** 12n - 1n })),
  q: maybe(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n })),
  s: maybe(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('1', '-1.5', 'true', '', '1e5', 'ab'))),
  t: maybe(fc.integer({ min: -100_000, max: 100_000 })),
  w: maybe(fc.boolean()),
});
const table = fc.array(row, { maxLength: 60 });

const close = (a: number, b: number, scale: number) =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * scale + 1e-12);
const known = (rows: readonly Row[], name: string) => rows.map((r) => r[name]).filter((x) => x !== null) as number[];
const power = (rows: readonly Row[], k: number) => known(rows, 'm').reduce((sum, x) => sum + Math.abs(2 * x) ** k, 1);

const nearMoments = (order: number) => (a: any, b: any, rows: readonly Row[]) => {
  expect(a.n).toBe(b.n);
  close(a.mean, b.mean, 1000);
  for (let k = 2; k <= order; ++k) close(a[`m${k}`], b[`m${k}`], power(rows, 2) * 2000 ** (k - 2));
};

const literal = (type: DataType, value: number | string): Bound => ({ kind: 'literal', type, value });
const binary = (fn: string, a: Bound, b: Bound): Bound => ({ kind: 'call', fn, args: [a, b], type: BOOLEAN });
/** As `isNonNegative` asks. */
const notNegative = (name: string): Bound => {
  const number: Bound = { kind: 'call', fn: 'cast', args: [at(name)], type: DOUBLE };
  return binary('>=', { kind: 'call', fn: 'coalesce', args: [number, literal(DOUBLE, 0)], type: DOUBLE }, literal(DOUBLE, 0));
};
const above = (name: string, value: string): Bound => binary('>', at(name), literal(types[name]!, value));

/** The requests that the laws run over; every record state of the registry must be here. */
const subjects: Readonly<Record<string, readonly Subject[]>> = {
  matches: [[], [at('b')], [isKnown(at('s'))], [notNegative('i')], [above('l', '-9')]].map((inputs) => ({ inputs, filtered: true })),
  extrema: ['b', 'i', 'l', 'd', 'f', 'p', 'q', 's', 't'].map((name) => ({ inputs: [at(name)] })),
  sums: [
    ...['i', 'l', 'p', 'q'].map((name) => ({ inputs: [at(name)] })),
    { inputs: [at('m')], near: (a, b, rows) => (expect(a.n).toBe(b.n), close(a.double, b.double, power(rows, 1))) },
  ],
  moments: ([2, 3, 4] as const).map((order) => ({ inputs: [at('m')], options: { order }, near: nearMoments(order) })),
  comoments: [{
    inputs: [at('m'), at('t')],
    near(a, b) {
      expect(a.n).toBe(b.n);
      close(a.xAvg, b.xAvg, 1e3);
      close(a.yAvg, b.yAvg, 1e5);
      close(a.ck, b.ck, 1e3 * 1e5 * a.n);
      close(a.xMk, b.xMk, 1e6 * a.n);
      close(a.yMk, b.yMk, 1e10 * a.n);
    },
  }],
  hll: ['b', 'i', 'l', 'd', 'f', 'p', 'q', 's', 't'].map((name) => ({ inputs: [at(name)] })),
  gk: [0.01, 0.1, 0.25].map((relativeError) => ({
    inputs: [at('m')],
    options: { relativeError },
    near(a, b, rows) {
      const sorted = known(rows, 'm').sort((x, y) => x - y);
      for (const state of [a, b]) {
        expect(gkFromBytes(state.digest).n).toBe(sorted.length);
        if (sorted.length === 0) continue;
        for (const q of [0.1, 0.5, 0.9]) {
          const value = quantileOf(state, q)!;
          const rank = q * sorted.length;
          const slack = relativeError * sorted.length + 1;
          expect(sorted.filter((x) => x < value).length).toBeLessThanOrEqual(rank + slack);
          expect(sorted.filter((x) => x <= value).length).toBeGreaterThanOrEqual(rank - slack);
        }
      }
    },
  })),
  kll: [[2048, 0.64], [8, 0.64]].map(([sketchSize, shrinkingFactor]) => ({
    inputs: [at('m')],
    options: { sketchSize, shrinkingFactor },
    near(a, b, rows) {
      const values = known(rows, 'm');
      for (const state of [a, b]) {
        expect(state.n).toBe(values.length);
        expect(ranksOf(state).rank(Infinity)).toBe(values.length);
        if (values.length > 0) expect([state.min, state.max]).toEqual([Math.min(...values), Math.max(...values)]);
        if (sketchSize !== 2048) continue;
        for (const x of values) expect(ranksOf(state).rank(x)).toBe(values.filter((y) => y <= x).length);
      }
    },
  })),
  classes: ['s', 'i', 'd', 'f', 'p', 'b', 't'].map((name) => ({ inputs: [at(name)], filtered: true })),
  frequent: [4, 2000].flatMap((capacity) => ['b', 'i', 'l', 'd', 'f', 'p', 's', 't'].map((name) => ({
    inputs: [at(name)], options: { capacity }, near: nearFrequent(name, capacity),
  }))),
  texts: [{ inputs: [at('s')] }],
  bins: [
    { inputs: [at('d')], options: binsOptions([-1, 0, 1, 100]) },
    { inputs: [at('i')], options: binsOptions([-2, 0, 2], true) },
    { inputs: [at('m'), at('l')], options: binsOptions([-500, 0, 500], true) },
  ],
};

/** Bounds of frequent values: counts are at most the error too low, and nothing that is not listed occurs more often. */
function nearFrequent(name: string, capacity: number) {
  return (a: any, b: any, rows: readonly Row[]) => {
    const text = (v: unknown) => (Object.is(v, -0) ? '-0' : String(v));
    const truth = new Map<string, number>();
    for (const v of rows.map((r) => r[name]).filter((x) => x !== null)) truth.set(text(v), (truth.get(text(v)) ?? 0) + 1);
    for (const state of [a, b]) {
      expect(state.n).toBe([...truth.values()].reduce((x, y) => x + y, 0));
      if (truth.size <= capacity) expect(state.error).toBe(0);
      const listed = new Map(frequentValues(state, types[name]!).map((e) => [text(e.value), e.count]));
      expect(listed.size).toBeLessThanOrEqual(capacity);
      for (const [value, count] of truth) {
        expect(listed.get(value) ?? 0).toBeLessThanOrEqual(count);
        expect((listed.get(value) ?? 0) + state.error).toBeGreaterThanOrEqual(count);
      }
      for (const value of listed.keys()) expect(truth.has(value), value).toBe(true);
    }
  };
}

/** Record states that the laws do not run over, and why. */
const NOT_EXERCISED: Readonly<Record<string, string>> = {
  groups: 'a table state: its laws are in test/states/table',
  bag: 'a table state: its laws are in test/states/table',
  values: 'a table state: its laws are in test/states/table',
};

const RUNS = { numRuns: 15 };

/** What a footer would say about some rows. */
function footerOf(...splits: readonly (readonly Row[])[]): KnownSplits {
  return knownSplits(splits.map((rows) => {
    const columns = Object.entries(types).map(([name, type]): [string, ColumnSummary] => {
      const values = rows.map((r) => r[name]).filter((v) => v !== null);
      const whole = 'iltpq'.includes(name) ? values.map((v) => BigInt(v as number | bigint)).sort((p, q) => (p < q ? -1 : p > q ? 1 : 0)) : [];
      const ordered = whole.length > 0 && whole.every((v) => BigInt.asIntN(64, v) === v); // of others no statistics are read
      return [name, { type, nulls: rows.length - values.length, ...(ordered && { min: whole[0]!, max: whole.at(-1)! }) }];
    });
    return { summary: summaryOf(rows.length, Object.fromEntries(columns)) };
  }));
}

interface Bench {
  readonly spec: Spec;
  readonly subject: Subject;
  readonly request: Request;
  of(rows: readonly Row[], size?: number, make?: typeof plainColumn): any;
  bytes(state: any): string;
  /** Equality as the law of the state has it. */
  agree(a: any, b: any, rows: readonly Row[]): void;
}

function benchOf(spec: Spec, subject: Subject, where: Bound | null = null): Bench {
  const request: Request = { state: spec.name, inputs: subject.inputs, where, options: subject.options ?? null };
  const bytes = (state: any) => Buffer.from(encodeState(spec, request, state)).toString('hex');
  return {
    spec,
    subject,
    request,
    bytes,
    of: (rows, size, make) => stateOf(spec, request, types, rows, size, make),
    agree(a, b, rows) {
      if (lawOf(spec, request) === 'exact') expect(bytes(a)).toBe(bytes(b));
      else subject.near!(a, b, rows);
    },
  };
}

const laws: Readonly<Record<string, (b: Bench) => void>> = {
  'the merge of the parts is the whole'(b) {
    fc.assert(fc.property(table, table, (x, y) => {
      const whole = [...x, ...y];
      b.agree(b.spec.merge(b.of(x), b.of(y), b.request), b.of(whole), whole);
    }), RUNS);
  },
  'merging is associative'(b) {
    fc.assert(fc.property(table, table, table, (x, y, z) => {
      const merge = (p: any, q: any) => b.spec.merge(p, q, b.request);
      const [p, q, r] = [b.of(x), b.of(y), b.of(z)];
      b.agree(merge(merge(p, q), r), merge(p, merge(q, r)), [...x, ...y, ...z]);
    }), RUNS);
  },
  'merging exact states is commutative'(b) {
    if (lawOf(b.spec, b.request) !== 'exact') return;
    fc.assert(fc.property(table, table, (x, y) => {
      const [p, q] = [b.of(x), b.of(y)];
      expect(b.bytes(b.spec.merge(p, q, b.request))).toBe(b.bytes(b.spec.merge(q, p, b.request)));
    }), RUNS);
  },
  'merging changes neither side'(b) {
    fc.assert(fc.property(table, table, (x, y) => {
      const [p, q] = [b.of(x), b.of(y)];
      const before = [b.bytes(p), b.bytes(q)];
      const merged = b.spec.merge(p, q, b.request);
      b.spec.merge(merged, p, b.request);
      expect([b.bytes(p), b.bytes(q)]).toEqual(before);
    }), RUNS);
  },
  'the state of no rows is neutral'(b) {
    fc.assert(fc.property(table, (x) => {
      const [p, none] = [b.of(x), b.of([])];
      b.agree(b.spec.merge(p, none, b.request), p, x);
      b.agree(b.spec.merge(none, p, b.request), p, x);
    }), RUNS);
  },
  'a state survives its bytes'(b) {
    fc.assert(fc.property(table, (x) => {
      const state = b.of(x);
      const read = decodeState(b.spec, b.request, encodeState(b.spec, b.request, state));
      expect(read).toEqual(state);
      expect(b.bytes(read)).toBe(b.bytes(state));
    }), RUNS);
  },
  'values through a dictionary are the same values'(b) {
    fc.assert(fc.property(table, (x) => {
      expect(b.bytes(b.of(x, 1000, dictionaryColumn))).toBe(b.bytes(b.of(x)));
    }), RUNS);
  },
  'the size of batches does not matter'(b) {
    fc.assert(fc.property(table, fc.integer({ min: 1, max: 6 }), (x, size) => {
      expect(b.bytes(b.of(x, size))).toBe(b.bytes(b.of(x)));
    }), RUNS);
  },
  'finishing leaves the accumulator as it was'(b) {
    fc.assert(fc.property(table, table, (x, y) => {
      const accumulator = b.spec.open(b.request, kernels);
      feed(accumulator, types, x);
      const first = b.bytes(accumulator.finish());
      expect(b.bytes(accumulator.finish())).toBe(first);
      expect(first).toBe(b.bytes(b.of(x)));
      feed(accumulator, types, y);
      expect(b.bytes(accumulator.finish())).toBe(b.bytes(b.of([...x, ...y])));
      accumulator.close();
    }), RUNS);
  },
  'what a footer answers is what reading gives'(b) {
    for (const of of [null, at('w'), isKnown(at('i')), above('i', '0')].map((where) => benchOf(b.spec, b.subject, where))) {
      fc.assert(fc.property(table, table, (x, y) => {
        const found = b.spec.summary?.(footerOf(x, y), of.request);
        const told = [x, y].filter((_, i) => found?.splits[i] === 1);
        if (told.length > 0) expect(of.bytes(found!.state)).toBe(of.bytes(of.of(told.flat())));
        else expect(found).toBeUndefined();
      }), RUNS);
    }
  },
  'a filter is as if its rows were all there are'(b) {
    if (b.subject.filtered) return; // the state counts the rows outside too
    const filtered = benchOf(b.spec, b.subject, at('w'));
    fc.assert(fc.property(table, (x) => {
      const left = x.filter((r) => r['w'] === true);
      const [p, q] = [filtered.of(x), b.of(left)];
      expect(p).toEqual(q);
    }), RUNS);
  },
};

describe('every record state', () => {
  test('is here, or it is said why not', () => {
    for (const [name, spec] of stateSpecs) {
      expect(spec.name).toBe(name);
      if (spec.kind === 'table') expect(NOT_EXERCISED[name]).toMatch(/table/);
      else expect(subjects[name]?.length, name).toBeGreaterThan(0);
    }
    for (const name of [...Object.keys(subjects), ...Object.keys(NOT_EXERCISED)]) {
      expect(stateSpecs.has(name), name).toBe(true);
    }
  });

  test('returns the memory that it took', () => {
    for (const spec of stateSpecs.values()) {
      if (spec.kind !== 'record') continue;
      for (const subject of subjects[spec.name]!) {
        const b = benchOf(spec, subject);
        b.of([]); // workspaces of the thread are made
        const used = kernels.heap.used;
        for (let i = 0; i < 3; ++i) b.of([]);
        expect(kernels.heap.used, spec.name).toBe(used);
      }
    }
  });

  test('is exact where footers answer it', () => {
    for (const spec of stateSpecs.values()) if (spec.kind === 'record' && spec.summary) expect([spec.name, spec.law]).toEqual([spec.name, 'exact']);
  });

  test('some are answered by footers', () => {
    const answers = (name: string) => subjects[name]!.filter((subject) => {
      const b = benchOf(stateSpecs.get(name) as Spec, subject);
      return b.spec.summary?.(footerOf([]), b.request) !== undefined;
    }).length;
    expect(['matches', 'extrema', 'classes'].map(answers)).toEqual([2, 9, 4]);
  });

  test('parts of many blocks make up the whole', () => {
    const rows: Row[] = Array.from({ length: 9001 }, (_, i) => {
      return { m: i % 11 ? Math.sin(i * i) * 900 : null, t: (i * 7919) % 9973 };
    });
    const cuts = [0, 3000, 3001, 8003, 9001];
    for (const name of ['sums', 'moments', 'comoments', 'gk']) {
      for (const subject of subjects[name]!) {
        if (!subject.near) continue;
        const b = benchOf(stateSpecs.get(name) as Spec, subject);
        const parts = cuts.slice(1).map((to, i) => b.of(rows.slice(cuts[i], to)));
        b.agree(parts.reduce((p, q) => b.spec.merge(p, q, b.request)), b.of(rows), rows);
      }
    }
  });

  for (const [name, list] of Object.entries(subjects)) {
    describe(name, () => {
      for (const [law, holds] of Object.entries(laws)) {
        test(law, () => {
          for (const subject of list) holds(benchOf(stateSpecs.get(name) as Spec, subject));
        });
      }
    });
  }
});

/** States that break one law each. */
interface Count { readonly n: number }
const counting = (over: Partial<RecordSpec<null, Count>> & { law?: 'exact' }): Spec => defineState<null, Count>({
  name: 'planted',
  version: 1,
  law: 'exact',
  fields: { n: 'count' },
  open({ inputs }) {
    let n = 0;
    return {
      add: (batch) => void (n += batch.known(inputs[0]!, null).count),
      finish: () => ({ n }),
      bytes: 8,
      close() {},
    };
  },
  merge: (a, b) => ({ n: a.n + b.n }),
  ...over,
});

const planted: readonly (readonly [law: string, spec: Spec])[] = [
  ['the merge of the parts is the whole', counting({ merge: (a) => a })],
  ['merging is associative', counting({ merge: (a, b) => ({ n: Math.abs(a.n - b.n) }) })],
  ['merging exact states is commutative', counting({ merge: (a, b) => ({ n: a.n === 0 ? b.n : a.n }) })],
  ['merging changes neither side', counting({ merge: (a, b) => ((a as { n: number }).n += b.n, { n: a.n }) })],
  ['the state of no rows is neutral', counting({ merge: (a, b) => ({ n: a.n + b.n + 1 }) })],
  ['a state survives its bytes', counting({
    open: () => ({ add() {}, finish: () => ({ n: 0, forgotten: 1 }), bytes: 8, close() {} }),
  })],
  ['values through a dictionary are the same values', counting({
    open({ inputs }) {
      let n = 0;
      const add = (batch: BatchView) => void (n += batch.weighted(inputs[0]!, null).weights === 0 ? 0 : 1);
      return { add, finish: () => ({ n }), bytes: 8, close() {} };
    },
  })],
  ['the size of batches does not matter', counting({
    open() {
      let n = 0;
      return { add: () => void ++n, finish: () => ({ n }), bytes: 8, close() {} };
    },
  })],
  ['finishing leaves the accumulator as it was', counting({
    open({ inputs }) {
      let n = 0;
      return {
        add: (batch) => void (n += batch.known(inputs[0]!, null).count),
        finish() {
          const state = { n };
          n = 0;
          return state;
        },
        bytes: 8,
        close() {},
      };
    },
  })],
  ['what a footer answers is what reading gives', counting({ summary: ({ rows }) => ({ state: { n: rows[0]! }, splits: Uint8Array.of(1, 0) }) })],
  ['a filter is as if its rows were all there are', counting({})],
];

describe('a broken state is caught', () => {
  test('every law has its planted violation', () => {
    expect(planted.map(([law]) => law)).toEqual(Object.keys(laws));
  });

  test.each(planted)('%s', (law, spec) => {
    expect(() => laws[law]!(benchOf(spec, { inputs: [at('i')] }))).toThrow();
  });

  test('a sound one is not', () => {
    const sound = counting({
      open({ inputs, where }) {
        let n = 0;
        const add = (batch: BatchView) => void (n += batch.known(inputs[0]!, where).count);
        return { add, finish: () => ({ n }), bytes: 8, close() {} };
      },
    });
    for (const holds of Object.values(laws)) holds(benchOf(sound, { inputs: [at('i')] }));
  });
});
