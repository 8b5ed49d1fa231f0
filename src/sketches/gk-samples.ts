/**
 * The samples of a Greenwald-Khanna digest while values are taken in: merging and compressing exactly as Spark does,
 * but without a pass over every value.
 */

/** Samples while they are worked on: the first `size` entries of each array. */
export interface Samples {
  size: number;
  readonly values: Float64Array;
  readonly g: Float64Array;
  readonly delta: Float64Array;
}

/** No samples. */
export const NO_SAMPLES = samplesFor(0);

/** Room for samples, none of them yet. */
export function samplesFor(capacity: number): Samples {
  const room = () => new Float64Array(capacity);
  return { size: 0, values: room(), g: room(), delta: room() };
}

/** Merges a sorted head into samples of n values and compresses them. */
export function absorb(old: Samples, n: number, head: Float64Array, epsilon: number): Samples {
  const threshold = 2 * epsilon * (n + head.length);
  const simple = head.length > 0 && !Number.isNaN(head[head.length - 1]!) && old.values.every((v) => !Number.isNaN(v));
  return simple ? leap(old, n, head, epsilon, threshold) : compress(mergeHead(old, n, head, epsilon), threshold);
}

/** Merges a sorted head into samples of n values. */
function mergeHead(old: Samples, n: number, head: Float64Array, epsilon: number): Samples {
  const result = samplesFor(old.size + head.length);
  const { values, g, delta } = result;
  let to = 0;
  let from = 0;
  const copy = () => {
    values[to] = old.values[from]!;
    g[to] = old.g[from]!;
    delta[to++] = old.delta[from++]!;
  };
  const last = head.length - 1;
  for (let i = 0; i <= last; ++i) {
    const x = head[i]!;
    while (from < old.size && old.values[from]! <= x) copy();
    values[to] = x;
    g[to] = 1;
    delta[to] = to === 0 || (from === old.size && i === last) ? 0 : Math.floor(2 * epsilon * (n + i + 1));
    ++to;
  }
  while (from < old.size) copy();
  result.size = to;
  return result;
}

/**
 * The same as `compress(mergeHead(…))` without NaN, from the end down and without visiting every value: of a run of
 * new values, each of g = 1, it is known how many join the sample after them.
 */
function leap(old: Samples, n: number, head: Float64Array, epsilon: number, threshold: number): Samples {
  const out = new Emitted();
  const last = head.length - 1;
  const all = old.size === 0 || old.values[old.size - 1]! <= head[last]!; // the greatest value is new
  const none = old.size === 0 || old.values[0]! > head[0]!; // and the least
  const deltaOf = (i: number) => ((i === 0 && none) || (i === last && all) ? 0 : Math.floor(2 * epsilon * (n + i + 1)));
  let k = old.size - 1;
  let i = last;
  let v: number, g: number, d: number; // the sample that others join
  if (all) {
    [v, g, d] = [head[i]!, 1, deltaOf(i)];
    --i;
  } else {
    [v, g, d] = [old.values[k]!, old.g[k]!, old.delta[k]!];
    --k;
  }
  while (k + i + 1 >= 1) { // the very first one does not join
    if (k >= 0 && (i < 0 || !(old.values[k]! <= head[i]!))) {
      if (old.g[k]! + g + d < threshold) {
        g += old.g[k]!;
      } else {
        out.add(v, g, d);
        [v, g, d] = [old.values[k]!, old.g[k]!, old.delta[k]!];
      }
      --k;
      continue;
    }
    const start = k < 0 ? 0 : firstNotBelow(head, old.values[k]!, i);
    const run = Math.min(i - start + 1, k + i + 1);
    let joins = Math.max(0, Math.min(run, Math.ceil(threshold - g - d) - 1));
    while (joins < run && 1 + (g + joins) + d < threshold) ++joins;
    while (joins > 0 && !(g + joins + d < threshold)) --joins;
    g += joins;
    i -= joins;
    if (joins === run) continue;
    out.add(v, g, d);
    [v, g, d] = [head[i]!, 1, deltaOf(i)];
    --i;
  }
  out.add(v, g, d);
  if (old.size + head.length > 1) {
    if (k >= 0 && old.values[k]! <= v) out.add(old.values[k]!, old.g[k]!, old.delta[k]!);
    else if (k < 0 && head[i]! <= v) out.add(head[i]!, 1, deltaOf(i));
  }
  return out.ascending();
}

/** The first index up to `to` whose value is not less than x. */
function firstNotBelow(sorted: Float64Array, x: number, to: number): number {
  let low = 0;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Samples in descending order, as they come. */
class Emitted {
  #samples = samplesFor(512);

  add(v: number, g: number, d: number): void {
    if (this.#samples.size === this.#samples.values.length) {
      const bigger = samplesFor(4 * this.#samples.size);
      bigger.values.set(this.#samples.values);
      bigger.g.set(this.#samples.g);
      bigger.delta.set(this.#samples.delta);
      bigger.size = this.#samples.size;
      this.#samples = bigger;
    }
    const s = this.#samples;
    s.values[s.size] = v;
    s.g[s.size] = g;
    s.delta[s.size++] = d;
  }

  ascending(): Samples {
    const { size, values, g, delta } = this.#samples;
    const turned = (xs: Float64Array) => xs.slice(0, size).reverse();
    return { size, values: turned(values), g: turned(g), delta: turned(delta) };
  }
}

/**
 * Joins neighbours whose ranks stay within the threshold, from the last sample down; the first and the last one stay.
 */
export function compress(s: Samples, threshold: number): Samples {
  if (s.size === 0) return s;
  const { values, g, delta } = s;
  let head = s.size - 1;
  let headG = g[head]!;
  let to = s.size; // results grow downwards from the end, behind what was read
  for (let i = s.size - 2; i >= 1; --i) {
    if (g[i]! + headG + delta[head]! < threshold) {
      headG += g[i]!;
      continue;
    }
    --to;
    values[to] = values[head]!;
    delta[to] = delta[head]!;
    g[to] = headG;
    head = i;
    headG = g[i]!;
  }
  --to;
  values[to] = values[head]!;
  delta[to] = delta[head]!;
  g[to] = headG;
  if (s.size > 1 && values[0]! <= values[to]!) {
    --to;
    values[to] = values[0]!;
    delta[to] = delta[0]!;
    g[to] = g[0]!;
  }
  const size = s.size - to;
  return { size, values: values.slice(to, s.size), g: g.slice(to, s.size), delta: delta.slice(to, s.size) };
}
