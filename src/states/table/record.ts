/**
 * Records of a table state: one group each, in units of 16 bytes, little-endian, without padding between records.
 *
 *     unit 0   lo  u64   first 8 bytes of the key, or a hash of it
 *              hi  u64   bit 63: W, a weight unit follows; bits 56-62: kind; bits 0-55: by kind
 *     unit 1   only with W: u64 rows (bits 0-62; bit 63: some measure was not null), i64 wrapping sum of the measure
 *     units    only of kind 18: the bytes of the key, padded with zeros
 *
 *     kind 1-16   the key is its own value: kind - 1 bytes in `lo` and the low 56 bits of `hi`
 *                 up to kind 9 those 56 bits are free: without W they hold rows - 1; otherwise a record without W is one row
 *     kind 17     a fingerprint: 120 bits of SipHash-1-3-128 under the seed of the run (longer keys of which only counts are wanted)
 *     kind 18     `hi` holds the length, `lo` 64 bits of SipHash under a fixed seed, and the bytes follow: longer keys, exact by value
 *
 * So a distinct key takes 16 bytes while it occurs once or has at most 8 bytes, else 32; with its bytes 16 more for
 * each 16 of them.
 */
export const UNIT = 16;
export const NARROW = 9;
export const FINGERPRINT = 17;
export const BYTES = 18;

/** Units of the record whose `hi` has these upper 32 bits and these lower ones. */
export function unitsOf(high: number, low: number): number {
  const units = high < 0 || high > 0x7fffffff ? 2 : 1;
  return ((high >>> 24) & 127) === BYTES ? units + Math.ceil(low / UNIT) : units;
}

/** Rows of the record at a unit. */
export function rowsAt(words: Uint32Array, unit: number): number {
  const at = unit * 4;
  const high = words[at + 3]!;
  if (high >>> 31) return words[at + 4]! + (words[at + 5]! & 0x7fffffff) * 2 ** 32;
  return ((high >>> 24) & 127) <= NARROW ? words[at + 2]! + (high & 0xffffff) * 2 ** 32 + 1 : 1;
}
