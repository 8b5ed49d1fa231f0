import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Column } from '../../src/data/column.js';
import { regionOf } from '../../src/data/region.js';
import { BOOLEAN, DOUBLE, FLOAT, INT, LONG, STRING, type DataType } from '../../src/data/types.js';
import { openView } from '../../src/expression/view.js';
import type { KeyValue } from '../../src/states/contract.js';
import { FrequentTable } from '../../src/states/frequent-table.js';
import { frequent, frequentValues } from '../../src/states/frequent.js';
import { ask, column, dictionaryColumn, kernels, plainColumn } from './batches.js';

const keyOf = (v: KeyValue): string => (Object.is(v, -0) ? '-0' : `${typeof v}${String(v)}`);

/** Takes so much off all counts and leaves those that are greater. */
function take(counts: Map<string, number>, less: number): number {
  for (const [key, count] of counts) {
    if (count <= less) counts.delete(key);
    else counts.set(key, count - less);
  }
  return less;
}

/** What the state should hold of values that come one by one. */
function countedOf(values: readonly KeyValue[], capacity: number): { error: number; counts: Map<string, number> } {
  const counts = new Map<string, number>();
  let error = 0;
  for (const v of values) {
    counts.set(keyOf(v), (counts.get(keyOf(v)) ?? 0) + 1);
    if (counts.size <= capacity) continue;
    let less = 1;
    while ([...counts.values()].filter((count) => count <= less).length < counts.size >> 1) less *= 2;
    error += take(counts, less);
  }
  const most = capacity >> 2;
  if (error > 0 && counts.size > most) error += take(counts, [...counts.values()].sort((a, b) => b - a)[most]!);
  return { error, counts };
}

/** Through a dictionary that has entries twice and null ones, with indices beyond it at null rows. */
function oddDictionary(type: DataType, values: readonly KeyValue[]): Column {
  const known = [...new Map(values.filter((v) => v !== null).map((v) => [keyOf(v), v])).values()];
  const entries = [null, ...known, ...known.slice(0, 3), null];
  const places = entries.map((v) => (v === null ? null : keyOf(v)));
  const bits = new Uint8Array((values.length >> 3) + 1);
  const indices = values.map((v, i) => {
    if (v === null && i % 2 === 1) return i % 3 === 0 ? -1 : 2_000_000_000;
    bits[i >> 3]! |= 1 << (i & 7);
    return v === null ? 0 : i % 3 === 0 ? places.indexOf(keyOf(v)) : places.lastIndexOf(keyOf(v));
  });
  return {
    type, rows: values.length, validity: { region: regionOf(bits), offset: 0 },
    indices: regionOf(Int32Array.from(indices)), dictionary: plainColumn(type, entries),
  };
}

const makes = [plainColumn, dictionaryColumn, oddDictionary];
const long = 'x'.repeat(4096); // as much as is kept
const kinds: readonly (readonly [string, DataType, fc.Arbitrary<KeyValue>])[] = [
  ['double', DOUBLE, fc.constantFrom(-0, 0, NaN, Infinity, 5e-324)],
  ['float', FLOAT, fc.constantFrom(-0, 0, NaN, Infinity, 0.5)],
  ['int', INT, fc.constantFrom(-(2 ** 31), 2 ** 31 - 1)],
  ['bigint', LONG, fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 32n)],
  ['boolean', BOOLEAN, fc.boolean()],
  ['string', STRING, fc.constantFrom('', '\0', '\0\0', 'é', long, `${long}y`, `${long}z`, `${long}yy`)],
];
const few: Readonly<Record<string, (n: number) => KeyValue>> = {
  bigint: (n) => BigInt(n), boolean: (n) => n % 2 === 0, string: (n) => 'k'.repeat(n % 20) + String(n),
};

test.each(kinds)('law: values of type %s are counted as if they came one by one, whatever batches and dictionaries they come in', (name, type, odd) => {
  const [x, w] = [column('x', type), column('w', BOOLEAN)];
  const value = fc.oneof({ weight: 5, arbitrary: fc.nat(80).map(few[name] ?? ((n) => n - 40)) }, { weight: 1, arbitrary: odd });
  const row = fc.tuple(fc.option(value, { freq: 7 }), fc.option(fc.boolean(), { freq: 9 }));
  const rows_ = fc.array(row, { maxLength: 400, size: 'max' });
  const batches_ = fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.nat(2)), { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(rows_, batches_, fc.integer({ min: 1, max: 100 }), fc.boolean(), (rows, batches, capacity, isScoped) => {
    const accumulator = frequent.open(ask(frequent, [x], { capacity }, isScoped ? w : null), kernels);
    for (let at = 0, k = 0; at < rows.length; ++k) {
      const [size, make] = batches[k % batches.length]!;
      const part = rows.slice(at, at + size);
      const columns = new Map([['x', makes[make]!(type, part.map(([v]) => v))], ['w', plainColumn(BOOLEAN, part.map(([, is]) => is))]]);
      const view = openView({ rows: part.length, column: (c) => columns.get(c)! }, kernels);
      accumulator.add(view);
      view.close();
      at += size;
    }
    const state = accumulator.finish();
    accumulator.close();
    const known = rows.filter(([v, is]) => v !== null && (!isScoped || is === true)).map(([v]) => v);
    const { error, counts } = countedOf(known, capacity);
    expect([state.n, state.error]).toEqual([known.length, error]);
    const found = frequentValues(state, type);
    expect(found.map((f) => f.count)).toEqual([...counts.values()].sort((a, b) => b - a));
    for (const { value: v, count, cut } of found) if (!cut) expect([v, count]).toEqual([v, counts.get(keyOf(v))]);
  }), { numRuns: 150 });
});

test('values are counted beyond 2^32, those of weight 0 and those without a bit are not', () => {
  const { fn, memory, scratch } = kernels;
  const table = new FrequentTable(kernels, 4);
  try {
    const n = 70; // one step of the kernel and a bit
    const [values, weights, bits] = [scratch.alloc(n * 8), scratch.alloc(n * 4), scratch.zeroed(16)];
    const wanted = [0, 0, 0];
    for (let i = 0; i < n; ++i) {
      const weight = i % 5 === 0 ? 0 : 2 ** 32 - 1 - i;
      new Float64Array(memory.buffer, values, n)[i] = i % 3;
      new Uint32Array(memory.buffer, weights, n)[i] = weight;
      if (i % 7 === 3) continue;
      new Uint8Array(memory.buffer, bits, 16)[i >> 3]! |= 1 << (i & 7);
      wanted[i % 3]! += weight * 3;
    }
    for (let k = 0; k < 3; ++k) fn.frequentFixed(4, values, 0, bits, weights, n, table.context);
    const found = table.numbers();
    expect([0, 1, 2].map((x) => found[2 * [0, 2, 4].findIndex((at) => found[at] === x) + 1])).toEqual(wanted);
    new Float64Array(memory.buffer, values, 3).set([10, 11, 12]); // one more than there is room for
    fn.frequentFixed(4, values, 0, 0, 0, 3, table.context);
    expect([table.error, table.held]).toEqual([1, 4]);
  } finally {
    table.close();
    scratch.reset();
  }
});
