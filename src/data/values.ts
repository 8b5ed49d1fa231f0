import { AssayError } from '../base/errors.js';
import type { Column } from './column.js';
import { regionOf, type Region } from './region.js';
import { dayOf } from './dates.js';
import { layoutOf, sqlTypeName, type DataType } from './types.js';

/** Where a value stands, for messages: `row 3, column 'a'`. */
export type Place = (index: number) => string;

/** A column of JS values of a known type; null and undefined are null. */
export function columnOfValues(type: DataType, values: readonly unknown[], place: Place): Column {
  const rows = values.length;
  const validity = validityOf(values);
  const base = { type, rows, validity: validity && { region: regionOf(validity), offset: 0 } };
  switch (layoutOf(type)) {
    case 'none': return nothing(type, values, place, base);
    case 'bits': return { ...base, bits: { region: booleans(type, values, place), offset: 0 } };
    case 'i32': return { ...base, values: fill(new Int32Array(rows), type, values, place, int32) };
    case 'i64': return { ...base, values: fill(new BigInt64Array(rows), type, values, place, int64) };
    case 'i128': return { ...base, values: int128(type, values, place) };
    case 'f32': return { ...base, values: fill(new Float32Array(rows), type, values, place, float) };
    case 'f64': return { ...base, values: fill(new Float64Array(rows), type, values, place, float) };
    case 'utf8': return { ...base, ...bytes(type, values, place) };
    case 'list': return { ...base, ...lists(type, values, place) };
    case 'struct': return { ...base, children: members(type, values, place) };
  }
}

function validityOf(values: readonly unknown[]): Uint8Array<ArrayBuffer> | null {
  const bits = new Uint8Array((values.length + 7) >> 3);
  let known = 0;
  for (let i = 0; i < values.length; ++i) {
    if (values[i] === null || values[i] === undefined) continue;
    bits[i >> 3]! |= 1 << (i & 7);
    known += 1;
  }
  return known === values.length ? null : bits;
}

function wrong(type: DataType, value: unknown, where: string): AssayError {
  return new AssayError('WRONG_TYPE', `${where}: expected ${sqlTypeName(type)}, got ${describe(value)}`);
}

/** A value as messages show it. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Date) return `the date ${Number.isNaN(value.getTime()) ? 'NaN' : value.toISOString()}`;
  if (typeof value === 'object') return `an object (${value.constructor?.name ?? 'no class'})`;
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return `the ${typeof value} ${text.length > 60 ? `${text.slice(0, 57)}…` : text}`;
}

type Convert = (type: DataType, value: unknown) => number | bigint | undefined;

function fill(
  into: Int32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>,
  type: DataType, values: readonly unknown[], place: Place, convert: Convert,
): Region {
  for (let i = 0; i < values.length; ++i) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    const converted = convert(type, value);
    if (converted === undefined) throw wrong(type, value, place(i));
    (into as { [index: number]: number | bigint })[i] = converted;
  }
  return regionOf(into);
}

const INT_BITS: Readonly<Partial<Record<DataType['kind'], number>>> = { byte: 7, short: 15, int: 31, interval_ym: 31 };

function int32(type: DataType, value: unknown): number | undefined {
  if (type.kind === 'date') {
    if (typeof value === 'string') return dayOf(value);
    return value instanceof Date && !Number.isNaN(value.getTime()) ?
      Math.floor(value.getTime() / 86_400_000) :
      undefined;
  }
  const limit = 2 ** INT_BITS[type.kind]!;
  const whole = typeof value === 'bigint' ? Number(value) : value;
  return typeof whole === 'number' && Number.isInteger(whole) && whole >= -limit && whole < limit ? whole : undefined;
}

function int64(type: DataType, value: unknown): bigint | undefined {
  if (type.kind === 'decimal') return unscaled(value, type.precision, type.scale);
  if (value instanceof Date) {
    const isInstant = type.kind === 'timestamp' || type.kind === 'timestamp_ntz';
    return isInstant && !Number.isNaN(value.getTime()) ? BigInt(value.getTime()) * 1000n : undefined;
  }
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? value : undefined;
}

function float(_type: DataType, value: unknown): number | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

/** The unscaled integer of a decimal number given as text, number or bigint; undefined if it does not fit exactly. */
export function unscaled(value: unknown, precision: number, scale: number): bigint | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const parts = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,4}))?$/.exec(String(value));
  if (!parts || (parts[2] === '' && parts[3] === '')) return undefined;
  const digits = parts[2]! + parts[3]!;
  const shift = scale - parts[3]!.length + Number(parts[4] ?? 0);
  if (shift > 100 && !/^0*$/.test(digits)) return undefined;
  const kept = shift >= 0 ? digits + '0'.repeat(Math.min(shift, 100)) : digits.slice(0, shift);
  if (shift < 0 && !/^0*$/.test(digits.slice(shift))) return undefined;
  const size = BigInt(kept === '' ? '0' : kept);
  if (size >= 10n ** BigInt(precision)) return undefined;
  return parts[1] === '-' ? -size : size;
}

function int128(type: DataType, values: readonly unknown[], place: Place): Region {
  const { precision, scale } = type as { precision: number; scale: number };
  const out = new BigInt64Array(values.length * 2);
  for (let i = 0; i < values.length; ++i) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    const whole = unscaled(value, precision, scale);
    if (whole === undefined) throw wrong(type, value, place(i));
    out[i * 2] = BigInt.asIntN(64, whole);
    out[i * 2 + 1] = whole >> 64n;
  }
  return regionOf(out);
}

function booleans(type: DataType, values: readonly unknown[], place: Place): Region {
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (let i = 0; i < values.length; ++i) {
    const value = values[i];
    if (value === true) bits[i >> 3]! |= 1 << (i & 7);
    else if (value !== false && value !== null && value !== undefined) throw wrong(type, value, place(i));
  }
  return regionOf(bits);
}

function bytes(type: DataType, values: readonly unknown[], place: Place): { offsets: Region; values: Region } {
  const offsets = new Int32Array(values.length + 1);
  const encoder = new TextEncoder();
  let out = new Uint8Array(Math.max(64, values.length * 8)), at = 0;
  for (let i = 0; i < values.length; ++i) {
    const value = values[i];
    if (value !== null && value !== undefined) {
      const isText = type.kind === 'string' && typeof value === 'string';
      if (!isText && !(type.kind === 'binary' && value instanceof Uint8Array)) throw wrong(type, value, place(i));
      const most = isText ? (value as string).length * 3 : (value as Uint8Array).length;
      if (at + most > out.length) {
        const more = new Uint8Array(Math.max(out.length * 2, at + most));
        more.set(out.subarray(0, at));
        out = more;
      }
      if (isText) at += encoder.encodeInto(value as string, out.subarray(at)).written;
      else {
        out.set(value as Uint8Array, at);
        at += most;
      }
    }
    offsets[i + 1] = at;
  }
  return { offsets: regionOf(offsets), values: regionOf(out.subarray(0, at)) };
}

function lists(type: DataType, values: readonly unknown[], place: Place): { offsets: Region; children: Column[] } {
  const offsets = new Int32Array(values.length + 1);
  const first: unknown[] = [], second: unknown[] = [], origin: number[] = [];
  values.forEach((value, i) => {
    if (value !== null && value !== undefined) {
      if (type.kind === 'map') {
        const entries = value instanceof Map ? [...value] : isPlain(value) ? Object.entries(value) : undefined;
        if (!entries) throw wrong(type, value, place(i));
        for (const [key, item] of entries) {
          if (key === null || key === undefined) {
            throw new AssayError('WRONG_TYPE', `${place(i)}: a map has a null key`);
          }
          first.push(key);
          second.push(item);
          origin.push(i);
        }
      } else {
        if (!isList(value)) throw wrong(type, value, place(i));
        for (const item of value) {
          first.push(item);
          origin.push(i);
        }
      }
    }
    offsets[i + 1] = first.length;
  });
  const inside: Place = (index) => place(origin[index]!);
  const children = type.kind === 'map' ?
    [columnOfValues(type.key, first, inside), columnOfValues(type.value, second, inside)] :
    [columnOfValues((type as { element: DataType }).element, first, inside)];
  return { offsets: regionOf(offsets), children };
}

function members(type: DataType, values: readonly unknown[], place: Place): Column[] {
  const { fields } = type as Extract<DataType, { kind: 'struct' }>;
  values.forEach((value, i) => {
    if (value !== null && value !== undefined && !isPlain(value)) throw wrong(type, value, place(i));
  });
  return fields.map((field) => {
    const column = values.map((value) => memberOf(value, field.name));
    return columnOfValues(field.type, column, (i) => `${place(i)}.${field.name}`);
  });
}

function nothing(
  type: DataType, values: readonly unknown[], place: Place,
  base: { type: DataType; rows: number; validity: Column['validity'] },
): Column {
  const found = values.findIndex((value) => value !== null && value !== undefined);
  if (found >= 0 && type.kind === 'null') throw wrong(type, values[found], place(found));
  return { ...base, validity: base.validity ?? { region: regionOf(new Uint8Array((base.rows + 7) >> 3)), offset: 0 } };
}

/** The member of that name of an object, nothing that objects inherit from Object. */
export function memberOf(value: unknown, name: string): unknown {
  if (value === null || value === undefined) return undefined;
  return Object.hasOwn(value, name) || !(name in Object.prototype) ?
    (value as Record<string, unknown>)[name] :
    undefined;
}

/** Arrays and typed arrays other than bytes. */
export function isList(value: unknown): value is Iterable<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) &&
    !(value instanceof Uint8Array) && !(value instanceof DataView));
}

/** Objects that are read as structs: neither lists, maps, dates nor bytes. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value) &&
    !(value instanceof Date) && !(value instanceof Map) && !(value instanceof Set);
}
