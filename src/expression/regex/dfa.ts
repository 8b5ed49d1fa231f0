import type { Kernels } from '../../kernels/kernels.js';
import { Determinizer, END_OF_TEXT, type Reading, type State } from './determinize.js';
import type { Nfa } from './nfa.js';
import { byteClasses } from './positions.js';

const CONTEXT = 32;
const HEADER = 48;
const FIRST_CHUNK = 16 * 1024;
const LARGEST_CHUNK = 256 * 1024;
/** Entries of a state: one per byte, and one for the end of the text. */
const ENTRIES = 257;
const MOST_BYTES = 4 * 1024 * 1024;
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
  const { classes, count } = byteClasses(nfa);
  /** The bytes of each class, which no state tells apart. */
  const members: number[][] = Array.from({ length: count }, () => []);
  classes.forEach((number, byte) => members[number]!.push(byte));
  const stateBytes = (HEADER + 4 * ENTRIES + 15) & ~15;
  const determinizer = new Determinizer(nfa, reading);
  const fixed = heap.alloc(CONTEXT);
  const chunks: { at: number; bytes: number }[] = [];
  let used = 0;
  let at = 0;
  let end = 0;
  const byKey = new Map<string, number>();
  const byAddress = new Map<number, State>();

  const release = (): void => {
    for (const chunk of chunks) heap.free(chunk.at, chunk.bytes);
    chunks.length = used = at = end = 0;
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

  /**
   * Fills in where a byte, or the end of the text, leads from a state; returns the address of the state, new if all
   * were dropped.
   */
  const learn = (address: number, byte: number): number => {
    const state = byAddress.get(address)!;
    const next = determinizer.next(state, byte);
    if (used >= MOST_BYTES) {
      release();
      first = addressOf(determinizer.initial());
    }
    const from = addressOf(state);
    const entry = typeof next === 'number' ? next : addressOf(next);
    const view = new DataView(memory.buffer);
    if (byte === END_OF_TEXT) view.setUint32(from + 4 * END_OF_TEXT, entry, true);
    else for (const b of members[classes[byte]!]!) view.setUint32(from + 4 * b, entry, true);
    if (entry === from) mark(view, from, byte);
    return from;
  };

  /** Adds the bytes of a class to those that stay in a state. */
  const mark = (view: DataView, address: number, byte: number): void => {
    let staying = view.getUint32(address - HEADER + 4, true);
    for (const b of members[classes[byte]!]!) {
      staying++;
      const cell = address - (b < 128 ? 32 : 16) + (b & 15);
      view.setUint8(cell, view.getUint8(cell) | (1 << ((b >> 4) & 7)));
    }
    view.setUint32(address - HEADER + 4, staying, true);
    if (staying >= WORTH_SKIPPING) view.setUint32(address - HEADER, 1, true);
  };

  return {
    match(offsets, bytes, mask, n, outBits) {
      if (byKey.size === 0) first = addressOf(determinizer.initial());
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
    },
  };
}
