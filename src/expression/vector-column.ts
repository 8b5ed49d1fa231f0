import type { Column } from '../data/column.js';
import { regionIn } from '../data/region.js';
import { WIDTHS } from '../data/types.js';
import type { Kernels } from '../kernels/kernels.js';
import type { Vector } from './batch-view.js';
import { bitmapBytes } from './evaluate/vectors.js';

/** A vector without a dictionary as a column, in place: it lives as long as the vector. */
export function columnOfVector(kernels: Kernels, v: Vector): Column {
  const { memory } = kernels;
  const { type, rows } = v;
  const bits = (at: number) => ({ region: regionIn(memory, at, bitmapBytes(rows)), offset: 0 });
  const validity = v.validity === 0 ? null : bits(v.validity);
  const offsets = () => regionIn(memory, v.values, (rows + 1) * 4);
  const children = v.children.map((child) => columnOfVector(kernels, child));
  switch (v.layout) {
    case 'bits': return { type, rows, validity, bits: bits(v.values) };
    case 'utf8': {
      const end = new Int32Array(memory.buffer, v.values, rows + 1)[rows]!;
      return { type, rows, validity, offsets: offsets(), values: regionIn(memory, v.bytes, end) };
    }
    case 'list': return { type, rows, validity, offsets: offsets(), children };
    case 'struct': return { type, rows, validity, children };
    case 'none': return { type, rows, validity };
    default: return { type, rows, validity, values: regionIn(memory, v.values, rows * WIDTHS[v.layout]) };
  }
}
