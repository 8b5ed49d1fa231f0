import { readFileRange } from '#platform';
import { AssayError, asAssayError } from '../../base/errors.js';
import type { TablePart } from '../contract.js';
import { BYTES, UNIT, unitsOf } from './record.js';

/**
 * A part of a table state as bytes, little-endian:
 *
 *     0  u32  magic "ATBL"        4  u16  version 1          6  u16  flags: 1 aggregated, 2 measured, 4 keeps keys
 *     8  u32  shape: types of the key parts, hashed          12  u32  seed: of the fingerprints, 0 where keys are kept
 *     16  f64  rows whose key parts are all null             24  i64  wrapping sum of their measures
 *     32  f64  how many of those measures were not null      40  f64  bytes of records
 *     48  16 bytes reserved, zero                            64  records, see record.ts
 *
 * Aggregated: no key occurs twice. Keys of a part have the same upper six bits of the partition hash (log.ts).
 * Stores that keep records sorted by key can say so with a further flag.
 */
export interface PartHeader {
  readonly aggregated: boolean;
  readonly measured: boolean;
  readonly keepsKeys: boolean;
  readonly shape: number;
  readonly seed: number;
  readonly nulls: NullGroup;
  readonly recordBytes: number;
}

/** The group whose key parts are all null. */
export interface NullGroup {
  readonly rows: number;
  /** Sum of the known measures, int64. */
  readonly sum: bigint;
  readonly known: number;
}

export const NO_NULLS: NullGroup = Object.freeze({ rows: 0, sum: 0n, known: 0 });
export const HEADER = 64;
const MAGIC = 0x4c425441;
const VERSION = 1;

/** Writes a header into the first bytes of a part. */
export function writeHeader(into: ArrayBuffer, h: PartHeader): void {
  const view = new DataView(into, 0, HEADER);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(6, (h.aggregated ? 1 : 0) | (h.measured ? 2 : 0) | (h.keepsKeys ? 4 : 0), true);
  view.setUint32(8, h.shape, true);
  view.setUint32(12, h.seed, true);
  view.setFloat64(16, h.nulls.rows, true);
  view.setBigInt64(24, h.nulls.sum, true);
  view.setFloat64(32, h.nulls.known, true);
  view.setFloat64(40, h.recordBytes, true);
}

/** Reads the header of a part of that many bytes; refuses what is not one. */
export function readHeader(view: DataView, length: number, where: string): PartHeader {
  if (length < HEADER) throw broken(where, 0, `${length} bytes are too few`);
  if (view.getUint32(0, true) !== MAGIC) throw broken(where, 0, 'no such magic number');
  const version = view.getUint16(4, true);
  if (version !== VERSION) throw broken(where, 4, `version ${version} is not ${VERSION}`);
  const flags = view.getUint16(6, true);
  if (flags > 7) throw broken(where, 6, `unknown flags ${flags}`);
  const rows = view.getFloat64(16, true);
  const known = view.getFloat64(32, true);
  if (!isCount(rows) || !isCount(known) || known > rows) throw broken(where, 16, `${rows} and ${known} null keys`);
  const recordBytes = view.getFloat64(40, true);
  if (recordBytes !== length - HEADER || recordBytes % UNIT !== 0) {
    throw broken(where, 40, `${recordBytes} bytes of records were promised and ${length - HEADER} are there`);
  }
  return {
    aggregated: (flags & 1) !== 0, measured: (flags & 2) !== 0, keepsKeys: (flags & 4) !== 0,
    shape: view.getUint32(8, true), seed: view.getUint32(12, true),
    nulls: { rows, sum: view.getBigInt64(24, true), known }, recordBytes,
  };
}

/** The header of a part, wherever it lies. */
export function headerOf(part: TablePart): PartHeader {
  if ('bytes' in part) return readHeader(new DataView(part.bytes), part.bytes.byteLength, placeOf(part));
  const head = new Uint8Array(HEADER);
  if (part.length >= HEADER) loadPart(part, 0, head);
  return readHeader(new DataView(head.buffer), part.length, placeOf(part));
}

/** A part's bytes in memory. */
export function bytesOfPart(part: TablePart): ArrayBuffer {
  if ('bytes' in part) return part.bytes;
  const bytes = new Uint8Array(part.length);
  loadPart(part, 0, bytes);
  return bytes.buffer;
}

/** Copies bytes of a part from an offset on. */
export function loadPart(part: TablePart, from: number, into: Uint8Array): void {
  if ('bytes' in part) return into.set(new Uint8Array(part.bytes, from, into.length));
  try {
    readFileRange(part.path, part.offset + from, into);
  } catch (error) {
    throw asAssayError(error, 'STATE', `${placeOf(part)} cannot be read`);
  }
}

/** Where a part lies, for messages. */
export function placeOf(part: TablePart): string {
  return 'bytes' in part ? 'table part' : `table part at ${part.path}:${part.offset}`;
}

/** The records of an aggregated part as 32-bit words. */
export function recordsOf(bytes: ArrayBuffer): Uint32Array {
  return new Uint32Array(bytes, HEADER);
}

/** The units at which records start; refuses records that are none. */
export function indexOf(words: Uint32Array, where: string): Uint32Array {
  const units = words.length / 4;
  const index = new Uint32Array(units);
  let n = 0;
  for (let unit = 0; unit < units; n++) {
    const high = words[unit * 4 + 3]!;
    const kind = (high >>> 24) & 127;
    const low = words[unit * 4 + 2]!;
    const wrong = kind === 0 || kind > BYTES || (kind === BYTES && ((high & 0xffffff) !== 0 || low <= 15));
    if (wrong) throw broken(where, HEADER + unit * UNIT, 'not a record');
    index[n] = unit;
    unit += unitsOf(high, low);
    if (unit > units) throw broken(where, HEADER + index[n]! * UNIT, 'a record ends behind the end');
  }
  return index.subarray(0, n);
}

/** A part that cannot be read. */
export function broken(where: string, offset: number, what: string): AssayError {
  return new AssayError('STATE', `${where} is corrupt at byte ${offset}: ${what}`);
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}
