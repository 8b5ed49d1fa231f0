// Deterministic automata over UTF-8 whose states are made when a text first reaches them.
//
// context (u32 each): 4 first state, 8 row, 12 place in the row or 0, 16 state there, 20 end of the row,
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
    const isHigh = i8x16.lt_s(bytes, i8x16.splat(0));
    const rows = v128.bitselect(i8x16.swizzle(high, column), i8x16.swizzle(low, column), isHigh);
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
      store<u32>(context, <u32>end, 20);
      return 1;
    }
    if (entry == MATCH) {
      const byte = out + (row >> 3);
      store<u8>(byte, load<u8>(byte) | (<u8>1 << <u8>(row & 7)));
    }
  }
  return 0;
}

/**
 * What `regexPairs` works with: where each pair of bytes finds its steps (u16, the first byte in the low bits); the
 * steps, for each pair of classes the state that follows each state (u8); the same steps where class 0, of the byte
 * that fills up, stays in every state; bytes that fill up the last eight of a text; what the end of the text means in
 * each state (u8: 0 no match, 1 match, 16 not known); where the bytes that stay in a state are told (u32: the address
 * of a state as above, 0: skipping is not worth it); the class of each byte; for each class the state that follows each
 * state, 256 a class.
 */
const STEPS: usize = 0x20000;
const LAST_STEPS: usize = 0x30000;
const FILLS: usize = 0x40000;
const ENDS: usize = 0x40080;
const SKIPS: usize = 0x40180;
const CLASS_OF: usize = 0x40580;
const COLUMNS: usize = 0x40680;

/** States from here on are none that is an answer. */
const FIRST_STATE: usize = 4;
/** So many bytes of two texts are read in turns before it is asked whether they are decided. */
const TOGETHER: usize = 32;
/** The bits that tell bytes beyond ASCII. */
const BEYOND_ASCII: u64 = 0x8080808080808080;
/** Bytes of a text that must be left for it to be worth looking for one that leaves a state. */
const LEAST_SKIP: usize = 32;
/** Looks from the begin of a text that may come to nothing, more than those that do not, before none is looked for. */
const TRIES: i32 = 16;

/**
 * Works out all pairs from the columns of so many classes, the first of them of 0xff alone, for so many states; `room`
 * of them, a power of two, are set apart for each pair.
 */
export function regexPairTable(table: usize, classes: usize, states: usize, room: usize): void {
  const columns = table + COLUMNS;
  let to = table + STEPS;
  for (let b: usize = 0; b < classes; b++) {
    const then = columns + (b << 8);
    for (let a: usize = 0; a < classes; a++) {
      const from = columns + (a << 8);
      for (let state: usize = 0; state < states; state++) {
        store<u8>(to + state, load<u8>(then + <usize>load<u8>(from + state)));
      }
      to += room;
    }
  }
  memory.copy(table + LAST_STEPS, table + STEPS, classes * classes * room);
  for (let state: usize = 0; state < states; state++) store<u8>(table + LAST_STEPS + state, <u8>state);
  for (let a: usize = 1; a < classes; a++) memory.copy(table + LAST_STEPS + a * room, columns + (a << 8), states);
  const classOf = table + CLASS_OF;
  for (let a: usize = 0; a < 256; a++) store<u16>(table + (a << 1), <u16>(<usize>load<u8>(classOf + a) * room));
  for (let b: usize = 255; b < 256; b--) { // the row of 0 last: all others are made of it, and so is it
    const above = i16x8.splat(<i16>(<usize>load<u8>(classOf + b) * classes * room));
    const row = table + (b << 9);
    for (let a: usize = 0; a < 512; a += 16) v128.store(row + a, i16x8.add(v128.load(table + a), above));
  }
  for (let left: usize = 0; left < 8; left++) store<u64>(table + FILLS + (left << 3), ~(<u64>0) << (<u64>left << 3));
}

/** The next place at or after p whose byte leaves the state, or the end. */
function skipped(p: usize, end: usize, limit: usize, state: usize): usize {
  return min(skip(p, end, limit, state), end);
}

/** Not 0 if one of eight bytes is the one that fills up. */
@inline
function fillsAmong(bytes: u64): u64 {
  return (~bytes - 0x0101010101010101) & bytes & BEYOND_ASCII;
}

/** The steps of the pair of bytes at p. */
@inline
function stepsAt(table: usize, steps: usize, p: usize): usize {
  return steps + <usize>load<u16>(table + (<usize>load<u16>(p) << 1));
}

@inline
function stepsOf(table: usize, steps: usize, bytes: u64): usize {
  return steps + <usize>load<u16>(table + (<usize>(bytes & 0xffff) << 1));
}

@inline
function stepEight(table: usize, steps: usize, p: usize, state: usize): usize {
  const a = stepsAt(table, steps, p);
  const b = stepsAt(table, steps, p + 2);
  const c = stepsAt(table, steps, p + 4);
  const d = stepsAt(table, steps, p + 6);
  state = <usize>load<u8>(a + state);
  state = <usize>load<u8>(b + state);
  state = <usize>load<u8>(c + state);
  return <usize>load<u8>(d + state);
}

/**
 * Steps through whole eights of bytes until fewer are left, or none that could change the state: the place, and the
 * state in the high bits.
 */
function stepMany(table: usize, p: usize, end: usize, limit: usize, from: usize): u64 {
  const steps = table + STEPS;
  let state = from;
  while (p + 8 <= end) {
    const before = state;
    state = stepEight(table, steps, p, state);
    p += 8;
    if (state != before) continue;
    if (state < FIRST_STATE) {
      p = end;
      break;
    }
    const staying = <usize>load<u32>(table + SKIPS + (state << 2));
    if (staying != 0 && p + LEAST_SKIP <= end) p = skipped(p, end, limit, staying);
  }
  return <u64>p | (<u64>state << 32);
}

/**
 * Runs rows through as much of an automaton as is in a table for pairs of bytes, two rows in turns, which hides how
 * long a load takes. Bits of matching rows go to `out`, those of rows that came to something unknown to `rest`, both zeroed;
 * how many rows these are, -1 if there is too little memory behind the texts: then none was run. The last bytes of a
 * text are filled up with 0xff, which no text holds that is encoded as it should be; those that do are left to others.
 */
export function regexPairs(
  table: usize, first: i32, offsets: usize, data: usize, mask: usize, n: i32, out: usize, rest: usize,
): i32 {
  const lastEnd = data + <usize>load<u32>(offsets + (<usize>n << 2));
  const size = <u64>memory.size() << 16;
  if (<u64>lastEnd + 16 > size) return -1;
  const limit = <usize>(size - 16);
  const steps = table + STEPS;
  const lastSteps = table + LAST_STEPS;
  const fills = table + FILLS;
  const ends = table + ENDS;
  const start = <usize>load<u32>(table + SKIPS + (<usize>first << 2));
  let trust = start != 0 ? TRIES : 0;
  let unknown = 0;
  for (let row = 0; row < n; row += 4) {
    const last = offsets + (<usize>min(4, n - row) << 2);
    let answers: u32 = 0;
    let filled: u64 = 0;
    let k: u32 = 0;
    let p = data + <usize>load<u32>(offsets);
    while (offsets < last) {
      const pEnd = data + <usize>load<u32>(offsets, 4);
      const qEnd = offsets + 4 < last ? data + <usize>load<u32>(offsets, 8) : pEnd;
      offsets += 8;
      let q = pEnd;
      let s: usize = first;
      let t: usize = first;
      if (trust > 0) {
        const begin = p;
        p = skipped(p, pEnd, limit, start);
        q = skipped(q, qEnd, limit, start);
        trust = p - begin >= 8 ? min(trust + 1, TRIES) : trust - 1;
        if (p == pEnd && q == qEnd) {
          answers |= <u32>load<u8>(ends + <usize>first) * 3 << k;
          k += 2;
          p = q;
          continue;
        }
      }
      const both = min(pEnd - p, qEnd - q);
      if (both >= 8) {
        const stop = p + (min(both, TOGETHER) & ~7);
        do {
          const pa = stepsAt(table, steps, p);
          const pb = stepsAt(table, steps, p + 2);
          const pc = stepsAt(table, steps, p + 4);
          const pd = stepsAt(table, steps, p + 6);
          const qa = stepsAt(table, steps, q);
          const qb = stepsAt(table, steps, q + 2);
          const qc = stepsAt(table, steps, q + 4);
          const qd = stepsAt(table, steps, q + 6);
          s = <usize>load<u8>(pa + s);
          t = <usize>load<u8>(qa + t);
          s = <usize>load<u8>(pb + s);
          t = <usize>load<u8>(qb + t);
          s = <usize>load<u8>(pc + s);
          t = <usize>load<u8>(qc + t);
          s = <usize>load<u8>(pd + s);
          t = <usize>load<u8>(qd + t);
          p += 8;
          q += 8;
        } while (p < stop);
      }
      if (p + 8 <= pEnd) {
        const reached = stepMany(table, p, pEnd, limit, s);
        s = <usize>(reached >> 32);
        p = <usize>(reached & 0xffffffff);
      }
      if (q + 8 <= qEnd) {
        const reached = stepMany(table, q, qEnd, limit, t);
        t = <usize>(reached >> 32);
        q = <usize>(reached & 0xffffffff);
      }
      const pLast = load<u64>(p);
      const qLast = load<u64>(q);
      if (((pLast | qLast) & BEYOND_ASCII) != 0) filled |= fillsAmong(pLast) | fillsAmong(qLast);
      const u = pLast | load<u64>(fills + ((pEnd - p) << 3));
      const v = qLast | load<u64>(fills + ((qEnd - q) << 3));
      s = <usize>load<u8>(stepsOf(table, lastSteps, u) + s);
      t = <usize>load<u8>(stepsOf(table, lastSteps, v) + t);
      s = <usize>load<u8>(stepsOf(table, lastSteps, u >> 16) + s);
      t = <usize>load<u8>(stepsOf(table, lastSteps, v >> 16) + t);
      s = <usize>load<u8>(stepsOf(table, lastSteps, u >> 32) + s);
      t = <usize>load<u8>(stepsOf(table, lastSteps, v >> 32) + t);
      s = <usize>load<u8>(stepsOf(table, lastSteps, u >> 48) + s);
      t = <usize>load<u8>(stepsOf(table, lastSteps, v >> 48) + t);
      p = qEnd;
      answers |= (<u32>load<u8>(ends + s) | (<u32>load<u8>(ends + t) << 1)) << k;
      k += 2;
    }
    const shift = <u32>row & 4;
    let found = filled == 0 ? answers & 15 : 0;
    let lost = filled == 0 ? answers >> 4 : 15;
    if (mask != 0) {
      const known = <u32>load<u8>(mask + (row >> 3)) >> shift;
      found &= known;
      lost &= known;
    }
    if (n - row < 4) {
      found &= (1 << (n - row)) - 1;
      lost &= (1 << (n - row)) - 1;
    }
    store<u8>(out + (row >> 3), <u8>(<u32>load<u8>(out + (row >> 3)) | (found << shift)));
    if (lost != 0) {
      store<u8>(rest + (row >> 3), <u8>(<u32>load<u8>(rest + (row >> 3)) | (lost << shift)));
      unknown += <i32>popcnt<u32>(lost);
    }
  }
  return unknown;
}
