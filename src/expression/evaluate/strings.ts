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

/** Text without the leading (and trailing) code points that are in a set. */
function strip(s: string, set: string, left: boolean, right: boolean): string {
  const chars = new Set(set);
  const all = Array.from(s);
  let start = 0;
  let end = all.length;
  if (left) while (start < end && chars.has(all[start]!)) ++start;
  if (right) while (end > start && chars.has(all[end - 1]!)) --end;
  return all.slice(start, end).join('');
}

function trimmer(left: boolean, right: boolean): FunctionSpec {
  return rowwise(() => ([s, chars]) => strip(s as string, (chars as string | undefined) ?? ' ', left, right));
}

function pad(s: string, length: number, filler: string, left: boolean): string {
  const missing = length - points(s).length;
  if (missing <= 0 || filler === '') return cut(s, 0, length);
  const size = points(filler).length;
  const fill = filler.repeat(Math.floor(missing / size)) + cut(filler, 0, missing % size);
  return left ? fill + s : s + fill;
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

function substringIndex(s: string, delim: string, count: number): string {
  if (delim === '' || count === 0) return '';
  let at = count > 0 ? -delim.length : s.length;
  for (let k = 0; k < Math.abs(count); ++k) {
    if (count > 0) {
      at = s.indexOf(delim, k === 0 ? 0 : at + 1);
      if (at < 0) return s;
    } else {
      at = at <= 0 ? -1 : s.lastIndexOf(delim, at - 1);
      if (at < 0) return s;
    }
  }
  return count > 0 ? s.slice(0, at) : s.slice(at + delim.length);
}

function levenshtein(a: string, b: string): number {
  const [s, t] = [Array.from(a), Array.from(b)];
  let row = Array.from({ length: t.length + 1 }, (_, j) => j);
  for (let i = 1; i <= s.length; ++i) {
    const next = [i];
    for (let j = 1; j <= t.length; ++j) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (s[i - 1] === t[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[t.length]!;
}

const SOUNDEX = '01230127022455012623017202'; // of A to Z; 7: neither coded nor separating

function soundex(s: string): string {
  const first = s.charCodeAt(0) & ~32;
  if (s === '' || first < 65 || first > 90) return s;
  let out = String.fromCharCode(first);
  let last = SOUNDEX[first - 65]!;
  for (let i = 1; i < s.length && out.length < 4; ++i) {
    const c = s.charCodeAt(i) & ~32;
    if (c < 65 || c > 90 || s.charCodeAt(i) > 122) {
      last = '0';
      continue;
    }
    const code = SOUNDEX[c - 65]!;
    if (code === '7') continue;
    if (code !== '0' && code !== last) out += code;
    last = code;
  }
  return out.padEnd(4, '0');
}

function initcap(s: string): string {
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

const encoder = new TextEncoder();

function bytesOf(x: Value): Uint8Array {
  return typeof x === 'string' ? encoder.encode(x) : (x as Uint8Array);
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
  octet_length: rowwise(() => ([s]) => bytesOf(s!).length),
  bit_length: rowwise(() => ([s]) => bytesOf(s!).length * 8),
  upper: rowwise(() => ([s]) => (s as string).toUpperCase()),
  lower: rowwise(() => ([s]) => (s as string).toLowerCase()),
  initcap: rowwise(() => ([s]) => initcap(s as string)),
  reverse: rowwise(() => ([s]) => (typeof s === 'string' ? Array.from(s).reverse().join('') : (s as readonly Value[]).toReversed())),
  trim: trimmer(true, true),
  ltrim: trimmer(true, false),
  rtrim: trimmer(false, true),
  concat: rowwise(() => concat),
  concat_ws: rowwiseWithNulls(() => ([separator, ...parts]) =>
    separator === null ? null : parts.flat().filter((p) => p !== null).join(separator as string)),
  substring: rowwise(() => ([s, pos, length]) => substring(s as string, pos as number, length as number)),
  left: rowwise(() => ([s, n]) => cut(s as string, 0, n as number)),
  right: rowwise(() => ([s, n]) => ((n as number) <= 0 ? '' : substring(s as string, -(n as number), 0x7fffffff))),
  repeat: rowwise(() => ([s, n]) => (s as string).repeat(Math.max(0, n as number))),
  space: rowwise(() => ([n]) => ' '.repeat(Math.max(0, n as number))),
  replace: rowwise(() => ([s, search, by]) => (search === '' ? s! : (s as string).replaceAll(search as string, () => by as string))),
  translate: rowwise(() => ([s, from, to]) => translate(s as string, from as string, to as string)),
  substring_index: rowwise(() => ([s, delim, count]) => substringIndex(s as string, delim as string, count as number)),
  instr: rowwise(() => ([s, sub]) => locate(s as string, sub as string, 0)),
  locate: rowwiseWithNulls(() => ([sub, s, from]) => {
    if (from === null) return 0; // as Hive has it
    if (sub === null || s === null) return null;
    return (from as number) < 1 ? 0 : locate(s as string, sub as string, (from as number) - 1);
  }),
  lpad: rowwise(() => ([s, n, fill]) => pad(s as string, n as number, fill as string, true)),
  rpad: rowwise(() => ([s, n, fill]) => pad(s as string, n as number, fill as string, false)),
  ascii: rowwise(() => ([s]) => (s as string).codePointAt(0) ?? 0),
  chr: rowwise(() => ([n]) => ((n as bigint) < 0n ? '' : String.fromCharCode(Number((n as bigint) & 255n)))),
  startswith: holds('start'),
  endswith: holds('end'),
  contains: holds('any'),
  levenshtein: rowwise(() => ([a, b]) => levenshtein(a as string, b as string)),
  soundex: rowwise(() => ([s]) => soundex(s as string)),
};

