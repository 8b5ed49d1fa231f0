import { AssayError } from '../base/errors.js';
import type { DataType } from '../data/types.js';
import type { CountsView, Fold, GroupView, KeyValue } from './contract.js';
import {
  BLOCK_GROUPS, BlockBuilder, TableRoom, compareGroups, inMemory, type GroupBlock, type StoredBlock,
} from './saved-blocks.js';

/**
 * A table state out of the engine, as stores keep it: its groups in the order of their keys, the null of a part
 * before its values, so that equal tables are equal. Tables are merged in one pass over all of them, block by block.
 */
export interface SavedTable {
  /** Of the key parts. */
  readonly types: readonly DataType[];
  /** Whether something is added up per group. */
  readonly measured: boolean;
  readonly blocks: readonly StoredBlock[];
  /** The group whose key parts are all null; 0 rows: there is none. */
  readonly allNull: { readonly rows: number; readonly sum: bigint | null };
}

/** What the fold collects: runs of sorted blocks, and groups that are in no run yet. */
export interface Collected {
  readonly runs: StoredBlock[][];
  open: BlockBuilder;
  allNull: SavedTable['allNull'];
}

/** Groups that are sorted at once, without those of the partition that comes last. */
const RUN_GROUPS = 1 << 17;

/** Reads a whole table out of the engine. */
export function collecting(types: readonly DataType[], measured: boolean, room: TableRoom = inMemory): Fold<Collected> {
  return {
    name: 'whole-table',
    needs: 'keys',
    empty: () => ({ runs: [], open: new BlockBuilder(types, measured), allNull: { rows: 0, sum: null } }),
    add(all, view: GroupView) {
      const key: KeyValue[] = types.map(() => null);
      for (let i = 0; i < view.size; ++i) {
        let nulls = 0;
        for (let part = 0; part < key.length; ++part) {
          const value = view.key(i, part);
          if (value === null) ++nulls;
          key[part] = typeof value === 'number' ? value + 0 : value; // no negative zero
        }
        if (nulls < key.length) all.open.add(key, view.count(i), view.measure(i));
        else all.allNull = { rows: all.allNull.rows + view.count(i), sum: plus(all.allNull.sum, view.measure(i)) };
      }
      if (all.open.rows >= RUN_GROUPS) {
        all.runs.push(sortedRun(all.open.finish(), types, measured, room));
        all.open = new BlockBuilder(types, measured);
      }
      return all;
    },
  };
}

/** What was collected, in order; groups whose keys are equal, as texts that are not UTF-8 may be, are one. */
export function savedTable(
  { runs, open, allNull }: Collected, types: readonly DataType[], measured: boolean, room: TableRoom = inMemory,
): SavedTable {
  const last = sortedRun(open.finish(), types, measured, room);
  if (runs.length === 0) return Object.freeze<SavedTable>({ types, measured, blocks: last, allNull });
  const whole = [...runs, last].map((blocks) => ({ types, measured, blocks, allNull: NO_NULLS }));
  const { blocks } = combined(whole, 1, room);
  for (const run of whole) room.release(run.blocks);
  return Object.freeze<SavedTable>({ types, measured, blocks, allNull });
}

const NO_NULLS: SavedTable['allNull'] = { rows: 0, sum: null };

function sortedRun(block: GroupBlock, types: readonly DataType[], measured: boolean, room: TableRoom): StoredBlock[] {
  const order = Uint32Array.from({ length: block.rows }, (_, i) => i).sort((i, j) => compareGroups(block, i, block, j));
  const out = new Output(types, measured, room);
  for (const row of order) out.add(block, row, 1);
  return out.finish();
}

/** All tables together; none is changed. */
export function mergeTables(tables: readonly SavedTable[], room: TableRoom = inMemory): SavedTable {
  return tables.length === 1 ? tables[0]! : combined(tables, 1, room);
}

/** The first table without the rows of the second, which must be a part of it; throws STATE if it is not. */
export function subtractTables(a: SavedTable, b: SavedTable, room: TableRoom = inMemory): SavedTable {
  return combined([a, b], -1, room);
}

/** The table with all its blocks in memory, so that it outlives the run that made it. */
export function heldInMemory(table: SavedTable): SavedTable {
  if (!table.blocks.some((block) => block.spilled)) return table;
  return Object.freeze<SavedTable>({ ...table, blocks: table.blocks.map((block) => inMemory.keep(block.load())) });
}

/** A place in a table. */
interface Cursor {
  readonly blocks: readonly StoredBlock[];
  readonly sign: 1 | -1;
  next: number;
  block: GroupBlock;
  row: number;
}

/** Goes on to the next group; false: there is none. */
function advanced(cursor: Cursor): boolean {
  if (++cursor.row < cursor.block.rows) return true;
  while (cursor.next < cursor.blocks.length) {
    cursor.block = cursor.blocks[cursor.next++]!.load();
    cursor.row = 0;
    if (cursor.block.rows > 0) return true;
  }
  return false;
}

/** Groups of all tables in their order; what stands in the tables behind the first one counts `sign` times. */
function combined(tables: readonly SavedTable[], sign: 1 | -1, room: TableRoom): SavedTable {
  const { types, measured } = tables[0]!;
  if (tables.some((t) => t.types.length !== types.length || t.measured !== measured)) {
    throw new AssayError('STATE', 'tables of other keys cannot be merged');
  }
  const out = new Output(types, measured, room);
  const empty: GroupBlock = new BlockBuilder(types, measured).finish();
  // a heap: the place with the least key stands first (Williams 1964)
  const heap: Cursor[] = [];
  const before = (a: Cursor, b: Cursor) => compareGroups(a.block, a.row, b.block, b.row) < 0;
  const sink = (from: number) => {
    for (let at = from; ;) {
      let least = at;
      for (let child = 2 * at + 1; child <= 2 * at + 2 && child < heap.length; ++child) {
        if (before(heap[child]!, heap[least]!)) least = child;
      }
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  };
  for (const [i, { blocks }] of tables.entries()) {
    const cursor: Cursor = { blocks, sign: i === 0 ? 1 : sign, next: 0, block: empty, row: 0 };
    if (advanced(cursor)) heap.push(cursor);
  }
  for (let at = heap.length >> 1; at-- > 0;) sink(at);
  while (heap.length > 0) {
    const first = heap[0]!;
    out.add(first.block, first.row, first.sign);
    if (!advanced(first)) {
      const last = heap.pop()!;
      if (heap.length > 0) heap[0] = last;
    }
    sink(0);
  }
  const nulls = tables.reduce((all, { allNull }, i) => {
    const times = i === 0 ? 1 : sign;
    return { rows: all.rows + times * allNull.rows, sum: plus(all.sum, allNull.sum, times) };
  }, NO_NULLS);
  if (nulls.rows < 0) throw notPart(types.map(() => 'null'));
  const allNull = nulls.rows === 0 ? NO_NULLS : nulls;
  return Object.freeze<SavedTable>({ types, measured, blocks: out.finish(), allNull });
}

function notPart(key: readonly string[]): AssayError {
  return new AssayError('STATE', `what is to be removed was never added: the group (${key.join(', ')})`);
}

/** Groups that come in order, those of equal keys one after the other. */
class Output {
  readonly #types: readonly DataType[];
  readonly #measured: boolean;
  readonly #room: TableRoom;
  readonly #blocks: StoredBlock[] = [];
  #open: BlockBuilder;
  #group: { block: GroupBlock; row: number; count: number; sum: bigint | null } | null = null;

  constructor(types: readonly DataType[], measured: boolean, room: TableRoom) {
    [this.#types, this.#measured, this.#room] = [types, measured, room];
    this.#open = new BlockBuilder(types, measured);
  }

  add(block: GroupBlock, row: number, sign: 1 | -1): void {
    const group = this.#group;
    if (group && compareGroups(group.block, group.row, block, row) === 0) {
      group.count += sign * block.counts[row]!;
      group.sum = plus(group.sum, sumOf(block, row), sign);
      return;
    }
    this.#write();
    this.#group = { block, row, count: sign * block.counts[row]!, sum: sumOf(block, row) };
  }

  finish(): StoredBlock[] {
    this.#write();
    if (this.#open.rows > 0) this.#blocks.push(this.#room.keep(this.#open.finish()));
    return this.#blocks;
  }

  #write(): void {
    const group = this.#group;
    if (!group) return;
    const { block, row, count, sum } = group;
    if (count < 0) throw notPart(block.keys.map((keys) => String(keys.value(row))));
    if (count > 0) this.#open.copy(block, row, count, sum);
    this.#group = null;
    if (this.#open.rows < BLOCK_GROUPS) return;
    this.#blocks.push(this.#room.keep(this.#open.finish()));
    this.#open = new BlockBuilder(this.#types, this.#measured);
  }
}

/** The result of a fold over a table; throws UNSUPPORTED for one that wants the engine's own parts. */
export function foldTable<R>(table: SavedTable, fold: Fold<R>): R {
  switch (fold.needs) {
    case 'counts': return fold.add(fold.empty(), countsOfTable(table));
    case 'keys': {
      let result = fold.empty();
      for (const block of table.blocks) result = fold.add(result, groupsOfBlock(block.load()));
      return table.allNull.rows === 0 ? result : fold.add(result, nullGroup(table.allNull));
    }
    case 'repeats': case 'parts': throw new AssayError('UNSUPPORTED', `'${fold.name}' reads rows, not stored states`);
  }
}

function groupsOfBlock(block: GroupBlock): GroupView {
  return {
    size: block.rows,
    count: (i) => block.counts[i]!,
    measure: (i) => sumOf(block, i),
    key: (i, part) => block.keys[part]!.value(i),
  };
}

function nullGroup({ rows, sum }: SavedTable['allNull']): GroupView {
  return { size: 1, count: () => rows, measure: () => sum, key: () => null };
}

function countsOfTable({ blocks, allNull }: SavedTable): CountsView {
  const sizes = new Map<number, number>();
  for (const block of blocks) for (const rows of block.counts()) sizes.set(rows, (sizes.get(rows) ?? 0) + 1);
  const sorted = [...sizes].sort(([a], [b]) => a - b);
  return { counts: sorted.map(([rows]) => rows), groups: sorted.map(([, n]) => n), allNull: allNull.rows };
}

function sumOf({ sums, known }: GroupBlock, row: number): bigint | null {
  return sums && known![row] === 1 ? sums[row]! : null;
}

/** The int64 sum, which wraps as Spark's; null: neither is known. */
function plus(a: bigint | null, b: bigint | null, sign: 1 | -1 = 1): bigint | null {
  if (a === null && b === null) return null;
  return BigInt.asIntN(64, (a ?? 0n) + BigInt(sign) * (b ?? 0n));
}

/** The table under other keys; groups whose new keys are equal are one. */
export function rekeyed(
  table: SavedTable, types: readonly DataType[], key: (old: readonly KeyValue[]) => readonly KeyValue[],
  room: TableRoom = inMemory,
): SavedTable {
  const fold = collecting(types, table.measured, room);
  const renamed: Fold<Collected> = {
    ...fold,
    needs: 'keys',
    add(all, view: GroupView) {
      let at = -1;
      let now: readonly KeyValue[] = [];
      const keyAt = (i: number, part: number) => {
        if (i !== at) [at, now] = [i, key(table.types.map((_, old) => view.key(i, old)))];
        return now[part]!;
      };
      return (fold.add as (all: Collected, view: GroupView) => Collected)(all, { ...view, key: keyAt });
    },
  };
  return savedTable(foldTable(table, renamed), types, table.measured, room);
}

/** The table whose rows per group are what was added up. */
export function sumsAsCounts(table: SavedTable, room: TableRoom = inMemory): SavedTable {
  const countOf = (sum: bigint) => {
    if (sum > 0n && sum <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(sum);
    throw new AssayError('STATE', `a group of ${sum} rows`);
  };
  const blocks = table.blocks.map((stored) => {
    const { rows, keys, sums } = stored.load();
    return room.keep({ rows, keys, counts: Float64Array.from(sums!, countOf), sums: null, known: null });
  });
  const { rows, sum } = table.allNull;
  const allNull = rows === 0 ? NO_NULLS : { rows: countOf(sum ?? 0n), sum: null };
  return Object.freeze<SavedTable>({ types: table.types, measured: false, blocks, allNull });
}
