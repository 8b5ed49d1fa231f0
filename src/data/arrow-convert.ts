import { AssayError } from '../base/errors.js';
import { bufferOf, regionOf, type Region } from './region.js';

/** Integers of 1, 2 or 4 bytes, or of 8 that must be indices, as int32. */
export function toInt32(from: Region, rows: number, width: 1 | 2 | 4 | 8, signed: boolean): Region {
  if (width === 4) return from;
  const buffer = bufferOf(from);
  if (width === 1) {
    return regionOf(Int32Array.from(signed ?
      new Int8Array(buffer, from.at, rows) :
      new Uint8Array(buffer, from.at, rows)));
  }
  if (width === 2) {
    return regionOf(Int32Array.from(signed ?
      new Int16Array(buffer, from.at, rows) :
      new Uint16Array(buffer, from.at, rows)));
  }
  return narrowed(from, rows, 'dictionary index');
}

/** Narrows int64 values that must be offsets or indices to int32. */
export function narrowed(from: Region, count: number, what: string): Region {
  const words = new Int32Array(bufferOf(from), from.at, count * 2);
  const out = new Int32Array(count);
  for (let i = 0; i < count; ++i) {
    const low = words[i * 2]!;
    if (words[i * 2 + 1] !== 0 || low < 0) {
      throw new AssayError('UNSUPPORTED', `${what} ${i} is outside of 0 to 2147483647`);
    }
    out[i] = low;
  }
  return regionOf(out);
}

/** Widens uint32 to int64. */
export function unsignedToInt64(from: Region, rows: number): Region {
  const values = new Int32Array(bufferOf(from), from.at, rows);
  const out = new Int32Array(rows * 2);
  for (let i = 0; i < rows; ++i) out[i * 2] = values[i]!;
  return regionOf(out);
}

/** Brings little-endian two's complement integers to another width; values are known to fit. */
export function resized(from: Region, rows: number, width: number, to: number): Region {
  if (width === to) return from;
  const source = width / 4, target = to / 4, kept = Math.min(source, target);
  const values = new Int32Array(bufferOf(from), from.at, rows * source);
  const out = new Int32Array(rows * target);
  for (let i = 0; i < rows; ++i) {
    for (let k = 0; k < kept; ++k) out[i * target + k] = values[i * source + k]!;
    const sign = values[i * source + kept - 1]! >> 31;
    for (let k = kept; k < target; ++k) out[i * target + k] = sign;
  }
  return regionOf(out);
}

/** Widens uint64 to int128. */
export function unsignedToInt128(from: Region, rows: number): Region {
  const values = new Int32Array(bufferOf(from), from.at, rows * 2);
  const out = new Int32Array(rows * 4);
  for (let i = 0; i < rows; ++i) {
    out[i * 4] = values[i * 2]!;
    out[i * 4 + 1] = values[i * 2 + 1]!;
  }
  return regionOf(out);
}

/** Half precision to float32. */
export function halfToFloat32(from: Region, rows: number): Region {
  const values = new Uint16Array(bufferOf(from), from.at, rows);
  const out = new Float32Array(rows);
  for (let i = 0; i < rows; ++i) {
    const bits = values[i]!, exponent = (bits >> 10) & 31, fraction = bits & 1023;
    const size = exponent === 0 ? fraction * 2 ** -24 :
      exponent < 31 ? (1024 + fraction) * 2 ** (exponent - 25) :
      fraction === 0 ? Infinity : NaN;
    out[i] = bits & 0x8000 ? -size : size;
  }
  return regionOf(out);
}

/** Multiplies int64 (or sign-extended int32) by a power of ten up to 10^6; refuses what leaves int64 on known rows. */
export function scaledUp(
  from: Region, rows: number, width: 4 | 8, factor: number, known: (row: number) => boolean,
): Region {
  const values = new Int32Array(bufferOf(from), from.at, rows * (width / 4));
  const out = new Int32Array(rows * 2);
  for (let i = 0; i < rows; ++i) {
    const low = (width === 8 ? values[i * 2]! : values[i]!) >>> 0;
    const high = width === 8 ? values[i * 2 + 1]! : values[i]! >> 31;
    const product = low * factor; // less than 2^52
    const top = high * factor + Math.floor(product / 2 ** 32);
    if ((top > 0x7fffffff || top < -0x80000000) && known(i)) {
      throw new AssayError('UNSUPPORTED', `the time in row ${i} of the batch does not fit 64-bit microseconds`);
    }
    out[i * 2] = product % 2 ** 32 | 0;
    out[i * 2 + 1] = top | 0;
  }
  return regionOf(out);
}

/** Divides int64 by a divisor below 2^20, rounding down. */
export function scaledDown(from: Region, rows: number, divisor: number): Region {
  const values = new Int32Array(bufferOf(from), from.at, rows * 2);
  const out = new Int32Array(rows * 2);
  for (let i = 0; i < rows; ++i) {
    const high = values[i * 2 + 1]!;
    const top = Math.floor(high / divisor);
    const rest = (high - top * divisor) * 2 ** 32 + (values[i * 2]! >>> 0);
    out[i * 2] = Math.floor(rest / divisor) | 0;
    out[i * 2 + 1] = top;
  }
  return regionOf(out);
}

/** Milliseconds since the epoch (int64) to days (int32), rounding down. */
export function millisToDays(from: Region, rows: number): Region {
  const values = new Int32Array(bufferOf(from), from.at, rows * 2);
  const out = new Int32Array(rows);
  for (let i = 0; i < rows; ++i) {
    out[i] = Math.floor((values[i * 2 + 1]! * 2 ** 32 + (values[i * 2]! >>> 0)) / 86_400_000);
  }
  return regionOf(out);
}

/** Offsets 0, step, 2 × step …, for values of one size. */
export function evenOffsets(rows: number, step: number): Region {
  const out = new Int32Array(rows + 1);
  for (let i = 0; i <= rows; ++i) out[i] = i * step;
  return regionOf(out);
}
