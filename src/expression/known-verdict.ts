import type { ColumnSummary, SplitSummary } from '../data/source.js';
import { isIntegral, sameType } from '../data/types.js';
import type { Bound, BoundCall, BoundColumn, BoundLiteral } from './bound.js';

type Verdict = boolean | null;

/**
 * What a condition is on every row of a split, by what is known of the split before it is read; undefined: that cannot
 * be told. Nulls and the bounds of integers are known exactly or not at all.
 */
export function knownVerdict(e: Bound, split: SplitSummary): Verdict | undefined {
  if (e.kind === 'literal') return e.value === null || typeof e.value === 'boolean' ? e.value : undefined;
  if (e.kind === 'column') return undefined;
  const of = (i: number) => knownVerdict(e.args[i]!, split);
  switch (e.fn) {
    case 'isnotnull': case 'isnull': {
      const known = presence(e.args[0]!, split);
      return known === undefined ? undefined : known === (e.fn === 'isnotnull');
    }
    case 'not': {
      const inner = of(0);
      return typeof inner === 'boolean' ? !inner : inner;
    }
    case 'and': case 'or': {
      const wins = e.fn === 'or';
      const parts = e.args.map((_, i) => of(i));
      if (parts.includes(wins)) return wins;
      if (parts.includes(undefined)) return undefined;
      return parts.includes(null) ? null : !wins;
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
    case '=': case '<': case '<=': case '>': case '>=': return comparison(e, split);
    default: return undefined;
  }
}

/** Whether all rows have a value, or none has. */
function presence(e: Bound, { rows, columns }: SplitSummary): boolean | undefined {
  if (e.kind === 'literal') return e.value !== null;
  const isCast = e.kind === 'call' && e.fn === 'cast' && e.type.kind === 'double' && isIntegral(e.args[0]!.type);
  const column = isCast ? e.args[0]! : e;
  if (column.kind !== 'column') return undefined;
  const nulls = columns?.get(column.name)?.nulls;
  if (nulls === undefined || rows === undefined) return undefined;
  return nulls === 0 ? true : nulls === rows ? false : undefined;
}

/** An integer column, maybe as a double, beside a number: told where the bounds of the column lie on one side of it. */
function comparison({ fn, args }: BoundCall, split: SplitSummary): boolean | undefined {
  const [a, b] = args as readonly [Bound, Bound];
  if (b.kind !== 'literal' || presence(a, split) !== true) return undefined;
  const column = a.kind === 'call' ? a.args[0]! : a;
  const summary = column.kind === 'column' ? split.columns?.get(column.name) : undefined;
  const bounds = summary && boundsOf(column as BoundColumn, summary);
  const limit = numberOf(b);
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

/** Bounds that are exact as doubles. */
function boundsOf(
  { type }: BoundColumn,
  { type: known, min, max }: ColumnSummary,
): readonly [number, number] | undefined {
  if (min === undefined || max === undefined || !isIntegral(type) || !sameType(type, known)) return undefined;
  const [low, high] = [Number(min), Number(max)];
  return Number.isSafeInteger(low) && Number.isSafeInteger(high) ? [low, high] : undefined;
}

function numberOf({ type, value }: BoundLiteral): number | null {
  if (value === null || (!isIntegral(type) && type.kind !== 'double')) return null;
  const number = Number(value);
  return Number.isNaN(number) || (isIntegral(type) && !Number.isSafeInteger(number)) ? null : number;
}
