// Numbers counted by cells of the order of doubles, see sketches/cells.ts.

/** A page is of 256 cells: their counts (u64), and behind them whether their numbers are wanted (u8). */
const MARKS: usize = 2048;

/**
 * Counts numbers by their cells and copies those in marked ones to `out`, which has room for all of them and one
 * more. `pages`: 1,024 addresses (u32) of pages, 0: there is none yet. How many numbers were looked at: the next one, if
 * there is one, wants a page that is missing. `picked`: u32, how many were copied.
 */
export function cellsPick(values: usize, n: i32, pages: usize, out: usize, picked: usize): i32 {
  let to = out;
  let i = 0;
  for (; i < n; i++) {
    const at = values + (<usize>i << 3);
    const x = load<f64>(at);
    const high = load<i32>(at, 4);
    let cell = <u32>(high ^ ((high >> 31) | i32.MIN_VALUE)) >> 14;
    cell = select<u32>(0x20000, cell, x == 0); // of both signs
    cell = select<u32>(0x3ffff, cell, x != x);
    const page = <usize>load<u32>(pages + (<usize>(cell >> 8) << 2));
    if (page == 0) break;
    const place = <usize>(cell & 255);
    const count = page + (place << 3);
    store<u64>(count, load<u64>(count) + 1);
    store<f64>(to, x); // counts only if `to` moves on: no branch
    to += <usize>load<u8>(page + place, MARKS) << 3;
  }
  store<u32>(picked, <u32>((to - out) >> 3));
  return i;
}
