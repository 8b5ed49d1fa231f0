import type { KnownColumn, KnownSplits } from '../data/known-splits.js';
import { isIntegral, sameType } from '../data/types.js';
import type { Bound, BoundCall, BoundColumn, BoundLiteral } from './bound.js';

type Verdict = boolean | null;

/** What is known of some rows before an expression is evaluated on them. */
export interface Knowledge {
  /** Whether all of them have a value in a column, or none has; undefined: that cannot be told. */
  presence(column: BoundColumn): boolean | undefined;
  /** Bounds of the values of a column, which are numbers and not NaN; exact as doubles. */
  bounds(column: BoundColumn): readonly [low: number, high: number] | undefined;
}

/**
 * What is known of the rows of the split at a position. Nulls and the bounds of integers are known exactly or not at
 * all. `isBelieving`: what is claimed of the extremes of doubles is taken for true.
 */
export function knowledgeOf(splits: KnownSplits, at: number, isBelieving = false): Knowledge {
  const rows = splits.rows[at]!;
  return {
    presence: ({ name }) => presenceAmong(splits.column(name)?.nulls[at] ?? -1, rows),
    bounds(column) {
      const known = columnOf(splits, column);
      return known && boundsAt(known, at, isBelieving);
    },
  };
}

/** What is known of the rows of all splits, and so of those of each. */
export function knowledgeOfAll(splits: KnownSplits, isBelieving = false): Knowledge {
  const found = new Map<string, readonly [number, number] | undefined>();
  return {
    presence: ({ name }) => presenceAmong(splits.column(name)?.total ?? -1, splits.total),
    bounds(column) {
      const { name } = column;
      const known = columnOf(splits, column);
      if (known && !found.has(name)) found.set(name, boundsOfAll(known, isBelieving));
      return known && found.get(name);
    },
  };
}

function presenceAmong(nulls: number, rows: number): boolean | undefined {
  if (nulls < 0 || rows < 0) return undefined;
  return nulls === 0 ? true : nulls === rows ? false : undefined;
}

/** What is known of a column, if it is of that type. */
function columnOf(splits: KnownSplits, { name, type }: BoundColumn): KnownColumn | undefined {
  const column = splits.column(name);
  return column && sameType(type, column.type) ? column : undefined;
}

function boundsAt(column: KnownColumn, at: number, isBelieving: boolean): readonly [number, number] | undefined {
  const { type, claimed, hasExtremes, extremes } = column;
  if (type.kind === 'double' && claimed && isBelieving) {
    const low = claimed[at * 2]!, high = claimed[at * 2 + 1]!;
    return low <= high ? [low, high] : undefined;
  }
  if (!isIntegral(type) || hasExtremes[at] === 0) return undefined;
  const low = Number(extremes[at * 2]), high = Number(extremes[at * 2 + 1]);
  return Number.isSafeInteger(low) && Number.isSafeInteger(high) ? [low, high] : undefined;
}

function boundsOfAll(column: KnownColumn, isBelieving: boolean): readonly [number, number] | undefined {
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < column.nulls.length; ++i) {
    const bounds = boundsAt(column, i, isBelieving);
    if (!bounds) return undefined;
    low = Math.min(low, bounds[0]);
    high = Math.max(high, bounds[1]);
  }
  return low <= high ? [low, high] : undefined;
}

/** What a condition is on every one of some rows, by what is known of them; undefined: that cannot be told. */
export function knownVerdict(e: Bound, about: Knowledge): Verdict | undefined {
  if (e.kind === 'literal') return e.value === null || typeof e.value === 'boolean' ? e.value : undefined;
  if (e.kind === 'column') return undefined;
  const of = (i: number) => knownVerdict(e.args[i]!, about);
  switch (e.fn) {
    case 'isnotnull': case 'isnull': {
      const known = presence(e.args[0]!, about);
      return known === undefined ? undefined : known === (e.fn === 'isnotnull');
    }
    case 'isnan': {
      const [x] = e.args as readonly [Bound];
      const known = presence(x, about);
      return known === false || (known && x.kind === 'column' && about.bounds(x)) ? false : undefined;
    }
    case 'not': {
      const inner = of(0);
      return typeof inner === 'boolean' ? !inner : inner;
    }
    case 'and': case 'or': {
      const wins = e.fn === 'or';
      let result: Verdict | undefined = !wins;
      for (let i = 0; i < e.args.length; ++i) {
        const part = of(i);
        if (part === wins) return wins;
        if (part === undefined) result = undefined;
        else if (part === null && result !== undefined) result = null;
      }
      return result;
    }
    case 'coalesce':
      for (let i = 0; i < e.args.length; ++i) {
        const value = of(i);
        if (value !== null) return value;
      }
      return null;
    case 'case': {
      const last = e.args.length - 1;
      for (let i = 0; i < last; i += 2) {
        const condition = of(i);
        if (condition === undefined) return undefined;
        if (condition === true) return of(i + 1);
      }
      return of(last);
    }
    case '=': case '<': case '<=': case '>': case '>=': return comparison(e, about);
    default: return undefined;
  }
}

const TOTAL: ReadonlySet<string> = new Set([
  'isnotnull', 'isnull', 'isnan', 'not', 'and', 'or', 'coalesce', 'case', '=', '<', '<=', '>', '>=',
]);

/** Whether evaluating an expression fails on no row, so that it makes no difference if that is left out. */
export function isTotal(e: Bound): boolean {
  if (e.kind !== 'call') return true;
  const isCast = e.fn === 'cast' && e.type.kind === 'double' && isIntegral(e.args[0]!.type);
  return (isCast || TOTAL.has(e.fn)) && e.args.every(isTotal);
}

/** Whether all rows have a value, or none has. */
function presence(e: Bound, about: Knowledge): boolean | undefined {
  if (e.kind === 'literal') return e.value !== null;
  const isCast = e.kind === 'call' && e.fn === 'cast' && e.type.kind === 'double' && isIntegral(e.args[0]!.type);
  const column = isCast ? e.args[0]! : e;
  return column.kind === 'column' ? about.presence(column) : undefined;
}

/** A column of numbers, maybe an integer as a double, beside a number: told where its bounds lie on one side of that. */
function comparison({ fn, args }: BoundCall, about: Knowledge): Verdict | undefined {
  const [a, b] = args as readonly [Bound, Bound];
  if (b.kind !== 'literal') return undefined;
  const known = presence(a, about);
  if (known !== true) return known === false ? null : undefined;
  const column = a.kind === 'call' ? a.args[0]! : a;
  const limit = numberOf(b);
  const bounds = column.kind === 'column' && limit !== null ? about.bounds(column) : undefined;
  if (!bounds || limit === null) return undefined;
  const [low, high] = bounds;
  const [below, above] = [high < limit, low > limit];
  switch (fn) {
    case '=': return low === limit && high === limit ? true : below || above ? false : undefined;
    case '<': return below ? true : low >= limit ? false : undefined;
    case '<=': return high <= limit ? true : above ? false : undefined;
    case '>': return above ? true : high <= limit ? false : undefined;
    default: return low >= limit ? true : below ? false : undefined;
  }
}

function numberOf({ type, value }: BoundLiteral): number | null {
  if (value === null || (!isIntegral(type) && type.kind !== 'double')) return null;
  const number = Number(value);
  return Number.isNaN(number) || (isIntegral(type) && !Number.isSafeInteger(number)) ? null : number;
}
