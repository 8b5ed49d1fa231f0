// Counts per interval of a number line cut at ascending edges: interval i is [edges[i], edges[i + 1]).

/**
 * Stores the interval of each value at out (int32): 0..intervals-1; intervals: NaN; intervals + 1: in none. The last
 * interval is closed; so is the one before it if `closed`, which takes the last but one edge from the last.
 */
export function binsAssign(values: usize, n: i32, edges: usize, count: i32, closed: i32, out: usize): void {
  const intervals = count - 1;
  const top = load<f64>(edges + (<usize>intervals << 3));
  for (let i = 0; i < n; i++) {
    const x = load<f64>(values + (<usize>i << 3));
    let bin: i32;
    if (x != x) {
      bin = intervals;
    } else {
      let at = edges; // edges before `at` are ≤ x
      let length = <usize>count;
      while (length > 1) {
        const half = length >> 1;
        at += load<f64>(at + ((half - 1) << 3)) <= x ? half << 3 : 0;
        length -= half;
      }
      bin = <i32>((at - edges) >> 3) + i32(load<f64>(at) <= x) - 1;
      if (bin == intervals && x == top) bin = intervals - 1;
      if (closed != 0 && bin == intervals - 1 && bin > 0 && load<f64>(edges + (<usize>bin << 3)) == x) bin--;
      if (bin < 0 || bin >= intervals) bin = intervals + 1;
    }
    store<i32>(out + (<usize>i << 2), bin);
  }
}

/** Adds the occurrences of small indices to counters (f64); `weights`: how often each occurs (u32), 0: once. */
export function binsCount(bins: usize, n: i32, weights: usize, counts: usize): void {
  for (let i = 0; i < n; i++) {
    const at = counts + (<usize>load<i32>(bins + (<usize>i << 2)) << 3);
    store<f64>(at, load<f64>(at) + (weights == 0 ? 1 : <f64>load<u32>(weights + (<usize>i << 2))));
  }
}

@inline
function isSet(bits: usize, i: i32): bool {
  return bits == 0 || ((load<u8>(bits + (i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

/**
 * Adds the measured int64 of rows in scope to the 128-bit sum (16 bytes at sums) of their interval: `bins` holds
 * those of the known rows one after the other, rows that are in scope but not known have the interval `nulls`.
 */
export function binsMeasure(
  rows: i32, scope: usize, known: usize, bins: usize, nulls: i32, measured: usize, measures: usize, sums: usize,
): void {
  let at = bins;
  for (let i = 0; i < rows; i++) {
    if (!isSet(scope, i)) continue;
    let bin = nulls;
    if (isSet(known, i)) {
      bin = load<i32>(at);
      at += 4;
    }
    if (!isSet(measured, i)) continue;
    const x = load<i64>(measures + (<usize>i << 3));
    const sum = sums + (<usize>bin << 4);
    const low = load<u64>(sum) + <u64>x;
    store<u64>(sum, low);
    store<i64>(sum, load<i64>(sum, 8) + (x >> 63) + (low < <u64>x ? 1 : 0), 8);
  }
}
