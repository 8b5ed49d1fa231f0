import { AssayError } from '../base/errors.js';
import { plainSort, type Sort } from './sort.js';

/**
 * The quantile digest of Greenwald & Khanna (2001) exactly as Spark's `QuantileSummaries` keeps it: the same values in the same order and
 * the same splits give the same digest. Rank error of a query: at most relativeError × n.
 *
 * As bytes (big-endian, those of Deequ's states):
 *
 *   | 0 int32 compressThreshold | 4 float64 ε | 12 int64 n | 20 int32 samples | 24 … float64 value, int64 g, int64 Δ, each sample |
 */
export interface GkDigest {
  readonly epsilon: number;
  readonly n: number;
  /** Ascending (but for NaN), `g` and `delta` beside them: ranks grow by g from one to the next, and are known up to delta. */
  readonly values: Float64Array;
  readonly g: Float64Array;
  readonly delta: Float64Array;
}

const COMPRESS_THRESHOLD = 10_000;
/** How many values are collected before they are sorted in. */
export const GK_HEAD_SIZE = 50_000;
const PREAMBLE = 24;
const SAMPLE = 24;

/** Samples while they are worked on: the first `size` entries of each array. */
interface Samples {
  size: number;
  readonly values: Float64Array;
  readonly g: Float64Array;
  readonly delta: Float64Array;
}

const NONE = samplesFor(0);

function samplesFor(capacity: number): Samples {
  return { size: 0, values: new Float64Array(capacity), g: new Float64Array(capacity), delta: new Float64Array(capacity) };
}

/** ε as Spark derives it from a relative error by way of the accuracy. */
function epsilonOf(relativeError: number): number {
  return 1 / (1 / relativeError);
}

/** Collects values into a digest. */
export class GkBuilder {
  readonly epsilon: number;
  #sort: Sort;
  #head: Float64Array;
  #pending = 0;
  #samples: Samples = NONE;
  #n = 0;

  constructor(relativeError: number, sort: Sort = plainSort) {
    if (!(relativeError >= 0 && relativeError <= 1)) {
      throw new AssayError('INVALID_ARGUMENT', `a relative error must be in [0, 1], not ${relativeError}`);
    }
    this.epsilon = epsilonOf(relativeError);
    this.#sort = sort;
    this.#head = new Float64Array(1024);
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#head.byteLength + 3 * this.#samples.values.byteLength;
  }

  /** Takes values in their order. */
  insert(values: Float64Array | readonly number[]): void {
    const run = values instanceof Float64Array ? values : Float64Array.from(values);
    let at = 0;
    while (at < run.length) {
      const take = Math.min(run.length - at, GK_HEAD_SIZE - this.#pending);
      this.#grow(this.#pending + take);
      this.#head.set(run.subarray(at, at + take), this.#pending);
      this.#pending += take;
      at += take;
      if (this.#pending === GK_HEAD_SIZE) {
        // with so full a head there are always samples enough for Spark to compress them
        this.#sort(this.#head);
        this.#samples = absorb(this.#samples, this.#n, this.#head, this.epsilon);
        this.#n += GK_HEAD_SIZE;
        this.#pending = 0;
      }
    }
  }

  /** The compressed digest of everything inserted; inserting may go on. */
  digest(): GkDigest {
    const n = this.#n + this.#pending;
    const head = this.#head.slice(0, this.#pending);
    this.#sort(head);
    return frozen(absorb(this.#samples, this.#n, head, this.epsilon), this.epsilon, n);
  }

  #grow(needed: number): void {
    if (needed <= this.#head.length) return;
    const bigger = new Float64Array(Math.min(GK_HEAD_SIZE, Math.max(needed, 4 * this.#head.length)));
    bigger.set(this.#head.subarray(0, this.#pending));
    this.#head = bigger;
  }
}

function frozen(s: Samples, epsilon: number, n: number): GkDigest {
  return { epsilon, n, values: s.values.slice(0, s.size), g: s.g.slice(0, s.size), delta: s.delta.slice(0, s.size) };
}

/** Merges a sorted head into samples of n values and compresses them. */
function absorb(old: Samples, n: number, head: Float64Array, epsilon: number): Samples {
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
 * The same as `compress(mergeHead(…))` without NaN, from the end down and without visiting every value: of a run of new values, each of
 * g = 1, it is known how many join the sample after them.
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

/** Joins neighbours whose ranks stay within the threshold, from the last sample down; the first and the last one stay. */
function compress(s: Samples, threshold: number): Samples {
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

/** The digest of a's values followed by b's. */
export function gkMerge(a: GkDigest, b: GkDigest): GkDigest {
  if (b.n === 0) return a;
  if (a.n === 0) return b;
  const merged = samplesFor(a.values.length + b.values.length);
  const { values, g, delta } = merged;
  const moreA = Math.floor(2 * b.epsilon * b.n);
  const moreB = Math.floor(2 * a.epsilon * a.n);
  let i = 0;
  let j = 0;
  let to = 0;
  const take = (from: GkDigest, k: number, more: number) => {
    values[to] = from.values[k]!;
    g[to] = from.g[k]!;
    delta[to] = from.delta[k]! + more;
    ++to;
  };
  while (i < a.values.length && j < b.values.length) {
    if (a.values[i]! < b.values[j]!) take(a, i++, j > 0 ? moreA : 0);
    else take(b, j++, i > 0 ? moreB : 0);
  }
  while (i < a.values.length) take(a, i++, 0);
  while (j < b.values.length) take(b, j++, 0);
  merged.size = to;
  const epsilon = Math.max(a.epsilon, b.epsilon);
  const n = a.n + b.n;
  return frozen(compress(merged, 2 * epsilon * n), epsilon, n);
}

/** A value whose rank is within ε·n of q·n; null if there are no values. */
export function gkQuery(digest: GkDigest, q: number): number | null {
  if (!(q >= 0 && q <= 1)) throw new AssayError('INVALID_ARGUMENT', `a quantile must be in [0, 1], not ${q}`);
  const { epsilon, n, values, g, delta } = digest;
  const last = values.length - 1;
  if (last < 0) return null;
  if (q <= epsilon) return values[0]!;
  if (q >= 1 - epsilon) return values[last]!;
  let most = 0;
  for (let i = 0; i <= last; ++i) most = Math.max(most, g[i]! + delta[i]!);
  const error = Math.floor(most / 2);
  const rank = Math.ceil(q * n);
  let least = 0;
  for (let i = 0; i < last; ++i) {
    least += g[i]!;
    if (least + delta[i]! - error <= rank && rank <= least + error) return values[i]!;
  }
  return values[last]!;
}

/** The bytes of a digest. */
export function gkToBytes(digest: GkDigest): Uint8Array {
  const { values, g, delta } = digest;
  const view = new DataView(new ArrayBuffer(PREAMBLE + SAMPLE * values.length));
  view.setInt32(0, COMPRESS_THRESHOLD);
  view.setFloat64(4, digest.epsilon);
  view.setBigInt64(12, BigInt(digest.n));
  view.setInt32(20, values.length);
  for (let i = 0, at = PREAMBLE; i < values.length; ++i, at += SAMPLE) {
    view.setFloat64(at, values[i]!);
    view.setBigInt64(at + 8, BigInt(g[i]!));
    view.setBigInt64(at + 16, BigInt(delta[i]!));
  }
  return new Uint8Array(view.buffer);
}

/** The digest in some bytes. */
export function gkFromBytes(bytes: Uint8Array): GkDigest {
  const wrong = (what: string) => new AssayError('STATE', `a quantile digest ${what}`);
  if (bytes.length < PREAMBLE) throw wrong(`needs ${PREAMBLE} bytes, but has ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getInt32(20);
  if (size < 0 || bytes.length !== PREAMBLE + SAMPLE * size) throw wrong(`of ${size} samples cannot have ${bytes.length} bytes`);
  const epsilon = view.getFloat64(4);
  if (!(epsilon >= 0 && epsilon <= 1)) throw wrong(`cannot have the relative error ${epsilon}`);
  const count = (at: number): number => {
    const x = Number(view.getBigInt64(at));
    if (x < 0 || x > Number.MAX_SAFE_INTEGER) throw wrong(`has the count ${x} at offset ${at}`);
    return x;
  };
  const n = count(12);
  const samples = samplesFor(size);
  for (let i = 0, at = PREAMBLE; i < size; ++i, at += SAMPLE) {
    samples.values[i] = view.getFloat64(at);
    samples.g[i] = count(at + 8);
    samples.delta[i] = count(at + 16);
  }
  const total = samples.g.reduce((sum, g) => sum + g, 0);
  if (total !== n) throw wrong(`of ${n} values has samples of ${total}`);
  samples.size = size;
  return frozen(samples, epsilon, n);
}
