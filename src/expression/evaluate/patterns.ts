import { BOOLEAN, STRING } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { compileRegex, type MatchMode, type Regex } from '../regex/regex.js';
import { isBrief } from './brief.js';
import { strict, type Evaluation, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { perValue } from './grouped.js';
import { ANY_ONE, ANY_TEXT, likeSteps } from './like-steps.js';
import { extractColumn, replaceColumn, splitColumn } from './regex-columns.js';
import { literalArgument } from './rowwise.js';
import { variedPattern } from './varied-patterns.js';
import { bitmap, bitmapBytes, nulls, plain } from './vectors.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * LIKE a pattern that is written there; others are worked one by one, and told by a fourth argument, for Spark reads them in
 * another way.
 */
function like(call: BoundCall, at: Evaluation): Vector {
  const pattern = literalArgument(call, 1);
  const [s, p, escape = { kind: 'literal', type: STRING, value: '\\' } as const] = call.args as [Bound, Bound, Bound?];
  if (pattern === undefined) return perValue({ ...call, args: [s, p, escape, { kind: 'literal', type: BOOLEAN, value: false }] }, [1, 2], at, variedPattern('like'));
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

/** Stands behind the arguments of a call whose pattern is not written there. */
const VARIES: Bound = { kind: 'literal', type: BOOLEAN, value: false };

/** Whether rows are matched where they stand. */
function foundOneByOne(regex: Regex, v: Vector, mode: MatchMode, at: Evaluation): Vector {
  const { kernels, rows } = at;
  const out = bitmap(kernels, rows);
  const { buffer } = kernels.memory;
  const memory = new Uint8Array(buffer);
  const offsets = new Int32Array(buffer, v.values, rows + 1);
  const bits = new Uint8Array(buffer, out, bitmapBytes(rows)).fill(0);
  for (let i = 0; i < rows; ++i) {
    const start = v.bytes + offsets[i]!;
    const match = regex.search(memory, start, v.bytes + offsets[i + 1]!, start, start);
    if (match !== null && (mode !== 'nonEmptyFind' || match[1]! > match[0]!)) bits[i >> 3]! |= 1 << (i & 7);
  }
  return plain(BOOLEAN, rows, out, v.validity);
}

function matching(mode: MatchMode): FunctionSpec {
  return strict((call, at) => {
    const source = literalArgument(call, 1);
    if (source === undefined) return perValue({ ...call, args: [...call.args, VARIES] }, [1], at, variedPattern(call.fn));
    if (typeof source !== 'string') return nulls(at.kernels, BOOLEAN, at.rows);
    const regex = compileRegex(source);
    const v = at.flat(call.args[0]!);
    if (isBrief(call, 2, at)) return foundOneByOne(regex, v, mode, at);
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
    if (given.every((k) => call.args[k]!.kind === 'literal')) return run(call, at);
    return perValue({ ...call, args: [...call.args, VARIES] }, given, at, variedPattern(call.fn));
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
