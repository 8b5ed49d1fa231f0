// Arithmetic of dates (int32 days since 1970-01-01) and times (int64 microseconds).
import { bitsClean } from './bits';
import { below, civilOf, daysOf, monthLength, monthsLater, weekdayOf } from './calendar';

const DAY: i64 = 86_400_000_000;
const SECOND: i64 = 1_000_000;
// the days and the seconds on which int64 ends, and what it has of them
const FIRST_SECOND: i64 = -9_223_372_036_855;
const FIRST_FRACTION: i64 = 224_192;
const LAST_SECOND: i64 = 9_223_372_036_854;
const LAST_FRACTION: i64 = 775_807;
const FIRST_DAY: i64 = -106_751_992;
const FIRST_TIME: i64 = 71_945_224_192;
const LAST_DAY: i64 = 106_751_991;
const LAST_TIME: i64 = 14_454_775_807;

/** Whether a + b does not fit, given the sum. */
@inline
function overflows(a: i64, b: i64, sum: i64): bool {
  return ((a ^ sum) & (b ^ sum)) < 0;
}

/** Whole seconds of each time, rounded down, as float64. */
export function timeSeconds(times: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const t = load<i64>(times + (i << 3));
    store<f64>(out + (i << 3), <f64>((t - below(t, SECOND)) / SECOND));
  }
}

/** Puts the bit of a row. */
@inline
function note(bits: usize, i: usize, fits: bool): void {
  const at = bits + (i >> 3);
  const byte = (i & 7) == 0 ? 0 : <u32>load<u8>(at);
  store<u8>(at, <u8>(byte | (<u32>fits << <u32>(i & 7))));
}

/** Each time moved by its int32 seconds, `sign` times; known: those that fit. */
export function timeMove(times: usize, seconds: usize, sign: i32, n: i32, out: usize, known: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const t = load<i64>(times + (i << 3));
    const by = <i64>(load<i32>(seconds + (i << 2)) * sign) * SECOND;
    note(known, i, !overflows(t, by, t + by));
    store<i64>(out + (i << 3), t + by);
  }
  bitsClean(known, n);
}

/**
 * Times of days (int32), microseconds of the day (float64) and the seconds of an offset (int32), which are taken away; known:
 * those that fit.
 */
export function timeOfParts(days: usize, times: usize, offsets: usize, n: i32, out: usize, known: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const time = <i64>load<f64>(times + (i << 3));
    const fraction = time % SECOND;
    const seconds = <i64>load<i32>(days + (i << 2)) * 86400 + time / SECOND - <i64>load<i32>(offsets + (i << 2));
    const above = seconds > FIRST_SECOND || (seconds == FIRST_SECOND && fraction >= FIRST_FRACTION);
    note(known, i, above && (seconds < LAST_SECOND || (seconds == LAST_SECOND && fraction <= LAST_FRACTION)));
    store<i64>(out + (i << 3), seconds * SECOND + fraction);
  }
  bitsClean(known, n);
}

/** What each time has more than a multiple of a unit. */
export function timeBelow(times: usize, n: i32, unit: i64, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<i64>(out + (i << 3), below(load<i64>(times + (i << 3)), unit));
}

/** Each int32 (or int64: `wide`) times a factor; known: those that fit. */
export function timeScale(values: usize, wide: i32, n: i32, factor: i64, out: usize, known: usize): void {
  const most = i64.MAX_VALUE / factor;
  const least = i64.MIN_VALUE / factor;
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = wide != 0 ? load<i64>(values + (i << 3)) : <i64>load<i32>(values + (i << 2));
    note(known, i, x <= most && x >= least);
    store<i64>(out + (i << 3), x * factor);
  }
  bitsClean(known, n);
}

/** Each int64 divided by a divisor, towards zero. */
export function timeShrink(values: usize, n: i32, divisor: i64, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<i64>(out + (i << 3), load<i64>(values + (i << 3)) / divisor);
}

/** Microseconds of seconds in float64, clipped to what fits; those that are not finite are not known. */
export function timeOfNumbers(values: usize, n: i32, out: usize, known: usize): void {
  let byte: u32 = 0;
  for (let i = 0; i < n; i++) {
    const x = load<f64>(values + (<usize>i << 3));
    store<i64>(out + (<usize>i << 3), <i64>(x * 1e6));
    byte |= <u32>(x - x == 0) << <u32>(i & 7);
    if ((i & 7) == 7 || i == n - 1) {
      store<u8>(known + <usize>(i >> 3), <u8>byte);
      byte = 0;
    }
  }
  bitsClean(known, n);
}

/** Each day moved by int32 months, at most to the end of the month. */
export function dateAddMonths(days: usize, months: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    store<i32>(out + (i << 2), <i32>monthsLater(load<i32>(days + (i << 2)), load<i32>(months + (i << 2))));
  }
}

/** The same for local times; known: those that fit. */
export function timeAddMonths(times: usize, months: usize, n: i32, out: usize, known: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const t = load<i64>(times + (i << 3));
    const rest = below(t, DAY);
    const days = monthsLater((t - rest) / DAY, load<i32>(months + (i << 2)));
    const whole = days * DAY;
    note(known, i, (days < LAST_DAY || (days == LAST_DAY && rest <= LAST_TIME)) && (days > FIRST_DAY || (days == FIRST_DAY && rest >= FIRST_TIME)));
    store<i64>(out + (i << 3), whole + rest);
  }
  bitsClean(known, n);
}

/** Each time moved by the whole days of its interval (int64 microseconds), or by the `rest`; known: those that fit. */
export function timeAddInterval(times: usize, intervals: usize, rest: i32, n: i32, out: usize, known: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const t = load<i64>(times + (i << 3));
    const interval = load<i64>(intervals + (i << 3));
    const part = interval % DAY;
    const by = rest != 0 ? part : interval - part;
    note(known, i, !overflows(t, by, t + by));
    store<i64>(out + (i << 3), t + by);
  }
  bitsClean(known, n);
}

/** Each day moved by the days of its interval, rounded down. */
export function dateAddInterval(days: usize, intervals: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const interval = load<i64>(intervals + (i << 3));
    store<i32>(out + (i << 2), load<i32>(days + (i << 2)) + <i32>((interval - below(interval, DAY)) / DAY));
  }
}

/** a - b days, as microseconds. */
export function dateDifference(a: usize, b: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    store<i64>(out + (i << 3), (<i64>load<i32>(a + (i << 2)) - <i64>load<i32>(b + (i << 2))) * DAY);
  }
}

/** The next day that is a weekday (0: Monday). */
export function dateNext(days: usize, weekday: i32, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const day = load<i32>(days + (i << 2));
    store<i32>(out + (i << 2), day + (weekday - weekdayOf(day) + 6) % 7 + 1);
  }
}

/** Days of years, months and days, known where there is such a date. */
export function dateMake(years: usize, months: usize, days: usize, n: i32, out: usize, known: usize): void {
  let byte: u32 = 0;
  for (let i = 0; i < n; i++) {
    const at = <usize>i << 2;
    const year = <i64>load<i32>(years + at);
    const month = load<i32>(months + at);
    const day = load<i32>(days + at);
    const number = daysOf(year, month, day);
    const valid = month >= 1 && month <= 12 && day >= 1 && day <= monthLength(year, month) && number == <i64><i32>number;
    store<i32>(out + at, valid ? <i32>number : 0);
    byte |= <u32>valid << <u32>(i & 7);
    if ((i & 7) == 7 || i == n - 1) {
      store<u8>(known + <usize>(i >> 3), <u8>byte);
      byte = 0;
    }
  }
  bitsClean(known, n);
}

/**
 * Months from b to a, local times, as Spark counts them: whole where the days agree or both are the last of their months,
 * otherwise with months of 31 days.
 */
export function timeMonths(a: usize, b: usize, rounded: i32, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<i64>(a + (i << 3));
    const y = load<i64>(b + (i << 3));
    const xr = below(x, DAY);
    const yr = below(y, DAY);
    const p = civilOf((x - xr) / DAY);
    const q = civilOf((y - yr) / DAY);
    const months = <f64>(((p >> 9) - (q >> 9)) * 12 + ((p >> 5) & 15) - ((q >> 5) & 15));
    const px = <i32>(p & 31);
    const qx = <i32>(q & 31);
    let result = months;
    const bothLast = px == monthLength(p >> 9, <i32>((p >> 5) & 15)) && qx == monthLength(q >> 9, <i32>((q >> 5) & 15));
    if (px != qx && !bothLast) {
      const seconds = <i64>(px - qx) * 86400 + xr / SECOND - yr / SECOND;
      result = months + <f64>seconds / 2678400.0;
      if (rounded != 0) {
        result = floor<f64>(result * 1e8 + 0.5) / 1e8; // as Math.round of Java: ties go up
      }
    }
    store<f64>(out + (i << 3), result);
  }
}
