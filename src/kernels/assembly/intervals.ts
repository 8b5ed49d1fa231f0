// Texts of intervals and times of day, as Spark casts them.

const DAY: u64 = 86_400_000_000;
const HOUR: u64 = 3_600_000_000;
const MINUTE: u64 = 60_000_000;
const SECOND: u64 = 1_000_000;

/** The bytes of up to 8 ASCII characters, given as one number. */
@inline
function word(to: usize, text: u64, length: usize): usize {
  store<u64>(to, text);
  return to + length;
}

function decimal(x: u64, to: usize, least: i32): usize {
  let count = 0;
  for (let rest = x; rest != 0; rest /= 10) count++;
  count = max<i32>(count, least);
  for (let k = count - 1; k >= 0; k--) {
    store<u8>(to + <usize>k, <u8>(48 + x % 10));
    x /= 10;
  }
  return to + <usize>count;
}

/** `hh:mm:ss`, with the fraction as far as it goes. */
function clock(time: u64, to: usize): usize {
  to = decimal(time / HOUR, to, 2);
  store<u8>(to++, 58);
  to = decimal((time / MINUTE) % 60, to, 2);
  store<u8>(to++, 58);
  to = decimal((time / SECOND) % 60, to, 2);
  const fraction = time % SECOND;
  if (fraction == 0) return to;
  store<u8>(to++, 46);
  to = decimal(fraction, to, 6);
  while (load<u8>(to - 1) == 48) to--;
  return to;
}

/** `INTERVAL '`, and a sign. */
function opened(to: usize, negative: bool): usize {
  to = word(word(to, 0x4c41565245544e49, 8), 0x2720, 2);
  if (negative) store<u8>(to++, 45);
  return to;
}

/** Times of day (kind 0) and intervals of microseconds (1), int64; 64 bytes a row suffice, and 8 more. */
export function intervalSeconds(values: usize, n: i32, kind: i32, offsets: usize, out: usize): void {
  let to = out;
  store<i32>(offsets, 0);
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<i64>(values + (i << 3));
    if (kind == 0) {
      to = clock(<u64>x % DAY, to);
    } else {
      const size = x < 0 ? 0 - <u64>x : <u64>x;
      to = decimal(size / DAY, opened(to, x < 0), 1);
      store<u8>(to++, 32);
      to = clock(size % DAY, to);
      to = word(word(to, 0x4f54205941442027, 8), 0x444e4f43455320, 7); // ' DAY TO SECOND
    }
    store<i32>(offsets + (i << 2), <i32>(to - out), 4);
  }
}

/** Intervals of months, int32; 48 bytes a row suffice, and 8 more. */
export function intervalMonths(values: usize, n: i32, offsets: usize, out: usize): void {
  let to = out;
  store<i32>(offsets, 0);
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = <i64>load<i32>(values + (i << 2));
    const size = <u64>(x < 0 ? -x : x);
    to = decimal(size / 12, opened(to, x < 0), 1);
    store<u8>(to++, 45);
    to = decimal(size % 12, to, 1);
    to = word(word(to, 0x5420524145592027, 8), 0x48544e4f4d204f, 7); // ' YEAR TO MONTH
    store<i32>(offsets + (i << 2), <i32>(to - out), 4);
  }
}
