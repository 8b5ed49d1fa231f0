import { AssayError } from '../../base/errors.js';
import type { DataType } from '../../data/types.js';
import type { BoundCall } from '../bound.js';
import {
  DAY, HOUR, MINUTE, SECOND, addMonths, civilOf, daysInMonth, daysOf, floorDiv, isoWeek, splitMicros, weekday,
} from './calendar.js';
import { rescale } from './decimals.js';
import { formatOf, parserOf } from './date-format.js';
import type { FunctionSpec, FunctionTable } from './evaluation.js';
import { inLong } from './parse-values.js';
import { rowwise, type RowFunction } from './rowwise.js';
import type { Value } from './values.js';
import { localOf, zoneOf } from './zones.js';

function ofDate(f: (days: number) => Value): FunctionSpec {
  return rowwise(() => ([days]) => f(days as number));
}

/** A function of the local time of a timestamp. */
function ofLocal(f: (local: bigint) => Value): FunctionSpec {
  return rowwise((call) => {
    const local = toLocal(call);
    return ([t]) => f(local(t as bigint));
  });
}

function toLocal(call: BoundCall, type: DataType = call.args[0]!.type): (t: bigint) => bigint {
  if (type.kind !== 'timestamp') return (t) => t;
  const zone = zoneOf(call.zone ?? 'UTC');
  return (t) => localOf(t, zone);
}

/** The instant of a local time; `like`: an instant whose offset it keeps if it can, which matters where clocks are set back. */
function fromLocal(call: BoundCall, type: DataType): (local: bigint, like?: bigint) => bigint | null {
  if (type.kind !== 'timestamp') return inLong;
  const zone = zoneOf(call.zone ?? 'UTC');
  return (local, like) => {
    if (like === undefined) return inLong(zone.instantOf(local));
    const kept = local - BigInt(zone.offsetAt(like)) * SECOND;
    return inLong(zone.offsetAt(kept) === zone.offsetAt(like) ? kept : zone.instantOf(local));
  };
}

/** The unit of a truncation, null for none that Spark knows. */
function unitOf(format: string): string | null {
  switch (format.toUpperCase()) {
    case 'YEAR': case 'YYYY': case 'YY': return 'year';
    case 'QUARTER': return 'quarter';
    case 'MONTH': case 'MON': case 'MM': return 'month';
    case 'WEEK': return 'week';
    case 'DAY': case 'DD': return 'day';
    case 'HOUR': case 'MINUTE': case 'SECOND': case 'MILLISECOND': case 'MICROSECOND': return format.toLowerCase();
    default: return null;
  }
}

function truncateDate(days: number, unit: string): number | null {
  const { year, month } = civilOf(days);
  switch (unit) {
    case 'year': return daysOf(year, 1, 1);
    case 'quarter': return daysOf(year, month - ((month - 1) % 3), 1);
    case 'month': return daysOf(year, month, 1);
    case 'week': return days - weekday(days);
    case 'day': return days;
    default: return null;
  }
}

const STEPS: Readonly<Record<string, bigint>> = { hour: HOUR, minute: MINUTE, second: SECOND, millisecond: 1000n, microsecond: 1n };

function truncateTimestamp(call: BoundCall): RowFunction {
  const type = call.args[1]!.type;
  const [local, instant] = [toLocal(call, type), fromLocal(call, type)];
  return ([format, t]) => {
    const unit = unitOf(format as string);
    if (unit === null) return null;
    const at = local(t as bigint);
    const step = STEPS[unit];
    if (step !== undefined) return instant(floorDiv(at, step) * step, t as bigint);
    return instant(BigInt(truncateDate(splitMicros(at).days, unit)!) * DAY);
  };
}

const WEEKDAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'];
const WEEKDAY_NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** The number of a weekday from 0 on Monday; -1: it is none. */
export function weekdayNamed(name: string): number {
  const word = name.trim().toLowerCase();
  return WEEKDAYS.findIndex((d, i) => word === d || word === WEEKDAY_NAMES[i]!.slice(0, 3) || word === WEEKDAY_NAMES[i]);
}

function nextDay(days: number, name: string): number | null {
  const wanted = weekdayNamed(name);
  return wanted < 0 ? null : days + (((wanted - weekday(days) + 6) % 7) + 1);
}

/** Months between two local times as Spark counts them: whole where the days agree or both are last days, else 31-day months. */
function monthsBetween(a: bigint, b: bigint, rounded: boolean): number {
  const [x, y] = [splitMicros(a), splitMicros(b)];
  const [p, q] = [civilOf(x.days), civilOf(y.days)];
  const months = (p.year - q.year) * 12 + p.month - q.month;
  const lastDay = (c: typeof p) => c.day === daysInMonth(c.year, c.month);
  if (p.day === q.day || (lastDay(p) && lastDay(q))) return months;
  const seconds = (p.day - q.day) * 86400 + Number(x.time / SECOND) - Number(y.time / SECOND);
  const exact = months + seconds / (31 * 86400);
  return rounded ? Math.floor(exact * 1e8 + 0.5) / 1e8 : exact; // as Math.round of Java: ties go up
}

function addTime(call: BoundCall): RowFunction {
  const [type, interval] = call.args.map((a) => a.type) as [DataType, DataType];
  if (type.kind === 'date') {
    if (interval.kind === 'interval_ym') return ([d, m]) => addMonths(d as number, m as number);
    return ([d, i]) => (d as number) + Number(floorDiv(i as bigint, DAY));
  }
  if (interval.kind !== 'interval_ym') {
    const [local, instant] = [toLocal(call), fromLocal(call, type)];
    return ([t, i]) => {
      const whole = (i as bigint) / DAY; // days are of the calendar, the rest is elapsed time
      const moved = instant(local(t as bigint) + whole * DAY, t as bigint);
      return moved === null ? null : inLong(moved + ((i as bigint) % DAY));
    };
  }
  const [local, instant] = [toLocal(call), fromLocal(call, type)];
  return ([t, m]) => {
    const { days, time } = splitMicros(local(t as bigint));
    return instant(BigInt(addMonths(days, m as number)) * DAY + time, t as bigint);
  };
}

function microsOf(call: BoundCall): (x: Value) => bigint | null {
  const { type } = call.args[0]!;
  switch (type.kind) {
    case 'decimal': return (x) => inLong(rescale(x as bigint, type.scale, 6, 'down'));
    case 'float': case 'double':
      return (x) => {
        if (!Number.isFinite(x)) return null;
        const micros = (x as number) * 1e6;
        return micros >= 2 ** 63 ? 2n ** 63n - 1n : micros < -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.trunc(micros));
      };
    default: return (x) => overflowing(BigInt(x as bigint) * SECOND);
  }
}

function overflowing(micros: bigint): bigint {
  if (inLong(micros) === null) throw new AssayError('EVALUATION', `a timestamp of ${micros} microseconds does not fit 64 bits`);
  return micros;
}

/** A timestamp from text: local time in the zone unless the text names one. */
function parsed(call: BoundCall): (text: string, format: string) => bigint | null {
  const zone = zoneOf(call.zone ?? 'UTC');
  return (text, format) => {
    const t = parserOf(format)(text);
    return t === null ? null : inLong((t.zone ?? zone).instantOf(BigInt(t.days) * DAY + t.time));
  };
}

/** Seconds of a time: the fraction is dropped, before 1970 too. */
function unixTimestamp(call: BoundCall): RowFunction {
  if (call.args.length === 1) return ([t]) => (t as bigint) / SECOND;
  const parse = parsed(call);
  return ([s, format]) => {
    const t = parse(s as string, format as string);
    return t === null ? null : t / SECOND;
  };
}

/** Dates and times. */
export const dates: FunctionTable = {
  year: ofDate((d) => civilOf(d).year),
  month: ofDate((d) => civilOf(d).month),
  day: ofDate((d) => civilOf(d).day),
  quarter: ofDate((d) => Math.floor((civilOf(d).month + 2) / 3)),
  dayofweek: ofDate((d) => ((weekday(d) + 1) % 7) + 1),
  weekday: ofDate(weekday),
  dayofyear: ofDate((d) => d - daysOf(civilOf(d).year, 1, 1) + 1),
  weekofyear: ofDate((d) => isoWeek(d).week),
  yearofweek: ofDate((d) => isoWeek(d).year),
  hour: ofLocal((t) => Number(splitMicros(t).time / HOUR)),
  minute: ofLocal((t) => Number((splitMicros(t).time / MINUTE) % 60n)),
  second: ofLocal((t) => Number((splitMicros(t).time / SECOND) % 60n)),
  second_fraction: ofLocal((t) => splitMicros(t).time % MINUTE),
  date_add: rowwise(() => ([d, n]) => ((d as number) + (n as number)) | 0),
  date_sub: rowwise(() => ([d, n]) => ((d as number) - (n as number)) | 0),
  datediff: rowwise(() => ([a, b]) => ((a as number) - (b as number)) | 0),
  add_months: rowwise(() => ([d, n]) => addMonths(d as number, n as number)),
  last_day: ofDate((d) => {
    const { year, month } = civilOf(d);
    return daysOf(year, month, daysInMonth(year, month));
  }),
  next_day: rowwise(() => ([d, name]) => nextDay(d as number, name as string)),
  months_between: rowwise((call) => {
    const local = toLocal(call);
    return ([a, b, rounded]) => monthsBetween(local(a as bigint), local(b as bigint), rounded as boolean);
  }),
  trunc: rowwise(() => ([d, format]) => {
    const unit = unitOf(format as string);
    return unit === null || unit === 'day' || unit in STEPS ? null : truncateDate(d as number, unit);
  }),
  date_trunc: rowwise(truncateTimestamp),
  datetime_add: rowwise(addTime),
  subtract_dates: rowwise(() => ([a, b]) => BigInt((a as number) - (b as number)) * DAY),
  subtract_timestamps: rowwise((call) => {
    const local = toLocal(call);
    return ([a, b]) => local(a as bigint) - local(b as bigint);
  }),
  to_date: rowwise(() => ([s, format]) => parserOf(format as string)(s as string)?.days ?? null),
  to_timestamp: rowwise((call) => {
    const parse = parsed(call);
    return ([s, format]) => parse(s as string, format as string);
  }),
  date_format: rowwise((call) => {
    const zone = call.args[0]!.type.kind === 'timestamp' ? zoneOf(call.zone ?? 'UTC') : null;
    return ([t, format]) => formatOf(format as string)(t as bigint, zone, call.zone ?? 'UTC');
  }),
  unix_timestamp: rowwise(unixTimestamp),
  from_unixtime: rowwise((call) => {
    const zone = zoneOf(call.zone ?? 'UTC');
    return ([s, format]) => formatOf(format as string)(BigInt.asIntN(64, (s as bigint) * SECOND), zone, call.zone ?? 'UTC');
  }),
  unix_date: ofDate((d) => d),
  date_from_unix_date: ofDate((d) => d),
  unix_seconds: rowwise(() => ([t]) => floorDiv(t as bigint, SECOND)),
  unix_millis: rowwise(() => ([t]) => floorDiv(t as bigint, 1000n)),
  unix_micros: rowwise(() => ([t]) => t!),
  timestamp_seconds: rowwise((call) => {
    const micros = microsOf(call);
    return ([x]) => micros(x!);
  }),
  timestamp_millis: rowwise(() => ([x]) => overflowing(BigInt(x as bigint) * 1000n)),
  timestamp_micros: rowwise(() => ([x]) => BigInt(x as bigint)),
};

