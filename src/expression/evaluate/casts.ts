import { AssayError } from '../../base/errors.js';
import { javaDouble } from '../../base/number-text.js';
import type { DataType } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import { DAY, SECOND, floorDiv } from './calendar.js';
import { castColumn } from './cast-columns.js';
import { decimalNumber, parseDecimal, rescale, toDecimal } from './decimals.js';
import { lenient, strict, type Evaluation, type FunctionTable } from './evaluation.js';
import {
  inLong, parseAsDecimal, parseBoolean, parseDate, parseFloating, parseInstant, parseInteger, parseTimestamp,
} from './parse-values.js';
import { rowwise } from './rowwise.js';
import { valueText } from './value-text.js';
import { castMoments } from './time-columns.js';
import { type Value } from './values.js';
import { nulls } from './vectors.js';
import { localOf, zoneOf, type Zone } from './zones.js';

/** Bits of the integer types. */
export const INTEGER_BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, int: 32, long: 64 };

type One = (x: Value) => Value;

const byRow = rowwise((call) => {
  const f = conversion(call.args[0]!.type, call.type, call.zone ?? 'UTC', call.fn === 'try_cast');
  return ([x]) => f(x!);
});

/** The conversion of known values of one type to another; what cannot be converted is null. */
export function conversion(from: DataType, to: DataType, zoneName: string, checked = false): One {
  const none = (): never => {
    throw new AssayError('UNSUPPORTED', `a cast from ${from.kind} to ${to.kind} cannot be evaluated`);
  };
  switch (to.kind) {
    case 'string': return (x) => valueText(from, x, zoneName);
    case 'boolean': return toBoolean(from) ?? none();
    case 'byte': case 'short': case 'int': case 'long': return toInteger(from, INTEGER_BITS[to.kind]!, checked) ?? none();
    case 'float': {
      const f = toNumber(from);
      return f ? (x) => { const y = f(x); return y === null ? null : Math.fround(y); } : none();
    }
    case 'double': return toNumber(from) ?? none();
    case 'decimal': return toDecimalFrom(from, to.precision, to.scale) ?? none();
    case 'date': return toDate(from, zoneName) ?? none();
    case 'timestamp': return toTimestamp(from, zoneOf(zoneName), checked) ?? none();
    case 'timestamp_ntz': return toLocal(from, zoneName) ?? none();
    case 'binary': return toBinary(from) ?? none();
    case 'array': {
      if (from.kind !== 'array') return none();
      const f = element(from.element, to.element, zoneName);
      return (x) => (x as readonly Value[]).map(f);
    }
    case 'struct': {
      if (from.kind !== 'struct' || from.fields.length !== to.fields.length) return none();
      const fs = to.fields.map((f, i) => element(from.fields[i]!.type, f.type, zoneName));
      return (x) => (x as readonly Value[]).map((v, i) => fs[i]!(v));
    }
    case 'map': {
      if (from.kind !== 'map') return none();
      const [k, v] = [element(from.key, to.key, zoneName), element(from.value, to.value, zoneName)];
      return (x) => (x as readonly (readonly Value[])[]).map(([a, b]) => [k(a!), v(b!)]);
    }
    case 'interval_ym': case 'interval_ds':
      return from.kind === to.kind ? (x) => x : none();
    default:
      return none();
  }
}

function element(from: DataType, to: DataType, zone: string): One {
  if (JSON.stringify(from) === JSON.stringify(to)) return (x) => x;
  const f = conversion(from, to, zone);
  return (x) => (x === null ? null : f(x));
}

function toBoolean(from: DataType): One | null {
  switch (from.kind) {
    case 'string': return (x) => parseBoolean(x as string);
    case 'byte': case 'short': case 'int': case 'float': case 'double': return (x) => x !== 0;
    case 'long': case 'decimal': case 'timestamp': return (x) => x !== 0n;
    case 'date': return () => null;
    default: return null;
  }
}

/** Java's narrowing of a floating-point number: through int for the smaller types. */
function narrow(x: number, bits: number): Value {
  if (bits === 64) {
    if (Number.isNaN(x)) return 0n;
    return x >= 2 ** 63 ? 2n ** 63n - 1n : x <= -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.trunc(x));
  }
  const int = Number.isNaN(x) ? 0 : Math.trunc(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, x)));
  return (int << (32 - bits)) >> (32 - bits);
}

function integerFrom(x: bigint, bits: number): Value {
  return bits === 64 ? BigInt.asIntN(64, x) : Number(BigInt.asIntN(bits, x));
}

function toInteger(from: DataType, bits: number, checked: boolean): One | null {
  const fits = (x: bigint): Value => (checked && BigInt.asIntN(bits, x) !== x ? null : integerFrom(x, bits));
  switch (from.kind) {
    case 'boolean': return (x) => integerFrom(x ? 1n : 0n, bits);
    case 'byte': case 'short': case 'int': return (x) => fits(BigInt(x as number));
    case 'long': return (x) => fits(x as bigint);
    case 'float': case 'double':
      return (x) => {
        const t = Math.trunc(x as number);
        if (checked && !(t >= -(2 ** (bits - 1)) && t < 2 ** (bits - 1))) return null;
        return narrow(x as number, bits);
      };
    case 'decimal':
      return (x) => fits(rescale(x as bigint, from.scale, 0, 'down'));
    case 'string':
      return (x) => {
        const parsed = parseInteger(x as string, bits, !checked);
        return parsed === null ? null : integerFrom(parsed, bits);
      };
    case 'timestamp': return (x) => {
      const seconds = floorDiv(x as bigint, SECOND);
      return BigInt.asIntN(bits, seconds) === seconds ? integerFrom(seconds, bits) : checked ? null : integerFrom(seconds, bits);
    };
    case 'date': return () => null;
    case 'interval_ym': return (x) => fits(BigInt(x as number));
    case 'interval_ds': return (x) => fits((x as bigint) / SECOND);
    default: return null;
  }
}

function toNumber(from: DataType): ((x: Value) => number | null) | null {
  switch (from.kind) {
    case 'boolean': return (x) => (x ? 1 : 0);
    case 'byte': case 'short': case 'int': case 'float': case 'double': return (x) => x as number;
    case 'long': return (x) => Number(x as bigint);
    case 'decimal': return (x) => decimalNumber(x as bigint, from.scale);
    case 'string': return (x) => parseFloating(x as string);
    case 'timestamp': return (x) => Number(x as bigint) / 1e6;
    case 'date': return () => null;
    default: return null;
  }
}

function toDecimalFrom(from: DataType, precision: number, scale: number): One | null {
  switch (from.kind) {
    case 'boolean': return (x) => toDecimal(x ? 1n : 0n, 0, precision, scale);
    case 'byte': case 'short': case 'int': return (x) => toDecimal(BigInt(x as number), 0, precision, scale);
    case 'long': return (x) => toDecimal(x as bigint, 0, precision, scale);
    case 'decimal': return (x) => toDecimal(x as bigint, from.scale, precision, scale);
    case 'float': case 'double':
      return (x) => {
        if (!Number.isFinite(x)) return null;
        const parsed = parseDecimal(javaDouble(x as number))!; // BigDecimal(double) goes through the shortest text
        return toDecimal(parsed.unscaled, parsed.scale, precision, scale);
      };
    case 'string': return (x) => parseAsDecimal(x as string, precision, scale);
    case 'timestamp': return (x) => {
      const parsed = parseDecimal(javaDouble(Number(x as bigint) / 1e6))!;
      return toDecimal(parsed.unscaled, parsed.scale, precision, scale);
    };
    case 'date': return () => null;
    default: return null;
  }
}

function toDate(from: DataType, zoneName: string): One | null {
  switch (from.kind) {
    case 'string': return (x) => parseDate(x as string);
    case 'timestamp': {
      const zone = zoneOf(zoneName);
      return (x) => Number(floorDiv(localOf(x as bigint, zone), DAY));
    }
    case 'timestamp_ntz': return (x) => Number(floorDiv(x as bigint, DAY));
    default: return null;
  }
}

function toTimestamp(from: DataType, zone: Zone, checked: boolean): One | null {
  switch (from.kind) {
    case 'string': return (x) => parseInstant(x as string, zone);
    case 'date': return (x) => inLong(zone.instantOf(BigInt(x as number) * DAY));
    case 'timestamp_ntz': return (x) => inLong(zone.instantOf(x as bigint));
    case 'boolean': return (x) => (x ? 1n : 0n);
    case 'byte': case 'short': case 'int': return (x) => BigInt(x as number) * SECOND;
    case 'long': return (x) => {
      const micros = (x as bigint) * SECOND; // Spark saturates here as Java's TimeUnit does
      return micros > 2n ** 63n - 1n ? 2n ** 63n - 1n : micros < -(2n ** 63n) ? -(2n ** 63n) : micros;
    };
    case 'decimal': return (x) => BigInt.asIntN(64, rescale(x as bigint, from.scale, 6, 'down'));
    case 'float': case 'double':
      return (x) => {
        const micros = (x as number) * 1e6;
        if (!Number.isFinite(x) || (checked && !(micros >= -(2 ** 63) && micros < 2 ** 63))) return null;
        return narrow(micros, 64);
      };
    default: return null;
  }
}

function toLocal(from: DataType, zoneName: string): One | null {
  switch (from.kind) {
    case 'string': return (x) => {
      const parsed = parseTimestamp(x as string);
      return parsed === null || parsed.days === null ? null : inLong(BigInt(parsed.days) * DAY + parsed.time);
    };
    case 'date': return (x) => BigInt(x as number) * DAY;
    case 'timestamp': {
      const zone = zoneOf(zoneName);
      return (x) => localOf(x as bigint, zone);
    }
    default: return null;
  }
}

function toBinary(from: DataType): One | null {
  const bytes = { byte: 1, short: 2, int: 4, long: 8 }[from.kind as string];
  if (from.kind === 'string') return (x) => new TextEncoder().encode(x as string);
  if (bytes === undefined) return null;
  const byteOf = (x: bigint, i: number) => Number((x >> BigInt(8 * (bytes - 1 - i))) & 255n);
  return (x) => Uint8Array.from({ length: bytes }, (_, i) => byteOf(BigInt(x as bigint), i));
}

function cast(call: BoundCall, at: Evaluation): Vector {
  const e = call.args[0]!;
  if (e.type.kind === 'null') return nulls(at.kernels, call.type, at.rows);
  return castMoments(e, call.type, call.zone, at) ?? castColumn(e.type, call.type, e, call.zone ?? 'UTC', at) ?? byRow.evaluate(call, at);
}

/**
 * A cast of texts all of which look like numbers (of the classes of `states/classes.ts`), to long all like integers: the first batch
 * with another one fails, and with it whatever asked. For what is wanted only if a whole column turns out to be numbers.
 */
function castIfNumbers(call: BoundCall, at: Evaluation): Vector {
  const v = at.flat(call.args[0]!);
  refuseTexts(v, v.validity, Math.min(FIRST, v.rows), call, at); // most texts show it at once
  const result = cast(call, at);
  const { fn } = at.kernels;
  const count = (bits: number) => (bits === 0 ? v.rows : fn.bitsCount(bits, v.rows));
  if (count(result.validity) < count(v.validity)) refuseTexts(v, v.validity, v.rows, call, at);
  return result;
}

const FIRST = 64;

function refuseTexts(v: Vector, known: number, rows: number, call: BoundCall, at: Evaluation): void {
  const { fn, scratch, memory } = at.kernels;
  const out = scratch.zeroed(32);
  fn.classesUtf8(v.values, v.bytes, known, 0, rows, out);
  const [fractional, , boolean, text] = new BigUint64Array(memory.buffer, out, 4);
  if (text === 0n && boolean === 0n && (call.type.kind !== 'long' || fractional === 0n)) return;
  throw new AssayError('EVALUATION', `not all texts look like values of type ${call.type.kind}`);
}

/** Conversions between types. */
export const casts: FunctionTable = { cast: strict(cast), try_cast: byRow, cast_if_numbers: { ...lenient(castIfNumbers), ofAllRows: true } };
