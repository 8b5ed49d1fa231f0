import { canUnpack, unpack, type Packing } from '#platform';
import type { Kernels } from '../../kernels/kernels.js';
import type { Room } from '../../kernels/room.js';

const NAMES = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'];
const PACKINGS: Readonly<Record<number, Packing>> = { 2: 'gzip', 4: 'brotli' };

/** Parquet's codecs by number, as far as code asks for them. */
export const UNCOMPRESSED = 0, SNAPPY = 1, ZSTD = 6;
const LZ4_RAW = 7;

/** The name of a codec. */
export function codecName(codec: number): string {
  return NAMES[codec] ?? `codec ${codec}`;
}

/** Whether pages of a codec are unpacked here. */
export function knowsCodec(codec: number): boolean {
  const packing = PACKINGS[codec];
  return packing ? canUnpack(packing) : [UNCOMPRESSED, SNAPPY, ZSTD, LZ4_RAW].includes(codec);
}

/** Whether `inflate` stops once there are bytes enough. */
export function stopsEarly(codec: number): boolean {
  return codec === SNAPPY || codec === ZSTD;
}

/** How many times as large as its compressed form data of a codec can be. */
export function mostRatio(codec: number): number {
  switch (codec) {
    case UNCOMPRESSED: return 1;
    case SNAPPY: return 22;
    case 2: return 1033;
    case ZSTD: return 32_768;
    case LZ4_RAW: return 256;
    default: return Infinity;
  }
}

/** What is unpacked may be this large before it is looked at how much there can be. */
const MUCH = 1 << 20;

/**
 * Unpacks a page into a room; how many bytes there are, less than `enough` where the data is corrupt or has not as many
 * as announced. Some codecs stop once `enough` bytes are there. Room is made for what is there, not for what is
 * announced, where codecs can pack without bounds.
 */
export function inflate(
  kernels: Kernels, codec: number, from: number, packed: number, room: Room, size: number, enough = size,
): number | Promise<number> {
  const { fn, memory } = kernels;
  if (codec === SNAPPY) return fn.inflateSnappy(workOf(kernels, codec), from, packed, room.ensure(size), size, enough);
  if (codec === LZ4_RAW) return fn.inflateLz4(from, packed, room.ensure(size), size);
  if (codec === ZSTD) {
    const work = workOf(kernels, codec);
    if (size > MUCH && fn.zstdMost(work, from, packed) < size) return -1;
    return fn.inflateZstd(work, from, packed, room.ensure(size), size, enough);
  }
  const put = (bytes: Uint8Array): number => {
    if (bytes.length !== size) return -1;
    const to = room.ensure(size);
    new Uint8Array(memory.buffer, to, size).set(bytes);
    return size;
  };
  const got = unpack(PACKINGS[codec]!, new Uint8Array(memory.buffer, from, packed), size);
  return got instanceof Promise ? got.then(put) : put(got);
}

const works = new WeakMap<Kernels, Map<number, number>>();
const TABLE_BYTES = 1024;

/**
 * Memory that the decoder of a codec works with, one per thread, since pages are unpacked one after the other; 0: it
 * needs none.
 */
export function workOf(kernels: Kernels, codec: number): number {
  if (codec !== SNAPPY && codec !== ZSTD) return 0;
  let known = works.get(kernels);
  if (!known) works.set(kernels, known = new Map());
  let work = known.get(codec);
  if (work === undefined) {
    const { fn, heap } = kernels;
    work = heap.alloc(codec === SNAPPY ? TABLE_BYTES : fn.zstdWorkBytes());
    if (codec === SNAPPY) fn.snappyOpen(work);
    else fn.zstdOpen(work);
    known.set(codec, work);
  }
  return work;
}
