// Parts of dates (int32 days since 1970-01-01) and times (int64 microseconds) in the proleptic Gregorian calendar
// (Howard Hinnant, "chrono-compatible low-level date algorithms").

import { below, weekdayOf } from './calendar';

const ERA: i32 = 146097; // days of 400 years

/** Days before the 1st of January of a year. */
@inline
function startOf(year: i32): i32 {
  const y = year - 1;
  const era = (y >= 0 ? y : y - 399) / 400;
  const rest = y - era * 400;
  return era * ERA + rest * 365 + rest / 4 - rest / 100 + 306 - 719468;
}

/** One part of a day: 0 year, 1 month, 2 day, 3 quarter, 7 day of the year, 10 to 13 the first day of year, quarter, month, 14 the last of the month. */
@inline
function civilPart(part: i32, days: i32): i32 {
  const z = <i64>days + 719468;
  const era = <i32>((z >= 0 ? z : z - (ERA - 1)) / ERA);
  const doe = <i32>(z - <i64>era * ERA);
  const yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const mp = (5 * doy + 2) / 153;
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  if (part == 0) return year;
  if (part == 1) return month;
  if (part == 3) return (month + 2) / 3;
  if (part == 7) return days - startOf(year) + 1;
  if (part == 10) return startOf(year);
  const day = doy - (153 * mp + 2) / 5 + 1;
  if (part == 2) return day;
  if (part == 12) return days - day + 1;
  const leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  if (part == 11) {
    const first = month - ((month - 1) % 3);
    return startOf(year) + (367 * first - 362) / 12 - (first <= 2 ? 0 : leap ? 1 : 2);
  }
  const length = month == 2 ? (leap ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);
  return days - day + length;
}

/** The ISO week (part 8) or the year that it belongs to (9). */
@inline
function weekPart(part: i32, days: i32): i32 {
  const thursday = days - weekdayOf(days) + 3;
  const year = civilPart(0, thursday);
  return part == 9 ? year : (thursday - startOf(year)) / 7 + 1;
}

/**
 * A part of each day: 0 year, 1 month, 2 day, 3 quarter, 4 day of the week from 1 on Sunday, 5 from 0 on Monday, 7 day of
 * the year, 8 ISO week, 9 its year; as days: the first of the 10 year, 11 quarter, 12 month, 13 week, 14 the last of the month.
 */
export function datePart(part: i32, days: usize, n: i32, out: usize): void {
  const end = days + (<usize>n << 2);
  for (; days < end; days += 4, out += 4) {
    const d = load<i32>(days);
    let r: i32;
    if (part == 4) r = (weekdayOf(d) + 1) % 7 + 1;
    else if (part == 5) r = weekdayOf(d);
    else if (part == 13) r = d - weekdayOf(d);
    else if (part == 8 || part == 9) r = weekPart(part, d);
    else r = civilPart(part, d);
    store<i32>(out, r);
  }
}

/** (local time within `whole`) / unit of each time, as int32: hours with a day and an hour, minutes with an hour and a minute. */
export function timePart(times: usize, n: i32, shift: i64, whole: i64, unit: i64, out: usize): void {
  const end = times + (<usize>n << 3);
  for (; times < end; times += 8, out += 4) store<i32>(out, <i32>(below(load<i64>(times) + shift, whole) / unit));
}

/** Each time plus a shift, divided by a unit and rounded down, as int32 days. */
export function timeDays(times: usize, n: i32, shift: i64, unit: i64, out: usize): void {
  const end = times + (<usize>n << 3);
  for (; times < end; times += 8, out += 4) {
    const t = load<i64>(times) + shift;
    const whole = t / unit; // the multiple below the least time would not fit
    store<i32>(out, <i32>(whole - i64(t < whole * unit)));
  }
}

/** Each time divided by a unit and rounded down, as int64. */
export function timeUnits(times: usize, n: i32, unit: i64, out: usize): void {
  const end = times + (<usize>n << 3);
  for (; times < end; times += 8, out += 8) {
    const t = load<i64>(times);
    const whole = t / unit;
    store<i64>(out, whole - i64(t < whole * unit));
  }
}

/** Each time divided by a unit, its rest dropped, as int64. */
export function timeQuotients(times: usize, n: i32, unit: i64, out: usize): void {
  const end = times + (<usize>n << 3);
  for (; times < end; times += 8, out += 8) store<i64>(out, load<i64>(times) / unit);
}

/** Each time cut to a multiple of a unit in local time. */
export function timeCut(times: usize, n: i32, shift: i64, unit: i64, out: usize): void {
  const end = times + (<usize>n << 3);
  for (; times < end; times += 8, out += 8) {
    const t = load<i64>(times);
    store<i64>(out, t - below(t + shift, unit));
  }
}
