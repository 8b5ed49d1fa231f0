import { Compliance } from '../../analyzers/compliance.js';
import type { Demand } from '../assertions.js';
import type { AnyColumns, NumberColumn, PlainColumn } from '../columns.js';
import { constraintOf, filterable, type Filterable } from './make.js';
import { membership, type AllowedOrBounds, type AllowedValue, type Bounds } from './membership.js';
import { escaped } from './names.js';
import { analyzerOptions, isOne, type Options, type RowOptions } from './options.js';

/** For `satisfies`. */
export interface SatisfiesOptions extends RowOptions {
  /** Columns that must be there for the predicate to be tried. */
  readonly columns?: readonly string[] | undefined;
}

/** The share of rows on which a predicate is TRUE. */
export function compliance(
  instance: string,
  predicate: string,
  columns: readonly string[],
  assertion: Demand,
  options?: Options<RowOptions>,
): Filterable {
  return filterable(options, (o) => {
    const analyzer = Compliance(instance, predicate, { ...analyzerOptions(o), columns });
    return constraintOf(`ComplianceConstraint(${analyzer})`, analyzer, assertion, o, {
      rowLevel: { kind: 'plain', column: `ColumnsCompliance-${predicate}` },
    });
  });
}

function comparison(
  a: string,
  is: string,
  op: string,
  b: string,
  assertion: Demand,
  options?: Options<RowOptions>,
): Filterable {
  return compliance(`${a} is ${is} ${b}`, `${escaped(a)} ${op} ${escaped(b)}`, [a, b], assertion, options);
}

/** Constraints that a predicate states, row by row. */
export interface PredicateConstraints<Extended, C = AnyColumns> {
  /** The share of rows on which a predicate is TRUE, by default all; `name` is the instance of the metric. */
  satisfies(predicate: string, name: string, assertion?: Demand, options?: Options<SatisfiesOptions>): Extended;

  /** No value is below zero; nulls and texts that are no numbers pass. */
  isNonNegative(column: NumberColumn<C>, assertion?: Demand, options?: Options<RowOptions>): Extended;

  /** Every value is above zero; nulls and texts that are no numbers pass. */
  isPositive(column: NumberColumn<C>, assertion?: Demand, options?: Options<RowOptions>): Extended;

  /** `a` < `b` in every row; a null on either side does not pass. */
  isLessThan(a: PlainColumn<C>, b: PlainColumn<C>, assertion?: Demand, options?: Options<RowOptions>): Extended;

  /** `a` <= `b` in every row; a null on either side does not pass. */
  isLessThanOrEqualTo(a: PlainColumn<C>, b: PlainColumn<C>, assertion?: Demand, options?: Options<RowOptions>): Extended;

  /** `a` > `b` in every row; a null on either side does not pass. */
  isGreaterThan(a: PlainColumn<C>, b: PlainColumn<C>, assertion?: Demand, options?: Options<RowOptions>): Extended;

  /** `a` >= `b` in every row; a null on either side does not pass. */
  isGreaterThanOrEqualTo(a: PlainColumn<C>, b: PlainColumn<C>, assertion?: Demand, options?: Options<RowOptions>): Extended;

  /**
   * Every value is one of the given ones, or lies in an interval `{ lower, upper }` of numbers; nulls pass.
   * Texts are compared with the text of a value, as Deequ does; numbers and booleans with the value itself.
   */
  isContainedIn(
    column: PlainColumn<C>,
    values: readonly AllowedValue[],
    assertion?: Demand,
    options?: Options<RowOptions>,
  ): Extended;
  isContainedIn(column: NumberColumn<C>, bounds: Bounds, options?: Options<RowOptions>): Extended;
}

/** The makers of these constraints. */
export const predicateConstraints: PredicateConstraints<Filterable> = {
  satisfies(predicate, name, assertion = isOne, options) {
    const columns = typeof options === 'object' ? options.columns ?? [] : [];
    return compliance(name, predicate, columns, assertion, options);
  },

  isNonNegative(column, assertion = isOne, options) {
    const predicate = `COALESCE(CAST(${escaped(column)} AS DOUBLE), 0.0) >= 0`;
    return compliance(`${column} is non-negative`, predicate, [column], assertion, options);
  },

  isPositive(column, assertion = isOne, options) {
    const predicate = `COALESCE(CAST(${escaped(column)} AS DOUBLE), 1.0) > 0`;
    return compliance(`${column} is positive`, predicate, [column], assertion, options);
  },

  isLessThan(a, b, assertion = isOne, options) {
    return comparison(a, 'less than', '<', b, assertion, options);
  },

  isLessThanOrEqualTo(a, b, assertion = isOne, options) {
    return comparison(a, 'less than or equal to', '<=', b, assertion, options);
  },

  isGreaterThan(a, b, assertion = isOne, options) {
    return comparison(a, 'greater than', '>', b, assertion, options);
  },

  isGreaterThanOrEqualTo(a, b, assertion = isOne, options) {
    return comparison(a, 'greater than or equal to', '>=', b, assertion, options);
  },

  isContainedIn(column: string, ...allowed: AllowedOrBounds) {
    const { instance, predicate, assertion, options } = membership(column, allowed);
    return compliance(instance, predicate, [column], assertion, options);
  },
};
