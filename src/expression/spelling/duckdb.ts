import { isIntegral, type DataType } from '../../data/types.js';
import type { Bound, BoundCall } from '../bound.js';
import { likeSteps, NEVER } from '../evaluate/like-steps.js';
import type { ComputedHere, Spelling, SpellingTable } from './contract.js';
import { duckdbCast, duckdbTryCast, truncated, widened, wrapped } from './duckdb-casts.js';
import { duckdbString, duckdbType } from './duckdb-types.js';

const here = (reason: string): ComputedHere => Object.freeze({ here: reason });
const LIBRARY = here('mathematical libraries differ in the last digit');
const JAVA = here("Java's regular expressions mean more than RE2's");
const UNICODE = here("Java's Unicode tables are others");
const RANGE = here('values out of range are an error there');
const INTERVALS = here('intervals are kept in another form there');
const READING = here('texts are read more leniently by Spark');
const NESTED = here('nulls among elements are treated differently there');
const FORM = here('there is no such function there');
const ZONE = here('the calendar of the zone is ours');

/** The value of a literal argument of the kind that is asked for, undefined for anything else. */
function literal(e: Bound | undefined): string | number | boolean | undefined {
  return e?.kind === 'literal' && e.value !== null ? e.value : undefined;
}
const count = (e: Bound | undefined): number => {
  const value = literal(e);
  return typeof value === 'number' ? value : NaN;
};

const infix = (op: string): Spelling => (args) => `(${args.join(` ${op} `)})`;
const named = (name: string): Spelling => (args) => `${name}(${args.join(', ')})`;
const asInt = (sql: string): string => `CAST(${sql} AS INTEGER)`;
const int = (name: string): Spelling => (args) => asInt(`${name}(${args.join(', ')})`);
const only = (test: (call: BoundCall) => boolean, spelling: Spelling): Spelling =>
  (args, call) => (test(call) ? spelling(args, call) : null);
const kindOf = (call: BoundCall, i = 0): DataType['kind'] => call.args[i]!.type.kind;

const ORDERED: ReadonlySet<string> = new Set([
  'boolean', 'byte', 'short', 'int', 'long', 'float', 'double', 'decimal', 'string', 'binary', 'date', 'timestamp',
  'timestamp_ntz',
]);
const ordered = (spelling: Spelling): Spelling => only((call) => call.args.every((e) => ORDERED.has(e.type.kind)), spelling);
const known = (spelling: Spelling): Spelling => only((call) => duckdbType(call.type) !== null, spelling);

/** GREATEST and LEAST; of floats DuckDB's lose the sign of zero. */
const extreme = (name: string): Spelling => only((call) => call.type.kind !== 'float', ordered(named(name)));

/** + - *: integers wrap, floats are IEEE, decimals only where the result cannot overflow. */
const arithmetic = (op: '+' | '-' | '*'): Spelling => ([a, b], call) => {
  const { type } = call;
  if (isIntegral(type)) return wrapped(`${widened(a!, type)} ${op} ${widened(b!, type)}`, type);
  if (type.kind === 'float' || type.kind === 'double') return `(${a} ${op} ${b})`;
  const [x, y] = call.args.map((e) => e.type) as [DataType, DataType];
  if (type.kind !== 'decimal' || x.kind !== 'decimal' || y.kind !== 'decimal' || type.precision > 37) return null;
  const name = duckdbType(type);
  if (op === '*') {
    if (type.scale !== x.scale + y.scale || x.precision > 18 || y.precision > 18) return null;
    return `CAST(CAST(${a} AS DECIMAL(19, ${x.scale})) * ${b} AS ${name})`; // in 128 bits
  }
  return type.scale === Math.max(x.scale, y.scale)
    ? `CAST(CAST(${a} AS ${name}) ${op} CAST(${b} AS ${name}) AS ${name})` : null;
};

const remainder: Spelling = ([a, b], call) => {
  const { type } = call;
  if (isIntegral(type)) return `CAST(${widened(a!, type)} % ${widened(b!, type)} AS ${duckdbType(type)})`;
  return type.kind === 'decimal' ? null : `CASE WHEN ${b} = 0 THEN NULL ELSE ${a} % ${b} END`;
};

const tried = (op: string): Spelling => only((call) => isIntegral(call.type), ([a, b], { type }) =>
  `TRY_CAST(${widened(a!, type)} ${op} ${widened(b!, type)} AS ${duckdbType(type)})`);

const signed = (name: string): Spelling => ([x], { type }) => {
  if (isIntegral(type)) return wrapped(`${name}(${widened(x!, type)})`, type);
  return ['float', 'double', 'decimal'].includes(type.kind) ? `${name}(${x})` : null;
};

/** FLOOR and CEIL, of whole numbers only. */
const whole = (name: 'floor' | 'ceil'): Spelling => ([x], call) => {
  if (call.args.length > 1) return null;
  if (isIntegral(call.args[0]!.type)) return `CAST(${x} AS BIGINT)`;
  if (kindOf(call) === 'decimal') return `CAST(${name}(${x}) AS ${duckdbType(call.type)})`;
  return truncated(x!, 'long', name);
};

const isText = (call: BoundCall) => call.args.every((e) => e.type.kind === 'string');
const size = (name: string): Spelling => ([x], call) =>
  (kindOf(call) === 'string' ? asInt(`${name}(${x})`) : asInt(`octet_length(${x})`));
const trimming = (name: string): Spelling => ([x, chars]) => `${name}(${x}, ${chars ?? "' '"})`;

const like: Spelling = ([x, p], call) => {
  const [pattern, escape] = [literal(call.args[1]), literal(call.args[2])];
  if (typeof pattern !== 'string' || typeof escape !== 'string' || pattern === '') return null;
  try {
    if (likeSteps(pattern, escape, true).includes(NEVER)) return null;
  } catch {
    return null; // an escape that stands before nothing: the error is ours to give
  }
  return `(${x} LIKE ${p} ESCAPE ${duckdbString(escape)})`;
};

const datePart = (sql: (d: string) => string): Spelling => ([d]) => asInt(sql(d!));

/** A timestamp as local time: only where no zone, or UTC, is asked for. */
const local = (part: (t: string) => string): Spelling => ([t], call) => {
  if (kindOf(call) === 'timestamp_ntz') return part(t!);
  return kindOf(call) === 'timestamp' && call.zone === 'UTC' ? part(`timezone('UTC', ${t})`) : null;
};

const shifted = (sign: string): Spelling => ([d], call) => {
  const n = count(call.args[1]);
  return Math.abs(n) <= 1_000_000 ? `(${d} ${sign} ${n})` : null;
};

const TRUNCATIONS: Readonly<Record<string, string>> = {
  year: 'year', yyyy: 'year', yy: 'year', quarter: 'quarter', month: 'month', mon: 'month', mm: 'month', week: 'week',
};
const CUTS: Readonly<Record<string, string>> = { ...TRUNCATIONS, day: 'day', dd: 'day', hour: 'hour', minute: 'minute', second: 'second' };
const unitIn = (units: Readonly<Record<string, string>>, e: Bound | undefined): string | undefined => {
  const word = String(literal(e)).toLowerCase();
  return Object.hasOwn(units, word) ? units[word] : undefined;
};

/** Microseconds since 1970 divided and rounded down. */
const sinceEpoch = (micros: number): Spelling => only((call) => kindOf(call) === 'timestamp' && call.args.length === 1, ([t]) =>
  `((epoch_us(${t}) - (epoch_us(${t}) % ${micros} + ${micros}) % ${micros}) // ${micros})`);

const element = (first: 0 | 1): Spelling => ([list], call) => {
  const at = count(call.args[1]);
  return kindOf(call) === 'array' && at >= first ? `list_extract(${list}, ${at - first + 1})` : null;
};

/** How DuckDB spells each function of bound expressions. */
export const DUCKDB: SpellingTable = Object.freeze<SpellingTable>({
  and: infix('AND'), or: infix('OR'), not: ([x]) => `(NOT ${x})`,
  isnull: ([x]) => `(${x} IS NULL)`, isnotnull: ([x]) => `(${x} IS NOT NULL)`,
  isnan: ([x]) => `coalesce(isnan(${x}), FALSE)`,
  '=': ordered(infix('=')), '<': ordered(infix('<')), '<=': ordered(infix('<=')), '>': ordered(infix('>')),
  '>=': ordered(infix('>=')), '<=>': ordered(infix('IS NOT DISTINCT FROM')),
  in: ordered(([x, ...items]) => `(${x} IN (${items.join(', ')}))`),
  coalesce: known(named('coalesce')),
  case: known((args) => {
    const branches = [];
    for (let i = 0; i + 1 < args.length; i += 2) branches.push(`WHEN ${args[i]} THEN ${args[i + 1]}`);
    return `CASE ${branches.join(' ')} ELSE ${args.at(-1)} END`;
  }),
  greatest: extreme('greatest'), least: extreme('least'),
  nanvl: ([x, y]) => `CASE WHEN isnan(${x}) THEN ${y} ELSE ${x} END`,
  cast: duckdbCast, try_cast: duckdbTryCast, cast_if_numbers: READING,

  '+': arithmetic('+'), '-': arithmetic('-'), '*': arithmetic('*'),
  '/': only((call) => call.type.kind === 'double', ([a, b]) => `CASE WHEN ${b} = 0 THEN NULL ELSE ${a} / ${b} END`),
  div: only((call) => kindOf(call) === 'long', ([a, b], { type }) => wrapped(`${widened(a!, type)} // ${widened(b!, type)}`, type)),
  '%': remainder,
  pmod: here('remainders of negative divisors are signed differently there'),
  try_add: tried('+'), try_subtract: tried('-'), try_multiply: tried('*'),
  negate: signed('-'), abs: signed('abs'),
  bitand: infix('&'), bitor: infix('|'), bitxor: named('xor'), bitnot: ([x]) => `(~${x})`,
  shiftleft: RANGE, shiftright: RANGE, shiftrightunsigned: FORM,
  multiply_interval: INTERVALS, divide_interval: INTERVALS,

  signum: ([x]) => `CASE WHEN isnan(${x}) OR ${x} = 0 THEN ${x} ELSE CAST(sign(${x}) AS DOUBLE) END`,
  sqrt: ([x]) => `CASE WHEN ${x} < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt(${x}) END`,
  degrees: ([x]) => `(${x} * CAST('${180 / Math.PI}' AS DOUBLE))`,
  radians: ([x]) => `(${x} * CAST('${Math.PI / 180}' AS DOUBLE))`,
  cbrt: LIBRARY, exp: LIBRARY, expm1: LIBRARY, ln: LIBRARY, log10: LIBRARY, log2: LIBRARY, log1p: LIBRARY, log: LIBRARY,
  pow: LIBRARY, sin: LIBRARY, cos: LIBRARY, tan: LIBRARY, asin: LIBRARY, acos: LIBRARY, atan: LIBRARY, sinh: LIBRARY,
  cosh: LIBRARY, tanh: LIBRARY, atan2: LIBRARY, hypot: LIBRARY,
  rint: here('whole numbers lose the sign of zero there'),
  floor: whole('floor'), ceil: whole('ceil'),
  round: only((call) => kindOf(call) === 'decimal' && count(call.args[1]) >= 0, ([x], call) =>
    `CAST(round(${x}, ${count(call.args[1])}) AS ${duckdbType(call.type)})`),
  bround: here('only halves are rounded to even there, not half digits'),

  length: size('length'), octet_length: size('strlen'),
  bit_length: ([x], call) => `(8 * ${asInt(`${kindOf(call) === 'string' ? 'strlen' : 'octet_length'}(${x})`)})`,
  upper: UNICODE, lower: UNICODE, initcap: UNICODE, reverse: here('it turns around what is written as one character there'),
  trim: trimming('trim'), ltrim: trimming('ltrim'), rtrim: trimming('rtrim'),
  concat: only((call) => call.type.kind === 'string' || call.type.kind === 'binary', infix('||')),
  concat_ws: only(isText, (args) => (args.length === 1 ? `CASE WHEN ${args[0]} IS NULL THEN NULL ELSE '' END` : named('concat_ws')(args, null!))),
  substring: only((call) => kindOf(call) === 'string' && count(call.args[1]) >= 1 && count(call.args[2]) >= 0, named('substring')),
  left: only((call) => count(call.args[1]) >= 0, named('left')),
  right: only((call) => count(call.args[1]) >= 0, named('right')),
  repeat: only((call) => count(call.args[1]) <= 1_000, ([x, n]) => `repeat(${x}, greatest(${n}, 0))`),
  space: only((call) => count(call.args[0]) <= 1_000, ([n]) => `repeat(' ', greatest(${n}, 0))`),
  replace: only((call) => String(literal(call.args[1]) ?? '') !== '', named('replace')),
  translate: here('repeated characters are treated differently there'),
  substring_index: FORM,
  instr: int('instr'),
  locate: only((call) => count(call.args[2]) === 1, ([part, x]) => asInt(`instr(${x}, ${part})`)),
  lpad: only(pads, named('lpad')), rpad: only(pads, named('rpad')),
  ascii: ([x]) => `CASE WHEN ${x} = '' THEN 0 ELSE unicode(${x}) END`,
  chr: here('codes beyond 255 are characters there'),
  startswith: only(isText, named('starts_with')), endswith: only(isText, named('ends_with')), contains: only(isText, named('contains')),
  like, ilike: UNICODE,
  rlike: JAVA, regexp_matches: JAVA, regexp_replace: JAVA, regexp_extract: JAVA, split: JAVA,
  levenshtein: here('bytes are counted there'), soundex: FORM,
  md5: named('md5'), sha1: named('sha1'),
  sha2: only((call) => count(call.args[1]) === 256 || count(call.args[1]) === 0, ([x]) => `sha256(${x})`),
  crc32: FORM, base64: here('its lines have no end there'), unbase64: READING, unhex: RANGE,
  hex: ([x], call) => (kindOf(call) === 'string' ? `hex(encode(${x}))` : `hex(${x})`),
  encode: only((call) => String(literal(call.args[1])).toUpperCase() === 'UTF-8', ([x]) => `encode(${x})`),
  decode: RANGE, xxhash64: FORM, hash: here('it is another hash there'),

  year: datePart((d) => `year(${d})`), month: datePart((d) => `month(${d})`), day: datePart((d) => `day(${d})`),
  quarter: datePart((d) => `quarter(${d})`), dayofweek: datePart((d) => `isodow(${d}) % 7 + 1`),
  weekday: datePart((d) => `isodow(${d}) - 1`), dayofyear: datePart((d) => `dayofyear(${d})`),
  weekofyear: datePart((d) => `week(${d})`), yearofweek: datePart((d) => `isoyear(${d})`),
  hour: local((t) => asInt(`hour(${t})`)), minute: local((t) => asInt(`minute(${t})`)), second: local((t) => asInt(`second(${t})`)),
  second_fraction: FORM,
  date_add: shifted('+'), date_sub: shifted('-'),
  datediff: ([a, b], { type }) => wrapped(`${a} - ${b}`, type),
  add_months: only((call) => Math.abs(count(call.args[1])) <= 12_000, ([d, n]) => `CAST(${d} + to_months(${n}) AS DATE)`),
  last_day: named('last_day'),
  next_day: FORM, months_between: FORM,
  trunc: ([d], call) => {
    const unit = unitIn(TRUNCATIONS, call.args[1]);
    return unit === undefined ? null : `CAST(date_trunc('${unit}', ${d}) AS DATE)`;
  },
  date_trunc: ([, t], call) => {
    const unit = unitIn(CUTS, call.args[0]);
    return unit === undefined || call.zone !== 'UTC' ? null : `timezone('UTC', date_trunc('${unit}', timezone('UTC', ${t})))`;
  },
  datetime_add: INTERVALS, subtract_dates: INTERVALS, subtract_timestamps: INTERVALS,
  to_date: READING, to_timestamp: READING, date_format: ZONE, from_unixtime: ZONE,
  unix_timestamp: only((call) => kindOf(call) === 'timestamp' && call.args.length === 1, ([t]) => `(epoch_us(${t}) // 1000000)`), unix_seconds: sinceEpoch(1_000_000), unix_millis: sinceEpoch(1000),
  unix_micros: ([t]) => `epoch_us(${t})`,
  make_date: RANGE, unix_date: ([d]) => asInt(`${d} - DATE '1970-01-01'`), date_from_unix_date: RANGE,
  timestamp_seconds: RANGE, timestamp_millis: RANGE, timestamp_micros: RANGE,

  field: only((call) => kindOf(call) === 'struct', ([x], call) => {
    const name = duckdbString(String(literal(call.args[1])));
    return name && `struct_extract(${x}, ${name})`;
  }),
  index: element(0), element_at: element(1),
  size: only((call) => kindOf(call) === 'array', ([x]) => `coalesce(${asInt(`len(${x})`)}, -1)`),
  array: named('list_value'),
  array_contains: NESTED, array_min: NESTED, array_max: NESTED, sort_array: NESTED, array_distinct: NESTED,
  array_join: NESTED, map_keys: NESTED, map_values: NESTED,
});

function pads(call: BoundCall): boolean {
  const n = count(call.args[1]);
  return n >= 0 && n <= 1_000 && String(literal(call.args[2]) ?? '') !== '';
}
