// Arithmetic of dates (int32 days since 1970-01-01) and times (int64 microseconds). Kernels that say how many values do not
// fit leave these as they are: they are rare, and the caller computes such a batch in another way.
import { bitsClean } from './bits';
import { below, civilOf, daysOf, monthLength, monthsLater, weekdayOf } from './calendar';

const DAY: i64 = 86_400_000_000;
const SECOND: i64 = 1_000_000;

/** Whether a + b does not fit, given the sum. */
@inline
function overflows(a: i64, b: i64, sum: i64): i32 {
  return <i32>(((a ^ sum) & (b ^ sum)) < 0);
}

/** Whole seconds of each time, rounded down, as float64. */
export function timeSeconds(times: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const t = load<i64>(times + (i << 3));
    store<f64>(out + (i << 3), <f64>((t - below(t, SECOND)) / SECOND));
  }
}

/** Each time moved by its int32 seconds, `sign` times; how many do not fit. */
export function timeMove(times: usize, seconds: usize, sign: i32, n: i32, out: usize): i32 {
  let odd = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const t = load<i64>(times + (i << 3));
    const by = <i64>(load<i32>(seconds + (i << 2)) * sign) * SECOND;
    odd += overflows(t, by, t + by);
    store<i64>(out + (i << 3), t + by);
  }
  return odd;
}

/** What each time has more than a multiple of a unit. */
export function timeBelow(times: usize, n: i32, unit: i64, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<i64>(out + (i << 3), below(load<i64>(times + (i << 3)), unit));
}

/** Each int32 (or int64: `wide`) times a factor; how many do not fit. */
export function timeScale(values: usize, wide: i32, n: i32, factor: i64, out: usize): i32 {
  const most = i64.MAX_VALUE / factor;
  let odd = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = wide != 0 ? load<i64>(values + (i << 3)) : <i64>load<i32>(values + (i << 2));
    odd += <i32>(x > most || x < -most);
    store<i64>(out + (i << 3), x * factor);
  }
  return odd;
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

/** The same for local times; how many do not fit. */
export function timeAddMonths(times: usize, months: usize, n: i32, out: usize): i32 {
  let odd = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const t = load<i64>(times + (i << 3));
    const rest = below(t, DAY);
    const days = monthsLater((t - rest) / DAY, load<i32>(months + (i << 2)));
    odd += <i32>(days > 106751990 || days < -106751990);
    store<i64>(out + (i << 3), days * DAY + rest);
  }
  return odd;
}

/** Each time moved by the whole days of its interval (int64 microseconds), or by the `rest`; how many do not fit. */
export function timeAddInterval(times: usize, intervals: usize, rest: i32, n: i32, out: usize): i32 {
  let odd = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const t = load<i64>(times + (i << 3));
    const interval = load<i64>(intervals + (i << 3));
    const part = interval % DAY;
    const by = rest != 0 ? part : interval - part;
    odd += overflows(t, by, t + by);
    store<i64>(out + (i << 3), t + by);
  }
  return odd;
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
