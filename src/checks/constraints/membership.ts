import type { Demand } from '../assertions.js';
import { AssayError } from '../../base/errors.js';
import { javaDouble } from '../../base/number-text.js';
import { quoted } from './names.js';
import { isOne, type Options, type RowOptions } from './options.js';

/** A value that `isContainedIn` allows. */
export type AllowedValue = string | number | bigint | boolean;

/** An interval for `isContainedIn`. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
  /** Whether the lower bound itself is allowed; default true. */
  readonly includeLower?: boolean | undefined;
  /** Whether the upper bound itself is allowed; default true. */
  readonly includeUpper?: boolean | undefined;
}

/** What `isContainedIn` takes after the column; an interval has no assertion. */
export type AllowedOrBounds =
  | [values: readonly AllowedValue[], assertion?: Demand, options?: Options<RowOptions>]
  | [bounds: Bounds, options?: Options<RowOptions>];

/** The compliance by which `isContainedIn` judges. */
export interface Membership {
  readonly instance: string;
  readonly predicate: string;
  readonly assertion: Demand;
  readonly options: Options<RowOptions> | undefined;
}

/** Reads what `isContainedIn` was given. */
export function membership(column: string, allowed: AllowedOrBounds): Membership {
  if (isValues(allowed)) {
    const [values, assertion = isOne, options] = allowed;
    return { ...oneOf(column, values), assertion, options };
  }
  const [bounds, options] = allowed;
  return { ...within(column, bounds), assertion: isOne, options };
}

type AllowedValues = Extract<AllowedOrBounds, [readonly AllowedValue[], ...unknown[]]>;

function isValues(allowed: AllowedOrBounds): allowed is AllowedValues {
  return Array.isArray(allowed[0]);
}

function oneOf(column: string, values: readonly AllowedValue[]) {
  const name = quoted(column);
  const among = values.length === 0 ? '' : ` OR ${name} IN (${values.map(literal).join(',')})`;
  return { instance: `${column} contained in ${values.join(',')}`, predicate: `${name} IS NULL${among}` };
}

function literal(value: AllowedValue): string {
  switch (typeof value) {
    case 'string': return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
    case 'number':
      if (!Number.isFinite(value)) return `CAST('${javaDouble(value)}' AS DOUBLE)`;
      return Number.isSafeInteger(value) ? String(value) : `${javaDouble(value)}D`;
    case 'bigint': case 'boolean': return String(value);
    default: {
      const remedy = 'allowed values are texts, numbers and booleans; nulls always pass';
      throw new AssayError('INVALID_ARGUMENT', `isContainedIn cannot compare with ${String(value)}: ${remedy}`);
    }
  }
}

function within(column: string, bounds: Bounds) {
  const name = quoted(column);
  const [lower, upper] = [bound(bounds?.lower, 'lower'), bound(bounds?.upper, 'upper')];
  const above = `${name} ${bounds.includeLower === false ? '>' : '>='} ${lower}`;
  const below = `${name} ${bounds.includeUpper === false ? '<' : '<='} ${upper}`;
  const instance = `${column} between ${lower} and ${upper}`;
  return { instance, predicate: `${name} IS NULL OR (${above} AND ${below})` };
}

function bound(value: unknown, which: string): string {
  if (typeof value === 'number' && Number.isFinite(value)) return javaDouble(value);
  throw new AssayError('INVALID_ARGUMENT', `the ${which} bound of isContainedIn is a number, not ${String(value)}`);
}
