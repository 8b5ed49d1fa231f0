import { AssayError } from '../../base/errors.js';
import type { CountsView, GroupView, Hashed, TablePart } from '../contract.js';
import { keyReader } from './decode.js';
import type { KeyParts } from './key-parts.js';
import { broken, bytesOfPart, headerOf, indexOf, placeOf, recordsOf, HEADER, type PartHeader } from './part.js';
import { BYTES, NARROW, UNIT, rowsAt, unitsOf } from './record.js';
import { hashesOfKeys } from './row-hashes.js';

const SMALL_COUNTS = 1024;

/** How often the groups of a merged part occur, in ascending order of counts; `hashed`: with the repeated ones' keys. */
export function countsOf(part: TablePart, shape: number, hashed: Hashed | null = null): CountsView {
  const where = placeOf(part);
  const header = merged(part, shape, where);
  const words = recordsOf(bytesOfPart(part));
  const units = words.length / 4;
  const small = new Float64Array(SMALL_COUNTS);
  const large = new Map<number, number>();
  const repeated: number[] = [];
  for (let unit = 0; unit < units; ) {
    const high = words[unit * 4 + 3]!;
    const kind = (high >>> 24) & 127;
    const next = unit + unitsOf(high, words[unit * 4 + 2]!);
    const rows = next > units ? 0 : rowsAt(words, unit);
    if (kind === 0 || kind > BYTES || rows === 0) throw broken(where, HEADER + unit * UNIT, 'not a record');
    if (rows < SMALL_COUNTS) small[rows]!++;
    else large.set(rows, (large.get(rows) ?? 0) + 1);
    if (hashed && rows > 1) repeated.push(unit);
    unit = next;
  }
  const counts: number[] = [];
  const groups: number[] = [];
  for (let rows = 1; rows < SMALL_COUNTS; rows++) {
    if (small[rows] === 0) continue;
    counts.push(rows);
    groups.push(small[rows]!);
  }
  for (const [rows, n] of [...large].sort((a, b) => a[0] - b[0])) {
    counts.push(rows);
    groups.push(n);
  }
  const found = { counts, groups, allNull: header.nulls.rows };
  return hashed ? { ...found, repeated: hashesOfKeys(keysAt(words, repeated), hashed) } : found;
}

/** The keys of the records at some units, without their rows. */
function keysAt(words: Uint32Array, units: readonly number[]): Uint32Array {
  const keys = new Uint32Array(units.length * 4);
  units.forEach((unit, i) => {
    const kind = (words[unit * 4 + 3]! >>> 24) & 127;
    keys[i * 4] = words[unit * 4]!;
    keys[i * 4 + 1] = words[unit * 4 + 1]!;
    keys[i * 4 + 2] = kind <= NARROW ? 0 : words[unit * 4 + 2]!;
    keys[i * 4 + 3] = kind <= NARROW ? kind << 24 : words[unit * 4 + 3]! & 0x7fffffff;
  });
  return keys;
}

/** The groups of a merged part; the group whose key parts are all null is the last one, if there is one. */
export function groupsOf(part: TablePart, parts: KeyParts): GroupView {
  const where = placeOf(part);
  const { nulls, keepsKeys, measured } = merged(part, parts.shape, where);
  if (!keepsKeys) throw new AssayError('STATE', `${where} keeps counts only: keys cannot be read from it`);
  const bytes = bytesOfPart(part);
  const words = recordsOf(bytes);
  const index = indexOf(words, where);
  const sums = new BigInt64Array(bytes, HEADER);
  const key = keyReader(parts, bytes, where);
  const size = index.length + (nulls.rows > 0 ? 1 : 0);
  const unitAt = (i: number) => {
    const unit = index[i];
    if (unit === undefined) throw new AssayError('INVALID_ARGUMENT', `group ${i} of ${size}`);
    return unit;
  };
  return {
    size,
    count: (i) => (i === index.length && i < size ? nulls.rows : rowsAt(words, unitAt(i))),
    measure(i) {
      if (!measured) return null;
      if (i === index.length && i < size) return nulls.known > 0 ? nulls.sum : null;
      const unit = unitAt(i);
      return words[unit * 4 + 3]! >>> 31 && words[unit * 4 + 5]! >>> 31 ? sums[unit * 2 + 3]! : null;
    },
    key: (i, part) => (i === index.length && i < size ? null : key(unitAt(i), part)),
  };
}

function merged(part: TablePart, shape: number, where: string): PartHeader {
  const header = headerOf(part);
  if (header.shape !== shape) throw new AssayError('STATE', `${where} groups by other types than the request`);
  if (!header.aggregated) throw new AssayError('STATE', `${where} was not merged: keys may occur in it more than once`);
  return header;
}
