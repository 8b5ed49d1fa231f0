import { AssayError } from '../base/errors.js';
import { DOUBLE, isNumeric, sqlTypeName } from '../data/types.js';
import { Cells, type CellCounts } from '../sketches/cells.js';
import type { Budget, GroupView, Request, TableAccumulator, TablePart, TableSpec } from './contract.js';
import { FrequentTable } from './frequent-table.js';
import { broken, bytesOfPart, placeOf } from './table/part.js';

/**
 * The known numbers of a table as doubles: each one, and counts of the frequent ones while there are few. Past its
 * share of the memory limit a table keeps only how many numbers fall into each cell, see `sketches/cells.ts`.
 */
export interface KeptNumbers {
  readonly n: number;
  /** Null: there were too many. */
  readonly kept: {
    readonly values: Float64Array;
    /** Values and counts, one after the other. */
    readonly counted: Float64Array;
  } | null;
  readonly cells: CellCounts | null;
}

interface ValuesView extends GroupView {
  readonly numbers: KeptNumbers;
}

const FEW = 2048; // distinct numbers that are counted instead of kept
const CHUNK = 65536;
const SHARE = 0.8; // of the memory limit; groupings have their own account of it
const LEAST_SHARE = 64 * 1024;

/*
 * A part, all float64: 0: 1 kept, 2 cells; 1: how many numbers; 2: how many are counted; 3: how many are kept one by
 * one; then pairs of value and count, then values; or pairs of cell and count.
 */
const HEAD = 4;

/** All numbers of an expression, as far as the memory goes. Everything lies in the first partition. */
export const values: TableSpec<null> = Object.freeze({
  kind: 'table',
  name: 'values',
  version: 1,
  law: 'exact',
  open(request, kernels, budget): TableAccumulator {
    const x = inputOf(request);
    const { where } = request;
    const pool = poolOf(budget);
    // Made when the first number comes, since many casts have none, and closed when there are too many different ones.
    let counting: FrequentTable | null = null;
    let counted: Float64Array = new Float64Array(0);
    let few = true;
    let n = 0;
    let chunks: Float64Array[] = [];
    let used = 0; // of the last chunk
    let held = 0;
    let cells: Cells | null = null;
    const giveUp = () => {
      cells = new Cells();
      chunks.forEach((chunk, i) => cells!.add(i === chunks.length - 1 ? chunk.subarray(0, used) : chunk));
      chunks = [];
      pool.used -= held;
      held = 0;
    };
    const settled = () => {
      const numbers = counting!.numbers();
      counting!.close();
      counting = null;
      return numbers;
    };
    const keep = (run: Float64Array) => {
      if (cells) return cells.add(run);
      for (let at = 0; at < run.length; ) {
        const last = chunks[chunks.length - 1];
        if (!last || used === last.length) {
          const size = Math.min(CHUNK * 16, Math.max(1024, held / 8));
          chunks.push(new Float64Array(size));
          held += size * 8;
          pool.used += size * 8;
          used = 0;
          continue;
        }
        const piece = run.subarray(at, at + last.length - used);
        last.set(piece, used);
        used += piece.length;
        at += piece.length;
      }
      if (pool.used > pool.limit && held > LEAST_SHARE) giveUp();
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
          kernels.fn.frequentFixed(4, dense.values + at * 8, 0, 0, piece, counting.context);
          few = counting.held <= FEW;
          if (!few) counted = settled();
        }
        if (at < dense.count) keep(new Float64Array(kernels.memory.buffer, dense.values + at * 8, dense.count - at));
      },
      get bytes() {
        return (counting?.bytes ?? 0) + counted.byteLength + held;
      },
      take(partition) {
        if (partition !== 0 || n === 0) return [];
        if (counting) counted = settled();
        if (cells) {
          for (let i = 0; i < counted.length; i += 2) cells.count(counted[i]!, counted[i + 1]!);
          return [cellsPart(n, cells.counts())];
        }
        const runs = chunks.map((chunk, i) => (i === chunks.length - 1 ? chunk.subarray(0, used) : chunk));
        chunks = [];
        return [keptPart(n, [counted], runs)];
      },
      close() {
        pool.used -= held;
        held = 0;
        chunks = [];
        counting?.close();
        counting = null;
      },
    };
  },
  merge(parts) {
    if (parts.length === 1) return parts[0]!;
    const read = parts.map(readPart);
    const n = read.reduce((sum, p) => sum + p.n, 0);
    if (read.every((p) => p.kept)) {
      return keptPart(n, read.map((p) => p.kept!.counted), read.map((p) => p.kept!.values));
    }
    const cells = new Cells();
    for (const p of read) {
      if (p.cells) cells.addCounts(p.cells);
      if (!p.kept) continue;
      cells.add(p.kept.values);
      for (let i = 0; i < p.kept.counted.length; i += 2) cells.count(p.kept.counted[i]!, p.kept.counted[i + 1]!);
    }
    return cellsPart(n, cells.counts());
  },
  read: (part): ValuesView => ({
    size: 0, count: none, measure: none, key: none, numbers: readPart(part),
  }),
  counts: () => ({ counts: [], groups: [], allNull: 0 }),
} satisfies TableSpec<null>);

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

function keptPart(n: number, counted: readonly Float64Array[], values: readonly Float64Array[]): TablePart {
  const length = (runs: readonly Float64Array[]) => runs.reduce((sum, run) => sum + run.length, 0);
  const out = new Float64Array(HEAD + length(counted) + length(values));
  out.set([1, n, length(counted) / 2, length(values)]);
  let at = HEAD;
  for (const run of [...counted, ...values]) {
    out.set(run, at);
    at += run.length;
  }
  return { bytes: out.buffer };
}

function cellsPart(n: number, cells: CellCounts): TablePart {
  const out = new Float64Array(HEAD + cells.length);
  out.set([2, n, cells.length / 2, 0]);
  out.set(cells, HEAD);
  return { bytes: out.buffer };
}

function readPart(part: TablePart): KeptNumbers {
  const bytes = bytesOfPart(part);
  const all = bytes.byteLength % 8 === 0 ? new Float64Array(bytes) : new Float64Array(0);
  const [kind, n, pairs, single] = all;
  if ((kind !== 1 && kind !== 2) || all.length !== HEAD + 2 * pairs! + single!) {
    throw broken(placeOf(part), 0, 'not kept numbers');
  }
  const counted = all.subarray(HEAD, HEAD + 2 * pairs!);
  if (kind === 2) return { n: n!, kept: null, cells: counted };
  return { n: n!, kept: { values: all.subarray(HEAD + 2 * pairs!), counted }, cells: null };
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
