import { DOUBLE, LONG, type DataType } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound } from '../bound.js';
import type { Evaluation } from './evaluation.js';
import { power10 } from './decimals.js';
import { compareInto } from './operators.js';
import { parseAsDecimal, parseFloating, parseInteger } from './parse-values.js';
import { literalOf, readerOf } from './values.js';
import { bitmap, bitmapBytes, bothKnown, plain } from './vectors.js';
import { decimals, type Decimal } from './wide-columns.js';

const BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, int: 32 };

/**
 * A string column as numbers or truths of a type: plain numbers by a kernel, the rest here; null if the type is not parsed so.
 * `whole`: whole numbers have no fraction.
 */
export function parseColumn(to: DataType, e: Bound, whole: boolean, at: Evaluation): Vector | null {
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
    case 'boolean': {
      const v = at.flat(e);
      const [out, known] = [bitmap(at.kernels, n), bitmap(at.kernels, n)];
      fn.parseBits(v.values, v.bytes, n, out, known);
      return plain(to, n, out, bothKnown(at.kernels, n, v.validity, known));
    }
    case 'decimal':
      return decimalsOf(to, at.flat(e), at);
    case 'long':
      return longs(e, whole, at);
    case 'byte': case 'short': case 'int': {
      const v = longs(e, whole, at);
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
  return parsed(DOUBLE, e, at, at.kernels.fn.parseF64, powers, parseFloating);
}

function longs(e: Bound, whole: boolean, at: Evaluation): Vector {
  const powers = at.kernels.scratch.alloc(19 * 8);
  new BigInt64Array(at.kernels.memory.buffer, powers, 19).set(Array.from({ length: 19 }, (_, k) => power10(k)));
  const run: Run = (offsets, bytes, mask, n, room, table, out, known, pending) =>
    at.kernels.fn.parseI64(offsets, bytes, mask, n, room, table, Number(whole), out, known, pending);
  return parsed(LONG, e, at, run, powers, (text) => parseInteger(text, 64, !whole));
}

type Run = Evaluation['kernels']['fn']['parseF64'];

function parsed(
  type: DataType, e: Bound, at: Evaluation, run: Run, powers: Pointer, rest: (text: string) => number | bigint | null,
): Vector {
  const v = at.flat(e);
  const { scratch } = at.kernels;
  const out = scratch.alloc(at.rows * 8);
  const known = bitmap(at.kernels, at.rows);
  const pending = bitmap(at.kernels, at.rows);
  const room = scratch.alloc(16);
  if (run(v.values, v.bytes, v.validity, at.rows, room, powers, out, known, pending) > 0) {
    const { buffer } = at.kernels.memory;
    const values = type.kind === 'double' ? new Float64Array(buffer, out, at.rows) : new BigInt64Array(buffer, out, at.rows);
    readRest(v, known, pending, at, rest, (i, value) => { values[i] = value; });
  }
  return plain(type, at.rows, out, known);
}

/** Texts as decimals: HALF_UP, null where they are none or do not fit. */
export function decimalsOf(to: Decimal, v: Vector, at: Evaluation): Vector {
  const { fn, scratch, memory } = at.kernels;
  const out = scratch.alloc(at.rows * 16);
  const known = bitmap(at.kernels, at.rows);
  const pending = bitmap(at.kernels, at.rows);
  if (fn.wideParse(v.values, v.bytes, v.validity, at.rows, to.precision, to.scale, out, known, pending) > 0) {
    const words = new BigInt64Array(memory.buffer, out, at.rows * 2);
    readRest(v, known, pending, at, (text) => parseAsDecimal(text, to.precision, to.scale), (i, value) => {
      words[2 * i] = BigInt.asIntN(64, value);
      words[2 * i + 1] = value >> 64n;
    });
  }
  return decimals(to, out, known, at);
}

/** What a kernel left over, by the text itself: digits of other scripts, hexadecimal numbers, very many digits. */
function readRest<T>(
  v: Vector, known: Pointer, pending: Pointer, at: Evaluation, read: (text: string) => T | null, put: (row: number, value: T) => void,
): void {
  const text = readerOf(at.kernels, v);
  const bits = new Uint8Array(at.kernels.memory.buffer, known, bitmapBytes(at.rows));
  const open = new Uint8Array(at.kernels.memory.buffer, pending, bitmapBytes(at.rows));
  for (let i = 0; i < at.rows; ++i) {
    if (!((open[i >> 3]! >> (i & 7)) & 1)) continue;
    const value = read(text(i) as string);
    if (value === null) continue;
    put(i, value);
    bits[i >> 3]! |= 1 << (i & 7);
  }
}
