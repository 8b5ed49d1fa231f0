import { AssayError } from '../base/errors.js';
import { DOUBLE, isNumeric, sqlTypeName } from '../data/types.js';
import { CELLS, Cells, cellOfNumber, placeOf, type CellCounts } from '../sketches/cells.js';
import { CellPicker } from './cell-picker.js';
import type { Budget, GroupView, Request, TableAccumulator, TablePart, TableSpec } from './contract.js';
import { FrequentTable } from './frequent-table.js';
import { NumberList } from './number-list.js';
import { broken, bytesOfPart, placeOf as partPlace } from './table/part.js';

/**
 * The known numbers of a table as doubles: each one, and counts of the frequent ones while there are few. Where there are many
 * and only some ranks are asked for, those are kept that are near them, and of the others how many fall into each cell, see
 * `sketches/cells.ts`; past its share of the memory limit a table keeps only these.
 */
export interface KeptNumbers {
  readonly n: number;
  readonly values: Float64Array;
  /** Values and counts, one after the other. */
  readonly counted: Float64Array;
  /** Null: all numbers are kept. Otherwise how many there are by cells, and the cells of which all are kept, ascending. */
  readonly cells: CellCounts | null;
  readonly whole: Float64Array;
}

export interface ValuesOptions {
  /** The parts of all numbers, from 0 to 1, below which the numbers lie that will be asked for. */
  readonly quantiles: readonly number[];
}

interface ValuesView extends GroupView {
  readonly numbers: KeptNumbers;
}

const FEW = 2048; // distinct numbers that are counted instead of kept
const MANY = 1 << 18; // numbers after which those near the quantiles are told from the others
const NEAR = 0.015; // of so many, on either side of a quantile; where the quantiles of more are known, less is near, as their error is
const MORE = 2; // times as many numbers, after which it is told anew
const SHARE = 0.8; // of the memory limit; groupings have their own account of it
const LEAST_SHARE = 64 * 1024;

/*
 * A part, all float64: 0: how many numbers; 1: how many are counted; 2: how many are kept one by one; 3: how many cells, -1: all
 * numbers are kept; 4: how many cells are kept as a whole; then pairs of value and count, values, pairs of cell and count, cells.
 */
const HEAD = 5;

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
    let list = new NumberList();
    let held = 0; // bytes, as the pool knows
    let cells: Cells | null = null; // of all numbers but the counted ones and those that the picker saw
    let marks: Uint8Array | null = null; // of the cells that are kept
    let picker: CellPicker | null = null; // as long as there are marks
    let many = MANY;
    let next = MANY * MORE; // numbers after which fewer cells will do
    let centers: readonly number[] = []; // cells of the quantiles, when the kept ones were chosen
    const account = (bytes: number) => {
      pool.used += bytes - held;
      held = bytes;
    };
    const unmark = () => {
      if (picker) cells!.addCounts(picker.counts());
      picker?.close();
      picker = null;
    };
    const giveUp = () => {
      if (!cells) {
        cells = new Cells();
        for (const run of list.runs()) cells.add(run);
      }
      unmark();
      marks = null;
      list = new NumberList();
      account(0);
    };
    const choose = (quantiles: readonly number[]) => {
      many = list.length * 2;
      const near = marksNear(list.runs(), counted, quantiles);
      if (!near) return;
      cells = new Cells();
      ({ marks, centers } = near);
      picker = new CellPicker(kernels, marks);
      keepMarked(list, marks, cells);
    };
    /** Keeps less, unless what was known of fewer numbers does not hold of all. */
    const narrow = (quantiles: readonly number[]) => {
      next = n * MORE;
      unmark();
      const near = marked(withPairs(cells!.counts(), counted), quantiles, nearOf(n));
      if (centers.every((cell) => near.marks[cell] === 1) && near.centers.every((cell) => marks![cell] === 1)) {
        for (let i = 0; i < CELLS; ++i) near.marks[i]! &= marks![i]!;
        ({ marks, centers } = near);
        keepMarked(list, marks);
      }
      picker = new CellPicker(kernels, marks!);
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
        const dense = batch.numbers(x, where);
        n += dense.count;
        let at = 0;
        for (; few && at < dense.count; at += FEW) {
          const piece = Math.min(FEW, dense.count - at);
          if (!counting) {
            counting = new FrequentTable(kernels, 2 * FEW);
            counting.reserve(2 * FEW);
          }
          kernels.fn.frequentFixed(4, dense.values + at * 8, 0, 0, 0, piece, counting.context);
          few = counting.held <= FEW;
          if (!few) counted = settled();
        }
        if (at < dense.count) keep(dense.values + at * 8, dense.count - at);
      },
      get bytes() {
        return (counting?.bytes ?? 0) + (picker?.bytes ?? 0) + counted.byteLength + held;
      },
      take(partition) {
        if (partition !== 0 || n === 0) return [];
        if (counting) counted = settled();
        const runs = list.runs();
        list = new NumberList();
        if (!cells) return [partOf(n, [counted], runs, null, [])];
        unmark();
        const all = cells;
        for (let i = 0; i < counted.length; i += 2) all.count(counted[i]!, counted[i + 1]!);
        const counts = all.counts();
        const whole = wholeCells(counts, (cell) => marks !== null && marks[cell] === 1);
        return [partOf(n, [pairsIn(counted, marks)], runs, counts, whole)];
      },
      close() {
        account(0);
        list = new NumberList();
        picker?.close();
        picker = null;
        counting?.close();
        counting = null;
      },
    };
  },
  merge(parts) {
    if (parts.length === 1) return parts[0]!;
    const read = parts.map(readPart);
    const n = read.reduce((sum, p) => sum + p.n, 0);
    if (read.every((p) => p.cells === null)) {
      return partOf(n, read.map((p) => p.counted), read.map((p) => p.values), null, []);
    }
    const cells = new Cells();
    const marks = new Uint8Array(CELLS).fill(1); // cells of which every part has kept all
    for (const p of read) {
      if (p.cells === null) {
        cells.add(p.values);
        for (let i = 0; i < p.counted.length; i += 2) cells.count(p.counted[i]!, p.counted[i + 1]!);
        continue;
      }
      cells.addCounts(p.cells);
      const whole = new Set(p.whole);
      for (let i = 0; i < p.cells.length; i += 2) if (!whole.has(p.cells[i]!)) marks[p.cells[i]!] = 0;
    }
    const counts = cells.counts();
    const list = new NumberList();
    for (const p of read) list.push(p.values);
    keepMarked(list, marks);
    const whole = wholeCells(counts, (cell) => marks[cell] === 1);
    return partOf(n, read.map((p) => pairsIn(p.counted, marks)), list.runs(), counts, whole);
  },
  read: (part): ValuesView => ({
    size: 0, count: none, measure: none, key: none, numbers: readPart(part),
  }),
  counts: () => ({ counts: [], groups: [], allNull: 0 }),
} satisfies TableSpec<ValuesOptions | null>);

/** Cells that are kept, marked, and those in which the quantiles lie. */
interface Near {
  readonly marks: Uint8Array;
  readonly centers: readonly number[];
}

/**
 * Marks the cells around some quantiles of numbers; null: the first half of them does not tell where those of the second lie, as
 * where numbers ascend, so it will not tell of those to come either.
 */
function marksNear(runs: readonly Float64Array[], counted: Float64Array, quantiles: readonly number[]): Near | null {
  const [first, second] = [new Cells(), new Cells()];
  const half = runs.reduce((sum, run) => sum + run.length, 0) / 2;
  let at = 0;
  for (const run of runs) {
    const left = Math.max(0, Math.min(run.length, Math.ceil(half - at)));
    first.add(run.subarray(0, left));
    second.add(run.subarray(left));
    at += run.length;
  }
  const { marks } = marked(first.counts(), quantiles, NEAR);
  if (!marked(second.counts(), quantiles, NEAR).centers.every((cell) => marks[cell] === 1)) return null;
  first.addCounts(second.counts());
  return marked(withPairs(first.counts(), counted), quantiles, NEAR);
}

/** The part of all numbers that is near on either side of a quantile, where it is known of so many. */
function nearOf(n: number): number {
  return NEAR * Math.min(1, Math.sqrt(MANY / n));
}

/** Cells in which no number lay so far are near, too, if they lie between others: around zero there are many such. */
function marked(counts: CellCounts, quantiles: readonly number[], part: number): Near {
  const marks = new Uint8Array(CELLS);
  const n = total(counts);
  for (const q of quantiles) {
    const first = placeOf(counts, Math.max(0, Math.floor((q - part) * n))).cell;
    const last = placeOf(counts, Math.min(n - 1, Math.ceil((q + part) * n))).cell;
    marks.fill(1, first, last + 1);
  }
  return { marks, centers: quantiles.map((q) => placeOf(counts, Math.floor(n * q)).cell) };
}

/** Counts by cells and those of counted numbers together. */
function withPairs(counts: CellCounts, pairs: Float64Array): CellCounts {
  const all = new Cells();
  all.addCounts(counts);
  for (let i = 0; i < pairs.length; i += 2) all.count(pairs[i]!, pairs[i + 1]!);
  return all.counts();
}

/** Keeps the numbers in marked cells of a list; all are counted in `seen`. */
function keepMarked(list: NumberList, marks: Uint8Array, seen = new Cells()): void {
  list.keep((run) => seen.addPicking(run, marks));
}

function total(counts: CellCounts): number {
  let n = 0;
  for (let i = 1; i < counts.length; i += 2) n += counts[i]!;
  return n;
}

function wholeCells(counts: CellCounts, isWhole: (cell: number) => boolean): number[] {
  const whole: number[] = [];
  for (let i = 0; i < counts.length; i += 2) if (isWhole(counts[i]!)) whole.push(counts[i]!);
  return whole;
}

/** The pairs whose values lie in marked cells. */
function pairsIn(counted: Float64Array, marks: Uint8Array | null): Float64Array {
  const out: number[] = [];
  for (let i = 0; marks && i < counted.length; i += 2) {
    if (marks[cellOfNumber(counted[i]!)] === 1) out.push(counted[i]!, counted[i + 1]!);
  }
  return Float64Array.from(out);
}

/** The numbers in a view of this table. */
export function keptNumbers(view: GroupView): KeptNumbers {
  return (view as ValuesView).numbers;
}

function none(): never {
  throw new AssayError('INTERNAL', 'kept numbers have no groups');
}

function inputOf({ inputs }: Request) {
  const [x] = inputs;
  if (inputs.length === 1 && isNumeric(x!.type)) return x!;
  const given = inputs.map((e) => sqlTypeName(e.type)).join(', ') || 'nothing';
  throw new AssayError('INVALID_ARGUMENT', `values of one number are kept (${sqlTypeName(DOUBLE)}); given: ${given}`);
}

function partOf(
  n: number, counted: readonly Float64Array[], values: readonly Float64Array[], cells: CellCounts | null,
  whole: readonly number[],
): TablePart {
  const length = (runs: readonly Float64Array[]) => runs.reduce((sum, run) => sum + run.length, 0);
  const runs = [...counted, ...values, cells ?? new Float64Array(0), Float64Array.from(whole)];
  const out = new Float64Array(HEAD + length(runs));
  out.set([n, length(counted) / 2, length(values), cells ? cells.length / 2 : -1, whole.length]);
  let at = HEAD;
  for (const run of runs) {
    out.set(run, at);
    at += run.length;
  }
  return { bytes: out.buffer };
}

function readPart(part: TablePart): KeptNumbers {
  const bytes = bytesOfPart(part);
  const all = bytes.byteLength % 8 === 0 ? new Float64Array(bytes) : new Float64Array(0);
  const [n, pairs, single, cells, whole] = all;
  let at = HEAD;
  const next = (length: number) => all.subarray(at, (at += length));
  const sizes = [2 * pairs!, single!, Math.max(0, 2 * cells!), whole!];
  const isSound = [pairs!, single!, cells! + 1, whole!].every((size) => Number.isInteger(size) && size >= 0);
  if (!isSound || all.length !== HEAD + sizes.reduce((sum, size) => sum + size, 0)) {
    throw broken(partPlace(part), 0, 'not kept numbers');
  }
  const [counted, values] = [next(sizes[0]!), next(sizes[1]!)];
  const counts = next(sizes[2]!);
  return { n: n!, values, counted, cells: cells! < 0 ? null : counts, whole: next(sizes[3]!) };
}

/** What all tables of numbers under one budget may hold. */
interface Pool {
  readonly limit: number;
  used: number;
}

const pools = new WeakMap<Budget, Pool>();

function poolOf(budget: Budget): Pool {
  let pool = pools.get(budget);
  if (!pool) pools.set(budget, (pool = { limit: budget.limit * SHARE, used: 0 }));
  return pool;
}
