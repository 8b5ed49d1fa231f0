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
