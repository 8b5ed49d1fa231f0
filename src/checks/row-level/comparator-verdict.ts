import { call, isKnown, literal } from '../../analyzers/lower.js';
import type { Comparator } from '../../base/comparators.js';
import { BOOLEAN, DOUBLE } from '../../data/types.js';
import type { Bound } from '../../expression/bound.js';

const SIGNS = { atLeast: '>=', atMost: '<=', above: '>', below: '<', equals: '=' } as const;

/**
 * A comparator on a double as an expression: null where the double is null, otherwise what `holds` says. NaN, which SQL
 * puts above all numbers, is beyond all comparisons here.
 */
export function comparatorVerdict(c: Comparator, x: Bound): Bound {
  const verdict = verdictOf(c, x, mayBeNaN(x));
  return call('case', [isKnown(x), verdict, literal(BOOLEAN, null)], BOOLEAN);
}

function verdictOf(c: Comparator, x: Bound, nan: boolean): Bound {
  const among = (fn: string, values: readonly number[]): Bound => {
    const finite = values.filter((v) => !Number.isNaN(v));
    if (finite.length === 0) return literal(BOOLEAN, false);
    const test = call(fn, [x, ...finite.map(number)], BOOLEAN);
    return nan ? call('and', [call('not', [call('isnan', [x], BOOLEAN)], BOOLEAN), test], BOOLEAN) : test;
  };
  const all = (fn: 'and' | 'or', of: readonly Bound[]): Bound =>
    of.length === 0 ? literal(BOOLEAN, fn === 'and') : of.reduce((a, b) => call(fn, [a, b], BOOLEAN));
  switch (c.op) {
    case 'between': return all('and', [among('>=', [c.low]), among('<=', [c.high])]);
    case 'oneOf': return among('in', c.values);
    case 'not': return call('not', [verdictOf(c.of, x, nan)], BOOLEAN);
    case 'and': case 'or': return all(c.op, c.of.map((each) => verdictOf(each, x, nan)));
    default: return among(SIGNS[c.op], [c.value]);
  }
}

function number(value: number): Bound {
  const text = Object.is(value, -0) ? '-0.0' : Number.isFinite(value) ? value : String(value);
  return literal(DOUBLE, text);
}

/** Integers and decimals that were cast to double are always numbers. */
function mayBeNaN(x: Bound): boolean {
  if (x.kind !== 'call' || x.fn !== 'cast') return true;
  const { kind } = x.args[0]!.type;
  return kind === 'float' || kind === 'double' || kind === 'string';
}
