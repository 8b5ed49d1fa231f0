import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONG, STRING } from '../../../src/data/types.js';
import { openKernels } from '../../../src/kernels/kernels.js';
import { PARTITIONS, type CountsView, type TableAccumulator, type TablePart } from '../../../src/states/contract.js';
import { groups } from '../../../src/states/groups.js';
import { HEADER, writeHeader } from '../../../src/states/table/part.js';
import { keyPartsOf } from '../../../src/states/table/key-parts.js';
import { addColumn, kernels, requestOf, roomy } from './tables.js';

const strings = requestOf([STRING]);
const longs = requestOf([LONG]);

function opened(request: typeof strings, batches: readonly (readonly (string | bigint | null)[])[]): TableAccumulator {
  const table = groups.open(request, kernels, { ...roomy(), seed: [1, 2, 3, 4] }, 'counts');
  for (const batch of batches) addColumn(table, request === strings ? STRING : LONG, batch);
  return table;
}

/** Counts of all partitions of one table with the parts that another one gives away. */
function together(own: TableAccumulator, other: TableAccumulator | null): CountsView[] {
  return Array.from({ length: PARTITIONS }, (_, p) => own.countTogether!(p, other?.take(p) ?? [], false)).filter((c) => c !== null);
}

function merged(own: TableAccumulator, other: TableAccumulator | null, request: typeof strings): CountsView[] {
  return Array.from({ length: PARTITIONS }, (_, p) => [...own.take(p), ...(other?.take(p) ?? [])])
    .filter((parts) => parts.length > 0)
    .map((parts) => groups.counts(groups.merge(parts, request, kernels, 'counts'), request));
}

/** What merging says and what counting says of the same batches. */
function both(request: typeof strings, own: (string | bigint | null)[][], others: (string | bigint | null)[][] | null) {
  kernels.scratch.close();
  const held = kernels.heap.used;
  const [a, b, c, d] = [own, others, own, others].map((batches) => batches && opened(request, batches));
  const found = { counted: together(a!, b!), merged: merged(c!, d!, request) };
  for (const table of [a, b, c, d]) table?.close();
  kernels.scratch.close();
  expect(kernels.heap.used).toBe(held);
  return found;
}

describe('counting groups without merging them', () => {
  const key = fc.oneof(
    fc.constantFrom(null, '', 'a', 'exactly fifteen', 'more than fifteen bytes'),
    fc.nat(40).map((i) => `key ${i}`), fc.nat(40).map((i) => `a long key of a text ${i}`),
  );
  const batches = fc.array(fc.array(key, { maxLength: 200 }), { maxLength: 4 });

  it('says what merging says, alone and with parts of another thread', () => {
    fc.assert(fc.property(batches, fc.option(batches), (own, others) => {
      const { counted, merged } = both(strings, own, others);
      expect(counted).toEqual(merged);
    }), { numRuns: 60 });
  });

  it('counts many distinct keys in many buckets, keys that recur, and groups of many rows', () => {
    const distinct = Array.from({ length: 300_000 }, (_, i) => BigInt(i) * 977n);
    const some = Array.from({ length: 100_000 }, (_, i) => BigInt(i % 20_000) * 977n);
    const few = Array.from({ length: 50_000 }, (_, i) => (i % 7 === 0 ? null : BigInt(i % 5) * 977n));
    const { counted, merged } = both(longs, [distinct, few], [some, few]);
    expect(counted).toEqual(merged);
    const totals = new Map<number, number>();
    for (const { counts, groups: n } of counted) counts.forEach((c, i) => totals.set(c, (totals.get(c) ?? 0) + n[i]!));
    const rows = 2 * few.filter((v) => v !== null && v / 977n === 2n).length + 6;
    expect(totals.get(1)).toBe(280_000);
    expect(totals.get(6)).toBe(20_000 - 5);
    expect(totals.get(rows)).toBeGreaterThan(0);
    expect(counted.reduce((sum, c) => sum + c.allNull, 0)).toBe(2 * Math.ceil(50_000 / 7));
  });

  it('counts one key of very many records, which all fall into one bucket', () => {
    const kernelsOfOwn = openKernels(new WebAssembly.Memory({ initial: 1 }));
    const part = partOf(Array.from({ length: 100_000 }, () => [7n, 9n << 56n] as const));
    const own = groups.open(longs, kernelsOfOwn, roomy(), 'counts');
    expect(own.countTogether!(3, [part], false)).toEqual({ counts: [100_000], groups: [1], allNull: 0 });
    own.close();
  });

  it('takes out what it counted', () => {
    const table = opened(strings, [['a', 'b', 'a', null]]);
    expect(together(table, null).reduce((sum, c) => sum + c.groups.reduce((s, n) => s + n, 0), 0)).toBe(2);
    expect(together(table, null)).toEqual([]);
    table.close();
  });
});

/** A part of the longs' table with records of one unit each, or of two where there is a third word. */
function partOf(records: readonly (readonly bigint[])[]): TablePart {
  const size = records.reduce((sum, r) => sum + (r.length > 2 ? 32 : 16), 0);
  const bytes = new ArrayBuffer(HEADER + size);
  writeHeader(bytes, {
    aggregated: false, measured: false, keepsKeys: false, shape: keyPartsOf(longs).shape, seed: 0,
    nulls: { rows: 0, sum: 0n, known: 0 }, recordBytes: size,
  });
  const words = new BigUint64Array(bytes, HEADER);
  let at = 0;
  for (const [lo, hi, rows] of records) {
    words.set([lo!, hi!], at);
    if (rows !== undefined) words[at + 2] = rows;
    at += rows === undefined ? 2 : 4;
  }
  return { bytes };
}

describe('corrupt parts of other threads', () => {
  const whole = [5n, 9n << 56n];
  const weighted = (9n << 56n) | (1n << 63n);
  const refuse = (records: bigint[][], message: string) => {
    kernels.scratch.close();
    const held = kernels.heap.used;
    const table = opened(longs, [[1n, 2n]]);
    expect(() => table.countTogether!(0, [partOf([whole]), partOf(records)], false))
      .toThrow(expect.objectContaining({ code: 'STATE', message: expect.stringContaining(message) }));
    table.close();
    kernels.scratch.close();
    expect(kernels.heap.used).toBe(held);
  };
  it('are refused by their place', () => {
    refuse([whole, [1n, 0n]], 'byte 80');
    refuse([whole, whole, [1n, 19n << 56n]], 'byte 96');
    refuse([whole, [1n, 18n << 56n | 20n]], 'byte 80');
    refuse([whole, [1n, weighted]], 'byte 80');
    refuse([whole, [1n, weighted, 0n]], 'byte 80');
  });
  it('are refused where rows cannot be counted', () => {
    refuse([[1n, weighted, 1n << 62n], [1n, weighted, 1n << 62n]], 'more rows');
  });
  it('add rows that have a weight', () => {
    const table = opened(longs, []);
    expect(table.countTogether!(0, [partOf([[1n, weighted, 5000n], [1n, weighted, (1n << 63n) | 1n], [2n, weighted, 5001n], [3n, (9n << 56n) | 41n]])], false))
      .toEqual({ counts: [42, 5001], groups: [1, 2], allNull: 0 });
    table.close();
  });
});
