import { AssayError } from '../../base/errors.js';
import { DATE, INT, LONG, TIMESTAMP, TIMESTAMP_NTZ, type DataType } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { DAY, HOUR, MINUTE, SECOND } from './calendar.js';
import { dates, weekdayNamed } from './dates.js';
import { strict, type Evaluation, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { parseMoments } from './parse-moments.js';
import { printMoments } from './print-moments.js';
import { literalArgument } from './rowwise.js';
import { between, combined, combinedIfFit, daysOf, localTimes, momentsOf, remainders, scaled, timesOfFloats } from './time-columns.js';
import { microsOf } from './wide-columns.js';
import { bitmap, bothKnown, nulls, plain } from './vectors.js';

type Columnwise = (call: BoundCall, at: Evaluation) => Vector | null;

/** A kernel where it applies, otherwise the function row by row. */
function fast(fn: string, run: Columnwise): FunctionSpec {
  const slow = dates[fn]!;
  return strict((call, at) => run(call, at) ?? slow.evaluate(call, at));
}

/** A part of a date; numbers as the kernel has them. */
function part(number: number, type = INT as typeof INT | typeof DATE): Columnwise {
  return (call, at) => {
    const v = at.flat(call.args[0]!);
    const out = at.kernels.scratch.alloc(at.rows * 4);
    at.kernels.fn.datePart(number, v.values, at.rows, out);
    return plain(type, at.rows, out, v.validity);
  };
}

function clock(whole: bigint, unit: bigint): Columnwise {
  return (call, at) => {
    const v = localTimes(call.args[0]!, call.zone, at);
    const out = at.kernels.scratch.alloc(at.rows * 4);
    at.kernels.fn.timePart(v.values, at.rows, 0n, whole, unit, out);
    return plain(INT, at.rows, out, v.validity);
  };
}

function wholeUnits(divide: 'timeUnits' | 'timeQuotients', v: Vector, unit: bigint, at: Evaluation): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  at.kernels.fn[divide](v.values, at.rows, unit, out);
  return plain(LONG, at.rows, out, v.validity);
}

const units = (unit: bigint): Columnwise => (call, at) => wholeUnits('timeUnits', at.flat(call.args[0]!), unit, at);

const PLUS = 0;
const MINUS = 1;

/** Days added, taken away, or counted: wrapping int32. */
function shifted(op: number, type = DATE as typeof INT | typeof DATE): Columnwise {
  return (call, at) => {
    const [a, b] = call.args.map((e) => at.flat(e)) as [Vector, Vector];
    const out = at.kernels.scratch.alloc(at.rows * 4);
    at.kernels.fn.arithI32(op, a.values, b.values, 0, at.rows, out);
    return plain(type, at.rows, out, bothKnown(at.kernels, at.rows, a.validity, b.validity));
  };
}

const FIRSTS: Readonly<Record<string, number>> = {
  year: 10, yyyy: 10, yy: 10, quarter: 11, month: 12, mon: 12, mm: 12, week: 13,
};
const CUTS: Readonly<Record<string, bigint>> = {
  day: DAY, dd: DAY, hour: HOUR, minute: MINUTE, second: SECOND, millisecond: 1000n, microsecond: 1n,
};

const unitIn = <T>(table: Readonly<Record<string, T>>, call: BoundCall, index: number): T | undefined => {
  const word = literalArgument(call, index);
  const key = typeof word === 'string' ? word.toLowerCase() : '';
  return Object.hasOwn(table, key) ? table[key] : undefined;
};

function trunc(call: BoundCall, at: Evaluation): Vector | null {
  if (literalArgument(call, 1) === undefined) return null;
  const number = unitIn(FIRSTS, call, 1);
  return number === undefined ? nulls(at.kernels, call.type, at.rows) : part(number, DATE)(call, at);
}

/** DATE_TRUNC to a unit that is written there. */
function cut(call: BoundCall, at: Evaluation): Vector | null {
  if (literalArgument(call, 0) === undefined) return null;
  const times = call.args[1]!;
  const first = unitIn(FIRSTS, call, 0);
  const unit = unitIn(CUTS, call, 0);
  if (first === undefined && unit === undefined) return nulls(at.kernels, call.type, at.rows);
  const { fn, scratch } = at.kernels;
  const local = localTimes(times, call.zone, at);
  if (first !== undefined) {
    const days = scratch.alloc(at.rows * 4);
    fn.datePart(first, daysOf(local, at).values, at.rows, days);
    return momentsOf(scaled(plain(DATE, at.rows, days, local.validity), DAY, TIMESTAMP_NTZ, at), call.type, call.zone, at);
  }
  if (unit! < MINUTE) return between(at.flat(times), remainders(local, unit!, at), call.type, at);
  const out = scratch.alloc(at.rows * 8);
  fn.timeCut(local.values, at.rows, 0n, unit!, out);
  const whole = plain(TIMESTAMP_NTZ, at.rows, out, local.validity);
  return momentsOf(whole, call.type, call.zone, at, unit! < DAY ? [at.flat(times), local] : undefined);
}

function addMonths(days: Vector, months: Vector, at: Evaluation): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 4);
  at.kernels.fn.dateAddMonths(days.values, months.values, at.rows, out);
  return plain(DATE, at.rows, out, bothKnown(at.kernels, at.rows, days.validity, months.validity));
}

/** Dates and times moved by intervals: months and days are of the calendar, the rest is elapsed time. */
function moved(call: BoundCall, at: Evaluation): Vector {
  const { fn, scratch } = at.kernels;
  const { type } = call;
  const [e, by] = call.args as [Bound, Bound];
  const interval = at.flat(by);
  const months = by.type.kind === 'interval_ym';
  if (e.type.kind === 'date') {
    if (months) return addMonths(at.flat(e), interval, at);
    const days = at.flat(e);
    const out = scratch.alloc(at.rows * 4);
    fn.dateAddInterval(days.values, interval.values, at.rows, out);
    return plain(type, at.rows, out, bothKnown(at.kernels, at.rows, days.validity, interval.validity));
  }
  const local = localTimes(e, call.zone, at);
  if (months) {
    const later = combinedIfFit(local, interval, TIMESTAMP_NTZ, at, (t, m, out, fits) => fn.timeAddMonths(t, m, at.rows, out, fits));
    return momentsOf(later, type, call.zone, at, [at.flat(e), local]);
  }
  const add = (v: Vector, rest: 0 | 1) =>
    combinedIfFit(v, interval, v.type, at, (t, i, out, fits) => fn.timeAddInterval(t, i, rest, at.rows, out, fits));
  return add(momentsOf(add(local, 0), type, call.zone, at, [at.flat(e), local]), 1);
}

function nextDay(call: BoundCall, at: Evaluation): Vector | null {
  const name = literalArgument(call, 1);
  if (typeof name !== 'string') return null;
  const wanted = weekdayNamed(name);
  if (wanted < 0) return nulls(at.kernels, DATE, at.rows);
  const v = at.flat(call.args[0]!);
  const out = at.kernels.scratch.alloc(at.rows * 4);
  at.kernels.fn.dateNext(v.values, wanted, at.rows, out);
  return plain(DATE, at.rows, out, v.validity);
}

function monthsBetween(call: BoundCall, at: Evaluation): Vector | null {
  const rounded = literalArgument(call, 2);
  if (typeof rounded !== 'boolean') return null;
  const [a, b] = [localTimes(call.args[0]!, call.zone, at), localTimes(call.args[1]!, call.zone, at)];
  return combined(a, b, call.type, at, (x, y, out) => at.kernels.fn.timeMonths(x, y, Number(rounded), at.rows, out));
}

function makeDate(call: BoundCall, at: Evaluation): Vector {
  const { kernels, rows } = at;
  const [y, m, d] = call.args.map((e) => at.flat(e)) as [Vector, Vector, Vector];
  const out = kernels.scratch.alloc(rows * 4);
  const known = bitmap(kernels, rows);
  kernels.fn.dateMake(y.values, m.values, d.values, rows, out, known);
  const given = bothKnown(kernels, rows, y.validity, bothKnown(kernels, rows, m.validity, d.validity));
  return plain(DATE, rows, out, bothKnown(kernels, rows, given, known));
}

function differenceOfDates(call: BoundCall, at: Evaluation): Vector | null {
  const [a, b] = call.args.map((e) => at.flat(e)) as [Vector, Vector];
  return combined(a, b, call.type, at, (x, y, out) => at.kernels.fn.dateDifference(x, y, at.rows, out));
}

/** Texts read by a pattern that is written there. */
function parsed(call: BoundCall, at: Evaluation, type: DataType = call.type): Vector | null {
  const pattern = literalArgument(call, 1);
  return typeof pattern === 'string' ? parseMoments(at.flat(call.args[0]!), pattern, type, call.zone ?? 'UTC', at) : null;
}

function unixTimestamp(call: BoundCall, at: Evaluation): Vector | null {
  const times = call.args.length === 1 ? at.flat(call.args[0]!) : parsed(call, at, TIMESTAMP);
  return times && wholeUnits('timeQuotients', times, SECOND, at); // drops the fraction, before 1970 too
}

function formatted(call: BoundCall, at: Evaluation): Vector | null {
  const pattern = literalArgument(call, 1);
  if (typeof pattern !== 'string') return null;
  const e = call.args[0]!;
  return printMoments(at.flat(e), localTimes(e, call.zone, at), pattern, call.zone ?? 'UTC', at);
}

/** Seconds are times of the zone. */
function fromUnixTime(call: BoundCall, at: Evaluation): Vector | null {
  const pattern = literalArgument(call, 1);
  if (typeof pattern !== 'string') return null;
  const seconds = at.flat(call.args[0]!);
  const times = { ...scaled(seconds, SECOND, TIMESTAMP, at), validity: seconds.validity }; // they wrap
  return printMoments(times, momentsOf(times, TIMESTAMP_NTZ, call.zone, at), pattern, call.zone ?? 'UTC', at);
}

/** Whole numbers of a unit as times; those that do not fit are an error. */
function whole(v: Vector, unit: bigint, type: DataType, at: Evaluation): Vector {
  const times = scaled(v, unit, type, at);
  const { fn } = at.kernels;
  const count = (bits: number) => (bits === 0 ? at.rows : fn.bitsCount(bits, at.rows));
  if (count(times.validity) < count(v.validity)) {
    throw new AssayError('EVALUATION', `a timestamp of a number times ${unit} microseconds does not fit 64 bits`);
  }
  return times;
}

/** Seconds of any number type as times. */
function timesOfSeconds(call: BoundCall, at: Evaluation): Vector {
  const e = call.args[0]!;
  switch (e.type.kind) {
    case 'null': return nulls(at.kernels, call.type, at.rows);
    case 'float': case 'double': return timesOfFloats(e, call.type, at);
    case 'decimal': return microsOf(at.flat(e), call.type, at, true);
    default: return whole(at.flat(e), SECOND, call.type, at);
  }
}

const differenceOfTimes: Columnwise = (call, at) =>
  between(localTimes(call.args[0]!, call.zone, at), localTimes(call.args[1]!, call.zone, at), call.type, at);

const same: Columnwise = (call, at) => ({ ...at.flat(call.args[0]!), type: call.type });

/** Functions of dates and times that have kernels. */
export const dateColumns: FunctionTable = {
  year: fast('year', part(0)), month: fast('month', part(1)), day: fast('day', part(2)), quarter: fast('quarter', part(3)),
  dayofweek: fast('dayofweek', part(4)), weekday: fast('weekday', part(5)), dayofyear: fast('dayofyear', part(7)),
  weekofyear: fast('weekofyear', part(8)), yearofweek: fast('yearofweek', part(9)),
  last_day: fast('last_day', part(14, DATE)), trunc: fast('trunc', trunc), date_trunc: fast('date_trunc', cut),
  hour: fast('hour', clock(DAY, HOUR)), minute: fast('minute', clock(HOUR, MINUTE)), second: fast('second', clock(MINUTE, SECOND)),
  date_add: fast('date_add', shifted(PLUS)), date_sub: fast('date_sub', shifted(MINUS)),
  datediff: fast('datediff', shifted(MINUS, INT)),
  unix_date: fast('unix_date', same), date_from_unix_date: fast('date_from_unix_date', same),
  unix_timestamp: fast('unix_timestamp', unixTimestamp), to_date: fast('to_date', (call, at) => parsed(call, at)),
  to_timestamp: fast('to_timestamp', (call, at) => parsed(call, at)),
  date_format: fast('date_format', formatted), from_unixtime: fast('from_unixtime', fromUnixTime), unix_seconds: fast('unix_seconds', units(SECOND)),
  unix_millis: fast('unix_millis', units(1000n)), unix_micros: fast('unix_micros', same),
  second_fraction: fast('second_fraction', (call, at) => remainders(localTimes(call.args[0]!, call.zone, at), MINUTE, at, call.type)),
  add_months: fast('add_months', (call, at) => addMonths(at.flat(call.args[0]!), at.flat(call.args[1]!), at)),
  datetime_add: fast('datetime_add', moved), next_day: fast('next_day', nextDay),
  months_between: fast('months_between', monthsBetween), make_date: strict(makeDate),
  subtract_dates: fast('subtract_dates', differenceOfDates),
  subtract_timestamps: fast('subtract_timestamps', differenceOfTimes),
  timestamp_seconds: strict(timesOfSeconds),
  timestamp_millis: strict((call, at) => whole(at.flat(call.args[0]!), 1000n, call.type, at)),
  timestamp_micros: strict((call, at) => whole(at.flat(call.args[0]!), 1n, call.type, at)),
};
