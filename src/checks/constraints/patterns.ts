import { DataType } from '../../analyzers/data-type.js';
import { PatternMatch } from '../../analyzers/pattern-match.js';
import type { Assertion } from '../../base/comparators.js';
import type { Distribution } from '../../metrics/distribution.js';
import type { Constraint } from '../constraint.js';
import { analyzerOptions, type FilterOptions, type RowOptions } from './options.js';

/** For `hasPattern`: the constraint's own name. */
export interface PatternOptions extends RowOptions {
  readonly name?: string;
}

/** Share of values in which a Java regex finds something. */
export function patternConstraint(column: string, pattern: string, assertion: Assertion, o: PatternOptions): Constraint {
  const analyzer = PatternMatch(column, pattern, analyzerOptions(o));
  const name = o.name ?? `PatternMatchConstraint(${column}, ${pattern})`;
  return { name, analyzer, assertion, hint: o.hint, rowLevel: { kind: 'plain', column: `ColumnPattern-${column}` } };
}

/** What the values of a column can be asked to look like. */
export type ConstrainableDataType = 'Null' | 'Fractional' | 'Integral' | 'Boolean' | 'String' | 'Numeric';

/** Share of values that look like a type; nulls are left out, except for `Null`. */
export function dataTypeConstraint(column: string, type: ConstrainableDataType, assertion: Assertion, o: FilterOptions): Constraint {
  const analyzer = DataType(column, analyzerOptions(o));
  const hint = o.hint === undefined ? 'None' : `Some(${o.hint})`;
  return {
    name: `AnalysisBasedConstraint(${analyzer},<function1>,Some(<function1>),${hint})`,
    analyzer, assertion, hint: o.hint, pick: (d: Distribution) => dataTypeRatio(d, type),
  };
}

function dataTypeRatio(d: Distribution, type: ConstrainableDataType): number {
  const count = (key: string) => d.values.get(key)?.absolute ?? 0;
  if (type === 'Null') return d.values.get('Unknown')?.ratio ?? 0;
  if (type === 'Numeric') return dataTypeRatio(d, 'Fractional') + dataTypeRatio(d, 'Integral');
  if (count(type) === 0) return 0;
  let known = 0;
  for (const [key, value] of d.values) if (key !== 'Unknown') known += value.absolute;
  return count(type) / known;
}
