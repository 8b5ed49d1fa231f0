import { AssayError } from '../../base/errors.js';
import { INT, LONG, type DataType } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import { lenient, type Evaluation, type FunctionTable } from './evaluation.js';
import { hashInto } from './hashes.js';
import { rowwiseWithNulls } from './rowwise.js';
import type { Value } from './values.js';
import { plain } from './vectors.js';

const SEED = 42;

function xxhash64(call: BoundCall, at: Evaluation): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  const vectors = call.args.map((a) => at.flat(a));
  new BigInt64Array(at.kernels.memory.buffer, out, at.rows).fill(BigInt(SEED));
  for (const v of vectors) hashInto(at.kernels, v, 0, BigInt(SEED), out, out);
  return plain(LONG, at.rows, out, 0);
}

// Murmur3 (x86, 32 bits) as Spark applies it: whole words, then the trailing bytes one by one, signed.

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

function mix(h: number, k: number): number {
  const k1 = Math.imul(rotate(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotate(h ^ k1, 13), 5) + 0xe6546b64) | 0;
}

function finish(h: number, length: number): number {
  let x = h ^ length;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

const hashInt = (x: number, seed: number): number => finish(mix(seed, x), 4);

function hashLong(x: bigint, seed: number): number {
  return finish(mix(mix(seed, Number(BigInt.asIntN(32, x))), Number(BigInt.asIntN(32, x >> 32n))), 8);
}

function hashBytes(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length & ~3;
  let h = seed;
  for (let i = 0; i < whole; i += 4) h = mix(h, view.getInt32(i, true));
  for (let i = whole; i < bytes.length; ++i) h = mix(h, view.getInt8(i));
  return finish(h, bytes.length);
}

const bits = new DataView(new ArrayBuffer(8));

/** NaN with the one bit pattern that Java hashes: results of functions may carry others. */
const oneNaN = (x: number): number => (Number.isNaN(x) ? NaN : x);

/** The shortest big-endian two's complement bytes of an integer. */
function integerBytes(x: bigint): Uint8Array {
  let length = 1;
  while (BigInt.asIntN(length * 8, x) !== x) ++length;
  return Uint8Array.from({ length }, (_, i) => Number((x >> BigInt(8 * (length - 1 - i))) & 255n));
}

/** Murmur3 of a value of a type; null leaves the seed. */
function murmur(type: DataType, x: Value, seed: number): number {
  if (x === null) return seed;
  switch (type.kind) {
    case 'boolean': return hashInt(x ? 1 : 0, seed);
    case 'byte': case 'short': case 'int': case 'date': case 'interval_ym': return hashInt(x as number, seed);
    case 'long': case 'timestamp': case 'timestamp_ntz': case 'time': case 'interval_ds': return hashLong(x as bigint, seed);
    case 'float':
      bits.setFloat32(0, x === 0 ? 0 : oneNaN(x as number));
      return hashInt(bits.getInt32(0), seed);
    case 'double':
      bits.setFloat64(0, x === 0 ? 0 : oneNaN(x as number));
      return hashLong(bits.getBigInt64(0), seed);
    case 'decimal': return type.precision <= 18 ? hashLong(x as bigint, seed) : hashBytes(integerBytes(x as bigint), seed);
    case 'string': return hashBytes(new TextEncoder().encode(x as string), seed);
    case 'binary': return hashBytes(x as Uint8Array, seed);
    case 'array': return (x as readonly Value[]).reduce<number>((h, v) => murmur(type.element, v, h), seed);
    case 'struct': return (x as readonly Value[]).reduce<number>((h, v, i) => murmur(type.fields[i]!.type, v, h), seed);
    default: throw new AssayError('UNSUPPORTED', `a value of type ${type.kind} cannot be hashed`);
  }
}

/** Murmur3 of columns of plain values; null where one is nested. */
function murmurColumns(call: BoundCall, at: Evaluation): Vector | null {
  const vectors = call.args.map((a) => at.flat(a));
  const isPlain = ({ layout, type }: Vector) =>
    layout === 'none' ? type.kind === 'null' : layout !== 'list' && layout !== 'struct';
  if (!vectors.every(isPlain)) return null;
  const { fn, scratch, memory } = at.kernels;
  const out = scratch.alloc(at.rows * 4);
  const bytesAt = scratch.alloc(16);
  const n = at.rows;
  new Int32Array(memory.buffer, out, n).fill(SEED);
  for (const { layout, values, bytes, validity } of vectors) {
    switch (layout) {
      case 'bits': fn.murmurBits(values, validity, n, out); break;
      case 'i32': fn.murmurI32(values, validity, n, out); break;
      case 'i64': fn.murmurI64(values, validity, n, out); break;
      case 'i128': fn.murmurI128(values, validity, n, bytesAt, out); break;
      case 'f32': fn.murmurF32(values, validity, n, out); break;
      case 'f64': fn.murmurF64(values, validity, n, out); break;
      case 'utf8': fn.murmurUtf8(values, bytes, validity, n, out); break;
      default: break; // nulls leave the hash as it is
    }
  }
  return plain(INT, n, out, 0);
}

const murmurByRow = rowwiseWithNulls((call) => {
  const types = call.args.map((a) => a.type);
  return (args) => args.reduce<number>((h, x, i) => murmur(types[i]!, x, h), SEED);
});

/** Hashes of rows. */
export const rowHashes: FunctionTable = {
  xxhash64: lenient(xxhash64),
  hash: lenient((call, at) => murmurColumns(call, at) ?? murmurByRow.evaluate(call, at)),
};
