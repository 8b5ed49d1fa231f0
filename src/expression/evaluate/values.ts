import { AssayError } from '../../base/errors.js';
import { WIDTHS, layoutOf, type DataType } from '../../data/types.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Vector } from '../batch-view.js';
import type { BoundLiteral } from '../bound.js';
import { bitmap, bitmapBytes, nulls, plain, texts } from './vectors.js';

/**
 * One value: integers up to 32 bits, dates, floats as number; longs, decimals (unscaled), timestamps, intervals of
 * seconds as bigint; arrays as arrays, structs as arrays of members, maps as arrays of [key, value].
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[];

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** The value of a literal. */
export function literalValue({ type, value }: BoundLiteral): Value {
  if (value === null) return null;
  switch (type.kind) {
    case 'float': case 'double':
      return value === '-0.0' ? -0 : Number(value);
    case 'long': case 'timestamp': case 'timestamp_ntz': case 'time': case 'interval_ds': case 'decimal':
      return BigInt(value);
    case 'binary':
      return Uint8Array.from(String(value).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
    default:
      return value;
  }
}

/** The literal of a value; null where the type has no literals. */
export function literalOf(type: DataType, value: Value): BoundLiteral | null {
  const literal = (v: BoundLiteral['value']) => Object.freeze({ kind: 'literal' as const, type, value: v });
  if (value === null) return literal(null);
  if (typeof value === 'bigint') return literal(String(value));
  if (value instanceof Uint8Array) return literal(Array.from(value, (b) => b.toString(16).padStart(2, '0')).join(''));
  if (typeof value === 'object') return null;
  if (typeof value === 'number' && Object.is(value, -0)) return literal('-0.0');
  if (typeof value === 'number' && !Number.isFinite(value)) return literal(String(value));
  return literal(value);
}

/** Reads rows of a vector as values; valid until the memory grows. */
export function readerOf(kernels: Kernels, v: Vector): (row: number) => Value {
  const buffer = kernels.memory.buffer;
  const read = v.dictionary ? readIndexed(kernels, v, v.dictionary) : readPlain(kernels, v);
  if (v.validity === 0) return read;
  const known = new Uint8Array(buffer, v.validity, bitmapBytes(v.rows));
  return (i) => ((known[i >> 3]! >> (i & 7)) & 1 ? read(i) : null);
}

function readIndexed(kernels: Kernels, v: Vector, dictionary: Vector): (row: number) => Value {
  const entry = readerOf(kernels, dictionary);
  const indices = new Int32Array(kernels.memory.buffer, v.indices, v.rows);
  return (i) => entry(indices[i]!);
}

function readPlain(kernels: Kernels, v: Vector): (row: number) => Value {
  const buffer = kernels.memory.buffer;
  const { layout, values, rows, type } = v;
  switch (layout) {
    case 'bits': {
      const bits = new Uint8Array(buffer, values, bitmapBytes(rows));
      return (i) => ((bits[i >> 3]! >> (i & 7)) & 1) !== 0;
    }
    case 'i32': {
      const view = new Int32Array(buffer, values, rows);
      return (i) => view[i]!;
    }
    case 'i64': {
      const view = new BigInt64Array(buffer, values, rows);
      return (i) => view[i]!;
    }
    case 'i128': {
      const view = new BigInt64Array(buffer, values, rows * 2);
      return (i) => (view[2 * i + 1]! << 64n) | BigInt.asUintN(64, view[2 * i]!);
    }
    case 'f32': {
      const view = new Float32Array(buffer, values, rows);
      return (i) => view[i]!;
    }
    case 'f64': {
      const view = new Float64Array(buffer, values, rows);
      return (i) => view[i]!;
    }
    case 'utf8': {
      const offsets = new Int32Array(buffer, values, rows + 1);
      const bytes = new Uint8Array(buffer, v.bytes);
      if (type.kind === 'binary') return (i) => bytes.slice(offsets[i]!, offsets[i + 1]!);
      return (i) => text(bytes, offsets[i]!, offsets[i + 1]!);
    }
    case 'list': {
      const offsets = new Int32Array(buffer, values, rows + 1);
      const parts = v.children.map((c) => readerOf(kernels, c));
      const element = type.kind === 'map' ? (j: number) => parts.map((p) => p(j)) : parts[0]!;
      return (i) => {
        const list: Value[] = [];
        for (let j = offsets[i]!; j < offsets[i + 1]!; ++j) list.push(element(j));
        return list;
      };
    }
    case 'struct': {
      const parts = v.children.map((c) => readerOf(kernels, c));
      return (i) => parts.map((p) => p(i));
    }
    case 'none':
      if (type.kind === 'null') return () => null;
      throw new AssayError('UNSUPPORTED', `values of type ${type.kind === 'unsupported' ? type.name : type.kind} cannot be read`);
  }
}

/** Text of a run of UTF-8 bytes; short ASCII without the decoder. */
function text(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 24) return decoder.decode(bytes.subarray(start, end));
  let ascii = '';
  for (let i = start; i < end; ++i) {
    const byte = bytes[i]!;
    if (byte >= 128) return decoder.decode(bytes.subarray(start, end));
    ascii += String.fromCharCode(byte);
  }
  return ascii;
}

/** A vector of values in scratch memory. */
export function vectorOf(kernels: Kernels, type: DataType, values: readonly Value[]): Vector {
  const rows = values.length;
  const layout = layoutOf(type);
  if (layout === 'none') return nulls(kernels, type, rows);
  const validity = values.includes(null) ? writeBits(kernels, rows, (i) => values[i] !== null) : 0;
  const { scratch, memory } = kernels;
  switch (layout) {
    case 'bits':
      return plain(type, rows, writeBits(kernels, rows, (i) => values[i] === true), validity);
    case 'i32': case 'f32': case 'f64': {
      const at = scratch.alloc(rows * WIDTHS[layout]);
      const Make = layout === 'i32' ? Int32Array : layout === 'f32' ? Float32Array : Float64Array;
      const view = new Make(memory.buffer, at, rows);
      for (let i = 0; i < rows; ++i) view[i] = (values[i] as number | null) ?? 0;
      return plain(type, rows, at, validity);
    }
    case 'i64': {
      const at = scratch.alloc(rows * 8);
      const view = new BigInt64Array(memory.buffer, at, rows);
      for (let i = 0; i < rows; ++i) view[i] = (values[i] as bigint | null) ?? 0n;
      return plain(type, rows, at, validity);
    }
    case 'i128': {
      const at = scratch.alloc(rows * 16);
      const view = new BigInt64Array(memory.buffer, at, rows * 2);
      for (let i = 0; i < rows; ++i) {
        const x = (values[i] as bigint | null) ?? 0n;
        view[2 * i] = BigInt.asIntN(64, x);
        view[2 * i + 1] = BigInt.asIntN(64, x >> 64n);
      }
      return plain(type, rows, at, validity);
    }
    case 'utf8':
      return writeTexts(kernels, type, values as readonly (string | Uint8Array | null)[], validity);
    case 'list': {
      const lists = values as readonly (readonly Value[] | null)[];
      const at = scratch.alloc((rows + 1) * 4);
      const all: Value[] = [];
      const ends = lists.map((list) => {
        for (const x of list ?? []) all.push(x);
        return all.length;
      });
      new Int32Array(memory.buffer, at, rows + 1).set([0, ...ends]);
      const children =
        type.kind === 'map'
          ? [type.key, type.value].map((t, k) => vectorOf(kernels, t, all.map((pair) => (pair as readonly Value[])[k]!)))
          : [vectorOf(kernels, (type as { element: DataType }).element, all)];
      return { type, layout, rows, validity, values: at, bytes: 0, children, indices: 0, dictionary: null };
    }
    case 'struct': {
      const fields = type.kind === 'struct' ? type.fields : [];
      const member = (s: Value, k: number) => (s === null ? null : (s as readonly Value[])[k]!);
      const children = fields.map((f, k) => vectorOf(kernels, f.type, values.map((s) => member(s, k))));
      return { type, layout, rows, validity, values: 0, bytes: 0, children, indices: 0, dictionary: null };
    }
  }
}

/** A bitmap of the rows for which a test holds. */
export function writeBits(kernels: Kernels, rows: number, test: (row: number) => boolean): number {
  const at = bitmap(kernels, rows);
  const bits = new Uint8Array(kernels.memory.buffer, at, bitmapBytes(rows)).fill(0);
  for (let i = 0; i < rows; ++i) if (test(i)) bits[i >> 3]! |= 1 << (i & 7);
  return at;
}

function writeTexts(kernels: Kernels, type: DataType, values: readonly (string | Uint8Array | null)[], validity: number): Vector {
  const rows = values.length;
  let most = 0;
  for (const v of values) most += v === null ? 0 : typeof v === 'string' ? v.length * 3 : v.length;
  if (most > 0x7fffffff) throw new AssayError('EVALUATION', `a batch of ${rows} strings may exceed 2 GB; use smaller batches`);
  const offsets = kernels.scratch.alloc((rows + 1) * 4);
  const bytes = kernels.scratch.alloc(most);
  const ends = new Int32Array(kernels.memory.buffer, offsets, rows + 1);
  const out = new Uint8Array(kernels.memory.buffer, bytes, most);
  let at = 0;
  ends[0] = 0;
  for (let i = 0; i < rows; ++i) {
    const v = values[i];
    if (typeof v === 'string') {
      at += encoder.encodeInto(v, out.subarray(at)).written;
    } else if (v) {
      out.set(v, at);
      at += v.length;
    }
    ends[i + 1] = at;
  }
  return texts(type, rows, offsets, bytes, validity);
}
