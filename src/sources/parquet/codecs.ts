import { canUnpack, unpack, type Packing } from '#platform';
import type { Kernels } from '../../kernels/kernels.js';
import type { Room } from './room.js';

const NAMES = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'];
const PACKINGS: Readonly<Record<number, Packing>> = { 2: 'gzip', 4: 'brotli', 6: 'zstd' };

/** Parquet's codecs by number, as far as code asks for them. */
export const UNCOMPRESSED = 0, SNAPPY = 1;
const LZ4_RAW = 7;

/** The name of a codec. */
export function codecName(codec: number): string {
  return NAMES[codec] ?? `codec ${codec}`;
}

/** Whether pages of a codec are unpacked here. */
export function knowsCodec(codec: number): boolean {
  const packing = PACKINGS[codec];
  return packing ? canUnpack(packing) : codec === UNCOMPRESSED || codec === SNAPPY || codec === LZ4_RAW;
}

/** How many times as large as its compressed form data of a codec can be. */
export function mostRatio(codec: number): number {
  return codec === UNCOMPRESSED ? 1 : codec === SNAPPY ? 22 : codec === LZ4_RAW ? 256 : codec === 2 ? 1033 : Infinity;
}

/**
 * Unpacks a page into a room; whether it has as many bytes as announced. Snappy stops early once `enough` bytes are
 * there. Room is made for what is there, not for what is announced, where codecs can pack without bounds.
 */
export function inflate(
  kernels: Kernels, codec: number, from: number, packed: number, room: Room, size: number, enough = size,
): boolean | Promise<boolean> {
  const { fn, memory } = kernels;
  if (codec === SNAPPY) return fn.inflateSnappy(from, packed, room.ensure(size), size, enough) >= enough;
  if (codec === LZ4_RAW) return fn.inflateLz4(from, packed, room.ensure(size), size) === size;
  const put = (bytes: Uint8Array): boolean => {
    if (bytes.length !== size) return false;
    const to = room.ensure(size);
    new Uint8Array(memory.buffer, to, size).set(bytes);
    return true;
  };
  const got = unpack(PACKINGS[codec]!, new Uint8Array(memory.buffer, from, packed), size);
  return got instanceof Promise ? got.then(put) : put(got);
}
