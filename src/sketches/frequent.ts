import { AssayError } from '../base/errors.js';
import { fnv1a } from '../base/checksum.js';

/**
 * The most frequent keys of a stream (Misra & Gries 1982; merging after Agarwal et al. 2013). The count of a listed key is at
 * most `error` below its true one and never above it; a key that is not listed occurs at most `error` times.
 *
 * As bytes: of each key, its length as uint32 and then its bytes; of a key longer than 4,096 bytes these and 8 bytes of
 * hash. Keys stand in the order of their counts, greatest first, then byte by byte.
 */
export interface FrequentSketch {
  readonly n: number;
  readonly error: number;
  readonly entries: readonly FrequentEntry[];
}

export interface FrequentEntry {
  /** What is kept of the key. */
  readonly key: Uint8Array;
  /** Its full length in bytes. */
  readonly length: number;
  readonly count: number;
}

const KEPT = 4096;
const HASH = 8;

const keptOf = (length: number) => (length > KEPT ? KEPT + HASH : length);

/** The union of two sketches with at most so many keys. */
export function mergeFrequent(a: FrequentSketch, b: FrequentSketch, capacity: number): FrequentSketch {
  const entries = [...a.entries];
  const last = 2 ** Math.ceil(Math.log2(2 * (entries.length + b.entries.length) + 1)) - 1;
  const table = new Int32Array(last + 1); // numbers of entries from 1 on, by their keys
  const placeOf = (e: FrequentEntry) => {
    let at = hashOf(e.key) & last;
    while (table[at] !== 0 && !isSame(entries[table[at]! - 1]!, e)) at = (at + 1) & last;
    return at;
  };
  entries.forEach((e, i) => (table[placeOf(e)] = i + 1));
  for (const e of b.entries) {
    const place = placeOf(e);
    const before = table[place]!;
    if (before === 0) table[place] = entries.push(e);
    else entries[before - 1] = withCount(e, entries[before - 1]!.count + e.count);
  }
  return cutTo({ n: a.n + b.n, error: a.error + b.error, entries }, capacity);
}

/** Differs from run to run, so that nobody can make keys that meet. */
const SEED = Math.floor(Math.random() * 2 ** 32) | 0;

/** FNV-1a, and its upper bits spread over the lower ones. */
function hashOf(key: Uint8Array): number {
  let hash = fnv1a(key, SEED);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

function isSame(a: FrequentEntry, b: FrequentEntry): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

function withCount({ key, length }: FrequentEntry, count: number): FrequentEntry {
  return { key, length, count };
}

/** The same with at most so many keys: the count of the first that falls out is taken off all. */
export function cutTo(sketch: FrequentSketch, capacity: number): FrequentSketch {
  if (sketch.entries.length <= capacity) return sketch;
  const counts = countsOf(sketch.entries).sort();
  const less = counts[counts.length - capacity - 1]!;
  const left = sketch.entries.filter((e) => e.count > less).map((e) => withCount(e, e.count - less));
  return { n: sketch.n, error: sketch.error + less, entries: left };
}

/** The counts of keys, in their order. */
export function countsOf(entries: readonly FrequentEntry[]): Float64Array {
  const counts = new Float64Array(entries.length);
  for (let i = 0; i < counts.length; ++i) counts[i] = entries[i]!.count;
  return counts;
}

/** Puts the keys into their order, in place, and writes them. */
export function frequentToBytes(entries: readonly FrequentEntry[]): Uint8Array {
  (entries as FrequentEntry[]).sort((a, b) => b.count - a.count || compareBytes(a, b));
  const out = new Uint8Array(entries.reduce((sum, e) => sum + 4 + e.key.length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const { key, length } of entries) {
    view.setUint32(at, length, true);
    out.set(key, at + 4);
    at += 4 + key.length;
  }
  return out;
}

/** Reads what `frequentToBytes` wrote. */
export function frequentFromBytes(keys: Uint8Array, counts: Float64Array): FrequentEntry[] {
  const view = new DataView(keys.buffer, keys.byteOffset, keys.byteLength);
  const entries: FrequentEntry[] = [];
  let at = 0;
  while (at < keys.length) {
    const length = at + 4 <= keys.length ? view.getUint32(at, true) : Infinity;
    const end = at + 4 + keptOf(length);
    const count = counts[entries.length];
    if (end > keys.length || count === undefined || !(count >= 1)) {
      throw new AssayError('STATE', `the frequent value at byte ${at} is broken`);
    }
    entries.push({ key: keys.subarray(at + 4, end), length, count });
    at = end;
  }
  if (entries.length !== counts.length) {
    throw new AssayError('STATE', `${entries.length} frequent values have ${counts.length} counts`);
  }
  return entries;
}

function compareBytes(a: FrequentEntry, b: FrequentEntry): number {
  const n = Math.min(a.key.length, b.key.length);
  for (let i = 0; i < n; ++i) if (a.key[i] !== b.key[i]) return a.key[i]! - b.key[i]!;
  return a.key.length - b.key.length || a.length - b.length;
}
