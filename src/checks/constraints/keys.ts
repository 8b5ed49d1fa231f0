import { Distinctness } from '../../analyzers/distinctness.js';
import { FunctionalDependency } from '../../analyzers/functional-dependency.js';
import { UniqueValueRatio } from '../../analyzers/unique-value-ratio.js';
import { Uniqueness } from '../../analyzers/uniqueness.js';
import type { Demand } from '../assertions.js';
import type { AnyColumns, PlainColumn } from '../columns.js';
import { constraintOf, filterable, type Filterable } from './make.js';
import { listOf, type Names } from './names.js';
import { analyzerOptions, isOne, type FilterOptions, type Options, type RowOptions } from './options.js';

function uniqueness(columns: Names, assertion: Demand, options?: Options<RowOptions>): Filterable {
  const list = listOf(columns);
  return filterable(options, (o) => {
    const analyzer = Uniqueness(list, analyzerOptions(o));
    return constraintOf(`UniquenessConstraint(${analyzer})`, analyzer, assertion, o, {
      rowLevel: { kind: 'grouped', columns: list },
    });
  });
}

/** Constraints on how often values, or combinations of values, occur. */
export interface KeyConstraints<Extended, C = AnyColumns> {
  /** Every value that is not null occurs once. */
  isUnique(column: PlainColumn<C>, options?: Options<RowOptions>): Extended;

  /** Every combination of values occurs once. */
  areUnique(columns: readonly PlainColumn<C>[], options?: Options<RowOptions>): Extended;

  /** Every value or combination of values occurs once; nulls are accepted, as Deequ accepts them. */
  isPrimaryKey(columns: Names<PlainColumn<C>>, options?: Options<RowOptions>): Extended;

  /** The share of rows whose value or combination of values occurs once. */
  hasUniqueness(columns: Names<PlainColumn<C>>, assertion: Demand, options?: Options<RowOptions>): Extended;

  /** The number of distinct values or combinations of values per row. */
  hasDistinctness(columns: Names<PlainColumn<C>>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The share of the distinct values or combinations of values that occur once. */
  hasUniqueValueRatio(columns: Names<PlainColumn<C>>, assertion: Demand, options?: Options<RowOptions>): Extended;

  /**
   * Rows with the same determinants have the same dependent value: the share of rows that can stay if it shall be so.
   * Rows with a null in any of the columns are left out.
   */
  hasFunctionalDependency(
    determinants: Names<PlainColumn<C>>,
    dependent: PlainColumn<C>,
    assertion?: Demand,
    options?: Options<FilterOptions>,
  ): Extended;
}

/** The makers of these constraints. */
export const keyConstraints: KeyConstraints<Filterable> = {
  isUnique(column, options) {
    return uniqueness(column, isOne, options);
  },

  areUnique(columns, options) {
    return uniqueness(columns, isOne, options);
  },

  isPrimaryKey(columns, options) {
    return uniqueness(columns, isOne, options);
  },

  hasUniqueness(columns, assertion, options) {
    return uniqueness(columns, assertion, options);
  },

  hasDistinctness(columns, assertion, options) {
    return filterable(options, (o) => {
      const analyzer = Distinctness(listOf(columns), analyzerOptions(o));
      return constraintOf(`DistinctnessConstraint(${analyzer})`, analyzer, assertion, o);
    });
  },

  hasUniqueValueRatio(columns, assertion, options) {
    const list = listOf(columns);
    return filterable(options, (o) => {
      const analyzer = UniqueValueRatio(list, analyzerOptions(o));
      // Deequ's text lacks the closing parenthesis.
      return constraintOf(`UniqueValueRatioConstraint(${analyzer}`, analyzer, assertion, o, {
        rowLevel: { kind: 'grouped', columns: list },
      });
    });
  },

  hasFunctionalDependency(determinants, dependent, assertion = isOne, options) {
    return filterable(options, (o) => {
      const analyzer = FunctionalDependency(listOf(determinants), dependent, analyzerOptions(o));
      return constraintOf(`FunctionalDependencyConstraint(${analyzer})`, analyzer, assertion, o);
    });
  },
};
