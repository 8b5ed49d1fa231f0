// Texts of numbers and dates: each into a slot of 32 bytes, with its length; -1 where the caller must print it.

@inline
function digits(x: u64, end: usize): usize {
  do {
    const q = x / 10;
    store<u8>(--end, <u8>(48 + x - q * 10));
    x = q;
  } while (x != 0);
  return end;
}

/** Moves a text that ends at the end of its slot to its start; its length. */
@inline
function settle(from: usize, end: usize, slot: usize): i32 {
  const low = v128.load(from);
  const high = v128.load(from, 16);
  v128.store(slot, low);
  v128.store(slot, high, 16);
  return <i32>(end - from);
}

@inline
function integer(x: i64, room: usize, slot: usize): i32 {
  let at = digits(<u64>(x < 0 ? -x : x), room + 32);
  if (x < 0) store<u8>(--at, 45);
  return settle(at, room + 32, slot);
}

/** int32 values; `room`: 64 bytes. */
export function printI32(values: usize, n: i32, room: usize, slots: usize, lengths: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    store<i32>(lengths + (i << 2), integer(load<i32>(values + (i << 2)), room, slots + (i << 5)));
  }
}

/** int64 values. */
export function printI64(values: usize, n: i32, room: usize, slots: usize, lengths: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    store<i32>(lengths + (i << 2), integer(load<i64>(values + (i << 3)), room, slots + (i << 5)));
  }
}

/** An integer with the point before its last `scale` digits, at least one digit before it. */
@inline
function pointed(x: i64, negative: bool, scale: i32, room: usize, slot: usize): i32 {
  let rest = <u64>x;
  let at = room + 32;
  for (let k = 0; k < scale; k++) {
    const q = rest / 10;
    store<u8>(--at, <u8>(48 + rest - q * 10));
    rest = q;
  }
  store<u8>(--at, 46);
  at = digits(rest, at);
  if (negative) store<u8>(--at, 45);
  return settle(at, room + 32, slot);
}

/** Decimals of up to 18 digits, 1 ≤ scale ≤ 6: so never in scientific form. */
export function printDecimal(values: usize, n: i32, scale: i32, room: usize, slots: usize, lengths: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<i64>(values + (i << 3));
    store<i32>(lengths + (i << 2), pointed(x < 0 ? -x : x, x < 0, scale, room, slots + (i << 5)));
  }
}

/**
 * float64 as Java prints them, where few decimals are enough: with the fewest decimals s for which round(x·10^s) / 10^s is x,
 * the text of that quotient is the shortest that reads back (up to 15 digits are always told apart).
 */
export function printF64(values: usize, n: i32, room: usize, slots: usize, lengths: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<f64>(values + (i << 3));
    const size = Math.abs(x);
    let length = -1;
    if (size == 0) {
      length = pointed(0, reinterpret<i64>(x) < 0, 1, room, slots + (i << 5));
    } else if (size >= 1e-3 && size < 1e7) {
      let power: f64 = 10;
      for (let s = 1; s <= 8; s++) {
        const m = nearest<f64>(size * power);
        if (m / power == size) {
          length = pointed(<i64>m, x < 0, s, room, slots + (i << 5));
          break;
        }
        power *= 10;
      }
    }
    store<i32>(lengths + (i << 2), length);
  }
}

/** float32 in the same way; a power of two, and what lies halfway between two such decimals, is left to the caller. */
export function printF32(values: usize, n: i32, room: usize, slots: usize, lengths: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<f32>(values + (i << 2));
    const size = <f64>Math.abs(x);
    let length = -1;
    if (size == 0) {
      length = pointed(0, reinterpret<i32>(x) < 0, 1, room, slots + (i << 5));
    } else if (size >= 1e-3 && size < 1e7 && (reinterpret<u32>(x) & 0x7fffff) != 0) {
      let power: f64 = 10;
      for (let s = 1; s <= 8; s++) {
        const exact = size * power; // 24 bits times 5^8: no rounding
        const m = nearest<f64>(exact);
        if (<f64><f32>(m / power) == size) {
          if (Math.abs(exact - m) != 0.5) length = pointed(<i64>m, x < 0, s, room, slots + (i << 5));
          break;
        }
        power *= 10;
      }
    }
    store<i32>(lengths + (i << 2), length);
  }
}

/** Dates of the years 0 to 9999. */
export function printDate(values: usize, n: i32, slots: usize, lengths: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const days = load<i32>(values + (i << 2));
    const slot = slots + (i << 5);
    if (days < -719528 || days > 2932896) {
      store<i32>(lengths + (i << 2), -1);
      continue;
    }
    const z = <u32>(days + 719468 + 146097); // one era on, so that it is positive
    const era = z / 146097;
    const doe = z - era * 146097;
    const yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const mp = (5 * doy + 2) / 153;
    const d = doy - (153 * mp + 2) / 5 + 1;
    const m = mp < 10 ? mp + 3 : mp - 9;
    const y = yoe + era * 400 + (m <= 2 ? 1 : 0) - 400;
    store<u8>(slot, <u8>(48 + y / 1000));
    store<u8>(slot, <u8>(48 + (y / 100) % 10), 1);
    store<u8>(slot, <u8>(48 + (y / 10) % 10), 2);
    store<u8>(slot, <u8>(48 + y % 10), 3);
    store<u8>(slot, 45, 4);
    store<u8>(slot, <u8>(48 + m / 10), 5);
    store<u8>(slot, <u8>(48 + m % 10), 6);
    store<u8>(slot, 45, 7);
    store<u8>(slot, <u8>(48 + d / 10), 8);
    store<u8>(slot, <u8>(48 + d % 10), 9);
    store<i32>(lengths + (i << 2), 10);
  }
}

/** Offsets of the texts in slots, by their lengths; the sum of the lengths. */
export function printOffsets(lengths: usize, n: i32, offsets: usize): i32 {
  let total = 0;
  store<i32>(offsets, 0);
  for (let i: usize = 0; i < <usize>n; i++) {
    total += max<i32>(0, load<i32>(lengths + (i << 2)));
    store<i32>(offsets + (i << 2), total, 4);
  }
  return total;
}

/** The texts in slots, one behind the other; 32 bytes behind the last can be written. */
export function printPack(slots: usize, n: i32, offsets: usize, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const to = out + load<i32>(offsets + (i << 2));
    v128.store(to, v128.load(slots + (i << 5)));
    v128.store(to, v128.load(slots + (i << 5), 16), 16);
  }
}
