import { createHash } from 'node:crypto';
import type { DataType } from '../../../src/data/types.js';
import type { BoundCall } from '../../../src/expression/bound.js';
import type { Value } from '../../../src/expression/evaluate/values.js';

// Functions of the language on known values, from Spark's documentation, each in the plainest way.

const DAY_MS = 86_400_000;
const DAY = 86_400_000_000n;
const utc = (days: number) => new Date(days * DAY_MS);
const daysOf = (year: number, month: number, day: number) => {
  const d = new Date(0);
  d.setUTCFullYear(year, month, day);
  return Math.round(d.getTime() / DAY_MS);
};
const floorDiv = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b;
const dayOf = (t: bigint) => Number(floorDiv(t, DAY));
const timeOf = (t: bigint) => t - floorDiv(t, DAY) * DAY;
const monthLength = (year: number, month: number) => utc(daysOf(year, month + 1, 0)).getUTCDate();

function addMonths(days: number, months: number): number {
  const d = utc(days);
  const total = d.getUTCFullYear() * 12 + d.getUTCMonth() + months;
  const [year, month] = [Math.floor(total / 12), ((total % 12) + 12) % 12];
  return daysOf(year, month, Math.min(d.getUTCDate(), monthLength(year, month)));
}

/** Monday is 0. */
const weekday = (days: number) => (((days + 3) % 7) + 7) % 7;

function week(days: number): [year: number, week: number] {
  const thursday = days - weekday(days) + 3;
  const year = utc(thursday).getUTCFullYear();
  return [year, Math.floor((thursday - daysOf(year, 0, 1)) / 7) + 1];
}

function truncated(days: number, unit: string): number | null {
  const d = utc(days);
  switch (unit.toLowerCase()) {
    case 'year': return daysOf(d.getUTCFullYear(), 0, 1);
    case 'quarter': return daysOf(d.getUTCFullYear(), Math.floor(d.getUTCMonth() / 3) * 3, 1);
    case 'month': return daysOf(d.getUTCFullYear(), d.getUTCMonth(), 1);
    case 'week': return days - weekday(days);
    default: return null;
  }
}

const UNITS: Readonly<Record<string, bigint>> = {
  day: DAY, hour: 3_600_000_000n, minute: 60_000_000n, second: 1_000_000n, millisecond: 1000n, microsecond: 1n,
};

function monthsBetween(a: bigint, b: bigint, round: boolean): number {
  const [x, y] = [utc(dayOf(a)), utc(dayOf(b))];
  const months = (x.getUTCFullYear() - y.getUTCFullYear()) * 12 + x.getUTCMonth() - y.getUTCMonth();
  const last = (d: Date) => d.getUTCDate() === monthLength(d.getUTCFullYear(), d.getUTCMonth());
  if (x.getUTCDate() === y.getUTCDate() || (last(x) && last(y))) return months;
  const seconds = (x.getUTCDate() - y.getUTCDate()) * 86_400 + Number(timeOf(a) / 1_000_000n) - Number(timeOf(b) / 1_000_000n);
  const exact = months + seconds / (31 * 86_400);
  return round ? Math.round(exact * 1e8) / 1e8 : exact;
}

/** A number as its shortest digits, cut to a number of places. */
function rounded(x: number, places: number, even: boolean): number {
  if (!Number.isFinite(x)) return x;
  if (x === 0) return 0; // a decimal has no negative zero
  const [mantissa, exponent = '0'] = Math.abs(x).toExponential().split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  const scale = digits.length - 1 - Number(exponent);
  if (scale <= places) return x;
  const r = cut(BigInt(digits), scale - places, even);
  return r === 0n ? 0 : Math.sign(x) * Number(`${r}e${-places}`);
}

/** n / 10^k, rounded half away from zero or half to even. */
function cut(n: bigint, k: number, even: boolean): bigint {
  const unit = 10n ** BigInt(k);
  const size = n < 0n ? -n : n;
  const [whole, rest] = [size / unit, (size % unit) * 2n];
  const up = rest > unit || (rest === unit && (!even || whole % 2n === 1n));
  return (whole + (up ? 1n : 0n)) * (n < 0n ? -1n : 1n);
}

function toLong(x: number): bigint {
  return BigInt.asIntN(64, x >= 2 ** 63 ? 2n ** 63n - 1n : x < -(2 ** 63) ? -(2n ** 63n) : Number.isNaN(x) ? 0n : BigInt(x));
}

function levenshtein(a: readonly string[], b: readonly string[]): number {
  const d = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)));
  for (let i = 1; i <= a.length; ++i) {
    for (let j = 1; j <= b.length; ++j) {
      d[i]![j] = Math.min(d[i - 1]![j]! + 1, d[i]![j - 1]! + 1, d[i - 1]![j - 1]! + Number(a[i - 1] !== b[j - 1]));
    }
  }
  return d[a.length]![b.length]!;
}

const GROUPS = ['AEIOUY', 'BFPV', 'CGJKQSXZ', 'DT', 'L', 'MN', 'R', 'HW'];

/** American Soundex: H and W do not part letters of one group, vowels and everything else do. */
function soundex(s: string): string {
  const of = (c: string) => GROUPS.findIndex((g) => g.includes(c.toUpperCase()));
  if (!/^[A-Za-z]/.test(s)) return s;
  let out = s[0]!.toUpperCase();
  let last = of(s[0]!);
  for (const c of s.slice(1)) {
    if (out.length === 4) break;
    const g = /[A-Za-z]/.test(c) ? of(c) : 0;
    if (g === 7) continue;
    if (g > 0 && g !== last) out += g;
    last = g;
  }
  return out.padEnd(4, '0');
}

function pad(s: string, n: number, fill: string, left: boolean): string {
  const chars = [...s];
  if (n <= chars.length) return chars.slice(0, Math.max(n, 0)).join('');
  const more = [...fill];
  if (more.length === 0) return s;
  const added = Array.from({ length: n - chars.length }, (_, i) => more[i % more.length]).join('');
  return left ? added + s : s + added;
}

const MASK = (1n << 64n) - 1n;
const [P1, P2, P3, P4, P5] = [0x9e3779b185ebca87n, 0xc2b2ae3d27d4eb4fn, 0x165667b19e3779f9n, 0x85ebca77c2b2ae63n, 0x27d4eb2f165667c5n];
const rotl = (x: bigint, r: bigint) => ((x << r) | (x >> (64n - r))) & MASK;
const mul = (a: bigint, b: bigint) => (a * b) & MASK;
const little = (b: Uint8Array, at: number, n: number) => b.slice(at, at + n).reduceRight((v, x) => (v << 8n) | BigInt(x), 0n);

/** XXH64 as its specification has it. */
function xxh64(b: Uint8Array, seed: bigint): bigint {
  const round = (acc: bigint, lane: bigint) => mul(rotl((acc + mul(lane, P2)) & MASK, 31n), P1);
  let at = 0;
  let h: bigint;
  if (b.length >= 32) {
    const v = [(seed + P1 + P2) & MASK, (seed + P2) & MASK, seed & MASK, (seed - P1) & MASK];
    for (; at + 32 <= b.length; at += 32) v.forEach((acc, i) => (v[i] = round(acc, little(b, at + 8 * i, 8))));
    h = (rotl(v[0]!, 1n) + rotl(v[1]!, 7n) + rotl(v[2]!, 12n) + rotl(v[3]!, 18n)) & MASK;
    for (const acc of v) h = (mul(h ^ round(0n, acc), P1) + P4) & MASK;
  } else {
    h = (seed + P5) & MASK;
  }
  h = (h + BigInt(b.length)) & MASK;
  for (; at + 8 <= b.length; at += 8) h = (mul(rotl(h ^ round(0n, little(b, at, 8)), 27n), P1) + P4) & MASK;
  if (at + 4 <= b.length) {
    h = (mul(rotl(h ^ mul(little(b, at, 4), P1), 23n), P2) + P3) & MASK;
    at += 4;
  }
  for (; at < b.length; ++at) h = mul(rotl(h ^ mul(BigInt(b[at]!), P5), 11n), P1);
  h = mul(h ^ (h >> 33n), P2);
  h = mul(h ^ (h >> 29n), P3);
  return h ^ (h >> 32n);
}

/** Murmur3 (x86, 32 bits); a rest of bytes is mixed byte by byte and signed, as Spark does. */
function murmur3(b: Uint8Array, seed: number): number {
  const rot = (x: number, r: number) => (x << r) | (x >>> (32 - r));
  const mix = (h: number, k: number) => {
    const mixed = Math.imul(rot(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);
    return (Math.imul(rot(h ^ mixed, 13), 5) + 0xe6546b64) | 0;
  };
  let h = seed;
  const words = b.length & ~3;
  for (let i = 0; i < words; i += 4) h = mix(h, Number(BigInt.asIntN(32, little(b, i, 4))));
  for (let i = words; i < b.length; ++i) h = mix(h, (b[i]! << 24) >> 24);
  h ^= b.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The bytes of a value that Spark hashes. */
function hashedBytes(type: DataType, x: Value): Uint8Array {
  if (type.kind === 'decimal' && type.precision > 18) { // the shortest two's complement, the highest byte first
    let length = 1;
    while (BigInt.asIntN(8 * length, x as bigint) !== x) ++length;
    return Uint8Array.from({ length }, (_, i) => Number(BigInt.asUintN(8, (x as bigint) >> BigInt(8 * (length - 1 - i)))));
  }
  const view = new DataView(new ArrayBuffer(8));
  switch (type.kind) {
    case 'string': return Buffer.from(x as string);
    case 'binary': return x as Uint8Array;
    case 'long': case 'timestamp':
      view.setBigInt64(0, x as bigint, true);
      return new Uint8Array(view.buffer);
    case 'double':
      view.setFloat64(0, x === 0 ? 0 : Number.isNaN(x) ? NaN : (x as number), true);
      return new Uint8Array(view.buffer);
    default:
      view.setInt32(0, Number(x), true);
      return new Uint8Array(view.buffer, 0, 4);
  }
}

/** Elements go on from each other's hashes; nulls leave the hash as it is. */
function parts(type: DataType, x: Value): Uint8Array[] {
  if (x === null) return [];
  return type.kind === 'array' ? (x as readonly Value[]).flatMap((v) => parts(type.element, v)) : [hashedBytes(type, x)];
}

/** xxhash64 and hash of a row; nulls leave the hash as it is. */
export function rowHash(e: BoundCall, args: readonly Value[]): Value {
  const known = args.flatMap((x, i) => parts(e.args[i]!.type, x));
  if (e.fn === 'hash') return known.reduce((h, b) => murmur3(b, h), 42);
  return BigInt.asIntN(64, known.reduce((h, b) => xxh64(b, h), 42n));
}

const hex = (b: Uint8Array) => Buffer.from(b).toString('hex');
const text = (t: bigint) => {
  const d = utc(dayOf(t)).toISOString().replace(/^([+-])0{1,2}(?=\d{4})/, '$1').slice(0, -14);
  const clock = new Date(Number(timeOf(t) / 1000n)).toISOString().slice(11, 19);
  return `${d} ${clock}`;
};
const isDate = (s: string) => {
  const m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(s);
  if (m === null) return null;
  const days = daysOf(Number(m[1]), Number(m[2]) - 1, Number(m[3]));
  return utc(days).toISOString().startsWith(s) ? days : null;
};
const BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, int: 32, long: 64, interval_ds: 64, interval_ym: 32 };
const fitted = (type: DataType, x: bigint): Value => {
  const r = BigInt.asIntN(BITS[type.kind]!, x);
  return BITS[type.kind] === 64 ? r : Number(r);
};
const order = (a: Value, b: Value): number => (typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(b as string)) : Number(a! > b!) - Number(a! < b!));
const flags = (pattern: string) => new RegExp(pattern, 'gu');

/** The value of a function on known arguments; undefined: it is not here. */
export function callFunction(e: BoundCall, args: readonly Value[]): Value | undefined {
  const { fn, type } = e;
  const [a, b, c] = args as [any, any, any];
  const first = e.args[0]?.type.kind;
  const whole = BITS[type.kind] !== undefined;
  switch (fn) {
    case 'pmod': {
      if (Number(b) === 0) return null;
      if (!whole) {
        const r = a % b;
        return r < 0 ? (r + b) % b : r;
      }
      const [x, y] = [BigInt(a), BigInt(b)];
      return fitted(type, x % y < 0n ? BigInt.asIntN(type.kind === 'long' ? 64 : 32, (x % y) + y) % y : x % y);
    }
    case 'div': {
      const [s, t] = e.args.map((x) => (x.type.kind === 'decimal' ? 10n ** BigInt(x.type.scale) : 1n)) as [bigint, bigint];
      return BigInt(b) === 0n ? null : BigInt.asIntN(64, (BigInt(a) * t) / (BigInt(b) * s));
    }
    case 'try_add': case 'try_subtract': case 'try_multiply': {
      const [x, y] = [BigInt(a), BigInt(b)];
      const exact = fn === 'try_add' ? x + y : fn === 'try_subtract' ? x - y : x * y;
      return BigInt.asIntN(BITS[type.kind]!, exact) === exact ? fitted(type, exact) : null;
    }
    case 'negate': return whole ? fitted(type, -BigInt(a)) : -a;
    case 'abs': return whole ? fitted(type, BigInt(a) < 0n ? -BigInt(a) : BigInt(a)) : typeof a === 'bigint' ? (a < 0n ? -a : a) : Math.abs(a);
    case 'bitand': return fitted(type, BigInt(a) & BigInt(b));
    case 'bitor': return fitted(type, BigInt(a) | BigInt(b));
    case 'bitxor': return fitted(type, BigInt(a) ^ BigInt(b));
    case 'bitnot': return fitted(type, ~BigInt(a));
    case 'shiftleft': case 'shiftright': case 'shiftrightunsigned': {
      const bits = BITS[type.kind]!;
      const by = BigInt(b & (bits - 1));
      const x = fn === 'shiftrightunsigned' ? BigInt.asUintN(bits, BigInt(a)) : BigInt(a);
      return fitted(type, fn === 'shiftleft' ? x << by : x >> by);
    }
    case 'multiply_interval': case 'divide_interval': {
      const by = e.args[1]!.type;
      if (by.kind === 'double') {
        const exact = fn === 'multiply_interval' ? Number(a) * b : Number(a) / b;
        if (!Number.isFinite(exact) || b === 0 && fn === 'divide_interval') return null;
        const up = Math.abs(exact % 1) >= 0.5 ? 1n : 0n;
        return fitted(type, BigInt(Math.trunc(exact)) + (exact < 0 ? -up : up));
      }
      const unit = by.kind === 'decimal' ? 10n ** BigInt(by.scale) : 1n;
      if (BigInt(b) === 0n && fn === 'divide_interval') return null;
      const [x, y] = fn === 'multiply_interval' ? [BigInt(a) * BigInt(b), unit] : [BigInt(a) * unit, BigInt(b)];
      const sign = (x < 0n) === (y < 0n) ? 1n : -1n;
      const [p, q] = [x < 0n ? -x : x, y < 0n ? -y : y];
      return fitted(type, sign * ((2n * p + q) / (2n * q)));
    }
    case 'signum': return Math.sign(a);
    case 'sqrt': case 'cbrt': case 'exp': case 'expm1': case 'sin': case 'cos': case 'tan': case 'asin': case 'acos': case 'atan':
    case 'sinh': case 'cosh': case 'tanh': return Math[fn](a);
    case 'ln': return a <= 0 ? null : Math.log(a);
    case 'log10': case 'log2': return a <= 0 ? null : Math[fn](a);
    case 'log1p': return a <= -1 ? null : Math.log1p(a);
    case 'log': return a <= 0 || b <= 0 ? null : Math.log(b) / Math.log(a);
    case 'pow': return a ** b;
    case 'atan2': return Math.atan2(a + 0, b + 0);
    case 'hypot': return Math.hypot(a, b);
    case 'degrees': return a * (180 / Math.PI);
    case 'radians': return a * (Math.PI / 180);
    case 'rint': {
      if (!Number.isFinite(a) || Math.abs(a) >= 2 ** 52) return a;
      const whole = Math.abs(a - (a % 1) + Number(cutHalf(a % 1, Math.abs(Math.trunc(a)) % 2 === 1)));
      return a < 0 || Object.is(a, -0) ? -whole : whole;
    }
    case 'floor': case 'ceil': {
      if (first !== 'decimal') return typeof a === 'bigint' ? a : toLong(fn === 'floor' ? Math.floor(a as number) : Math.ceil(a as number));
      const unit = 10n ** BigInt((e.args[0]!.type as { scale: number }).scale);
      return BigInt.asIntN(64, fn === 'floor' ? floorDiv(a as bigint, unit) : -floorDiv(-(a as bigint), unit));
    }
    case 'round': case 'bround': {
      if (first === 'double') return rounded(a, b, fn === 'bround');
      const scale = first === 'decimal' ? (e.args[0]!.type as { scale: number }).scale : 0;
      const places = first === 'decimal' ? (type as { scale: number }).scale : 0;
      if (first === 'decimal') {
        const unscaled = b >= scale ? a : cut(a, scale - b, fn === 'bround') * 10n ** BigInt(scale - b); // at the scale it had
        const exact = places >= scale ? unscaled * 10n ** BigInt(places - scale) : cut(unscaled, scale - places, false);
        return String(exact).replace('-', '').length <= (type as { precision: number }).precision ? exact : null;
      }
      const k = scale - b;
      const kept = k <= 0 ? BigInt(a) : cut(BigInt(a), k, fn === 'bround') * 10n ** BigInt(Math.max(0, k - (scale - places)));
      return fitted(type, kept);
    }
    case 'bit_length': return Buffer.byteLength(a) * 8;
    case 'initcap': return (a as string).split(' ').map((w) => [...w].map((x, i) => (i === 0 ? x.toUpperCase() : x.toLowerCase())).join('')).join(' ');
    case 'reverse': return Array.isArray(a) ? a.toReversed() : [...a].reverse().join('');
    case 'left': return [...a].slice(0, Math.max(0, b)).join('');
    case 'right': return b <= 0 ? '' : [...a].slice(-b).join('');
    case 'repeat': return (a as string).repeat(Math.max(0, b));
    case 'space': return ' '.repeat(Math.max(0, a));
    case 'replace': return b === '' ? a : (a as string).split(b).join(c);
    case 'translate': {
      const [from, to] = [[...b], [...c]];
      return [...a].map((x) => (from.includes(x) ? (to[from.indexOf(x)] ?? '') : x)).join('');
    }
    case 'substring_index': {
      if (b === '' || c === 0) return '';
      const parts = (a as string).split(b);
      return c > 0 ? parts.slice(0, c).join(b) : parts.slice(c).join(b);
    }
    case 'instr': return a.includes(b) ? [...(a as string).slice(0, a.indexOf(b))].length + 1 : 0;
    case 'locate': {
      const chars = [...b];
      if (c < 1) return 0;
      if (a === '') return 1;
      const rest = chars.slice(c - 1).join('');
      return rest.includes(a) ? c + [...rest.slice(0, rest.indexOf(a))].length : 0;
    }
    case 'lpad': return pad(a, b, c, true);
    case 'rpad': return pad(a, b, c, false);
    case 'ascii': return a === '' ? 0 : a.codePointAt(0);
    case 'chr': return a < 0n ? '' : String.fromCharCode(Number(a & 0xffn));
    case 'ilike': {
      const source = [...(b as string).toLowerCase()].map((x) => (x === '%' ? '.*' : x === '_' ? '.' : x.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'))).join('');
      return new RegExp(`^${source}$`, 'su').test((a as string).toLowerCase());
    }
    case 'rlike': return flags(b).test(a);
    case 'regexp_matches': return (flags(b).exec(a)?.[0] ?? '') !== '';
    case 'regexp_replace': return (a as string).replace(flags(b), c);
    case 'regexp_extract': return new RegExp(b, 'u').exec(a)?.[c] ?? '';
    case 'split': {
      const parts: string[] = [];
      let at = 0;
      for (const m of (a as string).matchAll(flags(b))) {
        if (c > 0 && parts.length === c - 1) break;
        parts.push(a.slice(at, m.index));
        at = m.index + m[0].length;
      }
      return [...parts, a.slice(at)];
    }
    case 'levenshtein': return levenshtein([...a], [...b]);
    case 'soundex': return soundex(a);
    case 'md5': return createHash('md5').update(a).digest('hex');
    case 'sha1': return createHash('sha1').update(a).digest('hex');
    case 'sha2': return [0, 224, 256, 384, 512].includes(b) ? createHash(`sha${b === 0 ? 256 : b}`).update(a).digest('hex') : null;
    case 'crc32': {
      let crc = 0xffff_ffffn;
      for (const byte of a as Uint8Array) {
        crc ^= BigInt(byte);
        for (let k = 0; k < 8; ++k) crc = crc & 1n ? (crc >> 1n) ^ 0xedb8_8320n : crc >> 1n;
      }
      return crc ^ 0xffff_ffffn;
    }
    case 'base64': return Buffer.from(a).toString('base64');
    case 'unbase64': return new Uint8Array(Buffer.from(a.replace(/=.*$/s, '').replace(/[^A-Za-z0-9+/]/g, ''), 'base64'));
    case 'hex': return (typeof a === 'bigint' ? BigInt.asUintN(64, a).toString(16) : hex(typeof a === 'string' ? Buffer.from(a) : a)).toUpperCase();
    case 'unhex': return /^[0-9a-f]*$/i.test(a) ? new Uint8Array(Buffer.from(a.length % 2 ? `0${a}` : a, 'hex')) : null;
    case 'encode': {
      const most = ({ 'US-ASCII': 128, 'ISO-8859-1': 256 } as Record<string, number>)[b.toUpperCase()];
      if (most) return Uint8Array.from([...a], (x: string) => (x.codePointAt(0)! < most ? x.codePointAt(0)! : 63));
      const little = Buffer.from((b === 'UTF-16' ? '\ufeff' : '') + a, 'utf16le');
      return new Uint8Array(b === 'UTF-8' ? Buffer.from(a) : b === 'UTF-16LE' ? little : little.swap16());
    }
    case 'decode': {
      const label = b === 'UTF-16' ? (a[0] === 0xff && a[1] === 0xfe ? 'utf-16le' : 'utf-16be') : b.toLowerCase();
      if (label === 'us-ascii' || label === 'iso-8859-1') {
        return Array.from(a as Uint8Array, (x) => (x < 128 || label === 'iso-8859-1' ? String.fromCharCode(x) : '\ufffd')).join('');
      }
      return new TextDecoder(label, { ignoreBOM: b !== 'UTF-16' }).decode(a);
    }
    case 'year': return utc(a).getUTCFullYear();
    case 'month': return utc(a).getUTCMonth() + 1;
    case 'day': return utc(a).getUTCDate();
    case 'quarter': return Math.floor(utc(a).getUTCMonth() / 3) + 1;
    case 'dayofweek': return utc(a).getUTCDay() + 1;
    case 'weekday': return weekday(a);
    case 'dayofyear': return a - daysOf(utc(a).getUTCFullYear(), 0, 1) + 1;
    case 'weekofyear': return week(a)[1];
    case 'yearofweek': return week(a)[0];
    case 'hour': return Number(timeOf(a) / UNITS['hour']!);
    case 'minute': return Number((timeOf(a) / UNITS['minute']!) % 60n);
    case 'second': return Number((timeOf(a) / UNITS['second']!) % 60n);
    case 'second_fraction': return timeOf(a) % UNITS['minute']!;
    case 'date_add': return (a + b) | 0;
    case 'date_sub': case 'datediff': return (a - b) | 0;
    case 'add_months': return addMonths(a, b);
    case 'last_day': return daysOf(utc(a).getUTCFullYear(), utc(a).getUTCMonth() + 1, 0);
    case 'next_day': {
      const wanted = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'].indexOf((b as string).slice(0, 2).toLowerCase());
      for (let d = a + 1; wanted >= 0; ++d) if (weekday(d) === wanted) return d;
      return null;
    }
    case 'months_between': return monthsBetween(a, b, c);
    case 'trunc': return truncated(a, b);
    case 'date_trunc': {
      const unit = UNITS[(a as string).toLowerCase()];
      if (unit !== undefined) return floorDiv(b, unit) * unit;
      const days = truncated(dayOf(b), a);
      return days === null ? null : BigInt(days) * DAY;
    }
    case 'datetime_add': {
      const months = e.args[1]!.type.kind === 'interval_ym';
      if (first === 'date') return months ? addMonths(a, b) : a + Number(floorDiv(b, DAY));
      return months ? BigInt(addMonths(dayOf(a), b)) * DAY + timeOf(a) : a + b;
    }
    case 'subtract_dates': return BigInt(a - b) * DAY;
    case 'subtract_timestamps': return a - b;
    case 'to_date': return isDate(a);
    case 'to_timestamp': {
      const days = isDate(a);
      return days === null ? null : BigInt(days) * DAY;
    }
    case 'unix_timestamp': {
      if (typeof a === 'bigint') return a / 1_000_000n;
      const days = isDate(a);
      return days === null ? null : BigInt(days) * 86_400n;
    }
    case 'date_format': return text(a);
    case 'from_unixtime': return text(BigInt(a) * 1_000_000n);
    case 'make_date': {
      const d = utc(daysOf(a, b - 1, c));
      return d.getUTCFullYear() === a && d.getUTCMonth() === b - 1 && d.getUTCDate() === c ? daysOf(a, b - 1, c) : null;
    }
    case 'unix_date': case 'date_from_unix_date': case 'unix_micros': return a;
    case 'unix_seconds': return floorDiv(a, 1_000_000n);
    case 'unix_millis': return floorDiv(a, 1000n);
    case 'timestamp_seconds': return BigInt(a) * 1_000_000n;
    case 'timestamp_millis': return BigInt(a) * 1000n;
    case 'timestamp_micros': return BigInt(a);
    case 'index': return a[b] ?? null;
    case 'element_at': return (b > 0 ? a[b - 1] : a[a.length + b]) ?? null;
    case 'array_contains': return a.some((x: Value) => x === b) ? true : a.includes(null) ? null : false;
    case 'array_min': return a.filter((x: Value) => x !== null).toSorted(order)[0] ?? null;
    case 'array_max': return a.filter((x: Value) => x !== null).toSorted(order).at(-1) ?? null;
    case 'sort_array': {
      const known = a.filter((x: Value) => x !== null).toSorted(order);
      const nulls = a.filter((x: Value) => x === null);
      return b ? [...nulls, ...known] : [...known.toReversed(), ...nulls];
    }
    case 'array_distinct': return [...new Set(a as Value[])];
    case 'array_join': return a.flatMap((x: Value) => (x === null ? (c === undefined ? [] : [c]) : [x])).join(b);
    default: return undefined;
  }
}

/** A fraction between -1 and 1 rounded, halves away from zero only where `odd`. */
function cutHalf(rest: number, odd: boolean): number {
  const up = Math.abs(rest) > 0.5 || (Math.abs(rest) === 0.5 && odd);
  return up ? Math.sign(rest) : 0;
}
