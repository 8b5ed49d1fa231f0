import { AssayError } from '../../base/errors.js';
import { nearestName } from '../../base/names.js';
import {
  BOOLEAN, DATE, DOUBLE, INT, LONG, STRING, TIMESTAMP, TIMESTAMP_NTZ, decimal, sqlTypeName, type DataType,
} from '../../data/types.js';
import type { Binder } from '../binder.js';
import type { Bound } from '../bound.js';
import { MOMENT, wrongType } from '../coerce.js';
import { localOf, zoneOf } from '../evaluate/zones.js';
import { localDay } from '../literals.js';
import type { FunctionSpec } from './contract.js';
import { addDays } from './operators.js';

const isTimestamp = (args: readonly Bound[]) => args.some((e) => e.type.kind === 'timestamp');
const always = () => true;

const ofDate = (name: string, doc: string, ...aliases: string[]): FunctionSpec =>
  ({ name, aliases, takes: [DATE], gives: INT, doc, example: `${name}(day)` });
const ofTime = (name: string, doc: string): FunctionSpec =>
  ({ name, takes: [MOMENT], gives: INT, zoned: isTimestamp, doc, example: `${name}(at)` });

/** What EXTRACT and DATE_PART know, and the function each is. */
const PARTS: Readonly<Record<string, string>> = {
  year: 'year', y: 'year', years: 'year', yr: 'year', yrs: 'year', yearofweek: 'yearofweek',
  quarter: 'quarter', qtr: 'quarter', month: 'month', mon: 'month', mons: 'month', months: 'month',
  week: 'weekofyear', w: 'weekofyear', weeks: 'weekofyear', day: 'day', d: 'day', days: 'day',
  dayofweek: 'dayofweek', dow: 'dayofweek', dayofweek_iso: 'dow_iso', dow_iso: 'dow_iso', doy: 'dayofyear',
  hour: 'hour', h: 'hour', hours: 'hour', hr: 'hour', hrs: 'hour', minute: 'minute', m: 'minute', min: 'minute',
  mins: 'minute', minutes: 'minute', second: 'second_fraction', s: 'second_fraction', sec: 'second_fraction',
  seconds: 'second_fraction', secs: 'second_fraction',
};

const extracting = (name: string): FunctionSpec => ({
  name, takes: [STRING, 'any'],
  bind([part, x], b) {
    const word = part!.kind === 'literal' && typeof part!.value === 'string' ? part!.value.toLowerCase() : null;
    if (word === null || !Object.hasOwn(PARTS, word)) {
      const near = word === null ? null : nearestName(word, Object.keys(PARTS));
      const hint = near === null ? '' : `; did you mean '${near}'?`;
      throw new AssayError('INVALID_ARGUMENT', `${name}() knows no part '${word ?? 'of an expression'}'${hint}`);
    }
    const fn = PARTS[word]!;
    const timed = fn === 'hour' || fn === 'minute' || fn === 'second_fraction';
    const value = b.coerce(x!, timed ? MOMENT : DATE);
    if (value === null) throw wrongType(`${name}() takes a date or a time, not ${sqlTypeName(x!.type)}`);
    if (fn === 'dow_iso') return b.call('+', [b.call('weekday', [value], INT), b.int(1)], INT);
    const type = fn === 'second_fraction' ? decimal(8, 6) : INT;
    return b.call(fn, [value], type, timed && value.type.kind === 'timestamp');
  },
  doc: 'A part of a date or time: year, month, day, hour and so on.',
  example: name === 'extract' ? 'extract(YEAR FROM day)' : `${name}('month', day)`,
});

/** A date function that adds or takes away days. */
const shifting = (name: string, op: '+' | '-', doc: string, ...aliases: string[]): FunctionSpec => ({
  name, aliases, takes: [DATE, 'any'], bind: ([day, n], b) => addDays(op, day!, n!, b), doc, example: `${name}(day, 7)`,
});

/** TO_DATE and TO_TIMESTAMP: a cast without a format, a parse with one. */
const reading = (name: string, fn: 'to_date' | 'to_timestamp', type: DataType): FunctionSpec => ({
  name, takes: [[STRING, DATE, TIMESTAMP, TIMESTAMP_NTZ], STRING], optional: 1,
  bind: ([x, format], b) => (format === undefined || x!.type.kind !== 'string'
    ? b.cast(x!, type)
    : b.call(fn, [x!, format], type, true)),
  doc: 'The text read as a date or time, by a format if one is given.', example: `${name}(text, 'dd/MM/yyyy')`,
});

const DEFAULT_FORMAT = 'yyyy-MM-dd HH:mm:ss';

const unixTime = (name: string, least: number): FunctionSpec => ({
  name, takes: [[STRING, DATE, TIMESTAMP, TIMESTAMP_NTZ], STRING], optional: 2 - least,
  bind([x, format], b) {
    if (x === undefined) return b.literal(LONG, String(b.now / 1_000_000n));
    if (x.type.kind === 'string') return b.call('unix_timestamp', [x, format ?? b.text(DEFAULT_FORMAT)], LONG, true);
    return b.call('unix_timestamp', [b.cast(x, TIMESTAMP)], LONG);
  },
  doc: 'Seconds since 1970.', example: `${name}(at)`,
});

const present = (name: string, bind: (b: Binder) => Bound, doc: string, ...aliases: string[]): FunctionSpec =>
  ({ name, aliases, takes: [], bind: (_, b) => bind(b), doc, example: `${name}()` });

const seconds = (name: string, takes: DataType | 'numeric' | 'integral', gives: DataType, doc: string): FunctionSpec =>
  ({ name, takes: [takes], gives, doc, example: `${name}(x)` });

const today = (b: Binder): Bound => b.literal(DATE, Number(localDay(b.now, b.zone)));
const localNow = (b: Binder): Bound => b.literal(TIMESTAMP_NTZ, String(localOf(b.now, zoneOf(b.zone))));

/** Dates, times and the present. */
export const dates: readonly FunctionSpec[] = [
  ofDate('year', 'The year.'),
  ofDate('month', 'The month, 1 to 12.'),
  ofDate('day', 'The day of the month.', 'dayofmonth'),
  ofDate('quarter', 'The quarter, 1 to 4.'), ofDate('dayofweek', 'The day of the week, Sunday is 1.'),
  ofDate('weekday', 'The day of the week, Monday is 0.'), ofDate('dayofyear', 'The day of the year.'),
  ofDate('weekofyear', 'The week of the year (ISO 8601).'),
  ofTime('hour', 'The hour.'), ofTime('minute', 'The minute.'), ofTime('second', 'The second.'),
  extracting('extract'), extracting('date_part'), extracting('datepart'),
  shifting('date_add', '+', 'The date some days later.', 'dateadd'),
  shifting('date_sub', '-', 'The date some days before.'),
  {
    name: 'datediff', aliases: ['date_diff'], takes: [DATE, DATE], gives: INT,
    doc: 'Days from the second date to the first.',
    example: 'datediff(shipped, ordered)',
  },
  {
    name: 'add_months', takes: [DATE, INT], gives: DATE,
    doc: 'The date some months later.',
    example: 'add_months(day, 1)',
  },
  { name: 'last_day', takes: [DATE], gives: DATE, doc: 'The last day of the month.', example: 'last_day(day)' },
  {
    name: 'next_day', takes: [DATE, STRING], gives: DATE,
    doc: 'The first such weekday after the date.',
    example: "next_day(day, 'Mon')",
  },
  {
    name: 'months_between', takes: [TIMESTAMP, TIMESTAMP, BOOLEAN], optional: 1,
    bind: ([x, y, round], b) => b.call('months_between', [x!, y!, round ?? b.bool(true)], DOUBLE, true),
    doc: 'Months from the second time to the first.', example: 'months_between(closed, opened)',
  },
  {
    name: 'trunc', takes: [DATE, STRING], gives: DATE,
    doc: 'The first day of the year, quarter, month or week.',
    example: "trunc(day, 'month')",
  },
  {
    name: 'date_trunc', takes: [STRING, TIMESTAMP], zoned: always, gives: TIMESTAMP,
    doc: 'The start of the year, month, hour and so on.', example: "date_trunc('hour', at)",
  },
  reading('to_date', 'to_date', DATE), reading('to_timestamp', 'to_timestamp', TIMESTAMP),
  {
    name: 'date_format', takes: [TIMESTAMP, STRING], gives: STRING, zoned: always,
    doc: 'The time as text in a format.',
    example: "date_format(at, 'yyyy/MM/dd')",
  },
  unixTime('unix_timestamp', 0), unixTime('to_unix_timestamp', 1),
  {
    name: 'from_unixtime', takes: [LONG, STRING], optional: 1,
    bind: ([x, format], b) => b.call('from_unixtime', [x!, format ?? b.text(DEFAULT_FORMAT)], STRING, true),
    doc: 'Seconds since 1970 as text.', example: 'from_unixtime(seconds)',
  },
  {
    name: 'make_date', takes: [INT, INT, INT], gives: DATE,
    doc: 'The date of a year, month and day.',
    example: 'make_date(2020, 1, 31)',
  },
  seconds('unix_date', DATE, INT, 'Days since 1970.'),
  seconds('date_from_unix_date', INT, DATE, 'The date so many days after 1970.'),
  seconds('unix_seconds', TIMESTAMP, LONG, 'Seconds since 1970.'),
  seconds('unix_millis', TIMESTAMP, LONG, 'Milliseconds since 1970.'),
  seconds('unix_micros', TIMESTAMP, LONG, 'Microseconds since 1970.'),
  seconds('timestamp_seconds', 'numeric', TIMESTAMP, 'The time so many seconds after 1970.'),
  seconds('timestamp_millis', 'integral', TIMESTAMP, 'The time so many milliseconds after 1970.'),
  seconds('timestamp_micros', 'integral', TIMESTAMP, 'The time so many microseconds after 1970.'),
  present('now', (b) => b.literal(TIMESTAMP, String(b.now)), 'The time at which the run began.', 'current_timestamp'),
  present('current_date', today, 'The day on which the run began.', 'curdate'),
  present('localtimestamp', localNow, 'The local time at which the run began.'),
  present('current_timezone', (b) => b.text(b.zone), 'The time zone of the run.'),
];

/** Functions that may be called without parentheses. */
export const BARE_CALLS: ReadonlySet<string> = new Set(['current_date', 'current_timestamp', 'localtimestamp']);
