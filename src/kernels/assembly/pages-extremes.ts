// The extremes of a dictionary of floating point, asked for without any value of it: from the header of its page to the values in
// one call. Whatever is odd about the page is left to those who read pages, and say what is wrong.

import { extremaF32, extremaF64 } from './extrema';
import { inflateLz4, inflateSnappy } from './pages-inflate';
import { thriftStructs } from './thrift';
import { inflateZstd } from './zstd';

const UNCOMPRESSED: i32 = 0, SNAPPY: i32 = 1, ZSTD: i32 = 6, LZ4_RAW: i32 = 7;
const DICTIONARY: f64 = 2, PLAIN: f64 = 0, PLAIN_DICTIONARY: f64 = 2;
/** Slots of page headers, as `pages.ts` numbers them. */
const TYPE: usize = 0, UNPACKED: usize = 1, PACKED: usize = 2, VALUES: usize = 6, ENCODING: usize = 7;

/**
 * The least and the greatest value (two f64 at `out`) of the dictionary with which so many bytes of a column chunk begin, whose
 * values have 4 or 8 bytes; how many of them are NaN. It is unpacked to `to`, where there is room for so many bytes; `work`: what the
 * codec works with. -1: it does not begin with such a dictionary, or is larger.
 */
export function dictionaryExtremes(
  at: usize, bytes: i32, wish: usize, slots: usize, each: i32, codec: i32, work: usize, to: usize, room: i32, width: i32, out: usize,
): i32 {
  const size = thriftStructs(at, <usize>bytes, wish, slots, each, 1);
  if (size < 0 || load<f64>(slots + (TYPE << 3)) != DICTIONARY) return -1;
  const unpacked = load<f64>(slots + (UNPACKED << 3)), packed = load<f64>(slots + (PACKED << 3));
  const n = load<f64>(slots + (VALUES << 3)), encoding = load<f64>(slots + (ENCODING << 3));
  if (encoding != PLAIN && encoding != PLAIN_DICTIONARY) return -1;
  if (!(unpacked >= 0 && unpacked <= <f64>room && packed >= 0 && packed <= <f64>(bytes - size))) return -1; // NaN: not there
  if (!(n >= 0 && n * <f64>width <= unpacked)) return -1;
  const from = at + <usize>size;
  const there = <i32>packed, whole = <i32>unpacked;
  let got: i32 = -1;
  switch (codec) {
    case UNCOMPRESSED: got = there; break;
    case SNAPPY: got = inflateSnappy(work, from, there, to, whole, whole); break;
    case ZSTD: got = inflateZstd(work, from, there, to, whole, whole); break;
    case LZ4_RAW: got = inflateLz4(from, there, to, whole); break;
  }
  if (got != whole) return -1;
  const values = codec == UNCOMPRESSED ? from : to;
  return width == 8 ? extremaF64(values, 0, 0, <i32>n, out) : extremaF32(values, 0, 0, <i32>n, out);
}
