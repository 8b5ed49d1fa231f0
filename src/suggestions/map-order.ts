/**
 * Texts in the order in which Scala 2.12 walks through an immutable Map of them: up to four as they were added, more by five bits
 * of their mixed hash at a time. Deequ adds ratios in this order, which shows in the last digit of their sum.
 */
export function inMapOrder<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  if (items.length <= 4) return items;
  return items.map((item) => ({ item, place: places(mixedHash(keyOf(item))) }))
    .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0))
    .map(({ item }) => item);
}

/** The hash as a text that sorts like its groups of five bits, the lowest first. */
function places(hash: number): string {
  let text = '';
  for (let level = 0; level < 32; level += 5) text += String.fromCharCode(48 + ((hash >>> level) & 31));
  return text;
}

/** Java's hash of a text, as Scala mixes it. */
function mixedHash(text: string): number {
  let h = 0;
  for (let i = 0; i < text.length; ++i) h = (Math.imul(31, h) + text.charCodeAt(i)) | 0;
  h = (h + ~(h << 9)) | 0;
  h ^= h >>> 14;
  h = (h + (h << 4)) | 0;
  return (h ^ (h >>> 10)) >>> 0;
}
