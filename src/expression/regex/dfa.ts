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
 * The table is made anew when it has not known enough for so many rows, the next time for twice as many, and given up
 * when it does not know enough for one row of so few.
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
  /** Classes of which something is known. */
  const seen: number[] = [];
  const isSeen = new Uint8Array(members.length);
  let words = new Uint32Array(memory.buffer);
  /** The memory as it is now, by words. */
  const wordsNow = (): Uint32Array =>
    words.buffer === memory.buffer ? words : (words = new Uint32Array(memory.buffer));

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
    wordsNow().fill(0, at >> 2, (at + stateBytes) >> 2);
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
    const view = wordsNow();
    if (byte === END_OF_TEXT) {
      view[from >> 2] = entry;
      return from;
    }
    const put = (number: number): void => {
      view[(from >> 2) + 1 + number] = entry;
      if (isSeen[number] === 0) {
        isSeen[number] = 1;
        seen.push(number);
      }
      if (entry === from) mark(from, number);
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
  const mark = (address: number, number: number): void => {
    const header = new Uint8Array(memory.buffer, address - HEADER, HEADER);
    const counts = new Uint32Array(memory.buffer, address - HEADER, 2);
    for (const b of members[number]!) header[HEADER - (b < 128 ? 32 : 16) + (b & 15)]! |= 1 << ((b >> 4) & 7);
    counts[1]! += members[number]!.length;
    if (counts[1]! >= WORTH_SKIPPING) counts[0] = 1;
  };

  /** Takes what is known into the table of pairs. */
  const relearn = (): void => {
    isWorthIt = hasPairs = pairs.learn({
      classes: seen,
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
      const view = wordsNow();
      const context = fixed >> 2;
      view[context + 1] = first;
      view[context + 2] = row;
      view[context + 3] = place;
      view[context + 4] = state;
      view[context + 6] = memory.buffer.byteLength - 16;
      if (fn.regexRows(fixed, offsets, bytes, mask, n, outBits) === 0) return;
      row = view[context + 2]!;
      place = view[context + 3]!;
      state = view[context + 4]!;
      if (place === view[context + 5]!) {
        state = learn(state, END_OF_TEXT);
      } else {
        const byte = (view[place >> 2]! >>> ((place & 3) << 3)) & 255;
        state = learn(state, members[classes[byte]!]![0]!);
      }
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
