import { DOUBLE, LONG, type DataType } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound } from '../bound.js';
import type { Evaluation } from './evaluation.js';
import { power10 } from './decimals.js';
import { compareInto } from './operators.js';
import { parseFloating, parseInteger } from './parse-values.js';
import { literalOf, readerOf } from './values.js';
import { bitmap, bitmapBytes, bothKnown, plain } from './vectors.js';

const BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, int: 32 };

/** A string column as numbers of a type: plain numbers by a kernel, the rest here; null if the type is not parsed so. */
export function parseColumn(to: DataType, e: Bound, at: Evaluation): Vector | null {
  const { fn, scratch } = at.kernels;
  const n = at.rows;
  switch (to.kind) {
    case 'double':
      return floats(e, at);
    case 'float': {
      const v = floats(e, at);
      const out = scratch.alloc(n * 4);
      fn.convertF64F32(v.values, n, out);
      return plain(to, n, out, v.validity);
    }
    case 'long':
      return longs(e, at);
    case 'byte': case 'short': case 'int': {
      const v = longs(e, at);
      const top = power2(BITS[to.kind]! - 1);
      const inside = [[1, -top], [2, top - 1n]] as const;
      const known = inside.reduce<Pointer>((k, [op, bound]) =>
        bothKnown(at.kernels, n, k, compareInto(at, op, 1, v, at.one(literalOf(LONG, bound)!), 1)), v.validity);
      const out = scratch.alloc(n * 4);
      fn.convertI64I32(v.values, n, out);
      return plain(to, n, out, known);
    }
    default:
      return null;
  }
}

const power2 = (bits: number): bigint => 1n << BigInt(bits);

function floats(e: Bound, at: Evaluation): Vector {
  const powers = at.kernels.scratch.alloc(16 * 8);
  new Float64Array(at.kernels.memory.buffer, powers, 16).set(Array.from({ length: 16 }, (_, k) => 10 ** k));
  return parsed(DOUBLE, e, at, at.kernels.fn.parseF64, powers);
}

function longs(e: Bound, at: Evaluation): Vector {
  const powers = at.kernels.scratch.alloc(19 * 8);
  new BigInt64Array(at.kernels.memory.buffer, powers, 19).set(Array.from({ length: 19 }, (_, k) => power10(k)));
  return parsed(LONG, e, at, at.kernels.fn.parseI64, powers);
}

function parsed(type: DataType, e: Bound, at: Evaluation, kernel: typeof at.kernels.fn.parseF64, powers: Pointer): Vector {
  const v = at.flat(e);
  const { scratch } = at.kernels;
  const out = scratch.alloc(at.rows * 8);
  const known = bitmap(at.kernels, at.rows);
  const pending = bitmap(at.kernels, at.rows);
  const room = scratch.alloc(16);
  if (kernel(v.values, v.bytes, v.validity, at.rows, room, powers, out, known, pending) === 0) return plain(type, at.rows, out, known);
  const { buffer } = at.kernels.memory;
  const read = readerOf(at.kernels, v);
  const bits = new Uint8Array(buffer, known, bitmapBytes(at.rows));
  const open = new Uint8Array(buffer, pending, bitmapBytes(at.rows));
  const values = type.kind === 'double' ? new Float64Array(buffer, out, at.rows) : new BigInt64Array(buffer, out, at.rows);
  for (let i = 0; i < at.rows; ++i) {
    if (!((open[i >> 3]! >> (i & 7)) & 1)) continue;
    const text = read(i) as string;
    const value = type.kind === 'double' ? parseFloating(text) : parseInteger(text, 64);
    if (value === null) continue;
    values[i] = value;
    bits[i >> 3]! |= 1 << (i & 7);
  }
  return plain(type, at.rows, out, known);
}
