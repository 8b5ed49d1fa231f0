import { AssayError } from '../base/errors.js';

/** Settings of every column of a RowLevelSchema. */
export interface ColumnOptions {
  /** Whether null is valid, in which case no other rule is asked; default true. */
  readonly isNullable?: boolean | undefined;
}

/** Settings of a column of texts. */
export interface StringColumnOptions extends ColumnOptions {
  /** Least number of characters (code points), included. */
  readonly minLength?: number | undefined;
  /** Greatest number of characters (code points), included. */
  readonly maxLength?: number | undefined;
  /** A Java regex that is searched for; what it matches first must not be empty, as in Deequ. */
  readonly matches?: string | undefined;
}

/** Settings of a column of 32-bit integers. */
export interface IntColumnOptions extends ColumnOptions {
  /** Least value, included. */
  readonly minValue?: number | undefined;
  /** Greatest value, included. */
  readonly maxValue?: number | undefined;
}

/** What a schema says of one column: plain data. */
export type ColumnDefinition =
  | {
      readonly kind: 'string';
      readonly name: string;
      readonly isNullable: boolean;
      readonly minLength: number | null;
      readonly maxLength: number | null;
      readonly matches: string | null;
    }
  | {
      readonly kind: 'int';
      readonly name: string;
      readonly isNullable: boolean;
      readonly minValue: number | null;
      readonly maxValue: number | null;
    }
  | {
      readonly kind: 'decimal';
      readonly name: string;
      readonly isNullable: boolean;
      readonly precision: number;
      readonly scale: number;
    }
  | { readonly kind: 'timestamp'; readonly name: string; readonly isNullable: boolean; readonly mask: string };

/** Rules for rows of texts: every call returns a new schema. */
export interface RowLevelSchema {
  readonly columnDefinitions: readonly ColumnDefinition[];
  /** A column that stays as it is. */
  withStringColumn(name: string, options?: StringColumnOptions): RowLevelSchema;
  /** A column that becomes a 32-bit integer as Spark casts texts: blanks around are cut, a fraction is cut off. */
  withIntColumn(name: string, options?: IntColumnOptions): RowLevelSchema;
  /** A column that becomes decimal(precision, scale), rounded half up; precision 1 to 38, scale 0 to precision. */
  withDecimalColumn(name: string, precision: number, scale: number, options?: ColumnOptions): RowLevelSchema;
  /**
   * A column that becomes a timestamp of whole seconds, read by a mask in the letters of Spark's date patterns
   * (`yyyy-MM-dd HH:mm:ss`) in the time zone of the validation. The whole text must fit.
   */
  withTimestampColumn(name: string, mask: string, options?: ColumnOptions): RowLevelSchema;
}

/** An empty schema, of which every row is valid. */
export function RowLevelSchema(): RowLevelSchema {
  return schemaOf([]);
}

function schemaOf(definitions: readonly ColumnDefinition[]): RowLevelSchema {
  const and = (definition: ColumnDefinition) => schemaOf([...definitions, Object.freeze(definition)]);
  return Object.freeze<RowLevelSchema>({
    columnDefinitions: Object.freeze(definitions),
    withStringColumn(name, { isNullable = true, minLength, maxLength, matches } = {}) {
      const bounds = boundsOf(name, 'minLength', minLength, 'maxLength', maxLength);
      return and({
        kind: 'string', ...base(name, isNullable), minLength: bounds[0], maxLength: bounds[1],
        matches: matches === undefined ? null : text(matches, `the regex of column '${name}'`),
      });
    },
    withIntColumn(name, { isNullable = true, minValue, maxValue } = {}) {
      const bounds = boundsOf(name, 'minValue', minValue, 'maxValue', maxValue);
      return and({ kind: 'int', ...base(name, isNullable), minValue: bounds[0], maxValue: bounds[1] });
    },
    withDecimalColumn(name, precision, scale, { isNullable = true } = {}) {
      const whole = Number.isInteger(precision) && Number.isInteger(scale);
      if (!whole || precision < 1 || precision > 38 || scale < 0 || scale > precision) {
        const given = `decimal(${precision},${scale}) for column '${name}'`;
        throw new AssayError('INVALID_ARGUMENT', `${given}: give a precision of 1 to 38 and a scale of 0 to precision`);
      }
      return and({ kind: 'decimal', ...base(name, isNullable), precision, scale });
    },
    withTimestampColumn(name, mask, { isNullable = true } = {}) {
      return and({ kind: 'timestamp', ...base(name, isNullable), mask: text(mask, `the mask of column '${name}'`) });
    },
  });
}

function base(name: string, isNullable: boolean): { name: string; isNullable: boolean } {
  if (typeof isNullable !== 'boolean') {
    throw new AssayError('INVALID_ARGUMENT', `isNullable of column '${name}' is ${String(isNullable)}: give true or false`);
  }
  return { name: text(name, 'the name of a column'), isNullable };
}

function text(value: string, what: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new AssayError('INVALID_ARGUMENT', `${what} must be a text that is not empty, not ${JSON.stringify(value)}`);
}

function boundsOf(
  column: string, least: string, min: number | undefined, most: string, max: number | undefined,
): readonly [number | null, number | null] {
  for (const [name, value] of [[least, min], [most, max]] as const) {
    if (value === undefined || Number.isSafeInteger(value)) continue;
    throw new AssayError('INVALID_ARGUMENT', `${name} of column '${column}' is ${String(value)}: give a whole number`);
  }
  if (min !== undefined && max !== undefined && min > max) {
    throw new AssayError('INVALID_ARGUMENT', `column '${column}': ${least} ${min} is above ${most} ${max}, so that no value is valid`);
  }
  return [min ?? null, max ?? null];
}
