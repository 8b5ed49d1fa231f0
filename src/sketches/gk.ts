import { AssayError } from '../base/errors.js';
import { absorb, compress, NO_SAMPLES, samplesFor, type Samples } from './gk-samples.js';
import { plainSort, type Sort } from './sort.js';

/**
 * The quantile digest of Greenwald & Khanna (2001) exactly as Spark's `QuantileSummaries` keeps it: the same values
 * in the same order and the same splits give the same digest. Rank error of a query: at most relativeError × n.
 *
 * As bytes (big-endian, those of Deequ's states):
 *
 *   | 0 int32 compressThreshold | 4 float64 ε | 12 int64 n | 20 int32 samples |
 *   then per sample | float64 value | int64 g | int64 Δ |
 */
export interface GkDigest {
  readonly epsilon: number;
  readonly n: number;
  /**
   * Ascending (but for NaN), `g` and `delta` beside them: ranks grow by g from one to the next, and are known up to
   * delta.
   */
  readonly values: Float64Array;
  readonly g: Float64Array;
  readonly delta: Float64Array;
}

const COMPRESS_THRESHOLD = 10_000;
/** How many values are collected before they are sorted in. */
export const GK_HEAD_SIZE = 50_000;
const PREAMBLE = 24;
const SAMPLE = 24;

/** ε as Spark derives it from a relative error by way of the accuracy. */
function epsilonOf(relativeError: number): number {
  return 1 / (1 / relativeError);
}

/** Heads that nobody uses: one is made for every column of every split otherwise, and waits to be collected. */
const heads: Float64Array[] = [];
const HEADS_KEPT = 8;
const NO_HEAD = new Float64Array(0);

/** Collects values into a digest. */
export class GkBuilder {
  readonly epsilon: number;
  #sort: Sort;
  #head: Float64Array;
  #pending = 0;
  #samples: Samples = NO_SAMPLES;
  #n = 0;

  constructor(relativeError: number, sort: Sort = plainSort) {
    if (!(relativeError >= 0 && relativeError <= 1)) {
      throw new AssayError('INVALID_ARGUMENT', `a relative error must be in [0, 1], not ${relativeError}`);
    }
    this.epsilon = epsilonOf(relativeError);
    this.#sort = sort;
    this.#head = heads.pop() ?? new Float64Array(1024);
  }

  /** Ends inserting: another digest may use what this one held. */
  close(): void {
    if (heads.length < HEADS_KEPT && this.#head !== NO_HEAD) heads.push(this.#head);
    this.#head = NO_HEAD;
    this.#pending = 0;
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
    const head = this.#head.subarray(0, this.#pending);
    this.#sort(head); // where it lies: values that come later are sorted with these anyway
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
  if (bytes.length !== PREAMBLE + SAMPLE * size) throw wrong(`of ${size} samples cannot have ${bytes.length} bytes`);
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
  // Less is no damage: beside NaNs, which are not greater than anything, Spark's digest loses samples.
  if (total > n || (n > 0) !== (size > 0)) throw wrong(`of ${n} values has samples of ${total}`);
  samples.size = size;
  return frozen(samples, epsilon, n);
}
