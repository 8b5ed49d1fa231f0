import { AssayError } from './errors.js';
import { javaDouble } from './number-text.js';

/** A condition on a number as plain data: it prints, serialises, and runs wherever the number is. */
export type Comparator =
  | { readonly op: 'atLeast' | 'atMost' | 'above' | 'below' | 'equals'; readonly value: number }
  | { readonly op: 'between'; readonly low: number; readonly high: number }
  | { readonly op: 'oneOf'; readonly values: readonly number[] }
  | { readonly op: 'not'; readonly of: Comparator }
  | { readonly op: 'and' | 'or'; readonly of: readonly Comparator[] };

/** What a constraint demands of a value: a function of it, or a comparator. */
export type Assertion<V = number> = ((value: V) => boolean) | (V extends number ? Comparator : never);

function number(value: number, name: string): number {
  if (typeof value === 'number') return value;
  throw new AssayError('INVALID_ARGUMENT', `${name} takes numbers, not ${String(value)}`);
}

function compare(op: 'atLeast' | 'atMost' | 'above' | 'below' | 'equals') {
  return (value: number): Comparator => Object.freeze({ op, value: number(value, op) });
}

/** The value is not less than the bound; false for NaN. */
export const atLeast = compare('atLeast');
/** The value is not greater than the bound; false for NaN. */
export const atMost = compare('atMost');
/** The value is greater than the bound; false for NaN. */
export const above = compare('above');
/** The value is less than the bound; false for NaN. */
export const below = compare('below');
/** The value is that number exactly; false for NaN. */
export const equals = compare('equals');

/** The value lies between two bounds, both included. */
export function between(low: number, high: number): Comparator {
  if (number(low, 'between') > number(high, 'between')) {
    throw new AssayError('INVALID_ARGUMENT', `between(${low}, ${high}) holds for no value: give the lower bound first`);
  }
  return Object.freeze({ op: 'between', low, high });
}

/** The value is one of those numbers. */
export function oneOf(...values: readonly number[]): Comparator {
  return Object.freeze({ op: 'oneOf', values: Object.freeze(values.map((v) => number(v, 'oneOf'))) });
}

/** The comparator does not hold. */
export function not(of: Comparator): Comparator {
  return Object.freeze({ op: 'not', of });
}

/** All comparators hold. */
export function and(...of: readonly Comparator[]): Comparator {
  return Object.freeze({ op: 'and', of: Object.freeze(of) });
}

/** At least one comparator holds. */
export function or(...of: readonly Comparator[]): Comparator {
  return Object.freeze({ op: 'or', of: Object.freeze(of) });
}

/** Whether a comparator holds for a value. */
export function holds(c: Comparator, value: number): boolean {
  switch (c.op) {
    case 'atLeast': return value >= c.value;
    case 'atMost': return value <= c.value;
    case 'above': return value > c.value;
    case 'below': return value < c.value;
    case 'equals': return value === c.value;
    case 'between': return value >= c.low && value <= c.high;
    case 'oneOf': return c.values.includes(value) && !Number.isNaN(value);
    case 'not': return !holds(c.of, value);
    case 'and': return c.of.every((x) => holds(x, value));
    case 'or': return c.of.some((x) => holds(x, value));
  }
}

const SIGNS = { atLeast: '>=', atMost: '<=', above: '>', below: '<', equals: '=' } as const;

/** A comparator as a person reads it, e.g. `>= 0.95`. */
export function comparatorText(c: Comparator): string {
  switch (c.op) {
    case 'between': return `between ${javaDouble(c.low)} and ${javaDouble(c.high)}`;
    case 'oneOf': return `one of ${c.values.map(javaDouble).join(', ')}`;
    case 'not': return `not (${comparatorText(c.of)})`;
    case 'and': case 'or': return c.of.map((x) => `(${comparatorText(x)})`).join(` ${c.op} `);
    default: return `${SIGNS[c.op]} ${javaDouble(c.value)}`;
  }
}

/** Whether a value is a comparator that these functions could have made. */
export function isComparator(value: unknown): value is Comparator {
  return typeof value === 'object' && value !== null && typeof (value as { op?: unknown }).op === 'string';
}
