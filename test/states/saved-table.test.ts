import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataType } from '../../src/data/types.js';
import type { GroupView, KeyValue } from '../../src/states/contract.js';
import { TableRoom } from '../../src/states/saved-blocks.js';
import { collecting, foldTable, heldInMemory, mergeTables, savedTable, subtractTables, type Collected, type SavedTable } from '../../src/states/saved-table.js';
import { tableFromIpc, tableToIpc } from '../../src/states/table-arrow.js';
import { compareValues } from '../../src/states/value-order.js';

type Row = readonly [key: readonly KeyValue[], count: number, sum: bigint | null];
const view = (rows: readonly Row[]): GroupView => ({
  size: rows.length, count: (i) => rows[i]![1], measure: (i) => rows[i]![2], key: (i, part) => rows[i]![0][part]!,
});
const made = (types: readonly DataType[], measured: boolean, rows: readonly Row[], room?: TableRoom): SavedTable => {
  const fold = collecting(types, measured, room) as { empty(): Collected; add(all: Collected, view: GroupView): Collected };
  return savedTable(fold.add(fold.empty(), view(rows)), types, measured, room);
};
const rowsOf = (table: SavedTable): Row[] => foldTable(table, {
  name: 'rows', needs: 'keys', empty: (): Row[] => [],
  add(all: Row[], v: GroupView) {
    for (let i = 0; i < v.size; ++i) all.push([table.types.map((_, part) => v.key(i, part)), v.count(i), v.measure(i)]);
    return all;
  },
});
const bytesOf = async (table: SavedTable) => Buffer.concat([...(await tableToIpc(table))()]);

const KEYS: readonly [DataType, fc.Arbitrary<KeyValue>][] = [
  [{ kind: 'boolean' }, fc.boolean()],
  [{ kind: 'int' }, fc.integer({ min: -4, max: 4 })],
  [{ kind: 'long' }, fc.constantFrom(-(2n ** 63n), -1n, 0n, 1n, 2n ** 32n, 2n ** 63n - 1n)],
  [{ kind: 'float' }, fc.constantFrom(-Infinity, -1.5, -0, 0, 2, NaN)],
  [{ kind: 'double' }, fc.constantFrom(-Infinity, -1.5, -0, 0, 1e300, NaN)],
  [{ kind: 'decimal', precision: 9, scale: 2 }, fc.bigInt({ min: -99n, max: 99n })],
  [{ kind: 'decimal', precision: 30, scale: 2 }, fc.constantFrom(-(2n ** 90n), -1n, 0n, 2n ** 64n, 2n ** 90n)],
  [{ kind: 'string' }, fc.constantFrom('', 'a', 'aa', 'b', 'ä', '\uffff', '😀', 'a\u0000')],
  [{ kind: 'binary' }, fc.uint8Array({ maxLength: 2 })],
  [{ kind: 'date' }, fc.integer({ min: -2, max: 2 })],
  [{ kind: 'timestamp' }, fc.bigInt({ min: -2n, max: 2n })],
];
const keyed = fc.array(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 }).chain((parts) => {
  const key = fc.tuple(...parts.map(([, value]) => fc.option(value)));
  return fc.boolean().chain((measured) => {
    const sum = measured ? fc.option(fc.bigInt({ min: -9n, max: 9n })) : fc.constant(null);
    const list = fc.array(fc.tuple(key, fc.integer({ min: 1, max: 5 }), sum), { maxLength: 12 });
    return fc.record({
      types: fc.constant(parts.map(([type]) => type)), measured: fc.constant(measured), lists: fc.array(list, { minLength: 1, maxLength: 5 }),
    });
  });
});
const textOf = (key: readonly KeyValue[]) => JSON.stringify(key.map((k) =>
  (k instanceof Uint8Array ? [...k] : typeof k === 'bigint' ? `${k}n` : typeof k === 'number' ? String(k + 0) : k)));

/** The same by a map and a plain sort. */
function expected(rows: readonly Row[], measured: boolean): Row[] {
  const all = new Map<string, [readonly KeyValue[], number, bigint | null]>();
  for (const [key, count, sum] of rows) {
    const found = all.get(textOf(key)) ?? [key.map((k) => (typeof k === 'number' ? k + 0 : k)), 0, null];
    found[1] += count;
    if (measured && sum !== null) found[2] = (found[2] ?? 0n) + sum;
    all.set(textOf(key), found);
  }
  const isNull = (key: readonly KeyValue[]) => key.every((k) => k === null);
  return [...all.values()].sort(([a], [b]) => {
    if (isNull(a) || isNull(b)) return Number(isNull(a)) - Number(isNull(b)); // the group of nulls is read last
    for (let i = 0; i < a.length; ++i) {
      const order = a[i] === null || b[i] === null ? Number(a[i] !== null) - Number(b[i] !== null) : compareValues(a[i]!, b[i]!);
      if (order !== 0) return order;
    }
    return 0;
  });
}

describe('a table that is stored', () => {
  it('has the groups of all its parts in order, in memory and on disk, whatever the types of its keys', async () => {
    await fc.assert(fc.asyncProperty(keyed, async ({ types, measured, lists }) => {
      const rooms = [undefined, new TableRoom(0)];
      const whole = expected(lists.flat(), measured);
      for (const room of rooms) {
        const tables = lists.map((rows) => made(types, measured, rows, room));
        const merged = mergeTables(tables, room);
        expect(rowsOf(merged)).toEqual(whole);
        const bytes = await bytesOf(merged);
        const again = await tableFromIpc(bytes, types, measured, room);
        expect(rowsOf(again)).toEqual(whole);
        expect(await bytesOf(again)).toEqual(bytes);
        const held = heldInMemory(again);
        const first = subtractTables(merged, mergeTables([made(types, measured, [], room), ...tables.slice(1)], room), room);
        expect(rowsOf(first).map(([key, count]) => [key, count])).toEqual(expected(lists[0]!, measured).map(([key, count]) => [key, count]));
        room?.close();
        expect(rowsOf(held)).toEqual(whole);
      }
    }), { numRuns: 60 });
  });

  it('of many groups is the same on disk and in memory, and its stream has several batches', async () => {
    const types: DataType[] = [{ kind: 'string' }, { kind: 'long' }];
    const rows = (from: number): Row[] => Array.from({ length: 150_000 }, (_, i) => {
      const n = from + ((i * 7919) % 150_000);
      return [[n % 5 === 0 ? null : `customer ${n}`, n % 3 === 0 ? null : BigInt(n)], 1 + (n % 3), null];
    });
    const room = new TableRoom(1 << 20);
    const spilled = mergeTables([made(types, false, rows(0), room), made(types, false, rows(100_000), room)], room);
    const held = mergeTables([made(types, false, rows(0)), made(types, false, rows(100_000))]);
    expect(spilled.blocks.some((b) => b.spilled)).toBe(true);
    expect(spilled.blocks.length).toBeGreaterThan(3);
    const bytes = await bytesOf(held);
    expect((await bytesOf(spilled)).equals(bytes)).toBe(true);
    const pieces = async function* () {
      for (let at = 0; at < bytes.length; at += 100_003) yield bytes.subarray(at, at + 100_003);
    };
    expect((await bytesOf(await tableFromIpc(pieces(), types, false, room))).equals(bytes)).toBe(true);
    expect(foldTable(spilled, { name: 'n', needs: 'counts', empty: () => 0, add: (n, v) => n + v.groups.reduce((a, b) => a + b, 0) })).toBe(
      rowsOf(held).length - Number(held.allNull.rows > 0));
    room.close();
  });

  it('refuses streams of other types, orders and counts, and parts that were never in the whole', async () => {
    const int: DataType[] = [{ kind: 'int' }];
    const table = made(int, false, [[[1], 2, null], [[2], 1, null]]);
    const bytes = await bytesOf(table);
    await expect(tableFromIpc(bytes, [{ kind: 'long' }], false)).rejects.toMatchObject({ code: 'STATE', message: expect.stringContaining("'key0' of a table is int instead of bigint") });
    await expect(tableFromIpc(bytes, int, true)).rejects.toMatchObject({ code: 'STATE' });
    const twice = await bytesOf({ ...table, blocks: [...table.blocks, ...table.blocks] });
    await expect(tableFromIpc(twice, int, false)).rejects.toMatchObject({ code: 'STATE', message: expect.stringContaining('not in order') });
    expect(() => subtractTables(table, made(int, false, [[[3], 1, null]]))).toThrow(/never added: the group \(3\)/);
    expect(() => subtractTables(table, made(int, false, [[[1], 3, null]]))).toThrow(/never added: the group \(1\)/);
    expect(() => mergeTables([table, made([{ kind: 'int' }, { kind: 'int' }], false, [])])).toThrow(/other keys/);
  });
});
