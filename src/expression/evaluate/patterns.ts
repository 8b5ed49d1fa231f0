import { AssayError } from '../../base/errors.js';
import { BOOLEAN, STRING } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { compileRegex, type MatchMode } from '../regex/regex.js';
import { strict, type Evaluation, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { perValue } from './grouped.js';
import { extractColumn, replaceColumn, splitColumn } from './regex-columns.js';
import { literalArgument } from './rowwise.js';
import { bitmap, nulls, plain } from './vectors.js';

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

/**
 * LIKE a pattern that is written there; others are worked one by one, and told by a fourth argument, for Spark reads them in
 * another way.
 */
function like(call: BoundCall, at: Evaluation): Vector {
  const pattern = literalArgument(call, 1);
  const [s, p, escape = { kind: 'literal', type: STRING, value: '\\' } as const] = call.args as [Bound, Bound, Bound?];
  if (pattern === undefined) return perValue({ ...call, args: [s, p, escape, { kind: 'literal', type: BOOLEAN, value: false }] }, [1, 2], at);
  if (typeof pattern !== 'string') return nulls(at.kernels, BOOLEAN, at.rows);
  const steps = likeSteps(pattern, String(literalArgument(call, 2) ?? '\\'), call.args.length < 4);
  const simple = withoutWildcards(call, steps, at);
  if (simple) return simple;
  const v = at.flat(s);
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
  return strict((call, at) => {
    const source = literalArgument(call, 1);
    if (source === undefined) return perValue(call, [1], at);
    if (typeof source !== 'string') return nulls(at.kernels, BOOLEAN, at.rows);
    const regex = compileRegex(source);
    const v = at.flat(call.args[0]!);
    const out = at.kernels.scratch.zeroed(((at.rows + 127) >>> 7) << 4);
    regex.matchUtf8(at.kernels, mode, v.values, v.bytes, v.validity, at.rows, out);
    return plain(BOOLEAN, at.rows, out, v.validity);
  });
}

/** By columns, for each of the values of the pattern and what goes with it. */
function ofPattern(given: readonly number[], run: (call: BoundCall, at: Evaluation) => Vector): FunctionSpec {
  return strict((call, at) => {
    if (call.args.some((e) => e.type.kind === 'null' || (e.kind === 'literal' && e.value === null))) {
      return nulls(at.kernels, call.type, at.rows);
    }
    return given.every((k) => call.args[k]!.kind === 'literal') ? run(call, at) : perValue(call, given, at);
  });
}

/** LIKE and Java's regular expressions. */
export const patterns: FunctionTable = {
  like: strict(like),
  ilike: strict(ilike),
  rlike: matching('find'),
  regexp_matches: matching('nonEmptyFind'),
  regexp_replace: ofPattern([1, 2, 3], replaceColumn),
  regexp_extract: ofPattern([1, 2], extractColumn),
  split: ofPattern([1, 2], splitColumn),
};
