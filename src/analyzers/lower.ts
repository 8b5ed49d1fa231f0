import { BOOLEAN, DOUBLE, INT, STRING, isNested, sameType, type DataType } from '../data/types.js';
import type { Bound } from '../expression/bound.js';

/** A call of the function table. */
export function call(fn: string, args: readonly Bound[], type: DataType): Bound {
  return Object.freeze({ kind: 'call', fn, args: Object.freeze([...args]), type });
}

/** A literal of the expression language. */
export function literal(type: DataType, value: null | boolean | number | string): Bound {
  return Object.freeze({ kind: 'literal', type, value });
}

/** Whether there is a value. */
export function isKnown(e: Bound): Bound {
  return call('isnotnull', [e], BOOLEAN);
}

/** The condition, with FALSE where it is null. */
export function isSure(e: Bound): Bound {
  return call('coalesce', [e, literal(BOOLEAN, false)], BOOLEAN);
}

/** Whether a number is zero; -0.0 is. */
export function isZero(e: Bound): Bound {
  const { kind } = e.type;
  return call('=', [e, literal(e.type, kind === 'long' || kind === 'decimal' ? '0' : 0)], BOOLEAN);
}

/** Whether a Java regex is found in a text and what it matches first is not empty. */
export function isFound(e: Bound, pattern: string): Bound {
  return call('regexp_matches', [e, literal(STRING, pattern)], BOOLEAN);
}

/** The number of characters of a text; nulls are skipped, count as empty, or are as long as `failing`. */
export function textLength(e: Bound, nulls: 'Ignore' | 'EmptyString' | 'Fail', failing: number): Bound {
  const length = call('length', [e], INT);
  switch (nulls) {
    case 'Ignore': return length;
    case 'EmptyString': return call('coalesce', [length, literal(INT, 0)], INT);
    case 'Fail': return call('coalesce', [call('cast', [length], DOUBLE), literal(DOUBLE, failing)], DOUBLE);
  }
}

/** The value in another type; the same expression if it has that type already. */
export function castTo(e: Bound, type: DataType, zone: string): Bound {
  if (sameType(e.type, type)) return e;
  const zoned = hasInstant(e.type) !== hasInstant(type);
  return Object.freeze({ kind: 'call', fn: 'cast', args: Object.freeze([e]), type, ...(zoned ? { zone } : {}) });
}

/** The value as a double. */
export function asDouble(e: Bound, zone: string): Bound {
  return castTo(e, DOUBLE, zone);
}

/** The value as Spark prints it. */
export function asText(e: Bound, zone: string): Bound {
  return castTo(e, STRING, zone);
}

/** Whether texts of a type differ where grouping sees equal values, or grouping cannot take them at all. */
export function groupsByText(type: DataType): boolean {
  return type.kind === 'float' || type.kind === 'double' || type.kind === 'binary' || isNested(type);
}

function hasInstant(type: DataType): boolean {
  switch (type.kind) {
    case 'timestamp': return true;
    case 'array': return hasInstant(type.element);
    case 'map': return hasInstant(type.key) || hasInstant(type.value);
    case 'struct': return type.fields.some((f) => hasInstant(f.type));
    default: return false;
  }
}
