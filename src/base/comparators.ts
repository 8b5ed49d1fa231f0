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
  if (!(number(low, 'between') <= number(high, 'between'))) {
    throw new AssayError('INVALID_ARGUMENT', `between(${low}, ${high}) holds for no value: give the lower bound first`);
  }
  return Object.freeze({ op: 'between', low, high });
}

/** The value is one of those numbers. */
export function oneOf(...values: readonly number[]): Comparator {
  return Object.freeze({ op: 'oneOf', values: Object.freeze(values.map((v) => number(v, 'oneOf'))) });
}

function comparator(of: Comparator, name: string): Comparator {
  if (isComparator(of)) return of;
  throw new AssayError('INVALID_ARGUMENT', `${name} takes comparators such as atLeast(1), not ${String(of)}`);
}

/** The comparator does not hold. */
export function not(of: Comparator): Comparator {
  return Object.freeze({ op: 'not', of: comparator(of, 'not') });
}

/** All comparators hold. */
export function and(...of: readonly Comparator[]): Comparator {
  return Object.freeze({ op: 'and', of: Object.freeze(of.map((c) => comparator(c, 'and'))) });
}

/** At least one comparator holds. */
export function or(...of: readonly Comparator[]): Comparator {
  return Object.freeze({ op: 'or', of: Object.freeze(of.map((c) => comparator(c, 'or'))) });
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
    case 'oneOf': return c.values.some((v) => v === value);
    case 'not': return !holds(c.of, value);
    case 'and': return c.of.every((x) => holds(x, value));
    case 'or': return c.of.some((x) => holds(x, value));
  }
}

/** Whether a comparator holds for all values of a closed interval (true), for none (false), or for some (null). */
export function holdsBetween(c: Comparator, low: number, high: number): boolean | null {
  const among = (values: readonly number[]) =>
    (low === high ? values.includes(low) : values.some((v) => v >= low && v <= high) ? null : false);
  switch (c.op) {
    case 'atLeast': case 'above': case 'atMost': case 'below': {
      const [a, b] = [holds(c, low), holds(c, high)]; // monotone
      return a === b ? a : null;
    }
    case 'equals': return among([c.value]);
    case 'oneOf': return among(c.values);
    case 'between': {
      if (low >= c.low && high <= c.high) return true;
      return high < c.low || low > c.high || Number.isNaN(low) || Number.isNaN(high) ? false : null;
    }
    case 'not': {
      const of = holdsBetween(c.of, low, high);
      return of === null ? null : !of;
    }
    case 'and': case 'or': {
      const decisive = c.op === 'or';
      const parts = c.of.map((x) => holdsBetween(x, low, high));
      if (parts.includes(decisive)) return decisive;
      return parts.includes(null) ? null : !decisive;
    }
  }
}

const SIGNS = { atLeast: '>=', atMost: '<=', above: '>', below: '<', equals: '=' } as const;

/** A comparator as a person reads it, e.g. `>= 0.95`; `text` prints its numbers, by default as Java does. */
export function comparatorText(c: Comparator, text: (x: number) => string = javaDouble): string {
  const part = (x: Comparator) => `(${comparatorText(x, text)})`;
  switch (c.op) {
    case 'between': return `between ${text(c.low)} and ${text(c.high)}`;
    case 'oneOf': return `one of ${c.values.map(text).join(', ')}`;
    case 'not': return `not ${part(c.of)}`;
    case 'and': return c.of.length === 0 ? 'anything' : c.of.map(part).join(' and ');
    case 'or': return c.of.length === 0 ? 'nothing' : c.of.map(part).join(' or ');
    default: return `${SIGNS[c.op]} ${text(c.value)}`;
  }
}

/** Whether a value is a comparator that these functions could have made. */
export function isComparator(value: unknown): value is Comparator {
  if (typeof value !== 'object' || value === null) return false;
  const { op, value: bound, low, high, values, of } = value as Record<string, unknown>;
  switch (op) {
    case 'between': return typeof low === 'number' && typeof high === 'number';
    case 'oneOf': return Array.isArray(values) && values.every((v) => typeof v === 'number');
    case 'not': return isComparator(of);
    case 'and': case 'or': return Array.isArray(of) && of.every(isComparator);
    default: return typeof op === 'string' && Object.hasOwn(SIGNS, op) && typeof bound === 'number';
  }
}

/** A comparator as JSON holds it: numbers that JSON lacks are texts, e.g. `"NaN"`. */
export function comparatorJson(c: Comparator): Readonly<Record<string, unknown>> {
  switch (c.op) {
    case 'between': return { op: c.op, low: numberJson(c.low), high: numberJson(c.high) };
    case 'oneOf': return { op: c.op, values: c.values.map(numberJson) };
    case 'not': return { op: c.op, of: comparatorJson(c.of) };
    case 'and': case 'or': return { op: c.op, of: c.of.map(comparatorJson) };
    default: return { op: c.op, value: numberJson(c.value) };
  }
}

/** The comparator that `comparatorJson` wrote. */
export function comparatorFromJson(json: unknown): Comparator {
  const { op, value, low, high, values, of } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  switch (op) {
    case 'atLeast': return atLeast(numberFrom(value, op));
    case 'atMost': return atMost(numberFrom(value, op));
    case 'above': return above(numberFrom(value, op));
    case 'below': return below(numberFrom(value, op));
    case 'equals': return equals(numberFrom(value, op));
    case 'between': return between(numberFrom(low, op), numberFrom(high, op));
    case 'oneOf': return oneOf(...listFrom(values, op).map((v) => numberFrom(v, op)));
    case 'not': return not(comparatorFromJson(of));
    case 'and': return and(...listFrom(of, op).map(comparatorFromJson));
    case 'or': return or(...listFrom(of, op).map(comparatorFromJson));
    default: {
      const known = [...Object.keys(SIGNS), 'between', 'oneOf', 'not', 'and', 'or'].join(', ');
      throw new AssayError('SYNTAX', `not a comparator: ${JSON.stringify(json)}; known operators: ${known}`);
    }
  }
}

const SPECIAL: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ['NaN', NaN], ['Infinity', Infinity], ['-Infinity', -Infinity], ['-0.0', -0],
]);

function numberJson(x: number): number | string {
  return Number.isFinite(x) && !Object.is(x, -0) ? x : Object.is(x, -0) ? '-0.0' : String(x);
}

function numberFrom(json: unknown, op: string): number {
  const x = typeof json === 'number' ? json : SPECIAL.get(json);
  if (x === undefined) throw new AssayError('SYNTAX', `${op} compares with a number, not ${JSON.stringify(json)}`);
  return x;
}

function listFrom(json: unknown, op: string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw new AssayError('SYNTAX', `${op} takes a list, not ${JSON.stringify(json)}`);
}
