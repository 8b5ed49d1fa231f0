import type { Kernels } from '../../kernels/kernels.js';
import type { Room } from '../../kernels/room.js';
import { MOST_PAGE_BYTES, type Pages } from './pages.js';

/** Bytes that reading deltas works in. */
export const DELTA_BYTES = 16;

/** Unpacks a run of deltas, at most `most`, into a room; how many they are and what follows them. */
export function unpackDeltas(
  { fn, memory }: Kernels, pages: Pages, from: number, end: number, most: number, width: number, room: Room,
  work: number,
): { count: number; next: number } {
  const announced = fn.deltaCount(from, end, work);
  if (announced < 0 || announced > most) {
    const why = announced < 0 ? 'its deltas are malformed' : `it has ${most} rows but ${announced} deltas`;
    throw pages.error(why);
  }
  if (announced * width > MOST_PAGE_BYTES) {
    throw pages.error(`its ${announced} deltas are more than are read at once`);
  }
  room.ensure(announced * width);
  const count = fn.deltaUnpack(from, end, announced, width, room.at, work);
  if (count < 0) throw pages.error('its deltas are malformed');
  return { count, next: new DataView(memory.buffer).getUint32(work, true) };
}

/** Unpacks byte strings that share beginnings with the one before: where their offsets and bytes lie in the room of texts. */
export function unpackShared(
  kernels: Kernels, pages: Pages, from: number, end: number, most: number,
  { prefixes, lengths, offsets, texts }: { readonly [name in 'prefixes' | 'lengths' | 'offsets' | 'texts']: Room },
  work: number,
): { count: number; size: number; offsets: number; bytes: number } {
  const { fn, memory } = kernels;
  const { count, next } = unpackDeltas(kernels, pages, from, end, most, 4, prefixes, work);
  const suffixes = unpackDeltas(kernels, pages, next, end, most, 4, lengths, work);
  if (suffixes.count !== count) throw pages.error(`it has ${count} prefixes but ${suffixes.count} suffixes`);
  const head = (count + 1) * 4;
  offsets.ensure(head);
  const size = fn.textsSharedSize(prefixes.at, lengths.at, count, end - suffixes.next, MOST_PAGE_BYTES, offsets.at);
  if (size < 0) throw pages.error('its prefixes and suffixes do not fit, or are too many bytes');
  const at = texts.ensure(head + 64 + size);
  fn.textsShared(prefixes.at, offsets.at, suffixes.next, count, at + head + 64);
  new Uint8Array(memory.buffer).copyWithin(at, offsets.at, offsets.at + head);
  return { count, size, offsets: at, bytes: at + head + 64 };
}
