import { CustomSql } from '../../analyzers/custom-sql.js';
import { DatasetMatchAnalyzer, type ColumnMapping } from '../../analyzers/dataset-match.js';
import { ReferentialIntegrityAnalyzer } from '../../analyzers/referential-integrity.js';
import { demanded, meets, type Demand } from '../assertions.js';
import type { AnyColumns, PlainColumn } from '../columns.js';
import type { AnalysisConstraint } from '../constraint.js';
import { constraintOf, unnamed } from './make.js';
import { listOf, type Names } from './names.js';
import { isOne, optionsOf, type ConstraintOptions, type Options } from './options.js';

/** For `doesDatasetMatch`. */
export interface DatasetMatchOptions extends ConstraintOptions {
  /** The columns that are compared and their names in the other table; default: all that are no keys, by name. */
  readonly matchColumnMappings?: ColumnMapping | undefined;
}

/** Constraints whose analyzers read tables themselves. */
export interface QueryConstraints<Plain, C = AnyColumns> {
  /** The one number that a SELECT over the tables of the run gives. */
  customSql(sql: string, assertion: Demand, options?: Options<ConstraintOptions>): Plain;

  /**
   * The share of rows that another table has too: equal in key columns and in compared columns.
   * The other table is data, or the name that `withSource` gave it.
   */
  doesDatasetMatch(
    other: unknown,
    keyColumnMappings: ColumnMapping,
    assertion: Demand,
    options?: Options<DatasetMatchOptions>,
  ): Plain;

  /**
   * The share of rows whose values occur in columns of another table, which `withSource` named; rows with a null in
   * these columns refer to nothing and are left out.
   */
  hasReferentialIntegrity(
    columns: Names<PlainColumn<C>>,
    reference: string,
    referenceColumns: Names,
    assertion?: Demand,
    options?: Options<ConstraintOptions>,
  ): Plain;
}

/** The makers of these constraints. */
export const queryConstraints: QueryConstraints<AnalysisConstraint> = {
  customSql(sql, assertion, options) {
    const o = optionsOf(options);
    const analyzer = CustomSql(sql);
    return constraintOf(unnamed(analyzer, false, o.hint), analyzer, assertion, o, { subject: sql });
  },

  doesDatasetMatch(other, keyColumnMappings, assertion, options) {
    const o = optionsOf(options);
    const { matchColumnMappings } = o;
    const whole = demanded(assertion).assertion;
    const expected = (x: number) => meets(whole, x);
    const analyzer = DatasetMatchAnalyzer(other, keyColumnMappings, expected, { matchColumnMappings });
    return constraintOf(unnamed(analyzer, false, o.hint), analyzer, assertion, o, {
      subject: 'rows that the other table has too',
    });
  },

  hasReferentialIntegrity(columns, reference, referenceColumns, assertion = isOne, options) {
    const o = optionsOf(options);
    const analyzer = ReferentialIntegrityAnalyzer(listOf(columns), reference, listOf(referenceColumns));
    return constraintOf(`ReferentialIntegrityConstraint(${analyzer})`, analyzer, assertion, o);
  },
};
