import { javaDouble, javaFloat } from '../../../src/base/number-text.js';
import type { DataType } from '../../../src/data/types.js';
import type { Bound, BoundCall } from '../../../src/expression/bound.js';
import type { Value } from '../../../src/expression/evaluate/values.js';
import { callFunction, rowHash } from './reference-functions.js';

// Bound expressions one row at a time, written for plainness: what the kernels are compared with.

const BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, int: 32, long: 64 };

/** The value of an expression on a row. */
export function evaluateRow(e: Bound, column: (name: string) => Value): Value {
  if (e.kind === 'column') return column(e.name);
  if (e.kind === 'literal') {
    if (e.value === null) return null;
    if (e.type.kind === 'double' || e.type.kind === 'float') return e.value === '-0.0' ? -0 : Number(e.value);
    if (e.type.kind === 'binary') return new Uint8Array(Buffer.from(String(e.value), 'hex'));
    return ['long', 'decimal', 'timestamp', 'timestamp_ntz', 'interval_ds'].includes(e.type.kind) ? BigInt(e.value) : e.value;
  }
  const value = (i: number) => evaluateRow(e.args[i]!, column);
  switch (e.fn) {
    case 'and': return every(e.args.map((_, i) => value(i)), false);
    case 'or': return every(e.args.map((_, i) => value(i)), true);
    case 'isnull': return value(0) === null;
    case 'isnotnull': return value(0) !== null;
    case 'isnan': return Number.isNaN(value(0));
    case '<=>': {
      const [a, b] = [value(0), value(1)];
      return a === null || b === null ? a === b : order(a, b) === 0;
    }
    case 'in': {
      const x = value(0);
      const items = e.args.slice(1).map((_, i) => value(i + 1));
      if (x === null) return null;
      if (items.some((y) => y !== null && order(x, y) === 0)) return true;
      return items.includes(null) ? null : false;
    }
    case 'coalesce': return e.args.map((_, i) => value(i)).find((x) => x !== null) ?? null;
    case 'case': {
      for (let i = 0; i + 1 < e.args.length; i += 2) if (value(i) === true) return value(i + 1);
      return value(e.args.length - 1);
    }
    case 'greatest': case 'least': {
      const known = e.args.map((_, i) => value(i)).filter((x) => x !== null);
      const sign = e.fn === 'least' ? -1 : 1;
      return known.reduce<Value>((best, x) => (best === null || order(x, best) * sign > 0 ? x : best), null);
    }
    case 'nanvl': return Number.isNaN(value(0)) ? value(1) : value(0);
    case 'array': return e.args.map((_, i) => value(i));
    case 'size': return (value(0) as readonly Value[] | null)?.length ?? -1;
    case 'xxhash64': case 'hash': return rowHash(e, e.args.map((_, i) => value(i)));
    case 'locate': return value(2) === null ? 0 : [value(0), value(1)].includes(null) ? null : strict(e, [value(0), value(1), value(2)]);
    case 'concat_ws': {
      const [separator, ...parts] = e.args.map((_, i) => value(i));
      return separator === null ? null : parts.flat().filter((x) => x !== null).join(separator as string);
    }
    default: {
      const args = e.args.map((_, i) => value(i));
      return args.includes(null) ? null : strict(e, args);
    }
  }
}

function trimmed(s: string, off: readonly string[], fn: string): string {
  const chars = [...s];
  while (fn !== 'rtrim' && off.includes(chars[0]!)) chars.shift();
  while (fn !== 'ltrim' && off.includes(chars.at(-1)!)) chars.pop();
  return chars.join('');
}

function every(args: readonly Value[], stop: boolean): Value {
  return args.includes(stop) ? stop : args.includes(null) ? null : !stop;
}

function order(a: Value, b: Value): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (Array.isArray(a) && Array.isArray(b)) {
    const orders = a.slice(0, b.length).map((x, i) => order(x as Value, b[i] as Value));
    return orders.find((o) => o !== 0) ?? a.length - b.length;
  }
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string));
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}

function strict(e: BoundCall, args: readonly Value[]): Value {
  const [a, b, c] = args as [Value, Value, Value];
  const decimals = e.type.kind === 'decimal' && ({ try_add: '+', try_multiply: '*', pmod: 'pmod' } as Record<string, string>)[e.fn];
  if (decimals) return compute({ ...e, fn: decimals }, a, b);
  switch (e.fn) {
    case 'not': return !a;
    case '=': return order(a, b) === 0;
    case '<': return order(a, b) < 0;
    case '<=': return order(a, b) <= 0;
    case '>': return order(a, b) > 0;
    case '>=': return order(a, b) >= 0;
    case '+': case '-': case '*': case '/': case '%': return compute(e, a, b);
    case 'cast': return cast(e.args[0]!.type, e.type, a);
    case 'length': return a instanceof Uint8Array ? a.length : [...(a as string)].length;
    case 'octet_length': return Buffer.byteLength(a as string);
    case 'upper': return (a as string).toUpperCase();
    case 'lower': return (a as string).toLowerCase();
    case 'trim': case 'ltrim': case 'rtrim': return trimmed(a as string, [...((b as string) ?? ' ')], e.fn);
    case 'concat': return Array.isArray(a) ? (args as Value[][]).flat() : a instanceof Uint8Array ? new Uint8Array(Buffer.concat(args as Uint8Array[])) : args.join('');
    case 'startswith': return (a as string).startsWith(b as string);
    case 'endswith': return (a as string).endsWith(b as string);
    case 'contains': return (a as string).includes(b as string);
    case 'like': return like(a as string, b as string);
    case 'substring': {
      const chars = a instanceof Uint8Array ? [] : [...(a as string)];
      const start = (b as number) > 0 ? (b as number) - 1 : (b as number) < 0 ? chars.length + (b as number) : 0;
      const end = start + (c as number);
      if (a instanceof Uint8Array) {
        const first = (b as number) > 0 ? (b as number) - 1 : (b as number) < 0 ? a.length + (b as number) : 0;
        return a.filter((_, i) => i >= first && i < first + (c as number));
      }
      return chars.filter((_, i) => i >= start && i < end).join('');
    }
    case 'try_cast': return tryCast(e.args[0]!.type, e.type, a);
    default: {
      const result = callFunction(e, args);
      if (result === undefined) throw new Error(`the reference does not know ${e.fn}`);
      return result;
    }
  }
}

/** LIKE without escapes. Spark finds characters beyond U+FFFF only where it can turn the pattern into a search. */
function like(s: string, pattern: string): boolean {
  const plain = /^(?:%?[^_%]+%?|[^_%]+%[^_%]+|)$/s.test(pattern) && !pattern.includes('\\');
  if (!plain && /[\u{10000}-\u{10ffff}]/u.test(pattern)) return false;
  const source = [...pattern].map((c) => (c === '%' ? '.*' : c === '_' ? '.' : c.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'))).join('');
  return new RegExp(`^${source}$`, 'su').test(s);
}

const tens = (n: number) => 10n ** BigInt(n);

/** a / 10^n, half away from zero. */
function down(a: bigint, n: number): bigint {
  const size = (a < 0n ? -a : a) * 2n + tens(n);
  return (size / (2n * tens(n))) * (a < 0n ? -1n : 1n);
}

function fit(x: bigint, precision: number): bigint | null {
  return x > -tens(precision) && x < tens(precision) ? x : null;
}

function compute(e: BoundCall, a: Value, b: Value): Value {
  const { type } = e;
  const [s, t] = e.args.map((x) => x.type) as [DataType, DataType];
  if (type.kind === 'decimal' && s.kind === 'decimal' && t.kind === 'decimal') {
    const [x, y] = [a as bigint, b as bigint];
    const scale = Math.max(s.scale, t.scale);
    const [up, vp] = [x * tens(scale - s.scale), y * tens(scale - t.scale)];
    const settled = (exact: bigint, at: number): bigint | null =>
      fit(at > type.scale ? down(exact, at - type.scale) : exact * tens(type.scale - at), type.precision);
    switch (e.fn) {
      case '+': return settled(up + vp, scale);
      case '-': return settled(up - vp, scale);
      case '*': {
        const digits = String(x * y).replace('-', '').length; // Java rounds to 38 digits first
        return digits <= 38 ? settled(x * y, s.scale + t.scale) : settled(down(x * y, digits - 38) * tens(digits - 38), s.scale + t.scale);
      }
      default: break;
    }
    if (y === 0n) return null;
    const [ux, uy] = [up < 0n ? -up : up, vp < 0n ? -vp : vp];
    if (e.fn === '/') { // twice the quotient at the wanted scale and 1, halved
      const size = (2n * ux * tens(type.scale) + uy) / (2n * uy);
      return fit((x < 0n) === (y < 0n) ? size : -size, type.precision);
    }
    const rest = x < 0n ? -(ux % uy) : ux % uy;
    return settled(e.fn === 'pmod' && rest < 0n && y > 0n ? rest + uy : rest, scale);
  }
  if (type.kind === 'double' || type.kind === 'float') {
    const [x, y] = [a as number, b as number];
    if ((e.fn === '/' || e.fn === '%') && y === 0) return null;
    const r = e.fn === '+' ? x + y : e.fn === '-' ? x - y : e.fn === '*' ? x * y : e.fn === '/' ? x / y : x % y;
    return type.kind === 'float' ? Math.fround(r) : r;
  }
  const [x, y] = [BigInt(a as bigint), BigInt(b as bigint)];
  if (e.fn === '%' && y === 0n) return null;
  const exact = e.fn === '+' ? x + y : e.fn === '-' ? x - y : e.fn === '*' ? x * y : x % y;
  const r = BigInt.asIntN(BITS[type.kind]!, exact);
  return type.kind === 'long' ? r : Number(r);
}

function parse(text: string, kind: string): Value {
  const trimmed = text.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '');
  if (kind === 'boolean') return /^(t|true|y|yes|1)$/i.test(trimmed) ? true : /^(f|false|n|no|0)$/i.test(trimmed) ? false : null;
  if (kind === 'double') {
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?$/i.test(trimmed)) return Number(trimmed.replace(/[fd]$/i, ''));
    const special = /^([+-]?)(inf|infinity|nan)$/i.exec(trimmed);
    if (!special || (special[2]!.toLowerCase() === 'nan' && special[1] !== '' && special[2] !== 'NaN')) return null;
    return special[2]!.toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
  }
  if (!/^[+-]?(\d+(\.\d*)?|\.\d*)$/.test(trimmed)) return null;
  const whole = BigInt(trimmed.replace(/^\+|\..*$/g, '').replace(/^(-?)$/, '$10').replace(/^\+$/, '0'));
  if (BigInt.asIntN(BITS[kind]!, whole) !== whole) return null;
  return kind === 'long' ? whole : Number(whole);
}

function cast(from: DataType, to: DataType, x: Value): Value {
  if (to.kind === 'binary') return new Uint8Array(Buffer.from(x as string));
  if (from.kind === 'string' && to.kind === 'decimal') return parseDecimal(x as string, to.precision, to.scale);
  if (from.kind === 'string' && to.kind !== 'string') return parse(x as string, to.kind);
  if (to.kind === 'array') return (x as readonly Value[]).map((v) => (v === null ? null : cast((from as { element: DataType }).element, to.element, v)));
  switch (to.kind) {
    case 'boolean': return x !== 0 && x !== 0n;
    case 'timestamp': return from.kind === 'decimal' ? BigInt.asIntN(64, truncated(x as bigint, from.scale - 6)) : (x as bigint);
    case 'timestamp_ntz': return x;
    case 'date': {
      const day = 86_400_000_000n;
      return Number(((x as bigint) - ((((x as bigint) % day) + day) % day)) / day);
    }
    case 'string':
      if (from.kind === 'array') return `[${(x as readonly Value[]).map((v) => (v === null ? 'null' : String(cast(from.element, to, v)))).join(', ')}]`;
      if (from.kind === 'string') return x;
      if (from.kind === 'double') return javaDouble(x as number);
      if (from.kind === 'float') return javaFloat(x as number);
      if (from.kind === 'decimal') return decimalText(x as bigint, from.scale);
      if (from.kind === 'date') return new Date((x as number) * 86_400_000).toISOString().replace(/^([+-])0{1,2}(?=\d{4})/, '$1').slice(0, -14);
      return String(x);
    case 'double': return from.kind === 'decimal' ? Number(`${x as bigint}e-${from.scale}`) : Number(x);
    case 'float': return Math.fround(from.kind === 'decimal' ? Number(`${x as bigint}e-${from.scale}`) : Number(x));
    case 'decimal': {
      if (typeof x === 'number' && !Number.isFinite(x)) return null;
      if (from.kind === 'double' || from.kind === 'float') return decimalOf(x as number, to.precision, to.scale);
      const scale = from.kind === 'decimal' ? from.scale : 0;
      const unscaled = BigInt(x as bigint);
      return fit(scale > to.scale ? down(unscaled, scale - to.scale) : unscaled * tens(to.scale - scale), to.precision);
    }
    case 'byte': case 'short': case 'int': case 'long': {
      if (from.kind === 'double' || from.kind === 'float') return narrowed(x as number, to.kind);
      const whole = from.kind === 'decimal' ? (x as bigint) / tens(from.scale) : BigInt(x as bigint);
      const r = BigInt.asIntN(BITS[to.kind]!, whole);
      return to.kind === 'long' ? r : Number(r);
    }
    default: throw new Error(`the reference does not cast to ${to.kind}`);
  }
}

/** An unscaled number with so many digits less, cut off. */
const truncated = (x: bigint, digits: number): bigint => (digits > 0 ? x / tens(digits) : x * tens(-digits));

function parseDecimal(text: string, precision: number, scale: number): bigint | null {
  const m = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,10}))?$/i.exec(text.replace('٣', '3').replace(/^[\0-\x20]+|[\0-\x20]+$/g, ''));
  if (!m || m[2]! + m[3]! === '') return null;
  const places = m[3]!.length - Number(m[4] ?? 0);
  const digits = BigInt(m[2]! + m[3]!) * (m[1] === '-' ? -1n : 1n);
  if (digits === 0n || places > 5000) return 0n;
  if (places < -5000) return null;
  return fit(places > scale ? down(digits, places - scale) : digits * tens(scale - places), precision);
}

/** The cast without wrapping and clipping; whole numbers in texts have no fraction. */
function tryCast(from: DataType, to: DataType, x: Value): Value {
  const bits = BITS[to.kind];
  if (bits === undefined) return cast(from, to, x);
  if (from.kind === 'string' && /[.]/.test(x as string)) return null;
  if (from.kind === 'boolean' || from.kind === 'string') return cast(from, to, x);
  if (typeof x === 'number' && !Number.isFinite(x)) return null;
  const whole = from.kind === 'decimal' ? (x as bigint) / tens(from.scale) : typeof x === 'number' ? BigInt(Math.trunc(x)) : (x as bigint);
  return BigInt.asIntN(bits, whole) === whole ? cast(from, to, x) : null;
}

function narrowed(x: number, kind: string): Value {
  const bits = kind === 'long' ? 64n : 32n;
  const top = 2n ** (bits - 1n);
  const clipped = Number.isNaN(x) ? 0n : x >= Number(top) ? top - 1n : x <= -Number(top) ? -top : BigInt(Math.trunc(x));
  return kind === 'long' ? clipped : Number(BigInt.asIntN(BITS[kind]!, clipped));
}

function decimalText(x: bigint, scale: number): string {
  const plain = String(x < 0n ? -x : x);
  const exponent = plain.length - 1 - scale;
  if (scale === 0) return String(x);
  if (exponent < -6) return `${x < 0n ? '-' : ''}${plain[0]}${plain.length > 1 ? `.${plain.slice(1)}` : ''}E${exponent}`;
  const digits = String(x < 0n ? -x : x).padStart(scale + 1, '0');
  return `${x < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`;
}

/** The decimal nearest to the shortest text of a float. */
function decimalOf(x: number, precision: number, scale: number): bigint | null {
  const [mantissa, exponent = '0'] = javaDouble(Math.abs(x)).split('E') as [string, string | undefined];
  const [whole, fraction = ''] = mantissa.split('.') as [string, string | undefined];
  const places = fraction.length - Number(exponent);
  const unscaled = BigInt(whole + fraction);
  const sized = places > scale ? down(unscaled, places - scale) : unscaled * tens(scale - places);
  return fit(x < 0 ? -sized : sized, precision);
}
