import { contains, type CharSet } from './char-set.js';

/** A set ready to be asked: a table for ASCII, ranges for the rest. */
export interface SetTable {
  readonly ascii: Uint8Array;
  readonly ranges: Int32Array;
}

/** The table of a set. */
export function setTable(set: CharSet): SetTable {
  const ascii = Uint8Array.from({ length: 128 }, (_, c) => (contains(set, c) ? 1 : 0));
  return { ascii, ranges: Int32Array.from(set) };
}

/** Whether a table holds a code point; -1 is nowhere. */
export function holds(table: SetTable, c: number): boolean {
  return c < 128 ? c >= 0 && table.ascii[c] === 1 : contains(table.ranges, c);
}
