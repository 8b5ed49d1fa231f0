import { AssayError } from '../../base/errors.js';
import { BOOLEAN, STRING } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { compileRegex, type MatchMode, type Regex } from '../regex/regex.js';
import { strict, type Evaluation, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { extractColumn, replaceColumn, splitColumn } from './regex-columns.js';
import { replacementOf, type Replacement } from './replacement.js';
import { literalArgument, rowwise } from './rowwise.js';
import type { Value } from './values.js';
import { bitmap, plain } from './vectors.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** One step of a LIKE pattern: a byte, any code point, any text. */
const ANY_ONE = 0x100;
const ANY_TEXT = 0x200;

/** A step that no text takes. */
export const NEVER = 0x300;

/**
 * The steps of a LIKE pattern. Spark matches characters beyond U+FFFF only in literal patterns that it turns into
 * comparisons, prefixes and the like: there the halves of a surrogate pair are not told apart.
 */
export function likeSteps(pattern: string, escape: string, literal: boolean): number[] {
  const steps: number[] = [];
  const plain = literal && !pattern.includes(escape) && /^(?:%?[^_%]+%?|[^_%]+%[^_%]+|)$/s.test(pattern);
  if (!plain && /[\u{10000}-\u{10ffff}]/u.test(pattern)) steps.push(NEVER);
  const chars = Array.from(pattern);
  for (let i = 0; i < chars.length; ++i) {
    const c = chars[i]!;
    if (c === escape) {
      const next = chars[++i];
      if (next === undefined) throw new AssayError('EVALUATION', `the pattern '${pattern}' must not end with the escape character`);
      if (next !== '_' && next !== '%' && next !== escape) {
        throw new AssayError('EVALUATION', `the escape character in '${pattern}' must stand before _, % or itself`);
      }
      steps.push(...encoder.encode(next));
    } else if (c === '_') {
      steps.push(ANY_ONE);
    } else if (c === '%') {
      if (steps[steps.length - 1] !== ANY_TEXT) steps.push(ANY_TEXT);
    } else {
      steps.push(...encoder.encode(c));
    }
  }
  return steps;
}

/** Whether bytes match the steps as a whole. */
export function matchesSteps(bytes: Uint8Array, steps: readonly number[]): boolean {
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
  const fixed = call.args[1]!.kind === 'literal';
  let last: { pattern: string; steps: number[] } | undefined;
  return ([s, pattern]) => {
    if (last?.pattern !== pattern) last = { pattern: pattern as string, steps: likeSteps(pattern as string, escape, fixed) };
    return matchesSteps(encoder.encode(s as string), last!.steps);
  };
});

function like(call: BoundCall, at: Evaluation): Vector {
  const pattern = literalArgument(call, 1);
  if (typeof pattern !== 'string' || call.args[0]!.kind === 'literal') return likeByRow.evaluate(call, at);
  const steps = likeSteps(pattern, String(literalArgument(call, 2) ?? '\\'), true);
  const simple = withoutWildcards(call, steps, at);
  if (simple) return simple;
  const v = at.flat(call.args[0]!);
  const { fn, scratch, memory } = at.kernels;
  const program = scratch.alloc(steps.length * 2);
  const out = bitmap(at.kernels, at.rows);
  new Uint16Array(memory.buffer, program, steps.length).set(steps);
  fn.textLike(v.values, v.bytes, at.rows, program, steps.length, out);
  return plain(BOOLEAN, at.rows, out, v.validity);
}

/** A pattern with no wildcard but % at its ends, as a comparison or a search. */
function withoutWildcards(call: BoundCall, steps: readonly number[], at: Evaluation): Vector | null {
  const open = steps[0] === ANY_TEXT;
  const close = steps.length > 1 && steps[steps.length - 1] === ANY_TEXT;
  const inner = steps.slice(open ? 1 : 0, close ? -1 : undefined);
  if (inner.length === 0 || inner.some((s) => s >= ANY_ONE)) return null;
  const value = decoder.decode(Uint8Array.from(inner));
  const fn = open ? (close ? 'contains' : 'endswith') : close ? 'startswith' : '=';
  return at.vector({ kind: 'call', fn, args: [call.args[0]!, { kind: 'literal', type: STRING, value }], type: BOOLEAN });
}

function ilike(call: BoundCall, at: Evaluation): Vector {
  const [s, pattern, ...escape] = call.args as [Bound, Bound, ...Bound[]];
  const lower = (e: Bound): Bound =>
    e.kind === 'literal' && typeof e.value === 'string' ? { ...e, value: e.value.toLowerCase() }
    : { kind: 'call', fn: 'lower', args: [e], type: STRING };
  return at.vector({ kind: 'call', fn: 'like', args: [lower(s), lower(pattern), ...escape], type: BOOLEAN });
}

function matching(mode: MatchMode): FunctionSpec {
  const byRow = rowwise(() => ([s, source]) => {
    const found = compileRegex(source as string).exec(encoder.encode(s as string));
    return found !== null && (mode !== 'nonEmptyFind' || found[1]! > found[0]!);
  });
  return strict((call, at) => {
    const source = literalArgument(call, 1);
    if (typeof source !== 'string' || call.args[0]!.kind === 'literal') return byRow.evaluate(call, at);
    const regex = compileRegex(source);
    const v = at.flat(call.args[0]!);
    const out = at.kernels.scratch.zeroed(((at.rows + 127) >>> 7) << 4);
    regex.matchUtf8(at.kernels, mode, v.values, v.bytes, v.validity, at.rows, out);
    return plain(BOOLEAN, at.rows, out, v.validity);
  });
}

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

/** By columns where the pattern is a literal, otherwise row by row. */
function columnar(run: (call: BoundCall, at: Evaluation) => Vector | null, slow: FunctionSpec): FunctionSpec {
  return strict((call, at) => run(call, at) ?? slow.evaluate(call, at));
}

/** LIKE and Java's regular expressions. */
export const patterns: FunctionTable = {
  like: strict(like),
  ilike: strict(ilike),
  rlike: matching('find'),
  regexp_matches: matching('nonEmptyFind'),
  regexp_replace: columnar(replaceColumn, rowwise(() => ([s, source, by, pos]) =>
    replaceAll(s as string, source as string, by as string, pos as number))),
  regexp_extract: columnar(extractColumn, rowwise(() => extract)),
  split: columnar(splitColumn, rowwise(() => ([s, source, limit]) =>
    split(s as string, source as string, limit as number))),
};
