import { AssayError } from '../../base/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Vector } from '../batch-view.js';
import { bitmapBytes } from './vectors.js';

/** The order of a row of one vector and a row of another. */
export type Order = (i: number, j: number) => number;

type Known = (row: number) => boolean;

/**
 * Spark's order of the rows of two flat vectors of one type, without values of JavaScript: NaN equals itself and is the
 * greatest, -0.0 = 0.0, texts by their bytes, nulls first. Valid until the memory grows.
 */
export function orderOf(kernels: Kernels, a: Vector, b: Vector): Order {
  const known = ordered(kernels, a, b);
  if (a.validity === 0 && b.validity === 0) return known;
  const [isThere, isOther] = [knownOf(kernels, a), knownOf(kernels, b)];
  return (i, j) => {
    const [x, y] = [isThere(i) ? 1 : 0, isOther(j) ? 1 : 0];
    return x === 1 && y === 1 ? known(i, j) : x - y;
  };
}

/** Whether rows are known. */
export function knownOf(kernels: Kernels, v: Vector): Known {
  if (v.validity === 0) return () => true;
  const bits = new Uint8Array(kernels.memory.buffer, v.validity, bitmapBytes(v.rows));
  return (i) => ((bits[i >> 3]! >> (i & 7)) & 1) !== 0;
}

function ordered(kernels: Kernels, a: Vector, b: Vector): Order {
  const { buffer } = kernels.memory;
  switch (a.layout) {
    case 'bits': {
      const [x, y] = [a, b].map((v) => new Uint8Array(buffer, v.values, bitmapBytes(v.rows))) as [Uint8Array, Uint8Array];
      return (i, j) => ((x[i >> 3]! >> (i & 7)) & 1) - ((y[j >> 3]! >> (j & 7)) & 1);
    }
    case 'i32': {
      const [x, y] = [a, b].map((v) => new Int32Array(buffer, v.values, v.rows)) as [Int32Array, Int32Array];
      return (i, j) => (x[i]! < y[j]! ? -1 : x[i]! > y[j]! ? 1 : 0);
    }
    case 'i64': case 'i128': return ofWords(kernels, a, b, a.layout === 'i64' ? 2 : 4);
    case 'f32': case 'f64': {
      const View = a.layout === 'f32' ? Float32Array : Float64Array;
      const [x, y] = [a, b].map((v) => new View(buffer, v.values, v.rows)) as [Float64Array, Float64Array];
      return (i, j) => {
        const [p, q] = [x[i]!, y[j]!];
        return p < q ? -1 : p > q ? 1 : p === q ? 0 : Number(p !== p) - Number(q !== q);
      };
    }
    case 'utf8': return ofBytes(kernels, a, b);
    case 'list': case 'struct': return ofParts(kernels, a, b);
    case 'none':
      if (a.type.kind === 'null') return () => 0;
      throw new AssayError('UNSUPPORTED', 'values of an unsupported type cannot be compared');
  }
}

/** Whole numbers of so many 32-bit words, the highest of them with a sign. */
function ofWords(kernels: Kernels, a: Vector, b: Vector, words: number): Order {
  const { buffer } = kernels.memory;
  const [x, y] = [a, b].map((v) => new Int32Array(buffer, v.values, v.rows * words)) as [Int32Array, Int32Array];
  const top = words - 1;
  return (i, j) => {
    const [p, q] = [i * words, j * words];
    if (x[p + top]! !== y[q + top]!) return x[p + top]! < y[q + top]! ? -1 : 1;
    for (let k = top - 1; k >= 0; --k) {
      const [u, v] = [x[p + k]! >>> 0, y[q + k]! >>> 0];
      if (u !== v) return u < v ? -1 : 1;
    }
    return 0;
  };
}

function ofBytes(kernels: Kernels, a: Vector, b: Vector): Order {
  const { buffer } = kernels.memory;
  const memory = new Uint8Array(buffer);
  const [x, y] = [a, b].map((v) => new Int32Array(buffer, v.values, v.rows + 1)) as [Int32Array, Int32Array];
  const [xb, yb] = [a.bytes, b.bytes];
  return (i, j) => {
    const [p, q] = [xb + x[i]!, yb + y[j]!];
    const [n, m] = [x[i + 1]! - x[i]!, y[j + 1]! - y[j]!];
    const both = Math.min(n, m);
    for (let k = 0; k < both; ++k) {
      const [u, v] = [memory[p + k]!, memory[q + k]!];
      if (u !== v) return u < v ? -1 : 1;
    }
    return n < m ? -1 : n > m ? 1 : 0;
  };
}

/** Members and elements one after the other; of lists that begin alike the shorter one is less. */
function ofParts(kernels: Kernels, a: Vector, b: Vector): Order {
  const parts = a.children.map((child, k) => orderOf(kernels, child, b.children[k]!));
  const at: Order = (i, j) => {
    for (let k = 0; k < parts.length; ++k) {
      const order = parts[k]!(i, j);
      if (order !== 0) return order;
    }
    return 0;
  };
  if (a.layout === 'struct') return at;
  const { buffer } = kernels.memory;
  const [x, y] = [a, b].map((v) => new Int32Array(buffer, v.values, v.rows + 1)) as [Int32Array, Int32Array];
  return (i, j) => {
    const [n, m] = [x[i + 1]! - x[i]!, y[j + 1]! - y[j]!];
    for (let k = 0; k < n && k < m; ++k) {
      const order = at(x[i]! + k, y[j]! + k);
      if (order !== 0) return order;
    }
    return n < m ? -1 : n > m ? 1 : 0;
  };
}
