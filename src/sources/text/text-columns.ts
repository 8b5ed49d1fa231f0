import type { Column } from '../../data/column.js';
import { regionOf } from '../../data/region.js';
import {
  parseBig, parseBoolean, parseDate, parseDouble, parseTimestamp, parseWhole, textOf, type Instant,
} from '../../data/text-parse.js';
import type { DataType } from '../../data/types.js';
import { unscaled } from '../../data/values.js';

/** The fields of one column: per row where its text lies. A start of -1: null. */
export interface FieldTexts {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Called for a text that is no value of the type; what it returns without throwing makes the row null. */
export type OnWrong = (row: number) => void;

/** A column of the values that texts stand for; undefined: texts cannot have the type. */
export function columnOfTexts(type: DataType, texts: FieldTexts, wrong: OnWrong): Column | undefined {
  switch (type.kind) {
    case 'boolean': return booleans(type, texts, wrong);
    case 'byte': case 'short': case 'int': return ints(type, texts, wrong);
    case 'date': return dates(type, texts, wrong);
    case 'long': return longs(type, texts, wrong);
    case 'timestamp': case 'timestamp_ntz': return timestamps(type, texts, wrong);
    case 'float': case 'double': return doubles(type, texts, wrong);
    case 'decimal': return decimals(type, texts, wrong);
    case 'string': case 'binary': return strings(type, texts);
    default: return undefined;
  }
}

/** A validity bitmap that is made when the first null is met. */
class Nulls {
  #bits: Uint8Array<ArrayBuffer> | null = null;
  readonly #rows: number;

  constructor(rows: number) {
    this.#rows = rows;
  }

  add(row: number): void {
    this.#bits ??= new Uint8Array((this.#rows + 7) >> 3).fill(255);
    this.#bits[row >> 3]! &= ~(1 << (row & 7));
  }

  get validity(): Column['validity'] {
    return this.#bits && { region: regionOf(this.#bits), offset: 0 };
  }
}

function booleans(type: DataType, { bytes, rows, starts, ends }: FieldTexts, wrong: OnWrong): Column {
  const bits = new Uint8Array((rows + 7) >> 3), nulls = new Nulls(rows);
  for (let i = 0; i < rows; ++i) {
    const start = starts[i]!;
    const value = start < 0 ? undefined : parseBoolean(bytes, start, ends[i]!);
    if (value) bits[i >> 3]! |= 1 << (i & 7);
    else if (value === undefined) {
      if (start >= 0) wrong(i);
      nulls.add(i);
    }
  }
  return { type, rows, validity: nulls.validity, bits: { region: regionOf(bits), offset: 0 } };
}

function ints(type: DataType, { bytes, rows, starts, ends }: FieldTexts, wrong: OnWrong): Column {
  const out = new Int32Array(rows), nulls = new Nulls(rows);
  const limit = type.kind === 'byte' ? 2 ** 7 : type.kind === 'short' ? 2 ** 15 : 2 ** 31;
  for (let i = 0; i < rows; ++i) {
    const start = starts[i]!;
    if (start < 0) nulls.add(i);
    else {
      // Even a long text may be a small number: leading zeros may be many.
      const value = parseWhole(bytes, start, ends[i]!) ?? Number(parseBig(bytes, start, ends[i]!));
      if (value >= -limit && value < limit) out[i] = value;
      else {
        wrong(i);
        nulls.add(i);
      }
    }
  }
  return { type, rows, validity: nulls.validity, values: regionOf(out) };
}

function dates(type: DataType, { bytes, rows, starts, ends }: FieldTexts, wrong: OnWrong): Column {
  const out = new Int32Array(rows), nulls = new Nulls(rows);
  for (let i = 0; i < rows; ++i) {
    const start = starts[i]!;
    const value = start < 0 ? undefined : parseDate(bytes, start, ends[i]!);
    if (value !== undefined) out[i] = value;
    else {
      if (start >= 0) wrong(i);
      nulls.add(i);
    }
  }
  return { type, rows, validity: nulls.validity, values: regionOf(out) };
}

/** Stores a whole number of at most 2^53 in size as int64. */
function put(words: Int32Array, index: number, value: number): void {
  words[index * 2] = value | 0; // modulo 2^32, exact
  words[index * 2 + 1] = Math.floor(value / 2 ** 32);
}

function longs(type: DataType, { bytes, rows, starts, ends }: FieldTexts, wrong: OnWrong): Column {
  const out = new BigInt64Array(rows), words = new Int32Array(out.buffer), nulls = new Nulls(rows);
  for (let i = 0; i < rows; ++i) {
    const start = starts[i]!;
    if (start < 0) {
      nulls.add(i);
      continue;
    }
    const value = parseWhole(bytes, start, ends[i]!);
    if (value === undefined) {
      const long = parseBig(bytes, start, ends[i]!)!;
      if (BigInt.asIntN(64, long) === long) {
        out[i] = long;
        continue;
      }
    } else if (!Number.isNaN(value)) {
      put(words, i, value);
      continue;
    }
    wrong(i);
    nulls.add(i);
  }
  return { type, rows, validity: nulls.validity, values: regionOf(out) };
}

function timestamps(type: DataType, { bytes, rows, starts, ends }: FieldTexts, wrong: OnWrong): Column {
  const out = new BigInt64Array(rows), words = new Int32Array(out.buffer), nulls = new Nulls(rows);
  const instant: Instant = { days: 0, micros: 0 };
  for (let i = 0; i < rows; ++i) {
    const start = starts[i]!;
    if (start >= 0 && parseTimestamp(bytes, start, ends[i]!, instant)) {
      const { days, micros } = instant;
      if (days > -100_000 && days < 100_000) put(words, i, days * 86_400_000_000 + micros);
      else out[i] = BigInt(days) * 86_400_000_000n + BigInt(micros);
      continue;
    }
    if (start >= 0) wrong(i);
    nulls.add(i);
  }
  return { type, rows, validity: nulls.validity, values: regionOf(out) };
}

function doubles(type: DataType, { bytes, rows, starts, ends }: FieldTexts, wrong: OnWrong): Column {
  const out = type.kind === 'float' ? new Float32Array(rows) : new Float64Array(rows), nulls = new Nulls(rows);
  for (let i = 0; i < rows; ++i) {
    const start = starts[i]!;
    const value = start < 0 ? undefined : parseDouble(bytes, start, ends[i]!);
    if (value !== undefined) out[i] = value;
    else {
      if (start >= 0) wrong(i);
      nulls.add(i);
    }
  }
  return { type, rows, validity: nulls.validity, values: regionOf(out) };
}

function decimals(type: DataType, { bytes, rows, starts, ends }: FieldTexts, wrong: OnWrong): Column {
  const { precision, scale } = type as { precision: number; scale: number };
  const words = precision <= 18 ? 1 : 2;
  const out = new BigInt64Array(rows * words), nulls = new Nulls(rows);
  for (let i = 0; i < rows; ++i) {
    const start = starts[i]!;
    const value = start < 0 ? undefined : unscaled(textOf(bytes, start, ends[i]!), precision, scale);
    if (value === undefined) {
      if (start >= 0) wrong(i);
      nulls.add(i);
      continue;
    }
    out[i * words] = BigInt.asIntN(64, value);
    if (words === 2) out[i * 2 + 1] = value >> 64n;
  }
  return { type, rows, validity: nulls.validity, values: regionOf(out) };
}

function strings(type: DataType, { bytes, rows, starts, ends }: FieldTexts): Column {
  const nulls = new Nulls(rows), offsets = new Int32Array(rows + 1);
  let total = 0;
  for (let i = 0; i < rows; ++i) {
    if (starts[i]! < 0) nulls.add(i);
    else total += ends[i]! - starts[i]!;
    offsets[i + 1] = total;
  }
  const out = new Uint8Array(total);
  for (let i = 0, to = 0; i < rows; ++i) {
    const start = starts[i]!, end = ends[i]!;
    if (start < 0) continue;
    if (end - start > 48) out.set(bytes.subarray(start, end), to);
    else for (let k = start, o = to; k < end; ++k, ++o) out[o] = bytes[k]!;
    to += end - start;
  }
  return { type, rows, validity: nulls.validity, offsets: regionOf(offsets), values: regionOf(out) };
}
