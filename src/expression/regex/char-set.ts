/**
 * Code points as sorted disjoint ranges: low, high, low, high… (both inclusive). Surrogates never occur in texts and
 * mean nothing here.
 */
export type CharSet = readonly number[];

/** The last code point. */
export const LAST = 0x10ffff;

/** Every code point. */
export const EVERYTHING: CharSet = [0, LAST];

/** The set of ranges given in any order, overlapping or not. */
export function charSet(pairs: readonly number[]): CharSet {
  const order: number[] = [];
  let sorted = true;
  for (let i = 0; i < pairs.length; i += 2) {
    order.push(i);
    if (i > 0 && pairs[i]! <= pairs[i - 1]! + 1) sorted = false;
  }
  if (sorted) return pairs.slice();
  order.sort((a, b) => pairs[a]! - pairs[b]!);
  const out: number[] = [];
  for (const i of order) {
    const low = pairs[i]!;
    const high = pairs[i + 1]!;
    const last = out.length - 1;
    if (last >= 0 && low <= out[last]! + 1) {
      if (high > out[last]!) out[last] = high;
    } else {
      out.push(low, high);
    }
  }
  return out;
}

/** What is in either set. */
export function union(a: CharSet, b: CharSet): CharSet {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return charSet([...a, ...b]);
}

/** What is not in the set. */
export function negate(a: CharSet): CharSet {
  const out: number[] = [];
  let from = 0;
  for (let i = 0; i < a.length; i += 2) {
    if (a[i]! > from) out.push(from, a[i]! - 1);
    from = a[i + 1]! + 1;
  }
  if (from <= LAST) out.push(from, LAST);
  return out;
}

/** What is in both sets. */
export function intersect(a: CharSet, b: CharSet): CharSet {
  const out: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const low = Math.max(a[i]!, b[j]!);
    const high = Math.min(a[i + 1]!, b[j + 1]!);
    if (low <= high) out.push(low, high);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return out;
}

/** Whether the set holds a code point. */
export function contains(set: ArrayLike<number>, codePoint: number): boolean {
  let low = 0;
  let high = set.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (codePoint > set[2 * middle + 1]!) low = middle + 1;
    else high = middle;
  }
  return 2 * low < set.length && codePoint >= set[2 * low]!;
}
