import { foldCase } from './letter-case.js';
import { decodeAt, widthOf } from './utf8.js';

/** Where the text of a group ends that stands once more at a place, or -1. */
export function matchReference(
  bytes: Uint8Array, from: number, to: number, at: number, end: number, fold: number,
): number {
  if (fold === 0) {
    if (at + to - from > end) return -1;
    for (let i = from, j = at; i < to; i++, j++) if (bytes[i] !== bytes[j]) return -1;
    return at + to - from;
  }
  let j = at;
  for (let i = from; i < to; ) {
    const a = decodeAt(bytes, i, end);
    const b = j < end ? decodeAt(bytes, j, end) : -1;
    if (a < 0 || b < 0) return -1;
    if (a !== b && !(fold === 2 ? foldCase(a) === foldCase(b) : sameLetter(a, b))) return -1;
    i += widthOf(a);
    j += widthOf(b);
  }
  return j;
}

function sameLetter(a: number, b: number): boolean {
  const lower = a | 32;
  return a < 128 && b < 128 && lower === (b | 32) && lower >= 97 && lower <= 122;
}
