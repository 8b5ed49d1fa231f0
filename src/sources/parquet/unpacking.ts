import type { Kernels } from '../../kernels/kernels.js';
import { SNAPPY, UNCOMPRESSED, ZSTD, workOf } from './codecs.js';
import { FEED_BYTES, SNAPPY_REACH } from './sizes.js';

/** Of Zstandard: the most bytes of a block. */
const BLOCK = 128 << 10;
/** Of Snappy: the most bytes that a copy makes. */
const SNAPPY_STEP = 64;
/** What needs a larger window is unpacked as a whole: there is little to gain. */
const MOST_WINDOW = 8 << 20;
/** With so many bytes it is known how data begins. */
export const HEAD_BYTES = 18;
const CHECKSUM = 4;

/** Data is malformed, or refers to what is no longer there. */
export const CORRUPT = -1, GONE = -2;

/** What of packed bytes is there, and whether they are the last. */
export interface Source {
  readonly at: number;
  readonly size: number;
  readonly isLast: boolean;
}

/** Where bytes go: behind those from `base`, before which `gone` more were; `beyond` more are to follow. */
export interface Target {
  readonly base: number;
  readonly gone: number;
  readonly to: number;
  readonly room: number;
  readonly beyond: number;
}

/** Unpacks data that lies in memory piece by piece only. */
export interface Unpacking {
  /** How many bytes data refers back at most. */
  readonly reach: number;
  /** With less room it makes no step, unless it is the last. */
  readonly least: number;
  /** With fewer packed bytes it makes no step, unless they are the last. */
  readonly feed: number;
  /** Whether all was found to be as it should once all bytes are there. */
  readonly isDone: boolean;
  /** Bytes that the last step used. */
  readonly used: number;
  /** Unpacks as much as it can; how many bytes are there then, or why none. */
  on(source: Source, target: Target): number;
  free(): void;
}

/** Whether data of a codec can be unpacked piece by piece. */
export function comesInPieces(codec: number): boolean {
  return codec === UNCOMPRESSED || codec === SNAPPY || codec === ZSTD;
}

/** Starts with data of such a codec; how many bytes of it are used by that. null: it is to be unpacked as a whole. */
export function openUnpacking(
  kernels: Kernels, codec: number, at: number, size: number, unpacked: number,
): { unpacking: Unpacking; used: number } | null {
  if (codec === UNCOMPRESSED) return { unpacking: stored(kernels), used: 0 };
  if (codec === SNAPPY) {
    const used = kernels.fn.snappyHead(at, size, unpacked);
    return used === 0 ? null : { unpacking: snappy(kernels), used };
  }
  return codec === ZSTD ? openZstd(kernels, at, size) : null;
}

function stored({ memory }: Kernels): Unpacking {
  let used = 0;
  return {
    isDone: true,
    reach: 0,
    least: 1,
    feed: FEED_BYTES,
    get used() {
      return used;
    },
    on({ at, size }, { to, room }) {
      used = Math.min(size, room);
      new Uint8Array(memory.buffer).copyWithin(to, at, at + used);
      return used;
    },
    free() {},
  };
}

function snappy(kernels: Kernels): Unpacking {
  const { fn } = kernels;
  const table = workOf(kernels, SNAPPY);
  let used = 0, due = 0;
  return {
    isDone: true,
    reach: SNAPPY_REACH,
    least: SNAPPY_STEP,
    feed: FEED_BYTES,
    get used() {
      return used;
    },
    on({ at, size, isLast }, { base, gone, to, room, beyond }) {
      const made = fn.snappyOn(table, at, size, isLast, due, base, gone, to, room, beyond);
      used = fn.snappyUsed();
      due = fn.snappyDue();
      return made;
    },
    free() {},
  };
}

/** One frame; where more follow, data is unpacked as a whole. */
function openZstd(kernels: Kernels, at: number, size: number): { unpacking: Unpacking; used: number } | null {
  const { fn, heap, memory } = kernels;
  const workBytes = fn.zstdWorkBytes();
  const work = heap.alloc(workBytes);
  fn.zstdOpen(work);
  const head = fn.zstdFrame(work, at, at + size);
  const window = fn.zstdWindow(work) >>> 0;
  if (head <= 0 || window > MOST_WINDOW) {
    heap.free(work, workBytes);
    return null;
  }
  let used = 0;
  let isBehind = false; // the last block
  let isDone = false;
  return {
    used: head,
    unpacking: {
      reach: window,
      get isDone() {
        return isDone;
      },
      least: BLOCK,
      feed: BLOCK + 3 + CHECKSUM,
      get used() {
        return used;
      },
      on(source, { base, to, room, beyond }) {
        used = 0;
        let made = 0;
        const end = source.at + source.size;
        while (!isBehind) {
          const from = source.at + used;
          const there = source.size - used;
          const header = there < 3 ? 0 : new DataView(memory.buffer).getUint32(from, true) & 0xffffff;
          const packed = 3 + ((header >> 1 & 3) === 1 ? 1 : header >> 3);
          const isFinal = (header & 1) === 1;
          if (packed > 3 + BLOCK || (there < packed && source.isLast)) return CORRUPT;
          if (there < packed + (isFinal ? CHECKSUM : 0) && !source.isLast) return made;
          if (room - made < BLOCK && beyond > 0) return made;
          const left = Math.min(BLOCK, room - made);
          const n = fn.zstdBlock(work, from, end, base, to + made, left, left);
          if (n < 0) return CORRUPT;
          fn.zstdTake(work, to + made, n);
          made += n;
          used += packed;
          isBehind = isFinal;
        }
        const tail = fn.zstdEnd(work, source.at + used, end);
        if (tail < 0) return CORRUPT;
        used += tail;
        isDone = true;
        const isAll = made === room && beyond === 0 && source.isLast && used === source.size;
        return isAll ? made : GONE; // another frame may follow
      },
      free: () => heap.free(work, workBytes),
    },
  };
}
