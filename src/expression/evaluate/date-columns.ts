import { AssayError } from '../../base/errors.js';
import { DATE, INT, LONG, TIMESTAMP, TIMESTAMP_NTZ, type DataType } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { DAY, HOUR, MINUTE, SECOND } from './calendar.js';
import { dates, weekdayNamed } from './dates.js';
import { strict, type Evaluation, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { perValue } from './grouped.js';
import { parseMoments } from './parse-moments.js';
import { printMoments } from './print-moments.js';
import { literalArgument } from './rowwise.js';
import { between, combined, combinedIfFit, daysOf, localTimes, momentsOf, remainders, scaled, timesOfFloats } from './time-columns.js';
import { microsOf } from './wide-columns.js';
import { bitmap, bothKnown, nulls, plain } from './vectors.js';

type Columnwise = (call: BoundCall, at: Evaluation) => Vector;

const isNull = (e: Bound): boolean => e.type.kind === 'null' || (e.kind === 'literal' && e.value === null);

/** A function by kernels; `given`: the argument that must be known before the rows are, a unit or a format. */
function fast(run: Columnwise, given?: number, slow?: FunctionSpec): FunctionSpec {
  return strict((call, at) => {
    if (call.args.some(isNull)) return nulls(at.kernels, call.type, at.rows);
    const open = given !== undefined && (call.args[given]?.kind ?? 'literal') !== 'literal';
    return open ? perValue(call, [given], at, slow) : run(call, at);
  });
}

/** The same for a format; what kernels cannot read or print of one is done row by row. */
function formatted(fn: string, run: (call: BoundCall, at: Evaluation) => Vector | null): FunctionSpec {
  return fast((call, at) => run(call, at) ?? dates[fn]!.evaluate(call, at), 1, dates[fn]);
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

function trunc(call: BoundCall, at: Evaluation): Vector {
  const number = unitIn(FIRSTS, call, 1);
  return number === undefined ? nulls(at.kernels, call.type, at.rows) : part(number, DATE)(call, at);
}

/** DATE_TRUNC to a unit that is written there. */
function cut(call: BoundCall, at: Evaluation): Vector {
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

function nextDay(call: BoundCall, at: Evaluation): Vector {
  const wanted = weekdayNamed(literalArgument(call, 1) as string);
  if (wanted < 0) return nulls(at.kernels, DATE, at.rows);
  const v = at.flat(call.args[0]!);
  const out = at.kernels.scratch.alloc(at.rows * 4);
  at.kernels.fn.dateNext(v.values, wanted, at.rows, out);
  return plain(DATE, at.rows, out, v.validity);
}

function monthsBetween(call: BoundCall, at: Evaluation): Vector {
  const rounded = literalArgument(call, 2);
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

function differenceOfDates(call: BoundCall, at: Evaluation): Vector {
  const [a, b] = call.args.map((e) => at.flat(e)) as [Vector, Vector];
  return combined(a, b, call.type, at, (x, y, out) => at.kernels.fn.dateDifference(x, y, at.rows, out));
}

/** Texts read by a pattern; null: not in one pass over their bytes. */
function parsed(call: BoundCall, at: Evaluation, type: DataType = call.type): Vector | null {
  return parseMoments(at.flat(call.args[0]!), literalArgument(call, 1) as string, type, call.zone ?? 'UTC', at);
}

function unixTimestamp(call: BoundCall, at: Evaluation): Vector | null {
  const times = call.args.length === 1 ? at.flat(call.args[0]!) : parsed(call, at, TIMESTAMP);
  return times && wholeUnits('timeQuotients', times, SECOND, at); // drops the fraction, before 1970 too
}

function printed(call: BoundCall, at: Evaluation): Vector | null {
  const e = call.args[0]!;
  return printMoments(at.flat(e), localTimes(e, call.zone, at), literalArgument(call, 1) as string, call.zone ?? 'UTC', at);
}

/** Seconds are times of the zone. */
function fromUnixTime(call: BoundCall, at: Evaluation): Vector | null {
  const pattern = literalArgument(call, 1) as string;
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

/** Functions of dates and times. */
export const dateFunctions: FunctionTable = Object.assign(Object.create(null), {
  year: fast(part(0)), month: fast(part(1)), day: fast(part(2)), quarter: fast(part(3)),
  dayofweek: fast(part(4)), weekday: fast(part(5)), dayofyear: fast(part(7)),
  weekofyear: fast(part(8)), yearofweek: fast(part(9)),
  last_day: fast(part(14, DATE)), trunc: fast(trunc, 1), date_trunc: fast(cut, 0),
  hour: fast(clock(DAY, HOUR)), minute: fast(clock(HOUR, MINUTE)), second: fast(clock(MINUTE, SECOND)),
  date_add: fast(shifted(PLUS)), date_sub: fast(shifted(MINUS)),
  datediff: fast(shifted(MINUS, INT)),
  unix_date: fast(same), date_from_unix_date: fast(same),
  unix_timestamp: formatted('unix_timestamp', unixTimestamp), to_date: formatted('to_date', (call, at) => parsed(call, at)),
  to_timestamp: formatted('to_timestamp', (call, at) => parsed(call, at)),
  date_format: formatted('date_format', printed), from_unixtime: formatted('from_unixtime', fromUnixTime), unix_seconds: fast(units(SECOND)),
  unix_millis: fast(units(1000n)), unix_micros: fast(same),
  second_fraction: fast((call, at) => remainders(localTimes(call.args[0]!, call.zone, at), MINUTE, at, call.type)),
  add_months: fast((call, at) => addMonths(at.flat(call.args[0]!), at.flat(call.args[1]!), at)),
  datetime_add: fast(moved), next_day: fast(nextDay, 1),
  months_between: fast(monthsBetween, 2), make_date: strict(makeDate),
  subtract_dates: fast(differenceOfDates),
  subtract_timestamps: fast(differenceOfTimes),
  timestamp_seconds: strict(timesOfSeconds),
  timestamp_millis: strict((call, at) => whole(at.flat(call.args[0]!), 1000n, call.type, at)),
  timestamp_micros: strict((call, at) => whole(at.flat(call.args[0]!), 1n, call.type, at)),
} satisfies FunctionTable);

/** One of these by its canonical name. */
export function dateFunction(name: string): FunctionSpec | undefined {
  return dateFunctions[name];
}
