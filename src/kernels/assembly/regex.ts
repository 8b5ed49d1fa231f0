// Deterministic automata over UTF-8 whose states are made when a text first reaches them.
//
// context (u32 each): 4 first state, 8 row, 12 place in the row or 0, 16 state there,
//   24 address from which 16 bytes may still be read
// state: 257 u32 entries, one per byte and one for the end of the text: 0 not known, 1 match, 2 no match, else the address
// of a state;
//   before them 48 bytes: u32 flag, padding, and the bytes that stay in the state as two tables for swizzling (below
// 0x80, above)

@inline
const MATCH: u32 = 1;
@inline
const LAST_ANSWER: u32 = 2;
/** Offset of the entry for the end of the text. */
@inline
const END: usize = 1024;

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
      entry = load<u32>(state + (<usize>load<u8>(p) << 2));
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
      entry = load<u32>(state, END);
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
