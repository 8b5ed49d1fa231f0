/** What the footer says of the column chunks of flat columns, row group by row group: plain data, in one block. */
export interface Chunks {
  /** Flat columns, each of which has a chunk in every row group. */
  readonly columns: number;
  /** The numbers of each chunk, one after the other, as below. */
  readonly numbers: Float64Array;
}

/** Where the chunk begins; -1: it cannot be read here. */
export const START = 0;
export const END = 1;
export const VALUES = 2;
export const CODEC = 3;
/** Its encodings as bits; bit 30: one that has no number. */
export const ENCODINGS_USED = 4;
/** -1: not known. */
export const NULLS = 5;
/** Its bytes once they are unpacked, as the footer says. */
export const UNPACKED = 6;
/**
 * The least and the greatest value, if they are floating point and all lie in a dictionary, which tells whether one is NaN; NaN: not
 * known.
 */
export const LOW = 7;
export const HIGH = 8;
const EACH = 9;

const UNREADABLE = [-1, -1, 0, 0, 0, -1, 0, NaN, NaN];

/** Chunks of which nothing is known. */
export function unknownChunks(groups: number, columns: number): Chunks {
  const numbers = new Float64Array(groups * columns * EACH);
  for (let at = 0; at < numbers.length; at += EACH) numbers.set(UNREADABLE, at);
  return { columns, numbers };
}

/** Where the numbers of a chunk begin. */
export function chunkAt({ columns }: Chunks, group: number, column: number): number {
  return (group * columns + column) * EACH;
}

/**
 * The extremes of a chunk, if all rows have values and a dictionary tells whether they are true; null: they are not
 * known.
 */
export function claimedExtremes(
  { numbers }: Chunks, at: number, nullable: boolean,
): { readonly low: number; readonly high: number } | null {
  const low = numbers[at + LOW]!, high = numbers[at + HIGH]!;
  return low <= high && (!nullable || numbers[at + NULLS] === 0) ? { low, high } : null;
}

/** Bytes of the file that the chunks of a row group take, as far as they are known. */
export function groupBytes(chunks: Chunks, group: number): number {
  let bytes = 0;
  for (let at = chunkAt(chunks, group, 0), end = chunkAt(chunks, group + 1, 0); at < end; at += EACH) {
    bytes += chunks.numbers[at + END]! - chunks.numbers[at + START]!;
  }
  return bytes;
}

/** Whether each chunk of a row group can be found. */
export function areKnown(chunks: Chunks, group: number): boolean {
  for (let at = chunkAt(chunks, group, 0), end = chunkAt(chunks, group + 1, 0); at < end; at += EACH) {
    if (chunks.numbers[at + START]! < 0) return false;
  }
  return true;
}

/** What chunks are written with: codecs by number, encodings as bits; and whether each of them can be found. */
export function usedBy({ numbers }: Chunks): { readonly areKnown: boolean; readonly codecs: readonly number[]; readonly encodings: number } {
  const codecs: number[] = [];
  let areKnown = true;
  let encodings = 0;
  for (let at = 0, last = -1; at < numbers.length; at += EACH) {
    if (numbers[at + START]! < 0) areKnown = false;
    encodings |= numbers[at + ENCODINGS_USED]!;
    const codec = numbers[at + CODEC]!;
    if (codec === last) continue;
    if (!codecs.includes(codec)) codecs.push(codec);
    last = codec;
  }
  return { areKnown, codecs, encodings };
}
