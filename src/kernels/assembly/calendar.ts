// The proleptic Gregorian calendar on days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms"),
// inlined into the kernels that use it; not exported from the module.

const ERA: i64 = 146097; // days of 400 years

/** a modulo b, never negative. */
@inline
export function below(a: i64, b: i64): i64 {
  const r = a % b;
  return r < 0 ? r + b : r;
}

@inline
export function weekdayOf(days: i32): i32 {
  return <i32>below(<i64>days + 3, 7);
}

@inline
export function isLeap(year: i64): bool {
  return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
}

@inline
export function monthLength(year: i64, month: i32): i32 {
  return month == 2 ? (isLeap(year) ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);
}

/** The day number of a date that exists. */
@inline
export function daysOf(year: i64, month: i32, day: i32): i64 {
  const y = month <= 2 ? year - 1 : year;
  const yoe = below(y, 400);
  const doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return (y - yoe) / 400 * ERA + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/** Year × 512 + month × 32 + day. */
@inline
export function civilOf(days: i64): i64 {
  const z = days + 719468;
  const doe = below(z, ERA);
  const yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const mp = (5 * doy + 2) / 153;
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + (z - doe) / ERA * 400 + (month <= 2 ? 1 : 0);
  return year * 512 + month * 32 + doy - (153 * mp + 2) / 5 + 1;
}

/** A day moved by months; clipped to the length of the month. */
@inline
export function monthsLater(days: i64, months: i64): i64 {
  const date = civilOf(days);
  const total = (date >> 9) * 12 + ((date >> 5) & 15) - 1 + months;
  const month = <i32>below(total, 12);
  const year = (total - month) / 12;
  return daysOf(year, month + 1, min<i32>(<i32>(date & 31), monthLength(year, month + 1)));
}
