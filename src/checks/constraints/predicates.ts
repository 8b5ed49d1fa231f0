import { Compliance } from '../../analyzers/compliance.js';
import type { Assertion } from '../../base/comparators.js';
import { AssayError } from '../../base/errors.js';
import { javaDouble } from '../../base/number-text.js';
import type { Constraint } from '../constraint.js';
import { analyzerOptions, isOne, type RowOptions } from './options.js';

/** For `satisfies`: the columns that must be there. */
export interface SatisfiesOptions extends RowOptions {
  readonly columns?: readonly string[];
}

/** Share of rows on which a predicate is TRUE. */
export function complianceConstraint(name: string, predicate: string, columns: readonly string[], assertion: Assertion, o: RowOptions): Constraint {
  const analyzer = Compliance(name, predicate, { ...analyzerOptions(o), columns });
  return { name: `ComplianceConstraint(${analyzer})`, analyzer, assertion, hint: o.hint, rowLevel: { kind: 'plain', column: `ColumnsCompliance-${predicate}` } };
}

/** No value is below zero; nulls pass. */
export function nonNegativeConstraint(column: string, assertion: Assertion, o: RowOptions): Constraint {
  return complianceConstraint(`${column} is non-negative`, `COALESCE(CAST(${escapeColumn(column)} AS DOUBLE), 0.0) >= 0`, [column], assertion, o);
}

/** Every value is above zero; nulls pass. */
export function positiveConstraint(column: string, assertion: Assertion, o: RowOptions): Constraint {
  return complianceConstraint(`${column} is positive`, `COALESCE(CAST(${escapeColumn(column)} AS DOUBLE), 1.0) > 0`, [column], assertion, o);
}

const COMPARISONS = {
  '<': 'less than',
  '<=': 'less than or equal to',
  '>': 'greater than',
  '>=': 'greater than or equal to',
} as const;

/** One column compares with another; a null on either side does not pass. */
export function comparisonConstraint(a: string, op: keyof typeof COMPARISONS, b: string, assertion: Assertion, o: RowOptions): Constraint {
  return complianceConstraint(`${a} is ${COMPARISONS[op]} ${b}`, `${escapeColumn(a)} ${op} ${escapeColumn(b)}`, [a, b], assertion, o);
}

/** Every value's text is one of these; nulls pass. */
export function containedInConstraint(column: string, values: readonly string[], assertion: Assertion, o: RowOptions): Constraint {
  if (values.length === 0) throw new AssayError('INVALID_ARGUMENT', `isContainedIn('${column}') needs at least one allowed value`);
  const list = values.map((v) => `'${v.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`).join(',');
  const name = quoted(column);
  return complianceConstraint(`${column} contained in ${values.join(',')}`, `${name} IS NULL OR ${name} IN (${list})`, [column], assertion, o);
}

/** An interval for `isContainedIn`. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
  /** Default true. */
  readonly includeLower?: boolean;
  /** Default true. */
  readonly includeUpper?: boolean;
}

/** Every value lies in an interval; nulls pass. */
export function containedInBoundsConstraint(column: string, b: Bounds, o: RowOptions): Constraint {
  const lower = javaDouble(b.lower);
  const upper = javaDouble(b.upper);
  const name = quoted(column);
  const predicate = `${name} IS NULL OR (${name} ${b.includeLower === false ? '>' : '>='} ${lower} AND ${name} ${b.includeUpper === false ? '<' : '<='} ${upper})`;
  return complianceConstraint(`${column} between ${lower} and ${upper}`, predicate, [column], isOne, o);
}

/** A column's name as Deequ writes it into predicates: plain identifiers as they are, others in backticks. */
function escapeColumn(column: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(column) ? column : quoted(column);
}

/** A column's name in backticks, those inside doubled; one pair that the caller gave is kept. */
function quoted(column: string): string {
  return column.length >= 2 && column.startsWith('`') && column.endsWith('`') ? column : `\`${column.replaceAll('`', '``')}\``;
}
