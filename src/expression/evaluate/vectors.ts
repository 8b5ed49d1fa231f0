import { AssayError } from '../../base/errors.js';
import { WIDTHS, layoutOf, type DataType } from '../../data/types.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Pointer, Vector } from '../batch-view.js';

/** Bytes of a bitmap of that many rows, padded to 128 bits. */
export function bitmapBytes(rows: number): number {
  return ((rows + 127) >>> 7) << 4;
}

/** Room for a bitmap, its content unspecified. */
export function bitmap(kernels: Kernels, rows: number): Pointer {
  return kernels.scratch.alloc(bitmapBytes(rows));
}

/** A vector of plain values (fixed widths, bits). */
export function plain(type: DataType, rows: number, values: Pointer, validity: Pointer): Vector {
  return { type, layout: layoutOf(type), rows, validity, values, bytes: 0, children: [], indices: 0, dictionary: null };
}

/** A vector of byte strings. */
export function texts(type: DataType, rows: number, offsets: Pointer, bytes: Pointer, validity: Pointer): Vector {
  return { type, layout: 'utf8', rows, validity, values: offsets, bytes, children: [], indices: 0, dictionary: null };
}

/** A vector whose rows are entries of a dictionary. */
export function indexed(dictionary: Vector, rows: number, indices: Pointer, validity: Pointer): Vector {
  const { type, layout } = dictionary;
  return { type, layout, rows, validity, values: 0, bytes: 0, children: [], indices, dictionary };
}

/** A vector of nothing but nulls. */
export function nulls(kernels: Kernels, type: DataType, rows: number): Vector {
  const layout = layoutOf(type);
  const validity = kernels.scratch.zeroed(bitmapBytes(rows));
  const wide = layout === 'utf8' || layout === 'list';
  const bytes = wide ? (rows + 1) * 4 : layout === 'bits' ? bitmapBytes(rows) : rows * WIDTHS[layout];
  const values = kernels.scratch.zeroed(bytes);
  const children =
    type.kind === 'array' ? [nulls(kernels, type.element, 0)]
    : type.kind === 'map' ? [nulls(kernels, type.key, 0), nulls(kernels, type.value, 0)]
    : type.kind === 'struct' ? type.fields.map((f) => nulls(kernels, f.type, rows))
    : [];
  return { type, layout, rows, validity, values, bytes: wide ? values : 0, children, indices: 0, dictionary: null };
}

/** The AND of known rows (0: all rows). */
export function bothKnown(kernels: Kernels, rows: number, a: Pointer, b: Pointer): Pointer {
  if (a === 0 || a === b) return b;
  if (b === 0) return a;
  const out = bitmap(kernels, rows);
  kernels.fn.bitsAnd(a, b, rows, out);
  return out;
}

/** The known rows of a dictionary vector: where its index is known and the entry is. */
export function knownEntries(kernels: Kernels, rows: number, indices: Pointer, validity: Pointer, dictionary: Vector): Pointer {
  if (dictionary.validity === 0) return validity;
  const entries = bitmap(kernels, rows);
  kernels.fn.gatherBits(indices, dictionary.validity, dictionary.rows, rows, entries);
  return bothKnown(kernels, rows, validity, entries);
}

/** A dictionary vector with its entries put in place; any other vector as it is. */
export function flatten(kernels: Kernels, v: Vector): Vector {
  const d = v.dictionary;
  if (!d) return v;
  const { fn, scratch } = kernels;
  const { rows, indices, validity, layout, type } = v;
  switch (layout) {
    case 'bits': {
      const out = bitmap(kernels, rows);
      fn.gatherBits(indices, d.values, d.rows, rows, out);
      return plain(type, rows, out, validity);
    }
    case 'i32': case 'f32': case 'i64': case 'f64': case 'i128': {
      const out = scratch.alloc(rows * WIDTHS[layout]);
      const gather = WIDTHS[layout] === 4 ? fn.gather4 : WIDTHS[layout] === 8 ? fn.gather8 : fn.gather16;
      gather(indices, d.values, rows, out);
      return plain(type, rows, out, validity);
    }
    case 'utf8': {
      const offsets = scratch.alloc((rows + 1) * 4);
      const size = fn.gatherOffsets(indices, d.values, validity, rows, offsets);
      if (size < 0) throw new AssayError('EVALUATION', `a batch of ${rows} strings exceeds 2 GB; use smaller batches`);
      const bytes = scratch.alloc(size);
      fn.gatherBytes(indices, d.values, d.bytes, rows, offsets, bytes);
      return texts(type, rows, offsets, bytes, validity);
    }
    case 'struct':
      return {
        ...v, indices: 0, dictionary: null,
        children: d.children.map((c) => flatten(kernels, select(kernels, c, indices, rows))),
      };
    case 'list': case 'none':
      return { ...nulls(kernels, type, rows), ...(layout === 'list' ? flattenList(kernels, v, d) : {}), validity };
  }
}

/** Rows of a vector by their indices. */
export function select(kernels: Kernels, v: Vector, indices: Pointer, rows: number): Vector {
  const flat = flatten(kernels, v);
  return indexed(flat, rows, indices, knownEntries(kernels, rows, indices, 0, flat));
}

function flattenList(kernels: Kernels, v: Vector, d: Vector): Partial<Vector> {
  const { scratch, memory } = kernels;
  const from = new Int32Array(memory.buffer, d.values, d.rows + 1);
  const picked = new Int32Array(memory.buffer, v.indices, v.rows);
  let total = 0;
  for (let i = 0; i < v.rows; ++i) total += from[picked[i]! + 1]! - from[picked[i]!]!;
  const offsets = scratch.alloc((v.rows + 1) * 4);
  const elements = scratch.alloc(total * 4);
  const starts = new Int32Array(memory.buffer, d.values, d.rows + 1);
  const rows = new Int32Array(memory.buffer, v.indices, v.rows);
  const to = new Int32Array(memory.buffer, offsets, v.rows + 1);
  const out = new Int32Array(memory.buffer, elements, total);
  let k = 0;
  to[0] = 0;
  for (let i = 0; i < v.rows; ++i) {
    for (let j = starts[rows[i]!]!; j < starts[rows[i]! + 1]!; ++j) out[k++] = j;
    to[i + 1] = k;
  }
  return { values: offsets, children: d.children.map((c) => flatten(kernels, select(kernels, c, elements, total))) };
}
