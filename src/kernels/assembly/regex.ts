// Deterministic automata over UTF-8 whose states are made when a text first reaches them.
//
// context (u32 each): 4 first state, 8 row, 12 place in the row or 0, 16 state there,
//   24 address from which 16 bytes may still be read; from 32 on the class of each byte (u8, from 1 on)
// state: u32 entries, the first for the end of the text, then one per class of bytes: 0 not known, 1 match, 2 no match, else
//   the address of a state; before them 48 bytes: u32 flag, padding, and the bytes that stay in the state as two tables
//   for swizzling (below 0x80, above)

@inline
const MATCH: u32 = 1;
@inline
const LAST_ANSWER: u32 = 2;
@inline
const CLASSES: usize = 32;

/** The next place at or after p whose byte leaves the state; may lie behind the end. */
@inline
function skip(p: usize, end: usize, limit: usize, state: usize): usize {
  const low = v128.load(state - 32);
  const high = v128.load(state - 16);
  const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  while (p < end && p <= limit) {
    const bytes = v128.load(p);
    const column = v128.and(bytes, i8x16.splat(15));
    const rows = v128.bitselect(i8x16.swizzle(high, column), i8x16.swizzle(low, column), i8x16.shr_s(bytes, 7));
    const stays = v128.and(rows, i8x16.swizzle(bits, i8x16.shr_u(bytes, 4)));
    const leaves = i8x16.bitmask(i8x16.eq(stays, i8x16.splat(0)));
    if (leaves != 0) return p + ctz<i32>(leaves);
    p += 16;
  }
  return p;
}

/**
 * Runs rows until one needs an entry that is not known (1; the context says which) or all are done (0); sets bits of
 * matching rows.
 */
export function regexRows(context: usize, offsets: usize, data: usize, mask: usize, n: i32, out: usize): i32 {
  const first: usize = load<u32>(context, 4);
  const limit: usize = load<u32>(context, 24);
  const classes = context + CLASSES;
  let resume: usize = load<u32>(context, 12);
  for (let row = load<i32>(context, 8); row < n; row++) {
    if (mask != 0 && ((load<u8>(mask + (row >> 3)) >> <u8>(row & 7)) & 1) == 0) continue;
    const at = offsets + (<usize>row << 2);
    const end = data + <usize>load<i32>(at, 4);
    let p: usize;
    let state: usize;
    if (resume != 0) {
      p = resume;
      state = load<u32>(context, 16);
      resume = 0;
    } else {
      p = data + <usize>load<i32>(at);
      state = first;
    }
    let entry: u32 = 0;
    while (p < end) {
      entry = load<u32>(state + (<usize>load<u8>(classes + <usize>load<u8>(p)) << 2));
      if (entry <= LAST_ANSWER) break;
      p++;
      if (entry == <u32>state) {
        if (load<u32>(state - 48) != 0) p = skip(p, end, limit, state);
      } else {
        state = entry;
      }
    }
    if (p >= end) {
      p = end;
      entry = load<u32>(state);
    }
    if (entry == 0) {
      store<i32>(context, row, 8);
      store<u32>(context, <u32>p, 12);
      store<u32>(context, <u32>state, 16);
      return 1;
    }
    if (entry == MATCH) {
      const byte = out + (row >> 3);
      store<u8>(byte, load<u8>(byte) | (<u8>1 << <u8>(row & 7)));
    }
  }
  return 0;
}

/** In a table of `regexShort`: the column of no byte, and what ends mean. */
const IDENTITY: u32 = 256;
const ENDS: usize = 257 << 4;

@inline
function step(table: usize, column: u32, states: v128): v128 {
  return i8x16.swizzle(v128.load(table + (<usize>column << 4)), states);
}

@inline
function stepWithin(table: usize, p: usize, k: u32, length: u32, states: v128): v128 {
  return step(table, select<u32>(load<u8>(p + k), IDENTITY, k < length), states);
}

@inline
function answerOf(ends: v128, states: v128): u32 {
  return i8x16.extract_lane_u(i8x16.swizzle(ends, states), 0);
}

/**
 * Runs rows of short texts through an automaton of up to 16 states, four at a time and without a branch per byte.
 * `table`: for each byte, then for none, the state that follows each state (0 not known, 1 match, 2 no match: these stay), then
 * what the end of the text means in each. Bits of matching rows go to `out`, those of rows that came to something
 * unknown to `rest`, both zeroed; how many rows these are.
 */
export function regexShort(
  table: usize, first: i32, offsets: usize, data: usize, mask: usize, n: i32, out: usize, rest: usize,
): i32 {
  const limit = <u64>memory.size() << 16;
  const ends = v128.load(table + ENDS);
  const begin = i8x16.splat(<i8>first);
  let unknown = 0;
  for (let row = 0; row < n; row += 4, offsets += 16) {
    let found: u32 = 0;
    let lost: u32 = 15;
    const a = load<u32>(offsets);
    const isWhole = row + 4 <= n;
    const b = isWhole ? load<u32>(offsets, 4) : a;
    const c = isWhole ? load<u32>(offsets, 8) : a;
    const d = isWhole ? load<u32>(offsets, 12) : a;
    const e = isWhole ? load<u32>(offsets, 16) : a;
    const most = max(max(b - a, c - b), max(d - c, e - d));
    if (isWhole && <u64>data + <u64>d + <u64>most < limit) {
      const least = min(min(b - a, c - b), min(d - c, e - d));
      const pa = data + a;
      const pb = data + b;
      const pc = data + c;
      const pd = data + d;
      let sa = begin;
      let sb = begin;
      let sc = begin;
      let sd = begin;
      let k: u32 = 0;
      for (; k < least; k++) {
        sa = step(table, load<u8>(pa + k), sa);
        sb = step(table, load<u8>(pb + k), sb);
        sc = step(table, load<u8>(pc + k), sc);
        sd = step(table, load<u8>(pd + k), sd);
      }
      for (; k < most; k++) {
        sa = stepWithin(table, pa, k, b - a, sa);
        sb = stepWithin(table, pb, k, c - b, sb);
        sc = stepWithin(table, pc, k, d - c, sc);
        sd = stepWithin(table, pd, k, e - d, sd);
      }
      const ra = answerOf(ends, sa);
      const rb = answerOf(ends, sb);
      const rc = answerOf(ends, sc);
      const rd = answerOf(ends, sd);
      found = <u32>(ra == MATCH) | (<u32>(rb == MATCH) << 1) | (<u32>(rc == MATCH) << 2) | (<u32>(rd == MATCH) << 3);
      lost = <u32>(ra == 0) | (<u32>(rb == 0) << 1) | (<u32>(rc == 0) << 2) | (<u32>(rd == 0) << 3);
    }
    const shift = <u32>row & 4;
    if (mask != 0) {
      const known = <u32>load<u8>(mask + (row >> 3)) >> shift;
      found &= known;
      lost &= known;
    }
    if (n - row < 4) lost &= (1 << (n - row)) - 1;
    store<u8>(out + (row >> 3), <u8>(<u32>load<u8>(out + (row >> 3)) | (found << shift)));
    if (lost != 0) {
      store<u8>(rest + (row >> 3), <u8>(<u32>load<u8>(rest + (row >> 3)) | (lost << shift)));
      unknown += <i32>popcnt<u32>(lost);
    }
  }
  return unknown;
}
