import type { FunctionSpec, FunctionTable } from './evaluation.js';
import { rowwise, rowwiseWithNulls } from './rowwise.js';
import type { Value } from './values.js';

const NON_ASCII = /[^\0-\x7f]/;

/** The code points of a text; for ASCII without splitting it. */
function points(s: string): ArrayLike<string> & { slice(a: number, b?: number): string | string[] } {
  return NON_ASCII.test(s) ? Array.from(s) : s;
}

function joined(part: string | string[]): string {
  return typeof part === 'string' ? part : part.join('');
}

/** Code points `start` to before `end`, both clipped. */
export function cut(s: string, start: number, end: number): string {
  return end <= start ? '' : joined(points(s).slice(Math.max(start, 0), Math.max(end, 0)));
}

function substring(s: string | Uint8Array, pos: number, length: number): string | Uint8Array {
  if (typeof s === 'string') {
    const start = pos > 0 ? pos - 1 : pos < 0 ? points(s).length + pos : 0;
    return cut(s, start, Math.min(start + length, 0x7fffffff));
  }
  const start = pos > 0 ? pos - 1 : pos < 0 ? s.length + pos : 0;
  return s.slice(Math.max(start, 0), Math.max(0, Math.min(s.length, start + length)));
}

/** 1-based place of the first occurrence from a 0-based place on, in code points; 0: none. */
function locate(s: string, sub: string, from: number): number {
  if (sub === '') return 1;
  if (!NON_ASCII.test(s)) return s.indexOf(sub, from) + 1;
  const before = cut(s, 0, from);
  if (points(before).length < from) return 0;
  const found = s.indexOf(sub, before.length);
  return found < 0 ? 0 : points(s.slice(0, found)).length + 1;
}

function translate(s: string, from: string, to: string): string {
  const target = Array.from(to);
  const map = new Map<string, string>();
  Array.from(from).forEach((c, i) => map.has(c) || map.set(c, target[i] ?? ''));
  return Array.from(s, (c) => map.get(c) ?? c).join('');
}

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

function size(x: Value): number {
  return typeof x === 'string' ? points(x).length : (x as Uint8Array).length;
}

function concat(parts: readonly Value[]): Value {
  if (typeof parts[0] === 'string') return (parts as readonly string[]).join('');
  if (!(parts[0] instanceof Uint8Array)) return (parts as readonly (readonly Value[])[]).flat();
  const out = new Uint8Array((parts as readonly Uint8Array[]).reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts as readonly Uint8Array[]) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

/** Whether bytes hold others at the start, at the end, or anywhere. */
function binaryTest(test: 'start' | 'end' | 'any', a: Uint8Array, b: Uint8Array): boolean {
  const same = (at: number) => b.every((x, i) => a[at + i] === x);
  if (b.length > a.length) return false;
  if (test === 'start') return same(0);
  if (test === 'end') return same(a.length - b.length);
  for (let i = 0; i + b.length <= a.length; ++i) if (same(i)) return true;
  return false;
}

function holds(test: 'start' | 'end' | 'any'): FunctionSpec {
  const text = { start: 'startsWith', end: 'endsWith', any: 'includes' } as const;
  return rowwise(() => ([a, b]) =>
    typeof a === 'string' ? a[text[test]](b as string) : binaryTest(test, a as Uint8Array, b as Uint8Array));
}

/** Functions of strings, row by row. */
export const strings: FunctionTable = {
  length: rowwise(() => ([s]) => size(s!)),
  upper: rowwise(() => ([s]) => (s as string).toUpperCase()),
  lower: rowwise(() => ([s]) => (s as string).toLowerCase()),
  initcap: rowwise(() => ([s]) => initcap(s as string)),
  reverse: rowwise(() => ([s]) => (typeof s === 'string' ? Array.from(s).reverse().join('') : (s as readonly Value[]).toReversed())),
  concat: rowwise(() => concat),
  concat_ws: rowwiseWithNulls(() => ([separator, ...parts]) =>
    separator === null ? null : parts.flat().filter((p) => p !== null).join(separator as string)),
  substring: rowwise(() => ([s, pos, length]) => substring(s as string, pos as number, length as number)),
  translate: rowwise(() => ([s, from, to]) => translate(s as string, from as string, to as string)),
  locate: rowwiseWithNulls(() => ([sub, s, from]) => {
    if (from === null) return 0; // as Hive has it
    if (sub === null || s === null) return null;
    return (from as number) < 1 ? 0 : locate(s as string, sub as string, (from as number) - 1);
  }),
  startswith: holds('start'),
  endswith: holds('end'),
  contains: holds('any'),
};

