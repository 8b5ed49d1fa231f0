import { ColumnCount } from '../../analyzers/column-count.js';
import { ColumnExists } from '../../analyzers/column-exists.js';
import { Completeness } from '../../analyzers/completeness.js';
import { Compliance } from '../../analyzers/compliance.js';
import { Distinctness } from '../../analyzers/distinctness.js';
import { DuplicateRowCount } from '../../analyzers/duplicate-row-count.js';
import { Size } from '../../analyzers/size.js';
import { UniqueValueRatio } from '../../analyzers/unique-value-ratio.js';
import { Uniqueness } from '../../analyzers/uniqueness.js';
import { ZerosCount } from '../../analyzers/zeros-count.js';
import type { Assertion } from '../../base/comparators.js';
import { AssayError } from '../../base/errors.js';
import type { Constraint } from '../constraint.js';
import { analyzerOptions, isOne, type ConstraintOptions, type FilterOptions, type RowOptions } from './options.js';

/** Rows of the table. */
export function sizeConstraint(assertion: Assertion, o: FilterOptions): Constraint {
  const analyzer = Size(analyzerOptions(o));
  return { name: `SizeConstraint(${analyzer})`, analyzer, assertion, integral: true, hint: o.hint };
}

/** Columns of the table. */
export function columnCountConstraint(assertion: Assertion, o: ConstraintOptions): Constraint {
  const analyzer = ColumnCount();
  return { name: `ColumnCountConstraint(${analyzer})`, analyzer, assertion, integral: true, hint: o.hint };
}

/** A column of exactly that name is there. */
export function columnExistsConstraint(column: string, o: ConstraintOptions): Constraint {
  return { name: `ColumnExistsConstraint(${column})`, analyzer: ColumnExists(column), assertion: isOne, integral: true, hint: o.hint };
}

/** Zeros in a numeric column. */
export function zerosCountConstraint(column: string, assertion: Assertion, o: FilterOptions): Constraint {
  const analyzer = ZerosCount(column, analyzerOptions(o));
  return { name: `ZerosCountConstraint(${analyzer})`, analyzer, assertion, integral: true, hint: o.hint };
}

/** Rows whose values in these columns occur more than once; no columns: all of them. */
export function duplicateRowCountConstraint(columns: readonly string[], assertion: Assertion, o: RowOptions): Constraint {
  const analyzer = DuplicateRowCount(columns, analyzerOptions(o));
  const constraint: Constraint = { name: `DuplicateRowCountConstraint(${analyzer})`, analyzer, assertion, integral: true, hint: o.hint };
  return columns.length === 0 ? constraint : { ...constraint, rowLevel: { kind: 'grouped', columns } };
}

/** Share of values that are not null. */
export function completenessConstraint(column: string, assertion: Assertion, o: RowOptions): Constraint {
  const analyzer = Completeness(column, analyzerOptions(o));
  return { name: `CompletenessConstraint(${analyzer})`, analyzer, assertion, hint: o.hint, rowLevel: { kind: 'plain', column: `Completeness-${column}` } };
}

/** Share of rows in which all (or any) of the columns are not null. */
export function combinedCompletenessConstraint(which: 'all' | 'any', columns: readonly string[], assertion: Assertion, o: RowOptions): Constraint {
  if (columns.length === 0) throw new AssayError('INVALID_ARGUMENT', 'completeness of several columns needs at least one column');
  const known = columns.map((c) => `(${plainOrQuoted(c)} IS NOT NULL)`);
  const predicate = known.reduce((left, right) => `(${left} ${which === 'all' ? 'AND' : 'OR'} ${right})`);
  const analyzer = Compliance(which === 'all' ? 'Combined Completeness' : 'Any Completeness', predicate, { ...analyzerOptions(o), columns });
  return { name: `ComplianceConstraint(${analyzer})`, analyzer, assertion, hint: o.hint, rowLevel: { kind: 'plain', column: `ColumnsCompliance-${predicate}` } };
}

/** A name as it may stand in a predicate: quoted unless it is a plain identifier. */
function plainOrQuoted(column: string): string {
  return /^[A-Za-z_]\w*$/.test(column) || /^`.*`$/.test(column) ? column : `\`${column.replaceAll('`', '``')}\``;
}

/** Share of rows whose values in these columns occur once. */
export function uniquenessConstraint(columns: readonly string[], assertion: Assertion, o: RowOptions): Constraint {
  const analyzer = Uniqueness(columns, analyzerOptions(o));
  return { name: `UniquenessConstraint(${analyzer})`, analyzer, assertion, hint: o.hint, rowLevel: { kind: 'grouped', columns } };
}

/** Distinct values per row. */
export function distinctnessConstraint(columns: readonly string[], assertion: Assertion, o: FilterOptions): Constraint {
  const analyzer = Distinctness(columns, analyzerOptions(o));
  return { name: `DistinctnessConstraint(${analyzer})`, analyzer, assertion, hint: o.hint };
}

/** Share of the distinct values that occur once. */
export function uniqueValueRatioConstraint(columns: readonly string[], assertion: Assertion, o: RowOptions): Constraint {
  const analyzer = UniqueValueRatio(columns, analyzerOptions(o));
  // Deequ's text lacks the closing parenthesis.
  return { name: `UniqueValueRatioConstraint(${analyzer}`, analyzer, assertion, hint: o.hint, rowLevel: { kind: 'grouped', columns } };
}
