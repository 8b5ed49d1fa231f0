/**
 * The logical types of columns and expressions: Spark's, as plain data, so that they compare, print
 * and serialise. `docs/types.md` says which Arrow, Parquet, CSV and JS types they come from.
 */
export type DataType =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'byte' }
  | { readonly kind: 'short' }
  | { readonly kind: 'int' }
  | { readonly kind: 'long' }
  | { readonly kind: 'float' }
  | { readonly kind: 'double' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'date' } // days since 1970-01-01
  | { readonly kind: 'timestamp' } // an instant: microseconds since the epoch, UTC
  | { readonly kind: 'timestamp_ntz' } // a local date and time: microseconds as if it were UTC
  | { readonly kind: 'time' } // microseconds since midnight; Spark 3.5 has no such type
  | { readonly kind: 'interval_ym' } // months
  | { readonly kind: 'interval_ds' } // microseconds
  | { readonly kind: 'array'; readonly element: DataType; readonly containsNull: boolean }
  | { readonly kind: 'struct'; readonly fields: readonly Field[] }
  | { readonly kind: 'map'; readonly key: DataType; readonly value: DataType; readonly valueContainsNull: boolean }
  | { readonly kind: 'unsupported'; readonly name: string }; // its presence is known, its values are not

export type TypeKind = DataType['kind'];

/** One named column of a schema or one member of a struct. */
export interface Field {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
}

/** The columns of a table, in order. */
export interface Schema {
  readonly fields: readonly Field[];
}

/**
 * How the values of a type lie in memory, the same in every column and vector:
 * - `bits`: one bit a value, least significant first (boolean)
 * - `i32`: byte, short, int, date, interval_ym
 * - `i64`: long, timestamp, timestamp_ntz, time, interval_ds, decimal of precision ≤ 18 (unscaled)
 * - `i128`: decimal of precision > 18 (unscaled, little-endian, 16 bytes)
 * - `f32`, `f64`: float, double
 * - `utf8`: n + 1 int32 offsets and bytes (string, binary)
 * - `list` (array, map: children [element] or [key, value]), `struct` (children), `none` (null, unsupported)
 */
export type Layout = 'bits' | 'i32' | 'i64' | 'i128' | 'f32' | 'f64' | 'utf8' | 'list' | 'struct' | 'none';

const LAYOUTS: Readonly<Record<Exclude<TypeKind, 'decimal'>, Layout>> = {
  null: 'none',
  boolean: 'bits',
  byte: 'i32',
  short: 'i32',
  int: 'i32',
  long: 'i64',
  float: 'f32',
  double: 'f64',
  string: 'utf8',
  binary: 'utf8',
  date: 'i32',
  timestamp: 'i64',
  timestamp_ntz: 'i64',
  time: 'i64',
  interval_ym: 'i32',
  interval_ds: 'i64',
  array: 'list',
  struct: 'struct',
  map: 'list',
  unsupported: 'none',
};

/** The layout of a type's values. */
export function layoutOf(type: DataType): Layout {
  return type.kind === 'decimal' ? (type.precision <= 18 ? 'i64' : 'i128') : LAYOUTS[type.kind];
}

/** Bytes per value of the fixed-width layouts; 0 for the others. */
export const WIDTHS: Readonly<Record<Layout, number>> = {
  bits: 0, i32: 4, i64: 8, i128: 16, f32: 4, f64: 8, utf8: 0, list: 0, struct: 0, none: 0,
};

/** Whether a type counts, sums and compares as a number (Spark's NumericType). */
export function isNumeric(type: DataType): boolean {
  switch (type.kind) {
    case 'byte': case 'short': case 'int': case 'long': case 'float': case 'double': case 'decimal':
      return true;
    default:
      return false;
  }
}

/** Whether a type is an integer type. */
export function isIntegral(type: DataType): boolean {
  return type.kind === 'byte' || type.kind === 'short' || type.kind === 'int' || type.kind === 'long';
}

/** Whether a type holds other types. */
export function isNested(type: DataType): boolean {
  return type.kind === 'array' || type.kind === 'struct' || type.kind === 'map';
}

/** Whether two types are the same in every part. */
export function sameType(a: DataType, b: DataType): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

const SIMPLE_NAMES: Readonly<Record<string, string>> = {
  null: 'NullType', boolean: 'BooleanType', byte: 'ByteType', short: 'ShortType', int: 'IntegerType',
  long: 'LongType', float: 'FloatType', double: 'DoubleType', string: 'StringType', binary: 'BinaryType',
  date: 'DateType', timestamp: 'TimestampType', timestamp_ntz: 'TimestampNTZType', time: 'TimeType',
  interval_ym: 'YearMonthIntervalType', interval_ds: 'DayTimeIntervalType',
};

/** The name that Deequ's messages print, e.g. `DecimalType(10,2)` or `ArrayType(IntegerType,true)`. */
export function typeName(type: DataType): string {
  switch (type.kind) {
    case 'decimal': return `DecimalType(${type.precision},${type.scale})`;
    case 'array': return `ArrayType(${typeName(type.element)},${type.containsNull})`;
    case 'map': return `MapType(${typeName(type.key)},${typeName(type.value)},${type.valueContainsNull})`;
    case 'struct':
      return `StructType(${type.fields.map((f) => `StructField(${f.name},${typeName(f.type)},${f.nullable})`).join(',')})`;
    case 'unsupported': return `UnsupportedType(${type.name})`;
    default: return SIMPLE_NAMES[type.kind]!;
  }
}

const SQL_NAMES: Readonly<Record<string, string>> = {
  null: 'void', byte: 'tinyint', short: 'smallint', long: 'bigint', interval_ym: 'interval year to month',
  interval_ds: 'interval day to second',
};

/** The name that Spark's SQL and schemas print, e.g. `bigint`, `decimal(10,2)`, `array<int>`. */
export function sqlTypeName(type: DataType): string {
  switch (type.kind) {
    case 'decimal': return `decimal(${type.precision},${type.scale})`;
    case 'array': return `array<${sqlTypeName(type.element)}>`;
    case 'map': return `map<${sqlTypeName(type.key)},${sqlTypeName(type.value)}>`;
    case 'struct': return `struct<${type.fields.map((f) => `${f.name}:${sqlTypeName(f.type)}`).join(',')}>`;
    case 'unsupported': return type.name;
    default: return SQL_NAMES[type.kind] ?? type.kind;
  }
}

const simple = <K extends TypeKind>(kind: K) => Object.freeze({ kind });

/** The types without parameters. */
export const NULL = simple('null');
export const BOOLEAN = simple('boolean');
export const BYTE = simple('byte');
export const SHORT = simple('short');
export const INT = simple('int');
export const LONG = simple('long');
export const FLOAT = simple('float');
export const DOUBLE = simple('double');
export const STRING = simple('string');
export const BINARY = simple('binary');
export const DATE = simple('date');
export const TIMESTAMP = simple('timestamp');
export const TIMESTAMP_NTZ = simple('timestamp_ntz');
export const TIME = simple('time');

/** decimal(precision, scale). */
export function decimal(precision: number, scale: number): DataType {
  return { kind: 'decimal', precision, scale };
}
