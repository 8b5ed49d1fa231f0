import { AssayError } from '../../base/errors.js';
import { WIDTHS, layoutOf, type DataType } from '../../data/types.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Pointer, Vector } from '../batch-view.js';
import { bitmap, bitmapBytes, flatten, nulls, plain, select, texts } from './vectors.js';

/** Flat vectors of one type, the rows of each behind those of the one before. */
export function joined(kernels: Kernels, type: DataType, all: readonly Vector[]): Vector {
  const rows = all.reduce((sum, v) => sum + v.rows, 0);
  if (all.length === 1) return all[0]!;
  const layout = layoutOf(type);
  if (layout === 'none') return nulls(kernels, type, rows);
  const validity = all.every((v) => v.validity === 0) ? 0 : bits(kernels, all, rows, (v) => v.validity);
  const children = partsOf(type).map((t, k) =>
    joined(kernels, t, all.map((v) => (layout === 'list' ? elements(kernels, v, k) : v.children[k]!))));
  switch (layout) {
    case 'bits': return plain(type, rows, bits(kernels, all, rows, (v) => v.values), validity);
    case 'struct': return { ...plain(type, rows, 0, validity), layout, children };
    case 'list': {
      const offsets = ends(kernels, all, rows);
      return { ...plain(type, rows, offsets, validity), layout, children };
    }
    case 'utf8': {
      const extents = all.map((v) => extentOf(kernels, v));
      const total = extents.reduce((sum, [first, last]) => sum + last - first, 0);
      if (total > 0x7fffffff) throw new AssayError('EVALUATION', `a batch of ${rows} strings exceeds 2 GB; use smaller batches`);
      const offsets = ends(kernels, all, rows);
      const bytes = kernels.scratch.alloc(total);
      const memory = new Uint8Array(kernels.memory.buffer);
      let at = bytes;
      all.forEach((v, k) => {
        const [first, last] = extents[k]!;
        memory.copyWithin(at, v.bytes + first, v.bytes + last);
        at += last - first;
      });
      return texts(type, rows, offsets, bytes, validity);
    }
    default: {
      const width = WIDTHS[layout];
      const out = kernels.scratch.alloc(rows * width);
      const memory = new Uint8Array(kernels.memory.buffer);
      let at = out;
      for (const v of all) {
        memory.copyWithin(at, v.values, v.values + v.rows * width);
        at += v.rows * width;
      }
      return plain(type, rows, out, validity);
    }
  }
}

/** The types of what a nested type holds. */
export function partsOf(type: DataType): readonly DataType[] {
  switch (type.kind) {
    case 'array': return [type.element];
    case 'map': return [type.key, type.value];
    case 'struct': return type.fields.map((f) => f.type);
    default: return [];
  }
}

function bits(kernels: Kernels, all: readonly Vector[], rows: number, of: (v: Vector) => Pointer): Pointer {
  const out = bitmap(kernels, rows);
  const { buffer } = kernels.memory;
  const to = new Uint8Array(buffer, out, bitmapBytes(rows)).fill(0);
  let at = 0;
  for (const v of all) {
    const pointer = of(v);
    const from = pointer === 0 ? null : new Uint8Array(buffer, pointer, bitmapBytes(v.rows));
    for (let i = 0; i < v.rows; ++i, ++at) {
      if (from === null || ((from[i >> 3]! >> (i & 7)) & 1) !== 0) to[at >> 3]! |= 1 << (at & 7);
    }
  }
  return out;
}

/** Where the bytes or elements of all rows begin and end. */
function extentOf(kernels: Kernels, v: Vector): readonly [number, number] {
  const offsets = new Int32Array(kernels.memory.buffer, v.values, v.rows + 1);
  return [offsets[0]!, offsets[v.rows]!];
}

/** The elements (keys, values) of all lists of a vector. */
function elements(kernels: Kernels, v: Vector, k: number): Vector {
  const [first, last] = extentOf(kernels, v);
  const child = v.children[k]!;
  if (first === 0 && last === child.rows) return child;
  const indices = kernels.scratch.alloc((last - first) * 4);
  const to = new Int32Array(kernels.memory.buffer, indices, last - first);
  for (let i = 0; i < to.length; ++i) to[i] = first + i;
  return flatten(kernels, select(kernels, child, indices, to.length));
}

/** Offsets, each vector's behind those of the ones before. */
function ends(kernels: Kernels, all: readonly Vector[], rows: number): Pointer {
  const out = kernels.scratch.alloc((rows + 1) * 4);
  const { buffer } = kernels.memory;
  const to = new Int32Array(buffer, out, rows + 1);
  let at = 0;
  to[0] = 0;
  for (const v of all) {
    const from = new Int32Array(buffer, v.values, v.rows + 1);
    const base = to[at]! - from[0]!;
    for (let i = 0; i < v.rows; ++i) to[++at] = base + from[i + 1]!;
  }
  return out;
}
