import { AssayError } from '../base/errors.js';
import { joined } from '../base/joined.js';
import { DOUBLE, isNumeric, sqlTypeName } from '../data/types.js';
import type { BatchView, Pointer } from '../expression/batch-view.js';
import { allNumbers } from '../expression/evaluate/dense.js';
import type { Kernels } from '../kernels/kernels.js';
import {
  Cells, cellOfNumber, commonRanges, isWithin, pickWithin, placeOf, rangesOf, type CellCounts, type CellRanges,
} from '../sketches/cells.js';
import { CellPicker } from './cell-picker.js';
import type { Budget, Request, TableAccumulator, TablePart, TableSpec } from './contract.js';
import { FrequentTable } from './frequent-table.js';
import { HEAD, NumberList, SparePieces } from './number-list.js';
import { broken, bytesOfPart, placeOf as placeOfPart } from './table/part.js';

/**
 * The known numbers of a table as doubles: each one, and counts of the frequent ones while there are few. Where there are many
 * and only some ranks are asked for, those are kept that are near them, and of the others how many fall into each cell, see
 * `sketches/cells.ts`; past its share of the memory limit a table keeps only these.
 */
export interface KeptNumbers {
  readonly n: number;
  /** Numbers that are kept one by one, in several runs. */
  readonly values: readonly Float64Array[];
  /** Values and counts, one after the other. */
  readonly counted: Float64Array;
  /**
   * Null: all numbers are kept. Otherwise how many there are by cells, and the cells of which all are kept, ascending; of
   * others some may be kept, too.
   */
  readonly cells: CellCounts | null;
  readonly whole: Float64Array;
}

export interface ValuesOptions {
  /** The parts of all numbers, from 0 to 1, below which the numbers lie that will be asked for. */
  readonly quantiles: readonly number[];
}

const FEW = 2048; // distinct numbers that are counted instead of kept
const MANY = 1 << 18; // numbers after which those near the quantiles are told from the others
const NEAR = 0.015; // of so many, on either side of a quantile; where the quantiles of more are known, less is near, as their error is
const MORE = 2; // times as many numbers, after which it is told anew
const SHARE = 0.8; // of the memory limit; groupings have their own account of it
const LEAST_SHARE = 64 * 1024;

/*
 * Parts, all float64. The first one of a table: 0: how many numbers; 1: how many are counted; 2: how many cells, -1: all numbers
 * are kept; 3: how many cells are kept as a whole; then pairs of value and count, pairs of cell and count, cells. It is followed by
 * one for each piece of the list of numbers, so that none is copied: 0: -1; 1: how many numbers; then these, and room.
 */
const FIRST_HEAD = 4;
const PIECE = -1;

const NONE = new Float64Array(0);

/** All numbers of an expression, or those near some ranks, as far as the memory goes. Everything lies in the first partition. */
export const values: TableSpec<ValuesOptions | null> = Object.freeze({
  kind: 'table',
  name: 'values',
  version: 1,
  law: 'exact',
  open(request, kernels, budget): TableAccumulator {
    const x = inputOf(request);
    const { where, options } = request;
    const pool = poolOf(budget);
    // Made when the first number comes, since many casts have none, and closed when there are too many different ones.
    let counting: FrequentTable | null = null;
    let counted: Float64Array = new Float64Array(0);
    let few = true;
    let n = 0;
    const list = new NumberList(pool.spare);
    let held = 0; // bytes, as the pool knows
    let cells: Cells | null = null; // of all numbers but the counted ones and those that the picker saw
    let near: CellRanges | null = null; // the cells that are kept
    let picker: CellPicker | null = null; // as long as there are such
    let many = MANY;
    let next = MANY * MORE; // numbers after which fewer cells will do
    let centers: readonly number[] = []; // cells of the quantiles, when the kept ones were chosen
    const account = (bytes: number) => {
      pool.used += bytes - held;
      held = bytes;
    };
    const closePicker = () => {
      if (picker) cells!.addCounts(picker.counts());
      picker?.close();
      picker = null;
    };
    const giveUp = () => {
      if (!cells) {
        cells = new Cells();
        for (const run of list.runs()) cells.add(run);
      }
      closePicker();
      near = null;
      list.clear();
      account(0);
    };
    const choose = (quantiles: readonly number[]) => {
      many = list.length * 2;
      const found = nearIn(list.runs(), counted, quantiles, kernels);
      if (!found) return;
      cells = new Cells();
      cells.addCounts(found.counts);
      ({ near, centers } = found);
      picker = new CellPicker(kernels, near);
      keepWithin(list, near);
    };
    /** Keeps less, unless what was known of fewer numbers does not hold of all. */
    const narrow = (quantiles: readonly number[]) => {
      next = n * MORE;
      closePicker();
      const found = nearOf(withPairs(cells!.counts(), counted), quantiles, partNear(n));
      const holds = centers.every((cell) => isWithin(found.near, cell))
        && found.centers.every((cell) => isWithin(near!, cell));
      if (holds) {
        near = commonRanges(near!, found.near);
        centers = found.centers;
        keepWithin(list, near);
      }
      picker = new CellPicker(kernels, near!);
    };
    const count = (entries: Pointer, bits: Pointer, weights: Pointer, rows: number) => {
      if (!counting) {
        counting = new FrequentTable(kernels, 2 * FEW);
        counting.reserve(2 * FEW);
      }
      kernels.fn.frequentFixed(4, entries, 0, bits, weights, rows, counting.context);
      few = counting.held <= FEW;
      if (!few) counted = settled();
    };
    /** Counts a batch by the entries of its dictionary; false: it has none, or a large one. */
    const addEntries = (batch: BatchView): boolean => {
      const { dictionary, layout } = batch.vector(x);
      if (!dictionary || dictionary.rows > FEW || layout === 'bits') return false;
      const { vector, mask, weights } = batch.weighted(x, where);
      n += batch.known(x, where).count;
      const { rows, values: entries } = vector;
      if (mask.count > 0) count(allNumbers(kernels, x.type, { layout, values: entries, count: rows }), mask.bits, weights, rows);
      return true;
    };
    const settled = () => {
      const numbers = counting!.numbers();
      counting!.close();
      counting = null;
      return numbers;
    };
    const keep = (at: number, count: number) => {
      // of how many it is known what becomes of them
      const first = options && !cells ? Math.min(count, many - list.length) : count;
      if (picker) {
        picker.pick(at, first, list);
      } else {
        const piece = new Float64Array(kernels.memory.buffer, at, first);
        if (cells) cells.add(piece);
        else list.push(piece);
      }
      if (options && !cells && list.length >= many) choose(options.quantiles);
      else if (options && picker && n >= next) narrow(options.quantiles);
      account(list.bytes);
      if (pool.used > pool.limit && held > LEAST_SHARE) giveUp();
      if (first < count) keep(at + first * 8, count - first);
    };
    return {
      add(batch) {
        if (few && addEntries(batch)) return;
        const dense = batch.numbers(x, where);
        n += dense.count;
        let at = 0;
        for (; few && at < dense.count; at += FEW) {
          const piece = Math.min(FEW, dense.count - at);
          count(dense.values + at * 8, 0, 0, piece);
        }
        if (at < dense.count) keep(dense.values + at * 8, dense.count - at);
      },
      get bytes() {
        return (counting?.bytes ?? 0) + (picker?.bytes ?? 0) + counted.byteLength + held;
      },
      take(partition) {
        if (partition !== 0 || n === 0) return [];
        if (counting) counted = settled();
        const pieces = list.take().map(({ piece, numbers }) => {
          piece.set([PIECE, numbers]);
          return { bytes: piece.buffer as ArrayBuffer };
        });
        if (!cells) return [firstPart(n, counted, null, []), ...pieces];
        closePicker();
        const all = cells;
        for (let i = 0; i < counted.length; i += 2) all.count(counted[i]!, counted[i + 1]!);
        const counts = all.counts();
        const whole = cellsOf(counts).filter((cell) => near !== null && isWithin(near, cell));
        return [firstPart(n, pairsWithin(counted, near), counts, whole), ...pieces];
      },
      close() {
        account(0);
        list.clear();
        picker?.close();
        picker = null;
        counting?.close();
        counting = null;
      },
    };
  },
  merge: unread,
  read: unread,
  counts: unread,
} satisfies TableSpec<ValuesOptions | null>);

/** What all threads kept, from all parts of their tables. */
export function keptNumbers(parts: readonly TablePart[]): KeptNumbers {
  const tables: OneTable[] = [];
  for (const part of parts) {
    const all = numbersIn(part);
    if (all[0] === PIECE && tables.length > 0) tables.at(-1)!.values.push(readPiece(all, part));
    else tables.push(readFirst(all, part));
  }
  const n = tables.reduce((sum, table) => sum + table.n, 0);
  const values = tables.flatMap((table) => table.values);
  const counted = joined(Float64Array, tables.map((table) => table.counted));
  if (tables.every((table) => table.cells === null)) return { n, values, counted, cells: null, whole: NONE };
  const cells = new Cells();
  const lacking = new Set<number>(); // cells of which some table has not kept all
  for (const table of tables) {
    if (table.cells === null) {
      for (const run of table.values) cells.add(run);
      for (let i = 0; i < table.counted.length; i += 2) cells.count(table.counted[i]!, table.counted[i + 1]!);
      continue;
    }
    cells.addCounts(table.cells);
    const whole = new Set(table.whole);
    for (let i = 0; i < table.cells.length; i += 2) if (!whole.has(table.cells[i]!)) lacking.add(table.cells[i]!);
  }
  const counts = cells.counts();
  const whole = Float64Array.from(cellsOf(counts).filter((cell) => !lacking.has(cell)));
  return { n, values, counted, cells: counts, whole };
}

/** Ranges of cells that are kept, and the cells in which the quantiles lie. */
interface Near {
  readonly near: CellRanges;
  readonly centers: readonly number[];
}

/**
 * How many numbers there are by cells, and the cells around some quantiles; null: the first half of them does not tell where
 * those of the second lie, as where numbers ascend, so it will not tell of those to come either.
 */
function nearIn(
  runs: readonly Float64Array[], counted: Float64Array, quantiles: readonly number[], kernels: Kernels,
): Near & { readonly counts: CellCounts } | null {
  const half = Math.ceil(runs.reduce((sum, run) => sum + run.length, 0) / 2);
  const countsBetween = (from: number, to: number) => {
    const picker = new CellPicker(kernels, rangesOf([]));
    let at = 0;
    for (const run of runs) {
      picker.count(run.subarray(Math.max(0, from - at), Math.max(0, to - at)));
      at += run.length;
    }
    const counts = picker.counts();
    picker.close();
    return counts;
  };
  const [first, second] = [countsBetween(0, half), countsBetween(half, Infinity)];
  const { near } = nearOf(first, quantiles, NEAR);
  if (!nearOf(second, quantiles, NEAR).centers.every((cell) => isWithin(near, cell))) return null;
  const cells = new Cells();
  cells.addCounts(first);
  cells.addCounts(second);
  const counts = cells.counts();
  return { counts, ...nearOf(withPairs(counts, counted), quantiles, NEAR) };
}

/** The part of all numbers that is near on either side of a quantile, where it is known of so many. */
function partNear(n: number): number {
  return NEAR * Math.min(1, Math.sqrt(MANY / n));
}

/** Cells in which no number lay so far are near, too, if they lie between others: around zero there are many such. */
function nearOf(counts: CellCounts, quantiles: readonly number[], part: number): Near {
  const n = total(counts);
  const near = rangesOf(quantiles.map((q) => {
    const first = placeOf(counts, Math.max(0, Math.floor((q - part) * n))).cell;
    return [first, placeOf(counts, Math.min(n - 1, Math.ceil((q + part) * n))).cell];
  }));
  return { near, centers: quantiles.map((q) => placeOf(counts, Math.floor(n * q)).cell) };
}

/** Counts by cells and those of counted numbers together. */
function withPairs(counts: CellCounts, pairs: Float64Array): CellCounts {
  const all = new Cells();
  all.addCounts(counts);
  for (let i = 0; i < pairs.length; i += 2) all.count(pairs[i]!, pairs[i + 1]!);
  return all.counts();
}

/** Keeps the numbers of a list that lie in some cells. */
function keepWithin(list: NumberList, near: CellRanges): void {
  list.keep((run) => pickWithin(run, near));
}

function total(counts: CellCounts): number {
  let n = 0;
  for (let i = 1; i < counts.length; i += 2) n += counts[i]!;
  return n;
}

function cellsOf(counts: CellCounts): number[] {
  return Array.from({ length: counts.length / 2 }, (_, i) => counts[2 * i]!);
}

/** The pairs whose values lie in some cells. */
function pairsWithin(counted: Float64Array, near: CellRanges | null): Float64Array {
  const out: number[] = [];
  for (let i = 0; near && i < counted.length; i += 2) {
    if (isWithin(near, cellOfNumber(counted[i]!))) out.push(counted[i]!, counted[i + 1]!);
  }
  return Float64Array.from(out);
}

function unread(): never {
  throw new AssayError('INTERNAL', 'kept numbers are read by their parts');
}

function inputOf({ inputs }: Request) {
  const [x] = inputs;
  if (inputs.length === 1 && isNumeric(x!.type)) return x!;
  const given = inputs.map((e) => sqlTypeName(e.type)).join(', ') || 'nothing';
  throw new AssayError('INVALID_ARGUMENT', `values of one number are kept (${sqlTypeName(DOUBLE)}); given: ${given}`);
}

function firstPart(
  n: number, counted: Float64Array, cells: CellCounts | null, whole: readonly number[],
): { readonly bytes: ArrayBuffer } {
  const head = [n, counted.length / 2, cells ? cells.length / 2 : -1, whole.length];
  return { bytes: joined(Float64Array, [head, counted, cells ?? NONE, whole]).buffer };
}

/** What one thread kept. */
interface OneTable extends Omit<KeptNumbers, 'values'> {
  readonly values: Float64Array[];
}

function numbersIn(part: TablePart): Float64Array {
  const bytes = bytesOfPart(part);
  if (bytes.byteLength % 8 !== 0) throw notKept(part);
  return new Float64Array(bytes);
}

function readFirst(all: Float64Array, part: TablePart): OneTable {
  const [n, pairs, cells, whole] = all;
  let at = FIRST_HEAD;
  const next = (length: number) => all.subarray(at, (at += length));
  const sizes = [2 * pairs!, Math.max(0, 2 * cells!), whole!];
  const isSound = [n!, pairs!, cells! + 1, whole!].every((size) => Number.isInteger(size) && size >= 0);
  if (!isSound || all.length !== FIRST_HEAD + sizes.reduce((sum, size) => sum + size, 0)) throw notKept(part);
  const counted = next(sizes[0]!);
  const counts = next(sizes[1]!);
  return { n: n!, values: [], counted, cells: cells! < 0 ? null : counts, whole: next(sizes[2]!) };
}

function readPiece(all: Float64Array, part: TablePart): Float64Array {
  const numbers = all[1]!;
  if (!Number.isInteger(numbers) || numbers < 0 || HEAD + numbers > all.length) throw notKept(part);
  return all.subarray(HEAD, HEAD + numbers);
}

function notKept(part: TablePart): AssayError {
  return broken(placeOfPart(part), 0, 'not kept numbers');
}

/** What all tables of numbers under one budget may hold. */
interface Pool {
  readonly limit: number;
  used: number;
  readonly spare: SparePieces;
}

const pools = new WeakMap<Budget, Pool>();

function poolOf(budget: Budget): Pool {
  let pool = pools.get(budget);
  if (!pool) pools.set(budget, (pool = { limit: budget.limit * SHARE, used: 0, spare: new SparePieces() }));
  return pool;
}
