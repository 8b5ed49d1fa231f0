import { AssayError } from '../base/errors.js';
import { layoutOf, sameType, sqlTypeName, type DataType, type Layout } from '../data/types.js';
import type { BatchView } from '../expression/batch-view.js';
import type { Bound } from '../expression/bound.js';
import type { Kernels } from '../kernels/kernels.js';
import { defineState, type KeyValue } from './contract.js';
import { compareValues } from './value-order.js';

/**
 * The least and the greatest known value in scope, in the input's own type and Spark's order; null if there is none.
 */
export interface Extrema {
  /** Known values in scope. */
  readonly n: number;
  readonly min: KeyValue;
  readonly max: KeyValue;
}

type Known = Exclude<KeyValue, null>;
type Bounds = readonly [min: Known, max: Known];
type Reader = (batch: BatchView, x: Bound, where: Bound | null, kernels: Kernels, out: number) => Bounds;

const ROOM = 64;
const NUMERIC: ReadonlySet<Layout> = new Set(['i32', 'i64', 'i128', 'f32', 'f64']);

/** Extrema over one value of any type that has an order. */
export const extrema = defineState<null, Extrema>({
  name: 'extrema',
  version: 1,
  law: 'exact',
  fields: { n: 'count', min: 'value', max: 'value' },
  open({ inputs, where }, kernels) {
    const x = inputs[0]!;
    const boundsOf = reader(x.type);
    const isNumeric = NUMERIC.has(layoutOf(x.type));
    const measured = measuredText(x);
    const out = kernels.heap.alloc(ROOM);
    let n = 0;
    let min: KeyValue = null;
    let max: KeyValue = null;
    return {
      add(batch) {
        if (isNumeric && !measured) {
          const { count, low, high } = batch.extremes(x, where);
          if (count === 0) return;
          n += count;
          min = lesser(min, low);
          max = greater(max, high);
          return;
        }
        // asked of the text itself, a length need not be computed to be known
        const count = !measured ? batch.known(x, where).count
          : measured.orZero ? batch.scope(where).count : batch.known(measured.text, where).count;
        if (count === 0) return;
        n += count;
        if (measured && batch.sharesTexts(measured.text, where)) {
          const nulls = count - batch.known(measured.text, where).count; // measured as 0
          const { shortest, longest } = batch.texts(measured.text, where);
          min = lesser(min, nulls > 0 ? 0 : shortest);
          max = greater(max, Math.max(0, longest));
          return;
        }
        const [low, high] = boundsOf(batch, x, where, kernels, out);
        min = lesser(min, low);
        max = greater(max, high);
      },
      finish: () => ({ n, min, max }),
      bytes: ROOM,
      close: () => kernels.heap.free(out, ROOM),
    };
  },
  merge: (a, b) => ({ n: a.n + b.n, min: lesser(a.min, b.min), max: greater(a.max, b.max) }),
  // a filter is a matter of rows; of other types sources tell extremes beforehand
  facet: ({ inputs: [x], where }) => (!where && (x!.type.kind === 'double' || x!.type.kind === 'float') ? 'extrema' : 'values'),
  texts: ({ inputs: [x] }) => measuredText(x!)?.text ?? null,
  summary(splits, { inputs: [x], where }) {
    if (x?.kind !== 'column' || where) return undefined;
    const column = splits.column(x.name);
    if (!column || !sameType(column.type, x.type)) return undefined;
    const layout = layoutOf(x.type);
    const isOrdered = layout === 'i32' || layout === 'i64' || layout === 'i128';
    if (!isOrdered && column.total === 0 && splits.total > 0) return undefined; // they are told where there are only nulls
    const told = new Uint8Array(splits.rows.length);
    let found = 0, n = 0;
    let bounds: [min: bigint, max: bigint] | null = null;
    for (let i = 0; i < told.length; ++i) {
      const rows = splits.rows[i]!, nulls = column.nulls[i]!;
      if (rows < 0 || nulls < 0) continue;
      if (nulls < rows) {
        if (!isOrdered || column.hasExtremes[i] === 0) continue;
        const low = column.extremes[i * 2]!, high = column.extremes[i * 2 + 1]!;
        bounds = bounds ? [low < bounds[0] ? low : bounds[0], high > bounds[1] ? high : bounds[1]] : [low, high];
      }
      n += rows - nulls;
      told[i] = 1;
      ++found;
    }
    if (found === 0) return undefined;
    const [min, max] = bounds ? layout === 'i32' ? [Number(bounds[0]), Number(bounds[1])] : bounds : [null, null];
    return { state: { n, min, max }, splits: told };
  },
});

/** The text whose length is asked for, nulls left out or as 0; null: it is something else. */
function measuredText(x: Bound): { text: Bound; orZero: boolean } | null {
  if (x.kind !== 'call') return null;
  const [inner, other] = x.args;
  if (x.fn === 'coalesce' && x.args.length === 2 && other!.kind === 'literal' && other!.value === 0) {
    const measured = measuredText(inner!);
    return measured && { ...measured, orZero: true };
  }
  return x.fn === 'length' && inner!.type.kind === 'string' ? { text: inner!, orZero: false } : null;
}

function lesser(a: KeyValue, b: KeyValue): KeyValue {
  return a === null ? b : b === null ? a : compareValues(b, a) < 0 ? b : a;
}

function greater(a: KeyValue, b: KeyValue): KeyValue {
  return a === null ? b : b === null ? a : compareValues(b, a) > 0 ? b : a;
}

/** How the extrema of a batch with at least one known value are found, decided once by type. */
function reader(type: DataType): Reader {
  const layout = layoutOf(type);
  switch (layout) {
    case 'bits':
      return (batch, x, where) => {
        const { count } = batch.truths(x, where);
        return [count === batch.known(x, where).count, count > 0];
      };
    case 'utf8':
      return (batch, x, where, { fn, memory }, out) => {
        const { vector, mask, weights } = batch.weighted(x, where);
        fn.extremaUtf8(vector.values, vector.bytes, mask.bits, weights, vector.rows, out);
        const found = new Int32Array(memory.buffer, out, 2);
        const offsets = new Int32Array(memory.buffer, vector.values, vector.rows + 1);
        const read = (row: number): Known => {
          const [start, end] = [offsets[row]!, offsets[row + 1]!];
          const bytes = new Uint8Array(memory.buffer, vector.bytes + start, end - start).slice();
          return type.kind === 'binary' ? bytes : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
        };
        return [read(found[0]!), read(found[1]!)];
      };
    case 'i32': case 'i64': case 'i128': case 'f32': case 'f64':
      return (batch, x, where) => {
        const { low, high } = batch.extremes(x, where);
        return [low, high];
      };
    case 'none':
      if (type.kind === 'null') return () => [NaN, NaN]; // never asked: no value is known
      break;
    case 'list': case 'struct':
      break;
  }
  throw new AssayError('UNSUPPORTED', `least and greatest values of type ${sqlTypeName(type)} are not supported`);
}
