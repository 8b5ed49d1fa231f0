import { DataType } from '../../analyzers/data-type.js';
import { PatternMatch } from '../../analyzers/pattern-match.js';
import type { Demand } from '../assertions.js';
import type { AnyColumns, ColumnOf, PlainColumn } from '../columns.js';
import { Patterns } from '../../expression/regex/patterns.js';
import type { Distribution } from '../../metrics/distribution.js';
import { constraintOf, filterable, unnamed, type Filterable } from './make.js';
import { analyzerOptions, isOne, type FilterOptions, type Options, type RowOptions } from './options.js';

/** What the values of a column can be asked to look like. */
export type ConstrainableDataType = 'Null' | 'Fractional' | 'Integral' | 'Boolean' | 'String' | 'Numeric';

function matching(
  column: string,
  pattern: string,
  name: string,
  assertion: Demand,
  options?: Options<RowOptions>,
): Filterable {
  return filterable(options, (o) => {
    const analyzer = PatternMatch(column, pattern, analyzerOptions(o));
    return constraintOf(name, analyzer, assertion, o, {
      rowLevel: { kind: 'plain', column: `ColumnPattern-${column}` },
    });
  });
}

/** Constraints on what texts look like. */
export interface PatternConstraints<Extended, C = AnyColumns> {
  /**
   * The share of values in which a Java regex finds something that is not empty, by default all; nulls do not match.
   * A `RegExp` gives its source and the flags `i`, `m`, `s`.
   */
  hasPattern(column: ColumnOf<C, 'string'>, pattern: string | RegExp, assertion?: Demand, options?: Options<RowOptions>): Extended;

  /** The share of values that contain a credit card number, by default all. */
  containsCreditCardNumber(column: ColumnOf<C, 'string'>, assertion?: Demand, options?: Options<RowOptions>): Extended;

  /** The share of values that contain an email address in lower case, by default all. */
  containsEmail(column: ColumnOf<C, 'string'>, assertion?: Demand, options?: Options<RowOptions>): Extended;

  /** The share of values that contain a URL, by default all. */
  containsURL(column: ColumnOf<C, 'string'>, assertion?: Demand, options?: Options<RowOptions>): Extended;

  /** The share of values that contain a social security number of the United States, by default all. */
  containsSocialSecurityNumber(column: ColumnOf<C, 'string'>, assertion?: Demand, options?: Options<RowOptions>): Extended;

  /** The share of values that look like a type, by default all; nulls are left out, except for `Null`. */
  hasDataType(
    column: PlainColumn<C>,
    type: ConstrainableDataType,
    assertion?: Demand,
    options?: Options<FilterOptions>,
  ): Extended;
}

/** The makers of these constraints. */
export const patternConstraints: PatternConstraints<Filterable> = {
  hasPattern(column, pattern, assertion = isOne, options) {
    const source = typeof pattern === 'string' ? pattern : javaSource(pattern);
    return matching(column, source, `PatternMatchConstraint(${column}, ${source})`, assertion, options);
  },

  containsCreditCardNumber(column, assertion = isOne, options) {
    return matching(column, Patterns.CREDITCARD, `containsCreditCardNumber(${column})`, assertion, options);
  },

  containsEmail(column, assertion = isOne, options) {
    return matching(column, Patterns.EMAIL, `containsEmail(${column})`, assertion, options);
  },

  containsURL(column, assertion = isOne, options) {
    return matching(column, Patterns.URL, `containsURL(${column})`, assertion, options);
  },

  containsSocialSecurityNumber(column, assertion = isOne, options) {
    const name = `containsSocialSecurityNumber(${column})`;
    return matching(column, Patterns.SOCIAL_SECURITY_NUMBER_US, name, assertion, options);
  },

  hasDataType(column, type, assertion = isOne, options) {
    return filterable(options, (o) => {
      const analyzer = DataType(column, analyzerOptions(o));
      return constraintOf(unnamed(analyzer, true, o.hint), analyzer, assertion, o, {
        pick: (d: Distribution) => shareOf(type, d),
        subject: `DataType(${column}) is ${type}`,
      });
    });
  },
};

/** A JavaScript regex as Java writes it: flags become inline ones. */
export function javaSource({ source, flags }: RegExp): string {
  const inline = [...flags].filter((f) => 'ims'.includes(f)).join('');
  return inline === '' ? source : `(?${inline})${source}`;
}

function shareOf(type: ConstrainableDataType, d: Distribution): number {
  if (type === 'Numeric') return shareOf('Fractional', d) + shareOf('Integral', d);
  if (type === 'Null') return d.values.get('Unknown')?.ratio ?? 0;
  const count = d.values.get(type)?.absolute ?? 0;
  if (count === 0) return 0;
  let known = 0;
  for (const [key, value] of d.values) if (key !== 'Unknown') known += value.absolute;
  return count / known;
}
