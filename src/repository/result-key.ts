import { AssayError } from '../base/errors.js';

/** A moment as users give it: a Date, or an integer in whatever unit the other dates of the repository have. */
export type DateLike = Date | number | bigint;

/** Tags as users give them: an object, a Map, or pairs. */
export type TagsLike = Readonly<Record<string, string>> | Iterable<readonly [string, string]>;

/** Under what a result is stored: the date of the data, and tags such as a region. */
export interface ResultKey {
  /** An int64, usually milliseconds since the epoch; a bigint only beyond ±(2^53 - 1). */
  readonly dataSetDate: number | bigint;
  readonly tags: ReadonlyMap<string, string>;
  /** Equal for keys with the same date and the same tags, whatever their order. */
  readonly key: string;
  /** Deequ's text, e.g. `ResultKey(1507975810,Map(Region -> EU))`. */
  toString(): string;
}

/**
 * The key of a result. Throws INVALID_ARGUMENT for a date that is not an int64, or tags that are not texts.
 *
 * @param date the date of the data: a Date counts as milliseconds since the epoch
 * @param tags names and values; none by default
 */
export function ResultKey(date: DateLike, tags: TagsLike = []): ResultKey {
  const pairs = pairsOf(tags);
  return keyOf(dateOf(date), pairs, tagsText(pairs));
}

/** The tags of keys as text, in one order. */
export function tagsText(pairs: ReadonlyMap<string, string>): string {
  return JSON.stringify([...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** A key of parts that are known to be right. */
export function keyOf(dataSetDate: number | bigint, tags: ReadonlyMap<string, string>, text: string): ResultKey {
  const key = Object.create(behaviour) as { -readonly [K in keyof ResultKey]: ResultKey[K] };
  key.dataSetDate = dataSetDate;
  key.tags = tags;
  key.key = keyText(dataSetDate, text);
  return Object.freeze(key);
}

/** What tells keys apart. */
export function keyText(dataSetDate: number | bigint, tagsText: string): string {
  return `${dataSetDate} ${tagsText}`;
}

const behaviour = {
  toString(this: ResultKey): string {
    return `ResultKey(${this.dataSetDate},Map(${[...this.tags].map(([k, v]) => `${k} -> ${v}`).join(', ')}))`;
  },
};

/** A date as it is stored. */
export function dateOf(date: DateLike): number | bigint {
  const plain: unknown = date instanceof Date ? date.getTime() : date;
  if (typeof plain === 'bigint' && BigInt.asIntN(64, plain) === plain) {
    return plain >= -MOST && plain <= MOST ? Number(plain) : plain;
  }
  if (typeof plain === 'number' && Number.isSafeInteger(plain)) return plain + 0;
  const remedy = 'give a Date, or an integer such as Date.now(); beyond 2^53 as a bigint, at most 64 bits';
  throw new AssayError('INVALID_ARGUMENT', `not a date: ${String(plain)}; ${remedy}`);
}

const MOST = BigInt(Number.MAX_SAFE_INTEGER);

/** Tags as a Map of their own, in the given order. */
export function pairsOf(tags: TagsLike): ReadonlyMap<string, string> {
  const iterable = typeof (tags as Iterable<unknown>)[Symbol.iterator] === 'function';
  const pairs = iterable ? (tags as Iterable<readonly [string, string]>) : Object.entries(tags);
  const map = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (typeof name !== 'string' || typeof value !== 'string') {
      const given = `${String(name)} = ${String(value)}`;
      throw new AssayError('INVALID_ARGUMENT', `tags are texts; given: ${given}, of type ${typeof value}`);
    }
    map.set(name, value);
  }
  return map;
}
