/** What kind of values a column holds, as far as types tell. */
export type ColumnKind = 'numeric' | 'string' | 'boolean' | 'temporal' | 'binary' | 'nested' | 'other';

/** The columns of a table by name, in types only. */
export type Columns = { readonly [name: string]: ColumnKind };

/** Columns of which nothing is known: any name will do. */
export type AnyColumns = Columns;

/** The names of columns of some kinds, with or without backticks; of unknown columns any text. */
export type ColumnOf<C, K extends ColumnKind = ColumnKind> = string extends keyof C
  ? string
  : Quotable<{ [N in keyof C]: [C[N] & K] extends [never] ? never : N }[keyof C] & string>;

/** The names of columns of plain values, which can be counted and compared. */
export type PlainColumn<C> = ColumnOf<C, Exclude<ColumnKind, 'nested'>>;

/** The names of columns whose values are numbers or may be read as such. */
export type NumberColumn<C> = ColumnOf<C, 'numeric' | 'string'>;

type Quotable<N extends string> = N | `\`${N}\``;

/** The columns of a typed Arrow table, of its batches, or of row objects; of anything else they are unknown. */
export type ColumnsOf<D> = 0 extends 1 & D
  ? AnyColumns
  : [D] extends [never] ? AnyColumns
  : D extends ArrowTyped<infer T> ? ArrowColumns<T>
  : D extends readonly (infer R)[] ? ColumnsOfRows<R>
  : AnyColumns;

/** Arrow's Table and RecordBatch, by their type alone. */
interface ArrowTyped<T> {
  readonly TType: { readonly dataTypes: T };
}

type ArrowColumns<T> = { readonly [N in keyof T & string]: ArrowKind<T[N]> };

/** By the codes of Arrow's enumeration of types. */
type ArrowKind<T> = 0 extends 1 & T ? ColumnKind
  : T extends { readonly TType: infer Y extends number }
    ? `${Y}` extends '-1' ? (T extends { readonly dictionary: infer V } ? ArrowKind<V> : ColumnKind)
      : `${Y}` extends keyof ArrowKinds ? ArrowKinds[`${Y}`] : ColumnKind
    : ColumnKind;

type Codes<Text extends string, K extends ColumnKind> = { readonly [Y in Text]: K };

type ArrowKinds =
  & Codes<'2' | '3' | '7' | '-2' | '-3' | '-4' | '-5' | '-6' | '-7' | '-8' | '-9' | '-10' | '-11' | '-12', 'numeric'>
  & Codes<'5' | '20' | '24', 'string'>
  & Codes<'6', 'boolean'>
  & Codes<'4' | '15' | '19' | '23', 'binary'>
  & Codes<'8' | '9' | '10' | '-13' | '-14' | '-15' | '-16' | '-17' | '-18' | '-19' | '-20' | '-21' | '-22', 'temporal'>
  & Codes<'11' | '18' | '-25' | '-26' | '-27' | '-28' | '-29' | '-30' | '-31', 'temporal'>
  & Codes<'12' | '13' | '16' | '17' | '21', 'nested'>
  & Codes<'1' | '14' | '-23' | '-24', 'other'>;

type ColumnsOfRows<R> = 0 extends 1 & R
  ? AnyColumns
  : [R] extends [never] ? AnyColumns
  : R extends ArrowTyped<infer T> ? ArrowColumns<T>
  : [KeyOf<R>] extends [never] ? AnyColumns
  : { readonly [N in KeyOf<R> & string]: RowKind<ValueOf<R, N>> };

/** The keys of any member of a union. */
type KeyOf<R> = R extends object ? keyof R : never;
type ValueOf<R, N> = R extends { readonly [K in N & keyof R]?: infer V } ? (N extends keyof R ? V : never) : never;

type RowKind<V> = 0 extends 1 & V
  ? ColumnKind
  : unknown extends V ? ColumnKind
  : [NonNullable<V>] extends [never] ? 'other'
  : NonNullable<V> extends number | bigint ? 'numeric'
  : NonNullable<V> extends string ? 'string'
  : NonNullable<V> extends boolean ? 'boolean'
  : NonNullable<V> extends Date ? 'temporal'
  : NonNullable<V> extends Uint8Array ? 'binary'
  : NonNullable<V> extends object ? 'nested' : ColumnKind;
