import { fnv1a } from '../base/checksum.js';
import { copied } from '../base/copied.js';
import { AssayError } from '../base/errors.js';
import { SPARK_SEED, xxh64 } from '../sketches/xxh64.js';
import { requestKey, type FieldFormat, type FieldValue, type RecordSpec, type Request } from './contract.js';

/**
 * Record states as bytes, between threads and in stores. Little-endian throughout:
 *
 *   | 0 magic "ASST" | 4 uint8 format version 1 | 5 uint8 length k of the name | 6 name (ASCII, k bytes)
 *   | uint16 version of the state | uint64 XXH64 (seed 42) of the request's key in UTF-8
 *   | fields in the order of the spec | uint32 FNV-1a of all bytes before |
 *
 * Fields:
 *
 *   count  int64, 0 … 2^53 - 1
 *   i128   uint8 k, then k bytes of two's complement, as few as hold the number
 *          (more than 16 where a sum of decimals needs them)
 *   f64    float64; every NaN as 0x7ff8000000000000
 *   f64s   uint32 n, then n float64
 *   bytes  uint32 n, then n bytes
 *   value  uint8 tag: 0 null; 1 boolean, uint8; 2 number, float64; 3 integer, as i128;
 *          4 text, as bytes in UTF-8; 5 bytes
 *
 * Equal states of one request have equal bytes.
 */
const MAGIC = 0x54535341; // "ASST"
const FORMAT = 1;
const TAIL = 4;

/** The bytes of a state. */
export function encodeState<Q, S extends object>(spec: RecordSpec<Q, S>, request: Request<Q>, state: S): Uint8Array {
  const w = new Writer();
  w.u32(MAGIC);
  w.u8(FORMAT);
  const name = new TextEncoder().encode(spec.name);
  w.u8(name.length);
  w.raw(name);
  w.u16(spec.version);
  w.u64(requestHash(request));
  for (const [field, format] of fieldsOf(spec)) {
    writeField(w, format, state[field as keyof S] as FieldValue, spec.name, field);
  }
  w.u32(fnv1a(w.written));
  return w.done();
}

/** The state in some bytes, which must be of that request; throws a STATE error that names what is wrong and where. */
export function decodeState<Q, S extends object>(spec: RecordSpec<Q, S>, request: Request<Q>, bytes: Uint8Array): S {
  const r = new Reader(bytes, `state ${spec.name}`);
  if (bytes.length < TAIL) throw r.wrong(0, `has ${bytes.length} bytes, fewer than any state`);
  const end = bytes.length - TAIL;
  const sum = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(end, true);
  if (sum !== fnv1a(bytes.subarray(0, end))) throw r.wrong(end, 'is damaged: its checksum does not fit');
  const header = readHeader(r);
  if (header.name !== spec.name) throw r.wrong(5, `is of another state, ${header.name}`);
  if (header.version !== spec.version) {
    throw r.wrong(6 + spec.name.length, `has version ${header.version}; this program reads version ${spec.version}`);
  }
  if (header.request !== requestHash(request)) {
    throw r.wrong(8 + spec.name.length, 'was made for another request: inputs, filter or options differ');
  }
  const state: Record<string, FieldValue> = {};
  for (const [field, format] of fieldsOf(spec)) state[field] = readField(r, format, field);
  if (r.at !== end) throw r.wrong(r.at, `has ${end - r.at} bytes too many`);
  spec.check?.(state as S, request);
  return state as S;
}

/** What the header of a state says. */
export interface StateHeader {
  readonly name: string;
  readonly version: number;
  /** XXH64 of the request's key. */
  readonly request: bigint;
}

/** Reads only the header. */
export function stateHeader(bytes: Uint8Array): StateHeader {
  return readHeader(new Reader(bytes, 'state'));
}

function readHeader(r: Reader): StateHeader {
  if (r.u32('magic') !== MAGIC) throw r.wrong(0, 'does not begin like a state');
  const format = r.u8('format');
  if (format !== FORMAT) throw r.wrong(4, `has format ${format}; this program reads format ${FORMAT}`);
  const name = String.fromCharCode(...r.raw(r.u8('length of the name'), 'name'));
  return { name, version: r.u16('version'), request: r.u64('request') };
}

const hashes = new WeakMap<Request, bigint>();

/** The hash of a request by which a state is known to be its. */
export function requestHash(request: Request<any>): bigint {
  let hash = hashes.get(request);
  if (hash === undefined) {
    hash = xxh64(new TextEncoder().encode(requestKey(request)), SPARK_SEED);
    hashes.set(request, hash);
  }
  return hash;
}

function fieldsOf(spec: RecordSpec<any, any>): [string, FieldFormat][] {
  return Object.entries(spec.fields) as [string, FieldFormat][];
}

function writeField(w: Writer, format: FieldFormat, value: FieldValue, state: string, field: string): void {
  const unfit = () => {
    return new AssayError('INTERNAL', `field ${field} of state ${state} is not a ${format}: ${String(value)}`);
  };
  switch (format) {
    case 'count':
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw unfit();
      return w.u64(BigInt(value));
    case 'i128':
      if (typeof value !== 'bigint') throw unfit();
      return w.integer(value);
    case 'f64':
      if (typeof value !== 'number') throw unfit();
      return w.f64(value);
    case 'f64s':
      if (!(value instanceof Float64Array)) throw unfit();
      w.u32(value.length);
      for (const x of value) w.f64(x);
      return;
    case 'bytes':
      if (!(value instanceof Uint8Array)) throw unfit();
      return w.sized(value);
    case 'value':
      if (value === null) return w.u8(0);
      if (typeof value === 'boolean') return w.u8(1), w.u8(Number(value));
      if (typeof value === 'number') return w.u8(2), w.f64(value);
      if (typeof value === 'bigint') return w.u8(3), w.integer(value);
      if (typeof value === 'string') return w.u8(4), w.sized(new TextEncoder().encode(value));
      if (value instanceof Uint8Array) return w.u8(5), w.sized(value);
      throw unfit();
  }
}

function readField(r: Reader, format: FieldFormat, field: string): FieldValue {
  const { at } = r;
  switch (format) {
    case 'count': {
      const count = r.u64(field);
      if (count > BigInt(Number.MAX_SAFE_INTEGER)) {
        throw r.wrong(at, `has the impossible count ${count} in field ${field}`);
      }
      return Number(count);
    }
    case 'i128': return r.integer(field);
    case 'f64': return r.f64(field);
    case 'f64s': {
      const n = r.u32(field);
      r.need(8 * n, field);
      return Float64Array.from({ length: n }, () => r.f64(field));
    }
    case 'bytes': return r.raw(r.u32(field), field);
    case 'value': {
      const tag = r.u8(field);
      switch (tag) {
        case 0: return null;
        case 1: {
          const bit = r.u8(field);
          if (bit > 1) throw r.wrong(at + 1, `has a boolean of ${bit} in field ${field}`);
          return bit === 1;
        }
        case 2: return r.f64(field);
        case 3: return r.integer(field);
        case 4: {
          const raw = r.raw(r.u32(field), field);
          try {
            return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
          } catch (cause) {
            throw r.wrong(at, `has text that is not UTF-8 in field ${field}`, cause);
          }
        }
        case 5: return r.raw(r.u32(field), field);
        default: throw r.wrong(at, `has a value of the unknown kind ${tag} in field ${field}`);
      }
    }
  }
}

/** What states are written to: one at a time, and the next one where this one was. */
let page = new Uint8Array(4096);
const PAGE_KEPT = 1 << 20;

class Writer {
  #bytes = page;
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  #room(n: number): number {
    const at = this.#at;
    this.#at += n;
    if (this.#at > this.#bytes.length) {
      const bigger = new Uint8Array(Math.max(this.#at, 2 * this.#bytes.length));
      bigger.set(this.#bytes.subarray(0, at));
      this.#bytes = bigger;
      this.#view = new DataView(bigger.buffer);
    }
    return at;
  }

  u8(x: number): void { const at = this.#room(1); this.#view.setUint8(at, x); }
  u16(x: number): void { const at = this.#room(2); this.#view.setUint16(at, x, true); }
  u32(x: number): void { const at = this.#room(4); this.#view.setUint32(at, x, true); }
  u64(x: bigint): void { const at = this.#room(8); this.#view.setBigUint64(at, x, true); }
  f64(x: number): void { const at = this.#room(8); this.#view.setFloat64(at, Number.isNaN(x) ? NaN : x, true); }
  raw(bytes: Uint8Array): void { const at = this.#room(bytes.length); this.#bytes.set(bytes, at); }

  sized(bytes: Uint8Array): void {
    this.u32(bytes.length);
    this.raw(bytes);
  }

  integer(x: bigint): void {
    let k = 1;
    while (BigInt.asIntN(8 * k, x) !== x) ++k;
    this.u8(k);
    for (let i = 0; i < k; ++i) this.u8(Number(BigInt.asUintN(8, x >> BigInt(8 * i))));
  }

  /** What was written so far, until more is. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  done(): Uint8Array {
    if (this.#bytes.length <= PAGE_KEPT) page = this.#bytes;
    return this.#bytes.slice(0, this.#at);
  }
}

class Reader {
  at = 0;
  #bytes: Uint8Array;
  #view: DataView;
  #what: string;

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
  }

  wrong(at: number, message: string, cause?: unknown): AssayError {
    return new AssayError('STATE', `${this.#what} ${message} (offset ${at})`, { cause });
  }

  need(n: number, what: string): number {
    const { at } = this;
    const left = this.#bytes.length - at;
    if (n > left) throw this.wrong(at, `ends in ${what}, where ${n} bytes are needed and ${left} are left`);
    return at;
  }

  #take(n: number, what: string): number {
    const at = this.need(n, what);
    this.at += n;
    return at;
  }

  u8(what: string): number { return this.#view.getUint8(this.#take(1, what)); }
  u16(what: string): number { return this.#view.getUint16(this.#take(2, what), true); }
  u32(what: string): number { return this.#view.getUint32(this.#take(4, what), true); }
  u64(what: string): bigint { return this.#view.getBigUint64(this.#take(8, what), true); }
  f64(what: string): number { return this.#view.getFloat64(this.#take(8, what), true); }

  raw(n: number, what: string): Uint8Array {
    const at = this.#take(n, what);
    return copied(this.#bytes, at, at + n);
  }

  integer(what: string): bigint {
    const { at } = this;
    const k = this.u8(what);
    if (k === 0) throw this.wrong(at, `has an integer without bytes in field ${what}`);
    const raw = this.raw(k, what);
    let x = 0n;
    for (let i = k - 1; i >= 0; --i) x = (x << 8n) | BigInt(raw[i]!);
    return BigInt.asIntN(8 * k, x);
  }
}
