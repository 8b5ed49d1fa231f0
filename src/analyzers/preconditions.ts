import { stripBackticks } from '../base/names.js';
import { isNested, isNumeric as isNumericType, typeName, type Field, type Schema } from '../data/types.js';
import { findColumn } from '../expression/resolve.js';
import type { Failed, Precondition } from './contract.js';

/** A metric without a value, under the name of Deequ's exception. */
export function failed(exception: string, message: string, cause?: unknown): Failed {
  return cause === undefined ? { failed: exception, message } : { failed: exception, message, cause };
}

/** A parameter that an analyzer cannot work with. */
export function illegalParameter(message: string): Failed {
  return failed('IllegalAnalyzerParameterException', message);
}

/** The column that a parameter names: one pair of backticks does not count, nor does case. */
export function fieldOf(schema: Schema, column: string): Field | undefined {
  const name = stripBackticks(column);
  const exact = schema.fields.find((f) => f.name === name);
  return exact ?? schema.fields.find((f) => f.name.toLowerCase() === name.toLowerCase());
}

/** The column is there. */
export function hasColumn(column: string): Precondition {
  return (schema) => {
    if (fieldOf(schema, column)) return;
    throw failed('NoSuchColumnException', `Input data does not include column ${column}!`, whyMissing(column, schema));
  };
}

/** What is there instead, for whoever reads on. */
function whyMissing(column: string, schema: Schema): unknown {
  try {
    findColumn(stripBackticks(column), schema);
  } catch (error) {
    return error;
  }
}

const NUMERIC = '(DecimalType,LongType,IntegerType,DoubleType,ByteType,FloatType,ShortType)';

/** The column holds numbers. */
export function isNumeric(column: string): Precondition {
  return (schema) => {
    const field = fieldOf(schema, column);
    if (!field || isNumericType(field.type)) return;
    throw unexpectedType(column, `one of ${NUMERIC}`, field);
  };
}

/** The column holds text. */
export function isString(column: string): Precondition {
  return (schema) => {
    const field = fieldOf(schema, column);
    if (!field || field.type.kind === 'string') return;
    throw unexpectedType(column, 'StringType', field);
  };
}

/** The column holds plain values. */
export function isNotNested(column: string): Precondition {
  return (schema) => {
    const field = fieldOf(schema, column);
    if (!field || !isNested(field.type)) return;
    throw wrongType(`Unsupported nested column type of column ${column}: ${typeName(field.type)}!`);
  };
}

/** At least one column is named. */
export function atLeastOne(columns: readonly string[]): Precondition {
  return () => {
    if (columns.length === 0) throw failed('NoColumnsSpecifiedException', 'At least one column needs to be specified!');
  };
}

/** Exactly so many columns are named. */
export function exactly(n: number, columns: readonly string[]): Precondition {
  return () => {
    if (columns.length === n) return;
    const found = `Currently, columns contains only ${columns.length} column(s): ${columns.join(',')}!`;
    throw failed('NumberOfSpecifiedColumnsException', `${n} columns have to be specified! ${found}`);
  };
}

/** A condition on the parameters alone. */
export function parameter(holds: boolean, message: string): Precondition {
  return () => {
    if (!holds) throw illegalParameter(message);
  };
}

function unexpectedType(column: string, expected: string, field: Field): Failed {
  const found = typeName(field.type);
  return wrongType(`Expected type of column ${column} to be ${expected}, but found ${found} instead!`);
}

function wrongType(message: string): Failed {
  return failed('WrongColumnTypeException', message);
}
