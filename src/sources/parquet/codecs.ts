import { canUnpack, unpack, type Packing } from '#platform';
import type { Kernels } from '../../kernels/kernels.js';

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
 * Unpacks a page to an address with room for its `size` bytes; whether that are as many as announced. Snappy stops early once
 * `enough` bytes are there.
 */
export function inflate(
  kernels: Kernels, codec: number, from: number, packed: number, to: number, size: number, enough = size,
): boolean | Promise<boolean> {
  const { fn, memory } = kernels;
  if (codec === SNAPPY) return fn.inflateSnappy(from, packed, to, size, enough) >= enough;
  if (codec === LZ4_RAW) return fn.inflateLz4(from, packed, to, size) === size;
  const put = (bytes: Uint8Array): boolean => {
    if (bytes.length !== size) return false;
    new Uint8Array(memory.buffer, to, size).set(bytes);
    return true;
  };
  const got = unpack(PACKINGS[codec]!, new Uint8Array(memory.buffer, from, packed), size);
  return got instanceof Promise ? got.then(put) : put(got);
}
