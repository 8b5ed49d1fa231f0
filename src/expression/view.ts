import { AssayError } from '../base/errors.js';
import type { Batch, Column } from '../data/column.js';
import { WIDTHS } from '../data/types.js';
import type { Kernels } from '../kernels/kernels.js';
import type { BatchView, Dense, Extremes, Mask, Pointer, TextReading, Vector, Weighted } from './batch-view.js';
import { boundKey, type Bound, type BoundColumn } from './bound.js';
import { numbersOf } from './evaluate/dense.js';
import { extremesOf } from './evaluate/extremes.js';
import { hashInto } from './evaluate/hashes.js';
import { loadColumn, loadValidity } from './evaluate/load.js';
import { evaluateOver, type Columns } from './evaluate/rows.js';
import { simplified } from './evaluate/simplify.js';
import { soleColumn } from './evaluate/sole-column.js';
import { readTexts } from './evaluate/texts.js';
import { bitmap, bitmapBytes, bothKnown } from './evaluate/vectors.js';
import { settle } from './settled.js';

const SEED = 42n;

const NONE: ReadonlySet<string> = new Set();
const NOTHING: Extremes = { count: 0, low: NaN, high: NaN, nan: false };

/** The identity of texts in a scope. */
export function textsKey(e: Bound, where: Bound | null): string {
  return where === null ? boundKey(e) : `${boundKey(e)} ${boundKey(where)}`;
}

/**
 * Opens a batch for accumulators. One view at a time lives in the scratch memory of some kernels. `shared`: keys of the texts that
 * several of them ask for.
 */
export function openView(batch: Batch, kernels: Kernels, shared: ReadonlySet<string> = NONE): BatchView {
  const { fn, scratch } = kernels;
  const { rows } = batch;
  const at = evaluateOver(kernels, rows, columnsOf(batch, kernels));
  const scopes = memo<Mask>();
  const knowns = memo<Mask>();
  const truths = memo<Mask>();
  const dense = memo<Dense>();
  const numbers = memo<Dense>();
  const weighteds = memo<Weighted>();
  const hashed = memo<{ hashes: Pointer; of: Weighted }>();
  const readings = memo<TextReading>();
  const extremes = memo<Extremes>();
  const wholes = new Map<string, Extremes>(); // those of all rows, by column
  const settled = memo<SettledBits | null>();
  const entryHashes = new Map<Vector, Pointer>();

  /** A mask of a clean bitmap (0: all rows) within a scope. */
  function within(bits: Pointer, scope: Mask): Mask {
    const both = bothKnown(kernels, rows, bits, scope.bits);
    if (both === scope.bits) return scope;
    const count = fn.bitsCount(both, rows);
    return count === rows ? { bits: 0, count } : { bits: both, count };
  }

  function compact(v: Vector, { bits, count }: Mask): Dense {
    if (v.layout === 'bits') {
      const out = scratch.alloc(count * 4);
      fn.denseBits(v.values, bits, rows, out);
      return { layout: 'i32', values: out, count };
    }
    const width = WIDTHS[v.layout];
    if (width === 0) throw new AssayError('INTERNAL', `values of layout ${v.layout} have no fixed width`);
    if (bits === 0) return { layout: v.layout, values: v.values, count };
    const out = scratch.alloc(count * width);
    (width === 4 ? fn.dense4 : width === 8 ? fn.dense8 : fn.dense16)(v.values, bits, rows, out);
    return { layout: v.layout, values: out, count };
  }

  const none = once(() => scratch.zeroed(bitmapBytes(rows)));

  /** Where a condition over one column is TRUE and where it is known, if the extremes of the column say it. */
  function settledBits(e: Bound): SettledBits | null {
    const column = e.kind === 'call' && wholes.size > 0 ? soleColumn(e) : null;
    const whole = column && wholes.get(boundKey(column));
    if (!whole) return null;
    return settled(e, null, () => {
      const { bits: here } = view.known(column, null);
      const found = settle(e, column, whole, here !== 0);
      if (!found) return null;
      const { present, absent } = found;
      const where = (wanted: (verdict: boolean | null) => boolean): Pointer => {
        if (wanted(present) === wanted(absent)) return wanted(present) ? 0 : none();
        if (wanted(present)) return here;
        const missing = bitmap(kernels, rows);
        fn.bitsNot(here, rows, missing);
        return missing;
      };
      return { truth: where((v) => v === true), known: where((v) => v !== null) };
    });
  }

  const view: BatchView = {
    rows,
    kernels,
    vector: (e, flat = false) => (flat ? at.flat(simplified(e)) : at.vector(simplified(e))),
    scope: (where) =>
      where === null ? { bits: 0, count: rows } : scopes(where, null, () => view.truths(where, null)),
    known: (e, where) =>
      knowns(e, where, () => {
        const simple = simplified(e);
        return within(settledBits(simple)?.known ?? at.known(simple), view.scope(where));
      }),
    truths: (e, where) =>
      truths(e, where, () => {
        const simple = simplified(e);
        const settled = settledBits(simple);
        if (settled) return within(settled.truth, view.scope(where));
        const v = at.flat(simple);
        if (v.layout !== 'bits') {
          if (v.type.kind === 'null') return { bits: none(), count: 0 };
          throw new AssayError('WRONG_TYPE', `a condition must be boolean, not ${v.type.kind}`);
        }
        return within(bothKnown(kernels, rows, v.values, v.validity), view.scope(where));
      }),
    values: (e, where) => dense(e, where, () => compact(at.flat(simplified(e)), view.known(e, where))),
    numbers: (e, where) =>
      numbers(e, where, () => numbersOf(kernels, at.vector(simplified(e)), () => view.values(e, where), view.known(e, where))),
    pairs(x, y, where) {
      const mask = within(view.known(x, where).bits, view.known(y, where));
      if (mask.bits === 0) return { x: view.numbers(x, where).values, y: view.numbers(y, where).values, count: mask.count };
      const one = (e: Bound): Pointer => {
        const v = at.vector(simplified(e));
        return numbersOf(kernels, v, () => compact(at.flat(simplified(e)), mask), mask).values;
      };
      return { x: one(x), y: one(y), count: mask.count };
    },
    weighted: (e, where) =>
      weighteds(e, where, () => {
        const v = at.vector(simplified(e));
        const mask = view.known(e, where);
        if (!v.dictionary) return { vector: v, mask, weights: 0 };
        const entries = v.dictionary.rows;
        const weights = scratch.zeroed(entries * 4);
        fn.gatherHistogram(v.indices, mask.bits, rows, weights);
        const bits = bitmap(kernels, entries);
        fn.bitsOfWeights(weights, entries, bits);
        return { vector: v.dictionary, mask: { bits, count: fn.bitsCount(bits, entries) }, weights };
      }),
    extremes(e, where) {
      const told = where === null && e.kind === 'column' ? batch.column(e.name).extremes : undefined;
      if (told) return { count: rows, low: told.low + 0, high: told.high + 0, nan: false }; // -0.0 and 0.0 are one value
      return extremes(e, where, () => {
        const { count } = view.known(e, where);
        if (count === 0) return NOTHING;
        const found = extremesOf(kernels, view.weighted(e, where), count);
        if (where === null) wholes.set(boundKey(e), found);
        return found;
      });
    },
    hashes(e, where) {
      if (view.sharesTexts(e, where)) view.texts(e, where); // gives the hashes too
      return hashed(e, where, () => {
        const of = view.weighted(e, where);
        if (of.vector.hashes !== undefined) return { hashes: of.vector.hashes, of };
        let hashes = entryHashes.get(of.vector);
        if (hashes === undefined) {
          hashes = scratch.alloc(of.vector.rows * 8);
          const all = of.weights !== 0; // a dictionary is hashed once for every filter
          hashInto(kernels, of.vector, all ? 0 : of.mask.bits, SEED, 0, hashes);
          if (all) entryHashes.set(of.vector, hashes);
        }
        return { hashes, of };
      });
    },
    texts: (e, where) =>
      readings(e, where, () => {
        const of = view.weighted(e, where);
        const { hashes, reading } = readTexts(kernels, of);
        hashed(e, where, () => ({ hashes, of }));
        return reading;
      }),
    sharesTexts: (e, where) => shared.size > 0 && shared.has(textsKey(e, where)),
    close: () => scratch.reset(),
  };
  return view;
}

/** The columns of a batch, each loaded once; its known rows without its values where only they are asked for. */
function columnsOf(batch: Batch, kernels: Kernels): Columns {
  const validities = new Map<string, Pointer>();
  function known(column: Column, name: string): Pointer {
    let validity = validities.get(name);
    if (validity === undefined) validities.set(name, (validity = loadValidity(column, kernels)));
    return validity;
  }
  function columnOf({ name, type }: BoundColumn): Column {
    const column = batch.column(name);
    if (column.type.kind !== type.kind || column.rows !== batch.rows) {
      throw new AssayError(
        'SOURCE',
        `column ${name} has ${column.rows} rows of type ${column.type.kind} where ${batch.rows} of type ${type.kind} were announced`,
      );
    }
    return column;
  }
  return {
    vector(bound) {
      const column = columnOf(bound);
      return loadColumn(column, kernels, known(column, bound.name));
    },
    known(bound) {
      const column = columnOf(bound);
      const validity = known(column, bound.name);
      // entries of a dictionary may be null too
      return column.dictionary?.validity ? loadColumn(column, kernels, validity).validity : validity;
    },
  };
}

/** Bitmaps of a condition; 0: all rows. */
interface SettledBits {
  readonly truth: Pointer;
  readonly known: Pointer;
}

/** What is made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** A memo by expression and filter. */
function memo<T>(): (e: Bound, where: Bound | null, make: () => T) => T {
  const byFilter = new Map<string, Map<string, T>>();
  return (e, where, make) => {
    const filter = where === null ? '' : boundKey(where);
    let byKey = byFilter.get(filter);
    if (!byKey) byFilter.set(filter, (byKey = new Map()));
    const key = boundKey(e);
    let result = byKey.get(key);
    if (result === undefined) byKey.set(key, (result = make()));
    return result;
  };
}
