import { AssayError } from '../../base/errors.js';
import { compileRegex, type MatchMode, type Regex } from '../regex/regex.js';
import type { FunctionSpec, FunctionTable } from './evaluation.js';
import { likeSteps } from './like-steps.js';
import { replacementOf, type Replacement } from './replacement.js';
import { literalArgument, rowwise } from './rowwise.js';
import type { Value } from './values.js';

// Functions of patterns that differ from row to row: there a row is the work itself, for each has a pattern to be read.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Steps of a LIKE pattern that are no bytes. */
const ANY_ONE = 0x100;
const ANY_TEXT = 0x200;

/** Whether bytes match the steps as a whole. */
function matchesSteps(bytes: Uint8Array, steps: readonly number[]): boolean {
  let [at, step, retryAt, retryStep] = [0, 0, -1, -1];
  for (;;) {
    const s = steps[step];
    if (s === ANY_TEXT) {
      retryStep = ++step;
      retryAt = at;
    } else if (s === undefined && at === bytes.length) {
      return true;
    } else if (s === ANY_ONE && at < bytes.length) {
      ++step;
      at = next(bytes, at);
    } else if (s !== undefined && at < bytes.length && bytes[at] === s) {
      ++step;
      ++at;
    } else if (retryStep >= 0 && retryAt < bytes.length) {
      retryAt = next(bytes, retryAt);
      at = retryAt;
      step = retryStep;
    } else {
      return false;
    }
  }
}

function next(bytes: Uint8Array, at: number): number {
  do ++at; while (at < bytes.length && (bytes[at]! & 0xc0) === 0x80);
  return at;
}

const likeByRow = rowwise((call) => {
  const escape = String(literalArgument(call, 2) ?? '\\');
  let last: { pattern: string; steps: number[] } | undefined;
  return ([s, pattern]) => {
    if (last?.pattern !== pattern) last = { pattern: pattern as string, steps: likeSteps(pattern as string, escape, false) };
    return matchesSteps(encoder.encode(s as string), last!.steps);
  };
});

/** The text of a group of a match; '' if it took no part. */
function group(bytes: Uint8Array, match: Int32Array, index: number): string {
  const start = match[2 * index]!;
  return start < 0 ? '' : decoder.decode(bytes.subarray(start, match[2 * index + 1]!));
}

/** A replacement with the groups of a match put in. */
function expand(replacement: Replacement, bytes: Uint8Array, match: Int32Array): string {
  return replacement.map((part) => (typeof part === 'number' ? group(bytes, match, part) : decoder.decode(part))).join('');
}

/** Each match in turn; after an empty one the next is sought one code point on. */
function* matches(regex: Regex, bytes: Uint8Array, from: number): Generator<Int32Array> {
  let at = from;
  let last = from;
  while (at <= bytes.length) {
    const m = regex.exec(bytes, at, last);
    if (!m) return;
    yield m;
    last = m[1]!;
    at = m[1]! > m[0]! ? m[1]! : next(bytes, m[1]!);
  }
}

function replaceAll(s: string, source: string, replacement: string, pos: number): string {
  const skipped = s.slice(0, pos - 1);
  if (pos > 1 && pos - 1 >= s.length) return s;
  const regex = compileRegex(source);
  const bytes = encoder.encode(s.slice(pos - 1));
  let out = skipped;
  let at = 0;
  for (const m of matches(regex, bytes, 0)) {
    out += decoder.decode(bytes.subarray(at, m[0]!)) + expand(replacementOf(replacement, regex), bytes, m);
    at = m[1]!;
  }
  return out + decoder.decode(bytes.subarray(at));
}

function split(s: string, source: string, limit: number): string[] {
  if (source === '' && s !== '') {
    const chars = Array.from(s);
    return limit > 0 ? chars.slice(0, limit) : chars;
  }
  const bytes = encoder.encode(s);
  const parts: string[] = [];
  let at = 0;
  for (const m of matches(compileRegex(source), bytes, 0)) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (m[1]! === 0) continue; // an empty match at the start makes no part
    parts.push(decoder.decode(bytes.subarray(at, m[0]!)));
    at = m[1]!;
  }
  return [...parts, decoder.decode(bytes.subarray(at))];
}

function extract([s, source, index]: readonly Value[]): string {
  const regex = compileRegex(source as string);
  if ((index as number) < 0 || (index as number) > regex.groups) {
    throw new AssayError('EVALUATION', `the pattern '${regex.source}' has ${regex.groups} groups, there is no group ${index as number}`);
  }
  const bytes = encoder.encode(s as string);
  const m = regex.exec(bytes);
  return m ? group(bytes, m, index as number) : '';
}

function translate(s: string, from: string, to: string): string {
  const target = Array.from(to);
  const map = new Map<string, string>();
  Array.from(from).forEach((c, i) => map.has(c) || map.set(c, target[i] ?? ''));
  return Array.from(s, (c) => map.get(c) ?? c).join('');
}

const matching = (mode: MatchMode) => rowwise(() => ([s, source]) => {
  const found = compileRegex(source as string).exec(encoder.encode(s as string));
  return found !== null && (mode !== 'nonEmptyFind' || found[1]! > found[0]!);
});

/** The row forms, for batches in which nearly every row has a pattern of its own. */
const varied: FunctionTable = {
  like: likeByRow,
  rlike: matching('find'),
  regexp_matches: matching('nonEmptyFind'),
  regexp_replace: rowwise(() => ([s, source, by, pos]) => replaceAll(s as string, source as string, by as string, pos as number)),
  regexp_extract: rowwise(() => extract),
  split: rowwise(() => ([s, source, limit]) => split(s as string, source as string, limit as number)),
  translate: rowwise(() => ([s, from, to]) => translate(s as string, from as string, to as string)),
};

/** One of these by its canonical name. */
export function variedPattern(name: string): FunctionSpec | undefined {
  return varied[name];
}
