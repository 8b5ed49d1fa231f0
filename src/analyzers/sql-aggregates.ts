import { AssayError } from '../base/errors.js';
import { BOOLEAN, DOUBLE, LONG, decimal, isNumeric, type DataType } from '../data/types.js';
import type { Bound } from '../expression/bound.js';
import { literalOf } from '../expression/evaluate/values.js';
import { aggregateType, type Aggregate } from '../expression/select.js';
import { extrema } from '../states/extrema.js';
import { groups } from '../states/groups.js';
import { matches } from '../states/matches.js';
import { moments } from '../states/moments.js';
import { sums } from '../states/sums.js';
import type { Ask, Bind } from './contract.js';
import { countOfCounts, groupCount } from './count-of-counts.js';
import { isKnown, literal } from './lower.js';

/** An aggregate as a question, and how its answer becomes a literal. */
export interface LoweredAggregate {
  readonly ask: Ask<unknown>;
  literal(answer: unknown): Bound;
}

/** The state that answers an aggregate of a SELECT. */
export function lowerAggregate(
  { fn, distinct }: Aggregate,
  arg: Bound | null,
  where: Bound | null,
  bind: Bind,
): LoweredAggregate {
  if (distinct && fn !== 'count' && fn !== 'min' && fn !== 'max') {
    throw new AssayError('UNSUPPORTED', `${fn}(DISTINCT …) needs DuckDB`);
  }
  if (arg === null) return lowered(bind.state(matches, { inputs: [], where }), (s) => long(s.scope));
  const number = isNumeric(arg.type) ? arg : bind.call('cast', [arg], DOUBLE);
  const result = aggregateType(fn, number.type);
  switch (fn) {
    case 'count':
      return distinct
        ? lowered(bind.fold(groups, countOfCounts, { inputs: [arg], where }), (c) => long(groupCount(c)))
        : lowered(bind.state(matches, { inputs: [isKnown(arg)], where }), (s) => long(s.true));
    case 'min': case 'max':
      return lowered(bind.state(extrema, { inputs: [arg], where }), (s) => valueOf(arg.type, s[fn]));
    case 'sum':
      return lowered(bind.state(sums, { inputs: [number], where }), (s) => {
        if (s.n === 0) return nothing(result);
        return isFloat(number.type) ? double(s.double) : exact(s.exact, number.type);
      });
    case 'avg':
      return lowered(bind.state(sums, { inputs: [number], where }), (s) => {
        if (s.n === 0) return nothing(result);
        if (number.type.kind === 'decimal') return mean(s.exact, s.n, result, number.type.scale);
        return double((isFloat(number.type) ? s.double : Number(s.exact)) / s.n);
      });
    case 'stddev_pop': case 'stddev_samp': case 'var_pop': case 'var_samp':
      return lowered(bind.state(moments, { inputs: [number], where, options: { order: 2 } }), (s) => {
        const n = fn.endsWith('_pop') ? s.n : s.n - 1;
        if (n <= 0) return nothing(DOUBLE);
        return double(fn.startsWith('var') ? s.m2 / n : Math.sqrt(s.m2 / n));
      });
  }
}

function lowered<T>(ask: Ask<T>, toLiteral: (answer: T) => Bound): LoweredAggregate {
  return { ask, literal: (answer) => toLiteral(answer as T) };
}

function isFloat(type: DataType): boolean {
  return type.kind === 'float' || type.kind === 'double';
}

function valueOf(type: DataType, value: unknown): Bound {
  const found = literalOf(type, value as Parameters<typeof literalOf>[1]);
  if (!found) throw new AssayError('UNSUPPORTED', `a result of type ${type.kind} needs DuckDB`);
  return found;
}

function long(n: number): Bound {
  return literal(LONG, String(n));
}

function double(x: number): Bound {
  return valueOf(DOUBLE, x);
}

function nothing(type: DataType): Bound {
  return literal(type.kind === 'null' ? BOOLEAN : type, null);
}

/** A sum of integers or decimals; past the range of its type it becomes a wider decimal instead of wrapping. */
function exact(sum: bigint, type: DataType): Bound {
  if (type.kind === 'decimal') return literal(aggregateType('sum', type), String(sum));
  return BigInt.asIntN(64, sum) === sum ? literal(LONG, String(sum)) : literal(decimal(38, 0), String(sum));
}

/** The mean of decimals in its own scale, rounded half up. */
function mean(sum: bigint, n: number, type: DataType, scale: number): Bound {
  const digits = 10n ** BigInt((type.kind === 'decimal' ? type.scale : scale) - scale);
  const [top, bottom] = [2n * (sum < 0n ? -sum : sum) * digits + BigInt(n), 2n * BigInt(n)];
  const rounded = top / bottom;
  return literal(type, String(sum < 0n ? -rounded : rounded));
}
