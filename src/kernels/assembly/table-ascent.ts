// Keys that come in ascending order, so that each differs from all others; src/states/table/ascent.ts keeps them.

/** A key turned around: the first bytes of texts weigh most. */
@inline
function turned(key: v128): v128 {
  return i8x16.swizzle(key, i8x16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
}

/**
 * Copies n keys, at least one, if each is greater than the one before; 0: it is not, and nothing has changed. `span`: what
 * the first and the last key weigh (u64 high, u64 low each); `goes`: whether these go on behind its last one. Of texts the
 * first bytes weigh most, of others the first word.
 */
export function tableAscend(keys: usize, n: i32, texts: i32, span: usize, goes: i32, to: usize): i32 {
  const start = texts != 0 ? turned(v128.load(keys)) : swapped(v128.load(keys));
  let high = <u64>i64x2.extract_lane(start, 1);
  let low = <u64>i64x2.extract_lane(start, 0);
  if (goes != 0) {
    const before = load<u64>(span, 16);
    if (high < before || (high == before && low <= load<u64>(span, 24))) return 0;
  }
  const end = keys + (<usize>n << 4);
  v128.store(to, v128.load(keys));
  for (let at = keys + 16, out = to + 16; at < end; at += 16, out += 16) {
    const key = v128.load(at);
    const next = texts != 0 ? turned(key) : swapped(key);
    const nextHigh = <u64>i64x2.extract_lane(next, 1);
    const nextLow = <u64>i64x2.extract_lane(next, 0);
    if (nextHigh < high || (nextHigh == high && nextLow <= low)) return 0;
    high = nextHigh;
    low = nextLow;
    v128.store(out, key);
  }
  if (goes == 0) {
    store<u64>(span, i64x2.extract_lane(start, 1));
    store<u64>(span, i64x2.extract_lane(start, 0), 8);
  }
  store<u64>(span, high, 16);
  store<u64>(span, low, 24);
  return 1;
}

@inline
function swapped(key: v128): v128 {
  return v128.shuffle<i64>(key, key, 1, 0);
}
