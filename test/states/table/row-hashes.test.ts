import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOOLEAN, DOUBLE, INT, LONG, STRING, decimal, type DataType } from '../../../src/data/types.js';
import { openSpillFile } from '../../../src/platform/spill-node.js';
import { groups } from '../../../src/states/groups.js';
import { PARTITIONS, type TableAccumulator, type TableNeeds } from '../../../src/states/contract.js';
import type { BatchView } from '../../../src/expression/batch-view.js';
import { viewOf, type Value } from './batches.js';
import { kernels, requestOf, textOf } from './tables.js';

const TYPES: readonly { readonly type: DataType; readonly value: fc.Arbitrary<Value> }[] = [
  { type: STRING, value: fc.constantFrom('', 'a', '\0', 'fifteen bytes..', 'sixteen bytes...', 'sixteen bytes..,', 'a text of more than sixteen bytes') },
  { type: INT, value: fc.integer({ min: -9, max: 9 }) },
  { type: LONG, value: fc.bigInt(-9n, 9n) },
  { type: DOUBLE, value: fc.constantFrom(NaN, 0, -0, 1, 2.5) },
  { type: BOOLEAN, value: fc.boolean() },
  { type: decimal(38, 0), value: fc.bigInt(-3n, 3n) },
];

const SEED = [5, 6, 7, 8];
const words = (hashes: Int32Array) => Array.from({ length: hashes.length / 2 }, (_, i) => `${hashes[2 * i]} ${hashes[2 * i + 1]}`);

/** Adds a batch to a table, which writes the hashes of its rows: with the keys or afterwards. */
function hashesOf(table: TableAccumulator, view: BatchView, together: boolean): string[] {
  const room = kernels.heap.alloc(view.rows * 8);
  table.add(view, together ? room : 0);
  table.rowHashes!(view, room);
  const found = words(new Int32Array(kernels.memory.buffer, room, view.rows * 2).slice());
  kernels.heap.free(room, view.rows * 8);
  return found;
}

/** The hashes of repeated keys by way of the fast count, or of merged parts. */
function repeatedOf(tables: readonly TableAccumulator[], request: ReturnType<typeof requestOf>, needs: TableNeeds): string[] {
  return Array.from({ length: PARTITIONS }, (_, p) => {
    const [own, ...others] = tables;
    if (needs === 'repeats') return own!.countTogether!(p, others.flatMap((t) => t.take(p)), true)?.repeated ?? new Int32Array();
    const parts = tables.flatMap((t) => t.take(p));
    return parts.length === 0 ? new Int32Array() : groups.counts(groups.merge(parts, request, kernels, needs), request, { seed: SEED }).repeated!;
  }).flatMap(words);
}

describe('hashes of rows', () => {
  const table = fc.array(fc.nat(TYPES.length - 1), { minLength: 1, maxLength: 3 }).chain((numbers) => fc.record({
    types: fc.constant(numbers.map((n) => TYPES[n]!.type)),
    rows: fc.array(fc.tuple(...numbers.map((n) => fc.option(TYPES[n]!.value, { freq: 5 }))), { minLength: 1, maxLength: 60 }),
  }));

  it('are those of the repeated keys of their table: equal for equal keys, 0 for nulls alone', () => {
    fc.assert(fc.property(
      table, fc.constantFrom<TableNeeds>('repeats', 'keys', 'counts'), fc.nat(60), fc.boolean(), fc.boolean(), fc.boolean(),
      ({ types, rows }, needs, cut, dictionary, filtered, together) => {
        const request = requestOf(types, undefined, filtered);
        const budget = { limit: 2 ** 31, spill: null, seed: SEED };
        const pieces = [rows.slice(0, cut), rows.slice(cut)];
        const tables = pieces.map(() => groups.open(request, kernels, budget, needs));
        const hashes = pieces.flatMap((piece, t) => {
          const columns = types.map((type, c) => ({ type, dictionary, values: piece.map((row) => row[c]!) }));
          const view = viewOf(kernels, columns, piece.length, filtered ? piece.map((_, i) => i % 3 !== 0) : null);
          const found = hashesOf(tables[t]!, view, together);
          view.close();
          return found;
        });
        const hashOf = new Map<string, string>();
        const times = new Map<string, number>();
        rows.forEach((row, i) => {
          const key = row.map((value, c) => textOf(value!, types[c]!)).join('|');
          const allNull = row.every((value) => value === null);
          expect(hashes[i] === '0 0').toBe(allNull);
          expect(hashOf.get(key) ?? hashes[i]).toBe(hashes[i]);
          hashOf.set(key, hashes[i]!);
          const inScope = !filtered || (i < cut ? i : i - cut) % 3 !== 0;
          if (!allNull && inScope) times.set(key, (times.get(key) ?? 0) + 1);
        });
        expect(new Set(hashOf.values()).size).toBe(hashOf.size);
        const repeated = [...times].flatMap(([key, n]) => (n > 1 ? [hashOf.get(key)!] : []));
        expect(repeatedOf(tables, request, needs).sort()).toEqual(repeated.sort());
        for (const each of tables) each.close();
      },
    ), { numRuns: 300 });
  });

  it('are found of partitions that were spilled too', () => {
    const request = requestOf([STRING]);
    const spill = openSpillFile()!;
    const table = groups.open(request, kernels, { limit: 1 << 20, spill, seed: SEED }, 'repeats');
    const hashOf = new Map<string, string>();
    for (let at = 0; at < 100_000; at += 10_000) {
      const values = Array.from({ length: 10_000 }, (_, i) => `a key that is long enough ${(at + i) % 99_000}`);
      const view = viewOf(kernels, [{ type: STRING, values }], values.length);
      hashesOf(table, view, true).forEach((hash, i) => hashOf.set(values[i]!, hash));
      view.close();
    }
    const expected = Array.from({ length: 1_000 }, (_, i) => hashOf.get(`a key that is long enough ${i}`)!);
    expect(repeatedOf([table], request, 'repeats').sort()).toEqual(expected.sort());
    table.close();
    spill.close();
  });
});
