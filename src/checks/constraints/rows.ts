import { ColumnCount } from '../../analyzers/column-count.js';
import { ColumnExists } from '../../analyzers/column-exists.js';
import { DuplicateRowCount } from '../../analyzers/duplicate-row-count.js';
import { Size } from '../../analyzers/size.js';
import { ZerosCount } from '../../analyzers/zeros-count.js';
import type { Demand } from '../assertions.js';
import type { AnyColumns, ColumnOf, PlainColumn } from '../columns.js';
import type { AnalysisConstraint } from '../constraint.js';
import { constraintOf, filterable, type Filterable } from './make.js';
import { listOf, type Names } from './names.js';
import {
  analyzerOptions, isOne, optionsOf, type ConstraintOptions, type FilterOptions, type Options, type RowOptions,
} from './options.js';

/** Constraints on the number of rows and on columns. */
export interface RowConstraints<Plain, Extended, C = AnyColumns> {
  /** The number of rows. */
  hasSize(assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The number of columns. */
  hasColumnCount(assertion: Demand, options?: Options<ConstraintOptions>): Plain;

  /** There is a column of exactly that name, case included. */
  hasColumn(column: string, options?: Options<ConstraintOptions>): Plain;

  /** The number of zeros in a numeric column. */
  hasZerosCount(column: ColumnOf<C, 'numeric'>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The number of rows whose values in these columns occur more than once; no columns: all of them. */
  hasDuplicateRowCount(columns: Names<PlainColumn<C>>, assertion: Demand, options?: Options<RowOptions>): Extended;
}

/** The makers of these constraints. */
export const rowConstraints: RowConstraints<AnalysisConstraint, Filterable> = {
  hasSize(assertion, options) {
    return filterable(options, (o) => {
      const analyzer = Size(analyzerOptions(o));
      return constraintOf(`SizeConstraint(${analyzer})`, analyzer, assertion, o, { integral: true });
    });
  },

  hasColumnCount(assertion, options) {
    const analyzer = ColumnCount();
    const o = optionsOf(options);
    return constraintOf(`ColumnCountConstraint(${analyzer})`, analyzer, assertion, o, { integral: true });
  },

  hasColumn(column, options) {
    return constraintOf(`ColumnExistsConstraint(${column})`, ColumnExists(column), isOne, optionsOf(options));
  },

  hasZerosCount(column, assertion, options) {
    return filterable(options, (o) => {
      const analyzer = ZerosCount(column, analyzerOptions(o));
      return constraintOf(`ZerosCountConstraint(${analyzer})`, analyzer, assertion, o, { integral: true });
    });
  },

  hasDuplicateRowCount(columns, assertion, options) {
    const list = listOf(columns);
    return filterable(options, (o) => {
      const analyzer = DuplicateRowCount(list, analyzerOptions(o));
      return constraintOf(`DuplicateRowCountConstraint(${analyzer})`, analyzer, assertion, o, {
        integral: true,
        ...(list.length > 0 && { rowLevel: { kind: 'grouped', columns: list } }),
      });
    });
  },
};
