import type { Kernels } from '../../kernels/kernels.js';
import { Determinizer, END_OF_TEXT, type Reading, type State } from './determinize.js';
import type { Nfa } from './nfa.js';
import { byteClasses } from './positions.js';

/** Where the classes of bytes stand in the context, and its size. */
const CLASSES = 32;
const CONTEXT = CLASSES + 256;
const HEADER = 48;
const FIRST_CHUNK = 16 * 1024;
const LARGEST_CHUNK = 256 * 1024;
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_STATES = 4096;
/** Rows of short texts go through a table of at most so many states (and three answers) if there are enough of them. */
const MOST_SHORT_STATES = 13;
const SHORT_TEXT = 48;
const LEAST_SHORT_ROWS = 256;
/** A column of 16 states per byte and for no byte, and the meaning of the end in each state. */
const TABLE_BYTES = 258 * 16;
/** A state that this many bytes leave as it is may be worth skipping in whole vectors. */
const WORTH_SKIPPING = 8;

/**
 * A deterministic automaton in the memory of the kernels; states are made as texts reach them and dropped when they get
 * too many.
 */
export interface Dfa {
  /** See `Regex.matchUtf8`; throws TooLarge where the automaton is not worth it. */
  match(offsets: number, bytes: number, mask: number, n: number, outBits: number): void;
  /** Returns the memory. */
  close(): void;
}

/** The automaton of a pattern on some kernels. */
export function openDfa(nfa: Nfa, reading: Reading, kernels: Kernels): Dfa {
  const { heap, fn, memory } = kernels;
  const { of: classes, members, sets } = byteClasses(nfa);
  /** The entry for the end of the text, then one per class. */
  const entries = 1 + members.length;
  const stateBytes = (HEADER + 4 * entries + 15) & ~15;
  const determinizer = new Determinizer(nfa, reading);
  const fixed = heap.alloc(CONTEXT);
  new Uint8Array(memory.buffer, fixed + CLASSES, 256).set(classes.map((number) => number + 1));
  const chunks: { at: number; bytes: number }[] = [];
  let used = 0;
  let at = 0;
  let end = 0;
  const byKey = new Map<string, number>();
  const byAddress = new Map<number, State>();

  const release = (): void => {
    for (const chunk of chunks) heap.free(chunk.at, chunk.bytes);
    chunks.length = used = at = end = 0;
    isTableTrue = false;
    byKey.clear();
    byAddress.clear();
  };

  const addressOf = (state: State): number => {
    const known = byKey.get(state.key);
    if (known !== undefined) return known;
    if (at + stateBytes > end) {
      const bytes = Math.max(4 * stateBytes, Math.min(LARGEST_CHUNK, FIRST_CHUNK * 2 ** chunks.length));
      at = heap.alloc(bytes);
      end = at + bytes;
      chunks.push({ at, bytes });
    }
    new Uint8Array(memory.buffer, at, stateBytes).fill(0);
    const address = at + HEADER;
    at += stateBytes;
    used += stateBytes;
    byKey.set(state.key, address);
    byAddress.set(address, state);
    return address;
  };

  let first = 0;
  let table = 0;
  let isTableTrue = false;
  let rest = { at: 0, bytes: 0 };

  /**
   * Fills in where a byte, or the end of the text, leads from a state; returns the address of the state, new if all
   * were dropped.
   */
  const learn = (address: number, byte: number): number => {
    isTableTrue = false;
    const state = byAddress.get(address)!;
    const next = determinizer.next(state, byte);
    if (used >= MOST_BYTES || byKey.size >= MOST_STATES) {
      release();
      first = addressOf(determinizer.initial());
    }
    const from = addressOf(state);
    const entry = typeof next === 'number' ? next : addressOf(next);
    const view = new DataView(memory.buffer);
    if (byte === END_OF_TEXT) {
      view.setUint32(from, entry, true);
      return from;
    }
    const put = (number: number): void => {
      view.setUint32(from + 4 * (1 + number), entry, true);
      if (entry === from) mark(view, from, number);
    };
    if (sets && byte < 128) {
      // other characters that are in the same ones of the sets that count here
      const counting = determinizer.looksAt(state);
      const wanted = sets[classes[byte]!]! & counting;
      for (let number = 0; number < sets.length; number++) if ((sets[number]! & counting) === wanted) put(number);
    } else {
      put(classes[byte]!);
    }
    return from;
  };

  /** Adds the bytes of a class to those that stay in a state. */
  const mark = (view: DataView, address: number, number: number): void => {
    let staying = view.getUint32(address - HEADER + 4, true);
    for (const b of members[number]!) {
      staying++;
      const cell = address - (b < 128 ? 32 : 16) + (b & 15);
      view.setUint8(cell, view.getUint8(cell) | (1 << ((b >> 4) & 7)));
    }
    view.setUint32(address - HEADER + 4, staying, true);
    if (staying >= WORTH_SKIPPING) view.setUint32(address - HEADER, 1, true);
  };

  /** The table for short texts, as far as states are known; its number of the first one. */
  const tabulate = (): number => {
    if (table === 0) table = heap.alloc(TABLE_BYTES);
    const numbers = new Map([0, 1, 2, ...byAddress.keys()].map((entry, number) => [entry, number]));
    if (isTableTrue) return numbers.get(first)!;
    const out = new Uint8Array(memory.buffer, table, TABLE_BYTES);
    for (let byte = 0; byte <= END_OF_TEXT; ++byte) out.set([0, 1, 2], 16 * byte);
    for (let number = 0; number < 16; ++number) out[16 * END_OF_TEXT + number] = number;
    const ends = 16 * (END_OF_TEXT + 1);
    out.set([0, 1, 2], ends);
    for (const address of byAddress.keys()) {
      const number = numbers.get(address)!;
      const view = new Uint32Array(memory.buffer, address, entries);
      for (let byte = 0; byte < END_OF_TEXT; ++byte) out[16 * byte + number] = numbers.get(view[1 + classes[byte]!]!)!;
      out[ends + number] = view[0]!;
    }
    isTableTrue = true;
    return numbers.get(first)!;
  };

  /** Where the rows are marked that the table does not know enough for; 0: there is none. */
  const matchShort = (offsets: number, bytes: number, mask: number, n: number, outBits: number): number => {
    const size = ((n + 127) >>> 7) << 4;
    if (size > rest.bytes) {
      if (rest.bytes > 0) heap.free(rest.at, rest.bytes);
      rest = { at: heap.alloc(size), bytes: size };
    }
    const number = tabulate();
    new Uint8Array(memory.buffer, rest.at, size).fill(0);
    return fn.regexShort(table, number, offsets, bytes, mask, n, outBits, rest.at) === 0 ? 0 : rest.at;
  };

  return {
    match(offsets, bytes, mask, n, outBits) {
      if (byKey.size === 0) first = addressOf(determinizer.initial());
      if (n >= LEAST_SHORT_ROWS && byAddress.size <= MOST_SHORT_STATES) {
        const ends = new DataView(memory.buffer);
        const size = ends.getInt32(offsets + 4 * n, true) - ends.getInt32(offsets, true);
        if (size <= n * SHORT_TEXT) {
          mask = matchShort(offsets, bytes, mask, n, outBits);
          if (mask === 0) return;
        }
      }
      let row = 0;
      let place = 0;
      let state = 0;
      for (;;) {
        const view = new DataView(memory.buffer);
        view.setUint32(fixed + 4, first, true);
        view.setInt32(fixed + 8, row, true);
        view.setUint32(fixed + 12, place, true);
        view.setUint32(fixed + 16, state, true);
        view.setUint32(fixed + 24, memory.buffer.byteLength - 16, true);
        if (fn.regexRows(fixed, offsets, bytes, mask, n, outBits) === 0) return;
        row = view.getInt32(fixed + 8, true);
        place = view.getUint32(fixed + 12, true);
        state = view.getUint32(fixed + 16, true);
        const rowEnd = bytes + view.getInt32(offsets + 4 * row + 4, true);
        state = learn(state, place === rowEnd ? END_OF_TEXT : members[classes[view.getUint8(place)]!]![0]!);
      }
    },
    close() {
      release();
      heap.free(fixed, CONTEXT);
      if (table !== 0) heap.free(table, TABLE_BYTES);
      if (rest.bytes > 0) heap.free(rest.at, rest.bytes);
    },
  };
}
