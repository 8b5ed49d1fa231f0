// The proleptic Gregorian calendar on days since 1970-01-01
// (Howard Hinnant, "chrono-compatible low-level date algorithms").

/** Microseconds. */
export const DAY = 86_400_000_000n;
export const HOUR = 3_600_000_000n;
export const MINUTE = 60_000_000n;
export const SECOND = 1_000_000n;

/** A date by its parts. */
export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The date of a day number. */
export function civilOf(days: number): Civil {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, day: doy - Math.floor((153 * mp + 2) / 5) + 1 };
}

/** The day number of a date that exists. */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yoe = y - era * 400;
  const doy = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719468;
}

/** Whether a year has a 29th of February. */
export function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** How many days a month has. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The day number of a date, null if there is no such date or its number is no int32. */
export function dateOf(year: number, month: number, day: number): number | null {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const days = daysOf(year, month, day);
  return days === (days | 0) ? days : null;
}

/** A date moved by months; the day is clipped to the length of the month. */
export function addMonths(days: number, months: number): number {
  const { year, month, day } = civilOf(days);
  const total = year * 12 + month - 1 + months;
  const y = Math.floor(total / 12);
  const m = total - y * 12 + 1;
  return daysOf(y, m, Math.min(day, daysInMonth(y, m)));
}

/** Days since 1970-01-01 and microseconds of the day. */
export function splitMicros(micros: bigint): { days: number; time: bigint } {
  const days = floorDiv(micros, DAY);
  return { days: Number(days), time: micros - days * DAY };
}

/** Division that rounds down. */
export function floorDiv(a: bigint, b: bigint): bigint {
  const q = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? q - 1n : q;
}

/** The weekday of a day: 0 = Monday. */
export function weekday(days: number): number {
  return (((days + 3) % 7) + 7) % 7;
}
