import type { FunctionTable } from './evaluation.js';
import { rowwise } from './rowwise.js';

/** Each word with a capital letter. */
export function initcap(s: string): string {
  return s.toLowerCase().replace(/(^| )([^ ])/gu, (_, blank: string, c: string) => blank + title(c));
}

/** Title case differs from upper case for the digraphs only. */
function title(c: string): string {
  const upper = c.toUpperCase();
  if (upper.length > c.length) return c; // Java's Character.toTitleCase maps one code point to one
  return { Ǆ: 'ǅ', Ǉ: 'ǈ', Ǌ: 'ǋ', Ǳ: 'ǲ' }[upper] ?? upper;
}

/**
 * Letters in another case, row by row on texts of JavaScript: for batches that hold a capital sigma, whose small letter depends on
 * its neighbours.
 */
export const strings: FunctionTable = {
  upper: rowwise(() => ([s]) => (s as string).toUpperCase()),
  lower: rowwise(() => ([s]) => (s as string).toLowerCase()),
  initcap: rowwise(() => ([s]) => initcap(s as string)),
};
