import { BOOLEAN } from '../../data/types.js';
import type { Bound, BoundCall, BoundLiteral } from '../bound.js';
import { constantOf } from './fold.js';
import { comparedCast } from './compared-cast.js';

const simpler = new WeakMap<Bound, Bound>();

/** An expression that gives the same values on every row and is cheaper to evaluate: constants computed, comparisons moved inwards. */
export function simplified(e: Bound): Bound {
  if (e.kind !== 'call') return e;
  let result = simpler.get(e);
  if (result === undefined) {
    result = simplify(e);
    simpler.set(e, result);
    simpler.set(result, result);
  }
  return result;
}

function simplify(e: BoundCall): Bound {
  const args = e.args.map(simplified);
  const call = args.every((a, i) => a === e.args[i]) ? e : Object.freeze({ ...e, args });
  if (args.every((a) => a.kind === 'literal')) {
    const constant = constantOf(call);
    if (constant) return constant;
  }
  const rewritten = MIRRORED[call.fn] ? comparison(call) : call.fn === 'in' ? member(call) : null;
  return rewritten ? simplified(rewritten) : call;
}

/** Comparisons and what they are with their sides exchanged. */
const MIRRORED: Readonly<Record<string, string>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

const known = (e: Bound | undefined): e is BoundLiteral => e?.kind === 'literal' && e.value !== null;

function test(fn: string, args: readonly Bound[]): BoundCall {
  return Object.freeze({ kind: 'call', fn, args, type: BOOLEAN });
}

/** A comparison with a known literal, whose null is that of the other side alone. */
function comparison(call: BoundCall): Bound | null {
  const [a, b] = call.args as [Bound, Bound];
  if (known(a) && b.kind === 'call') return comparison(test(MIRRORED[call.fn]!, [b, a]));
  if (!known(b) || a.kind !== 'call') return null;
  return inward(a, (x) => test(call.fn, [x, b])) ?? (a.fn === 'cast' ? comparedCast(call.fn, a, b) : null);
}

/** Membership among known literals behaves like a comparison with one. */
function member(call: BoundCall): Bound | null {
  const [a, ...items] = call.args as [Bound, ...Bound[]];
  if (a.kind !== 'call' || !items.every(known)) return null;
  return inward(a, (x) => test('in', [x, ...items]));
}

/** t(coalesce(x, y)) = coalesce(t(x), t(y)), for a test t that is null on null only; worth it where a value is constant. */
function inward(a: BoundCall, t: (x: Bound) => BoundCall): Bound | null {
  if (a.fn === 'coalesce' && a.args.some(known)) return test('coalesce', a.args.map(t));
  if (a.fn !== 'case') return null;
  const last = a.args.length - 1;
  const isValue = (i: number) => i % 2 === 1 || i === last;
  if (!a.args.some((x, i) => isValue(i) && x.kind === 'literal')) return null;
  return test('case', a.args.map((x, i) => (isValue(i) ? t(x) : x)));
}
