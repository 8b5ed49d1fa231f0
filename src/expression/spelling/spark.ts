import { BOOLEAN, INT, STRING } from '../../data/types.js';
import type { Bound, BoundCall, BoundLiteral } from '../bound.js';

/**
 * The language is Spark's own (3.5, ANSI off), so a bound expression is printed as `printBound` prints it, for a session
 * in the same time zone. These calls alone are not of the language and become others.
 */
export const SPARK: Readonly<Record<string, (call: BoundCall) => Bound>> = Object.freeze({
  // Of a column that is not all numbers, nobody looks at it.
  cast_if_numbers: (cast: BoundCall): Bound => Object.freeze({ ...cast, fn: 'cast' }),
  // An empty first match is none, as in Deequ's PatternMatch.
  regexp_matches({ args: [x, pattern] }: BoundCall): Bound {
    const found = call('regexp_extract', [x!, pattern!, literal(INT, 0)], STRING);
    return call('not', [call('=', [found, literal(STRING, '')], BOOLEAN)], BOOLEAN);
  },
});

const call = (fn: string, args: readonly Bound[], type: BoundCall['type']): Bound =>
  Object.freeze({ kind: 'call', fn, args: Object.freeze(args), type });
const literal = (type: BoundLiteral['type'], value: BoundLiteral['value']): Bound =>
  Object.freeze({ kind: 'literal', type, value });
