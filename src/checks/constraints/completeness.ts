import { Completeness } from '../../analyzers/completeness.js';
import type { Demand } from '../assertions.js';
import type { AnyColumns, ColumnOf, PlainColumn } from '../columns.js';
import { AssayError } from '../../base/errors.js';
import { constraintOf, filterable, type Filterable } from './make.js';
import { bare } from './names.js';
import { analyzerOptions, isOne, type Options, type RowOptions } from './options.js';
import { compliance } from './predicates.js';

function completeness(column: string, assertion: Demand, options?: Options<RowOptions>): Filterable {
  return filterable(options, (o) => {
    const analyzer = Completeness(column, analyzerOptions(o));
    return constraintOf(`CompletenessConstraint(${analyzer})`, analyzer, assertion, o, {
      rowLevel: { kind: 'plain', column: `Completeness-${column}` },
    });
  });
}

function combined(
  of: 'Combined' | 'Any',
  columns: readonly string[],
  assertion: Demand,
  options?: Options<RowOptions>,
): Filterable {
  if (columns.length === 0) {
    throw new AssayError('INVALID_ARGUMENT', 'completeness of several columns needs at least one column');
  }
  const known = columns.map((c) => `(${bare(c)} IS NOT NULL)`);
  const predicate = known.reduce((left, right) => `(${left} ${of === 'Any' ? 'OR' : 'AND'} ${right})`);
  return compliance(`${of} Completeness`, predicate, columns, assertion, options);
}

/** Constraints on nulls. */
export interface CompletenessConstraints<Extended, C = AnyColumns> {
  /** No value is null. */
  isComplete(column: PlainColumn<C>, options?: Options<RowOptions>): Extended;

  /** The share of values that are not null. */
  hasCompleteness(column: PlainColumn<C>, assertion: Demand, options?: Options<RowOptions>): Extended;

  /** No row has a null in any of the columns. */
  areComplete(columns: readonly ColumnOf<C>[], options?: Options<RowOptions>): Extended;

  /** The share of rows without a null in any of the columns. */
  haveCompleteness(columns: readonly ColumnOf<C>[], assertion: Demand, options?: Options<RowOptions>): Extended;

  /** Every row has a value in at least one of the columns. */
  areAnyComplete(columns: readonly ColumnOf<C>[], options?: Options<RowOptions>): Extended;

  /** The share of rows with a value in at least one of the columns. */
  haveAnyCompleteness(columns: readonly ColumnOf<C>[], assertion: Demand, options?: Options<RowOptions>): Extended;
}

/** The makers of these constraints. */
export const completenessConstraints: CompletenessConstraints<Filterable> = {
  isComplete(column, options) {
    return completeness(column, isOne, options);
  },

  hasCompleteness(column, assertion, options) {
    return completeness(column, assertion, options);
  },

  areComplete(columns, options) {
    return combined('Combined', columns, isOne, options);
  },

  haveCompleteness(columns, assertion, options) {
    return combined('Combined', columns, assertion, options);
  },

  areAnyComplete(columns, options) {
    return combined('Any', columns, isOne, options);
  },

  haveAnyCompleteness(columns, assertion, options) {
    return combined('Any', columns, assertion, options);
  },
};
