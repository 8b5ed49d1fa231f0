/**
 * The functions of bound expressions: what `fn` of a BoundCall may be and what its arguments are. An evaluator needs
 * one entry for each name below and nothing else: the binder resolves aliases (`ucase`, `char_length`, `nvl`, …),
 * inserts every cast, fills in default arguments, and folds what is constant syntax.
 * "A" below is any one type that all operands share, "same" is the type of the first argument.
 * Unless noted, the result is null where an argument is null, and an argument may be any expression.
 * A parameter marked `lit` is always a non-null literal.
 *
 * LOGIC (three-valued; arguments and results boolean)
 *   and [a, b, …]  or [a, b, …]   n ≥ 2, flattened      not [a]
 *   isnull [any]  isnotnull [any]   never null          isnan [float|double]   false on null, never null
 *
 * COMPARISON (operands A: every type but map, nested ones by element; NaN = NaN, NaN above all, -0.0 = 0.0)
 *   =  <  <=  >  >=  [a, b]         <> comes as not(=)
 *   <=> [a, b]                      null-safe equality, never null
 *   in [value, item, …]             n ≥ 1 items of the value's type; NOT IN comes as not(in), BETWEEN as and(>=, <=)
 *
 * CONDITIONALS
 *   coalesce [a, b, …]                              all A
 *   case [cond1, value1, cond2, value2, …, else]    odd length, always with else (maybe a null literal); values A.
 *                                                   CASE x WHEN, if, nvl2, nullif, decode/search are lowered to it
 *   greatest, least [a, b, …]                       A; nulls are skipped, null only if all are; NaN is greatest
 *   nanvl [a, b]                                    both double or both float
 *
 * CAST
 *   cast [any]       to the node's type, ANSI off (failure is null, integers wrap), never to the same type;
 *                    `zone` on conversions between timestamp and string, date or timestamp_ntz
 *   try_cast [any]   TRY_CAST where it differs, always to an integer type: from numbers out of range is null instead
 *                    of wrapping, from strings a fraction is null instead of being cut off
 *   cast_if_numbers [string]   a cast to long or double that fails at the first text that does not look like one; no
 *                    text of the language names it: profiles ask for it
 *
 * ARITHMETIC (operands of one type, decimals of any precision; integers wrap, decimals overflow to null)
 *   + - *  [a, b]    byte, short, int, long, float, double, decimal; + and - also interval_ym, interval_ds
 *   /  [a, b]        both double or both decimal; null if b = 0
 *   div [a, b]       both long, both decimal, or both the same interval; result long; null if b = 0
 *   %  pmod  [a, b]  any numeric; null if b = 0
 *   try_add try_subtract try_multiply [a, b]   integers only: null on overflow (other types come as + - *)
 *   negate [a]  abs [a]                        numeric or interval; integers wrap
 *   bitand bitor bitxor [a, b]  bitnot [a]     integers, same type: & | ^ ~, which have no names in the language
 *   shiftleft shiftright shiftrightunsigned [int|long, int]
 *   multiply_interval divide_interval [interval, numeric]   HALF_UP; null if the divisor is 0
 *
 * MATHEMATICS
 *   signum sqrt cbrt exp expm1 log10 log2 log1p ln sin cos tan asin acos atan sinh cosh tanh degrees radians rint
 *     [double] → double; ln, log10, log2 of x ≤ 0 and log1p of x ≤ -1 are null
 *   log [base, x]  pow [a, b]  atan2 [y, x]  hypot [x, y]   doubles → double; log null if base ≤ 0 or x ≤ 0
 *   floor ceil [double|decimal|long]   → long; of decimals decimal(p - s + 1, 0) as the node's type says
 *   round bround [numeric, lit int]    HALF_UP, HALF_EVEN; type = result (decimals change precision and scale)
 *
 * STRINGS (code points, not UTF-16 units)
 *   length [string|binary] → int, code points or bytes      octet_length bit_length [string|binary] → int
 *   upper lower initcap [string]    reverse [string|array]
 *   trim ltrim rtrim [string] or [string, chars]            only U+0020 without chars
 *   concat [a, …]                   all string, all binary, or all array
 *   concat_ws [sep, s, …]           s string or array<string>; nulls skipped, null only if sep is
 *   substring [string|binary, int pos, int len]             1-based, negative from the end; len is always there
 *   left right [string, int]        repeat [string, int]    space [int]
 *   replace [s, search, with]       translate [s, from, to] substring_index [s, delim, int count]
 *   instr [s, sub] → int            locate [sub, s, int pos] → int, both 1-based, 0 if absent
 *   lpad rpad [s, int len, pad]     ascii [s] → int         chr [long] → string
 *   startswith endswith contains [s, s] → boolean, or both binary
 *   like ilike [string, pattern, lit escape]                pattern literal or expression
 *   rlike [string, regex] → boolean                         Java regex, find
 *   regexp_matches [string, regex] → boolean                the same, but an empty first match is none: PatternMatch's;
 *                                                           it is made by analyzers and has no name in the language
 *   regexp_replace [s, regex, replacement, int pos]  regexp_extract [s, regex, int group] → string ('' if no match)
 *   split [s, regex, int limit] → array<string>             limit -1 by default
 *   levenshtein [s, s] → int        soundex [s]
 *   md5 sha1 base64 [binary] → string    sha2 [binary, int] → string    crc32 [binary] → long
 *   hex [long|binary|string] → string    unhex unbase64 [string] → binary
 *   encode [string, charset] → binary    decode [binary, charset] → string
 *   xxhash64 [any, …] → long, hash (Murmur3) [any, …] → int   seed 42, nulls skipped, never null
 *
 * DATES AND TIMES (`ts` is timestamp or timestamp_ntz; `zone` is present where an argument or the result is a timestamp
 * and the local time matters)
 *   year month day quarter dayofweek (1 = Sunday) weekday (0 = Monday) dayofyear weekofyear yearofweek  [date] → int
 *   hour minute second [ts] → int   second_fraction [ts] → decimal(8,6)
 *   date_add date_sub [date, int] → date                    datediff [end date, start date] → int
 *   add_months [date, int] → date   last_day [date]         next_day [date, day name] → date
 *   months_between [timestamp, timestamp, boolean round] → double
 *   trunc [date, format] → date     date_trunc [format, timestamp] → timestamp
 *   datetime_add [date, interval_ym] or [ts, any interval] → same type (subtraction comes with negate)
 *   subtract_dates [date, date] → interval_ds               subtract_timestamps [ts, ts] → interval_ds
 *   to_date [string, format] → date   to_timestamp [string, format] → timestamp   (without format they come as cast)
 *   date_format [timestamp, format] → string                unix_timestamp [timestamp] or [string, format] → long
 *   from_unixtime [long, format] → string                   make_date [int, int, int] → date (invalid: null)
 *   unix_date [date] → int          date_from_unix_date [int] → date
 *   unix_seconds unix_millis unix_micros [timestamp] → long
 *   timestamp_seconds [numeric]  timestamp_millis timestamp_micros [integer] → timestamp
 *   now(), current_timestamp, current_date, localtimestamp come as literals
 *
 * NESTED VALUES
 *   field [struct, lit name]        the exact name of the member (of an array of structs: the array of the members)
 *   index [array, int] (0-based) or [map, key]              null if absent
 *   element_at [array, int] (1-based, negative from the end; 0 is an EVALUATION error) or [map, key]
 *   size [array|map] → int          -1 on null, never null
 *   array [a, …]  A                 never null
 *   array_contains [array, value] → boolean                 array_min array_max [array]   map_keys map_values [map]
 *   sort_array [array, lit boolean ascending]               array_distinct [array]
 *   array_join [array<string>, delim] or [array<string>, delim, text for nulls] → string
 */
import { AssayError } from '../../base/errors.js';
import { nearestName } from '../../base/names.js';
import { STRING, sqlTypeName, type DataType } from '../../data/types.js';
import type { Binder } from '../binder.js';
import type { Bound } from '../bound.js';
import { implicitType, wrongType, type Expected } from '../coerce.js';
import { conditionals } from './conditionals.js';
import { same, type FunctionSpec } from './contract.js';
import { dates } from './dates.js';
import { mathematics } from './mathematics.js';
import { nested } from './nested.js';
import { AGGREGATES, NOT_HERE, OPERATOR_ONLY, UNREPEATABLE } from './refused.js';
import { strings } from './strings.js';

/** Every function of the language, in the order of the documentation. */
export const FUNCTIONS: readonly FunctionSpec[] = [...conditionals, ...mathematics, ...strings, ...dates, ...nested];

const byName = new Map<string, FunctionSpec>();
for (const spec of FUNCTIONS) for (const name of [spec.name, ...(spec.aliases ?? [])]) byName.set(name, spec);

/** The function of a lower-case name; throws UNKNOWN_FUNCTION, or UNSUPPORTED if only Spark has it. */
export function findFunction(name: string): FunctionSpec {
  const found = byName.get(name);
  if (found !== undefined) return found;
  const refused = AGGREGATES.has(name) ? `the aggregate ${name}() cannot be part of an expression over rows`
    : UNREPEATABLE.has(name) ? `${name}() gives another result on every reading and cannot be part of an expression`
    : NOT_HERE.has(name) ? `the function ${name}() of Spark is not available here`
    : null;
  if (refused !== null) throw new AssayError('UNSUPPORTED', refused);
  const operator = OPERATOR_ONLY.get(name);
  if (operator !== undefined) {
    throw new AssayError('UNKNOWN_FUNCTION', `function '${name}' not found; use the operator ${operator}`);
  }
  const near = nearestName(name, byName.keys());
  const hint = near === null ? '' : `; did you mean '${near}'?`;
  throw new AssayError('UNKNOWN_FUNCTION', `function '${name}' not found${hint}`);
}

/** A call by any name of a function: the number of arguments is checked, each is cast, the result is typed. */
export function bindCall(name: string, args: readonly Bound[], b: Binder): Bound {
  const spec = findFunction(name);
  const most = spec.variadic === true ? Infinity : spec.takes.length;
  const least = spec.takes.length - (spec.optional ?? 0);
  if (args.length < least || args.length > most) {
    const wanted = most === least ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
    const arity = `${wanted} argument${wanted === '1' ? '' : 's'}`;
    throw new AssayError('INVALID_ARGUMENT', `${name}() takes ${arity}, not ${args.length}: ${spec.example}`);
  }
  const cast = args.map((e, i) => {
    const expected = spec.takes[Math.min(i, spec.takes.length - 1)]!;
    const type = implicitType(e.type, expected);
    if (type !== null) return b.cast(e, type);
    throw wrongType(`${name}() takes ${describe(expected)} as argument ${i + 1}, not ${sqlTypeName(e.type)}`);
  });
  if (spec.bind !== undefined) return spec.bind(cast, b);
  const gives = spec.gives ?? same;
  return b.call(spec.name, cast, typeof gives === 'function' ? gives(cast, b) : gives, spec.zoned?.(cast) ?? false);
}

function describe(expected: Expected): string {
  if (Array.isArray(expected)) return (expected as readonly Expected[]).map(describe).join(' or ');
  if (expected === 'strings') return `${sqlTypeName(STRING)} or array<string>`;
  return typeof expected === 'string' ? expected : sqlTypeName(expected as DataType);
}
