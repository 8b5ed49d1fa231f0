import { AssayError } from '../base/errors.js';
import type { CountsView, Fold, GroupView, KeyValue } from './contract.js';
import { compareValues } from './value-order.js';

/**
 * A table state out of the engine, as stores keep it: its groups in the order of their keys, the null of a part
 * before its values, so that equal tables are equal. Two tables are merged in one pass over both.
 */
export interface SavedTable {
  /** Per key part, the values of all groups; the group whose parts are all null is not among them. */
  readonly keys: readonly (readonly KeyValue[])[];
  /** Rows per group. */
  readonly counts: Float64Array;
  /** Sums of the measure per group; null: nothing is measured. */
  readonly sums: BigInt64Array | null;
  /** Per group, whether a measure was known: 1 or 0. */
  readonly known: Uint8Array | null;
  /** The group whose key parts are all null; 0 rows: there is none. */
  readonly allNull: { readonly rows: number; readonly sum: bigint | null };
}

/** What the fold collects. */
export interface Collected {
  readonly keys: KeyValue[][];
  readonly counts: number[];
  readonly sums: (bigint | null)[] | null;
  allNull: { rows: number; sum: bigint | null };
}

/** Reads a whole table out of the engine. */
export function collecting(parts: number, measured: boolean): Fold<Collected> {
  return {
    name: 'whole-table',
    needs: 'keys',
    empty: () => ({
      keys: Array.from({ length: parts }, () => []), counts: [], sums: measured ? [] : null, allNull: { rows: 0, sum: null },
    }),
    add(all, view: GroupView) {
      for (let i = 0; i < view.size; ++i) {
        let nulls = 0;
        for (let part = 0; part < parts; ++part) {
          const key = view.key(i, part);
          all.keys[part]!.push(typeof key === 'number' ? key + 0 : key);
          if (key === null) ++nulls;
        }
        if (nulls === parts) {
          for (const keys of all.keys) keys.pop();
          all.allNull = { rows: all.allNull.rows + view.count(i), sum: plus(all.allNull.sum, view.measure(i)) };
          continue;
        }
        all.counts.push(view.count(i));
        all.sums?.push(view.measure(i));
      }
      return all;
    },
  };
}

/** What was collected, in order; groups whose keys are equal, as texts that are not UTF-8 may be, are one. */
export function savedTable({ keys, counts, sums, allNull }: Collected): SavedTable {
  const order = Array.from(counts, (_, i) => i).sort((a, b) => compareKeys(keys, a, keys, b));
  const out = new Groups(keys.length, sums !== null, counts.length);
  for (const i of order) out.add(keys, i, counts[i]!, sums ? sums[i]! : null);
  return out.finish(allNull);
}

/** Both tables together; neither is changed. */
export function mergeTables(a: SavedTable, b: SavedTable): SavedTable {
  return combined(a, b, 1);
}

/** The first table without the rows of the second, which must be a part of it; throws STATE if it is not. */
export function subtractTables(a: SavedTable, b: SavedTable): SavedTable {
  return combined(a, b, -1);
}

function combined(a: SavedTable, b: SavedTable, sign: 1 | -1): SavedTable {
  if (a.keys.length !== b.keys.length || (a.sums === null) !== (b.sums === null)) {
    throw new AssayError('STATE', 'tables of other keys cannot be merged');
  }
  const out = new Groups(a.keys.length, a.sums !== null, a.counts.length + b.counts.length);
  let [i, j] = [0, 0];
  while (i < a.counts.length || j < b.counts.length) {
    const order = i === a.counts.length ? 1 : j === b.counts.length ? -1 : compareKeys(a.keys, i, b.keys, j);
    if (order > 0 && sign < 0) throw notPart(b.keys.map((part) => part[j]!));
    if (order < 0) out.add(a.keys, i, a.counts[i]!, sumOf(a, i));
    else if (order > 0) out.add(b.keys, j, b.counts[j]!, sumOf(b, j));
    else {
      const rows = a.counts[i]! + sign * b.counts[j]!;
      if (rows < 0) throw notPart(b.keys.map((part) => part[j]!));
      if (rows > 0) out.add(a.keys, i, rows, plus(sumOf(a, i), sumOf(b, j), sign));
    }
    if (order <= 0) ++i;
    if (order >= 0) ++j;
  }
  const rows = a.allNull.rows + sign * b.allNull.rows;
  if (rows < 0) throw notPart(a.keys.map(() => null));
  return out.finish({ rows, sum: rows === 0 ? null : plus(a.allNull.sum, b.allNull.sum, sign) });
}

function notPart(keys: readonly KeyValue[]): AssayError {
  return new AssayError('STATE', `what is to be removed was never added: the group (${keys.map(String).join(', ')})`);
}

/** The result of a fold over a table; throws UNSUPPORTED for one that wants the engine's own parts. */
export function foldTable<R>(table: SavedTable, fold: Fold<R>): R {
  switch (fold.needs) {
    case 'counts': return fold.add(fold.empty(), countsOfTable(table));
    case 'keys': return fold.add(fold.empty(), groupsOfTable(table));
    case 'parts': throw new AssayError('UNSUPPORTED', `'${fold.name}' reads rows, not stored states`);
  }
}

function groupsOfTable(table: SavedTable): GroupView {
  const groups = table.counts.length;
  return {
    size: groups + (table.allNull.rows > 0 ? 1 : 0),
    count: (i) => (i === groups ? table.allNull.rows : table.counts[i]!),
    measure: (i) => (i === groups ? table.allNull.sum : sumOf(table, i)),
    key: (i, part) => (i === groups ? null : table.keys[part]![i]!),
  };
}

function countsOfTable({ counts, allNull }: SavedTable): CountsView {
  const sizes = new Map<number, number>();
  for (const rows of counts) sizes.set(rows, (sizes.get(rows) ?? 0) + 1);
  const sorted = [...sizes].sort(([a], [b]) => a - b);
  return { counts: sorted.map(([rows]) => rows), groups: sorted.map(([, n]) => n), allNull: allNull.rows };
}

function sumOf({ sums, known }: SavedTable, i: number): bigint | null {
  return sums && known![i] === 1 ? sums[i]! : null;
}

/** The int64 sum, which wraps as Spark's; null: neither is known. */
function plus(a: bigint | null, b: bigint | null, sign: 1 | -1 = 1): bigint | null {
  if (a === null && b === null) return null;
  return BigInt.asIntN(64, (a ?? 0n) + BigInt(sign) * (b ?? 0n));
}

type Keys = readonly (readonly KeyValue[])[];

/** The order of two groups. */
export function compareKeys(a: Keys, i: number, b: Keys, j: number): number {
  for (let part = 0; part < a.length; ++part) {
    const [x, y] = [a[part]![i]!, b[part]![j]!];
    if (x === y) continue;
    const order = x === null ? -1 : y === null ? 1 : compareValues(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

/** Groups that come in order. */
class Groups {
  readonly #keys: KeyValue[][];
  readonly #counts: Float64Array;
  readonly #sums: BigInt64Array | null;
  readonly #known: Uint8Array | null;
  #size = 0;

  constructor(parts: number, measured: boolean, room: number) {
    this.#keys = Array.from({ length: parts }, () => []);
    this.#counts = new Float64Array(room);
    this.#sums = measured ? new BigInt64Array(room) : null;
    this.#known = measured ? new Uint8Array(room) : null;
  }

  add(keys: Keys, i: number, rows: number, sum: bigint | null): void {
    const last = this.#size - 1;
    if (last >= 0 && compareKeys(this.#keys, last, keys, i) === 0) {
      this.#counts[last]! += rows;
      if (this.#sums && sum !== null) {
        this.#sums[last] = this.#sums[last]! + sum;
        this.#known![last] = 1;
      }
      return;
    }
    for (let part = 0; part < this.#keys.length; ++part) this.#keys[part]!.push(keys[part]![i]!);
    const at = this.#size++;
    this.#counts[at] = rows;
    if (this.#sums && sum !== null) {
      this.#sums[at] = sum;
      this.#known![at] = 1;
    }
  }

  finish(allNull: SavedTable['allNull']): SavedTable {
    return Object.freeze({
      keys: this.#keys,
      counts: this.#counts.slice(0, this.#size),
      sums: this.#sums?.slice(0, this.#size) ?? null,
      known: this.#known?.slice(0, this.#size) ?? null,
      allNull,
    });
  }
}
