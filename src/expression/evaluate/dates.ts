import type { BoundCall } from '../bound.js';
import { DAY, SECOND } from './calendar.js';
import { formatOf, parserOf } from './date-format.js';
import type { FunctionTable } from './evaluation.js';
import { inLong } from './parse-values.js';
import { rowwise, type RowFunction } from './rowwise.js';
import { zoneOf } from './zones.js';

const WEEKDAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'];
const WEEKDAY_NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** The number of a weekday from 0 on Monday; -1: it is none. */
export function weekdayNamed(name: string): number {
  const word = name.trim().toLowerCase();
  return WEEKDAYS.findIndex((d, i) => word === d || word === WEEKDAY_NAMES[i]!.slice(0, 3) || word === WEEKDAY_NAMES[i]);
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

/** Dates and times in formats that are not read or printed in one pass over bytes. */
export const dates: FunctionTable = {
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
};
