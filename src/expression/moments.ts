/** Dates and times as Spark reads them from text (SparkDateTimeUtils), for literals. */

const DAY_MICROS = 86_400_000_000n;
const DATE_TEXT = /^([+-]?)(\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T].*)?)?)?$/s;
const TIMESTAMP_TEXT =
  /^(?:([+-]?)(\d{4,6})(?:-(\d{1,2})(?:-(\d{1,2}))?)?)?(?:([ T])(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?\s*([^\s].*)?)?$/s;

/** Days since 1970-01-01 of a text such as `2020-01-31`, `2020-1`, `2020`; null: it is no date. */
export function parseDate(text: string): number | null {
  const m = DATE_TEXT.exec(text.trim());
  return m === null ? null : daysOf(m[1] === '-' ? -Number(m[2]) : Number(m[2]), Number(m[3] ?? 1), Number(m[4] ?? 1));
}

/** Days since the epoch of a proleptic Gregorian date; null: there is no such day. */
export function daysOf(year: number, month: number, day: number): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? Math.floor(date.getTime() / 86_400_000) : null;
}

/**
 * Microseconds since the epoch of a text such as `2020-01-31 10:00:00.5+02:00`; without a zone in the text it is local
 * time in `zone`. `zone` null: a zone in the text is left aside and the result is local time. Null: it is no timestamp.
 */
export function parseTimestamp(text: string, zone: string | null, now: bigint): bigint | null {
  const m = TIMESTAMP_TEXT.exec(text.trim());
  if (m === null || (m[2] === undefined && m[5] !== 'T') || (m[6] !== undefined && m[2] !== undefined && m[4] === undefined)) {
    return null;
  }
  const days = m[2] === undefined
    ? Number(now / DAY_MICROS)
    : daysOf(m[1] === '-' ? -Number(m[2]) : Number(m[2]), Number(m[3] ?? 1), Number(m[4] ?? 1));
  const [hour, minute, second] = [m[6], m[7], m[8]].map((part) => Number(part ?? 0)) as [number, number, number];
  if (days === null || hour > 23 || minute > 59 || second > 59) return null;
  const fraction = BigInt((m[9] ?? '').slice(0, 6).padEnd(6, '0'));
  const local = BigInt(days) * DAY_MICROS + BigInt(hour * 3600 + minute * 60 + second) * 1_000_000n + fraction;
  if (zone === null) return local;
  const offset = localOffset(local, m[10]?.trim() ?? zone);
  return offset === null ? null : local - BigInt(offset) * 1_000_000n;
}

/** Seconds east of UTC of `Z`, `UTC`, `+02:00`, `GMT-3`; null: it is a zone's name, or nothing. */
function fixedOffset(name: string): number | null {
  if (/^(Z|UTC|GMT|UT)$/.test(name)) return 0;
  const m = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/.exec(name);
  if (m === null) return null;
  const seconds = Number(m[2]) * 3600 + Number(m[3] ?? 0) * 60 + Number(m[4] ?? 0);
  return seconds > 18 * 3600 ? null : m[1] === '-' ? -seconds : seconds;
}

/** The offset in force in a zone at a local time: in a gap or an overlap the earlier offset, as java.time has it. */
function localOffset(local: bigint, zone: string): number | null {
  const fixed = fixedOffset(zone);
  if (fixed !== null) return fixed;
  const wall = Number(local / 1_000_000n);
  const before = offsetAt(wall - 86_400, zone);
  if (before === null) return null;
  // The earlier offset holds if the moment that it gives still has it; else the change lies before.
  if (offsetAt(wall - before, zone) === before) return before;
  const after = offsetAt(wall + 86_400, zone)!;
  return offsetAt(wall - after, zone) === after ? after : before;
}

/** The offset in force at an instant, in seconds; null: there is no such zone. */
function offsetAt(second: number, zone: string): number | null {
  const format = formatOf(zone);
  if (format === null) return null;
  const known = Math.max(-6e10, Math.min(8e12, second)); // what a JS Date and a four-digit year can say
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(new Date(known * 1000))) parts[type] = Number(value);
  const date = new Date(0);
  date.setUTCFullYear(parts['year']!, parts['month']! - 1, parts['day']!);
  const local = date.getTime() / 1000 + parts['hour']! * 3600 + parts['minute']! * 60 + parts['second']!;
  return local - known;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

function formatOf(zone: string): Intl.DateTimeFormat | null {
  let format = formats.get(zone);
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat('en-US', {
        timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric',
        minute: 'numeric', second: 'numeric',
      });
    } catch {
      format = null; // RangeError: no such zone
    }
    formats.set(zone, format);
  }
  return format;
}

/** The local date and time of an instant in a zone, in microseconds as if it were UTC. */
export function localMicros(micros: bigint, zone: string): bigint {
  const second = micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n);
  const fixed = fixedOffset(zone);
  return micros + BigInt(fixed ?? offsetAt(Number(second), zone) ?? 0) * 1_000_000n;
}
