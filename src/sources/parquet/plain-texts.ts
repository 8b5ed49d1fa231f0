import type { Kernels } from '../../kernels/kernels.js';
import type { Room } from '../../kernels/room.js';

/** Texts of a PLAIN page that are still to be taken, with their lengths in front. */
export interface PlainTexts {
  readonly kind: 'plain';
  at: number;
  end: number;
  /** Bytes of a row, on average. */
  readonly density: number;
}

/** Bytes in which the bits of texts that were taken are noted. */
export const SEEN_BYTES = 16;
/** The texts of a batch have no more bytes. */
export const MOST_TEXT_BYTES = 0x7fffffff;
const MOST_GUESSED = 32 << 20;

/** About as many bytes as so many rows of texts have. */
export function guessedBytes(density: number, rows: number): number {
  return Math.min(MOST_GUESSED, Math.ceil(density * rows * 1.1));
}

/**
 * Takes n texts of a page behind the `filled` bytes of a room, which grows as it must; their ends into offsets[1] and
 * on. The bytes that are filled then; -1: they lead out of the page; more than `MOST_TEXT_BYTES`: there are too many.
 */
export function takePlain(
  { fn, memory }: Kernels, texts: PlainTexts, n: number, bytes: Room, filled: number, offsets: number, seen: number,
): number {
  const left = (rows: number) => Math.max(0, texts.end - texts.at - rows * 4);
  const guess = (rows: number) => Math.min(left(rows), guessedBytes(texts.density, rows));
  new Uint8Array(memory.buffer, seen, SEEN_BYTES).fill(0);
  if (bytes.at === 0) bytes.ensure(guess(n));
  for (let done = 0, whole = filled; ;) {
    const to = offsets + done * 4;
    const room = Math.min(bytes.bytes, MOST_TEXT_BYTES);
    const got = fn.textsPlain(texts.at, texts.end, n - done, bytes.at, whole, room, to, seen);
    if (got < 0) return -1;
    const view = new DataView(memory.buffer);
    const end = view.getInt32(to + got * 4, true);
    texts.at += end - whole + got * 4;
    whole = end;
    done += got;
    if (done === n) return whole;
    const least = whole + view.getUint32(texts.at, true);
    if (least > MOST_TEXT_BYTES) return least;
    bytes.ensure(Math.max(least, Math.min(MOST_TEXT_BYTES, whole + guess(n - done))), whole);
  }
}
