import type { Kernels } from '../../kernels/kernels.js';
import { Determinizer, END_OF_TEXT, type Reading, type State } from './determinize.js';
import type { Nfa } from './nfa.js';
import { Pairs } from './pairs.js';
import { byteClasses } from './positions.js';

/** Where the classes of bytes stand in the context, and its size. */
const CLASSES = 32;
const CONTEXT = CLASSES + 256;
const HEADER = 48;
const FIRST_CHUNK = 16 * 1024;
const LARGEST_CHUNK = 256 * 1024;
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_STATES = 4096;
/** A batch of so many rows goes through a table of pairs of bytes; the first rows of all only make states for it. */
const LEAST_PAIR_ROWS = 256;
const FIRST_ROWS = 512;
/**
 * The table is made anew when it has not known enough for so many rows, the next time for twice as many, and given up when
 * it does not know enough for one row of so few.
 */
const UNKNOWN_ROWS = 1024;
const TOO_UNKNOWN = 4;
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
    isBehind = true;
    hasPairs = false;
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
  const pairs = new Pairs(kernels, classes, members.length);
  /** Whether there is a table of pairs, whether more is known than it says, and whether it is worth it. */
  let hasPairs = false;
  let isBehind = true;
  let isWorthIt = true;
  let unknownRows = 0;
  let patience = UNKNOWN_ROWS;

  /**
   * Fills in where a byte, or the end of the text, leads from a state; returns the address of the state, new if all
   * were dropped.
   */
  const learn = (address: number, byte: number): number => {
    isBehind = true;
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

  /** Takes what is known into the table of pairs. */
  const relearn = (): void => {
    isWorthIt = hasPairs = pairs.learn({
      addresses: [...byAddress.keys()],
      entries: (address) => new Uint32Array(memory.buffer, address, entries),
      skips: (address) => new Uint32Array(memory.buffer, address - HEADER, 1)[0] !== 0,
    });
    isBehind = false;
  };

  /** Runs rows one by one and makes the states that they reach. */
  const matchRows = (offsets: number, bytes: number, mask: number, n: number, outBits: number): void => {
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
  };

  return {
    match(offsets, bytes, mask, n, outBits) {
      if (byKey.size === 0) first = addressOf(determinizer.initial());
      if (n < LEAST_PAIR_ROWS || !isWorthIt) return matchRows(offsets, bytes, mask, n, outBits);
      if (!hasPairs) {
        matchRows(offsets, bytes, mask, Math.min(n, FIRST_ROWS), outBits);
        relearn();
      }
      const { rest, unknown } = hasPairs ? pairs.match(offsets, bytes, mask, n, outBits) : { rest: 0, unknown: -1 };
      if (unknown === 0) return;
      if (unknown < 0) return matchRows(offsets, bytes, mask, n, outBits);
      matchRows(offsets, bytes, rest, n, outBits);
      unknownRows += unknown;
      if (isBehind && unknownRows >= patience) {
        relearn();
        unknownRows = 0;
        patience *= 2;
      } else if (!isBehind && unknown * TOO_UNKNOWN > n) {
        isWorthIt = false;
      }
    },
    close() {
      release();
      pairs.close();
      heap.free(fixed, CONTEXT);
    },
  };
}
