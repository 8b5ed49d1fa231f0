import { DATE, INT, LONG } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { DAY, HOUR, MINUTE, SECOND } from './calendar.js';
import { dates } from './dates.js';
import { strict, type Evaluation, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { literalArgument } from './rowwise.js';
import { bothKnown, plain } from './vectors.js';
import { fixedShift } from './zones.js';

type Columnwise = (call: BoundCall, at: Evaluation) => Vector | null;

/** A kernel where it applies, otherwise the function row by row. */
function fast(fn: string, run: Columnwise): FunctionSpec {
  const slow = dates[fn]!;
  return strict((call, at) => run(call, at) ?? slow.evaluate(call, at));
}

/** Microseconds from an instant to its local time where that is the same for all; null: it depends on the instant. */
function shiftOf(type: Bound['type'], zone: string | undefined): bigint | null {
  return type.kind === 'timestamp' ? fixedShift(zone ?? 'UTC') : type.kind === 'timestamp_ntz' ? 0n : null;
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
    const shift = shiftOf(call.args[0]!.type, call.zone);
    if (shift === null) return null;
    const v = at.flat(call.args[0]!);
    const out = at.kernels.scratch.alloc(at.rows * 4);
    at.kernels.fn.timePart(v.values, at.rows, shift, whole, unit, out);
    return plain(INT, at.rows, out, v.validity);
  };
}

function units(unit: bigint): Columnwise {
  return (call, at) => {
    if (call.args.length > 1) return null;
    const v = at.flat(call.args[0]!);
    const out = at.kernels.scratch.alloc(at.rows * 8);
    at.kernels.fn.timeUnits(v.values, at.rows, unit, out);
    return plain(LONG, at.rows, out, v.validity);
  };
}

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
  const number = unitIn(FIRSTS, call, 1);
  return number === undefined ? null : part(number, DATE)(call, at);
}

/** DATE_TRUNC to what always has the same length. */
function cut(call: BoundCall, at: Evaluation): Vector | null {
  const unit = unitIn(CUTS, call, 0);
  const shift = shiftOf(call.args[1]!.type, call.zone);
  if (unit === undefined || shift === null) return null;
  const v = at.flat(call.args[1]!);
  const out = at.kernels.scratch.alloc(at.rows * 8);
  at.kernels.fn.timeCut(v.values, at.rows, shift, unit, out);
  return plain(call.type, at.rows, out, v.validity);
}

/** The days of moments; null where their zone has no fixed offset. */
export function daysOfTimes(e: Bound, zone: string | undefined, at: Evaluation): Vector | null {
  const shift = shiftOf(e.type, zone);
  if (shift === null) return null;
  const v = at.flat(e);
  const out = at.kernels.scratch.alloc(at.rows * 4);
  at.kernels.fn.timeDays(v.values, at.rows, shift, DAY, out);
  return plain(DATE, at.rows, out, v.validity);
}

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
  unix_timestamp: fast('unix_timestamp', units(SECOND)), unix_seconds: fast('unix_seconds', units(SECOND)),
  unix_millis: fast('unix_millis', units(1000n)), unix_micros: fast('unix_micros', same),
};
