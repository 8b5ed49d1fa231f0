import type { Kernels } from '../../kernels/kernels.js';

// Where the parts of the table are: see `regexPairs` of the kernels.
const ENDS = 0x40080;
const SKIPS = 0x40180;
const CLASS_OF = 0x40580;
const COLUMNS = 0x40680;
const TABLE_BYTES = 0x60000;
const MOST_CLASSES = (TABLE_BYTES - COLUMNS) >> 8;
/** Places for steps: classes × classes × states. */
const MOST_STEPS = 0x10000;
const MOST_STATES = 256;
const LEAST_STATES = 16;
/** Numbers of states, whose first are taken by answers: not known, match, no match, and one that stays free. */
const ANSWERS = 4;
const NO_MATCH = 2;
/** What the end of the text means, by the answer: not known, match, no match. */
const MEANINGS = [16, 1, 0];
const FILL = 0xff;

/** What an automaton knows of its states. */
export interface KnownStates {
  /** The classes of which anything is known. */
  readonly classes: readonly number[];
  /** In the order in which they were made. */
  readonly addresses: readonly number[];
  /** The entry for the end of the text and then one for each class: an answer, or the address of a state. */
  entries(address: number): Uint32Array;
  /** Whether it pays to look for the next byte that leaves the state. */
  skips(address: number): boolean;
}

/** Runs texts through the known part of an automaton, two bytes a step. */
export class Pairs {
  readonly #kernels: Kernels;
  readonly #classOf: Uint8Array;
  readonly #classes: number;
  #table = 0;
  #rest = { at: 0, bytes: 0 };

  /** `classOf`: the class of each byte, below `classes`. */
  constructor(kernels: Kernels, classOf: Uint8Array, classes: number) {
    this.#kernels = kernels;
    this.#classOf = classOf;
    this.#classes = classes;
  }

  /** Takes over what is known, as many states as there is room for; false: for too few. The first state begins. */
  learn(known: KnownStates): boolean {
    const { heap, fn, memory } = this.#kernels;
    const addresses = known.addresses.slice(0, MOST_STATES - ANSWERS);
    const numbers = new Map<number, number>();
    for (let answer = 0; answer <= NO_MATCH; ++answer) numbers.set(answer, answer);
    for (let i = 0; i < addresses.length; ++i) numbers.set(addresses[i]!, ANSWERS + i);
    // The first column is that of the classes of which nothing is known.
    const columns = new Uint8Array((1 + known.classes.length) << 8);
    const ends = new Uint8Array(MOST_STATES);
    for (let at = 0; at < columns.length; at += 256) columns.set([0, 1, NO_MATCH], at);
    ends.set(MEANINGS);
    for (let i = 0; i < addresses.length; ++i) {
      const entries = known.entries(addresses[i]!);
      ends[ANSWERS + i] = MEANINGS[entries[0]!]!;
      for (let k = 0; k < known.classes.length; ++k) {
        const entry = entries[1 + known.classes[k]!]!;
        if (entry !== 0) columns[((1 + k) << 8) + ANSWERS + i] = numbers.get(entry) ?? 0;
      }
    }
    const { room, groupOf, groups } = grouped(columns, ANSWERS + addresses.length);
    if (room < LEAST_STATES) return false;
    if (this.#table === 0) this.#table = heap.alloc(TABLE_BYTES);
    const table = this.#table;
    const bytes = new Uint8Array(memory.buffer, table, TABLE_BYTES);
    const skips = new Uint32Array(memory.buffer, table + SKIPS, MOST_STATES).fill(0);
    bytes.set(ends, ENDS);
    const states = Math.min(room, ANSWERS + addresses.length);
    for (let state = ANSWERS; state < states; ++state) {
      const address = addresses[state - ANSWERS]!;
      if (known.skips(address)) skips[state] = address;
    }
    const columnOf = new Uint8Array(this.#classes);
    known.classes.forEach((c, k) => (columnOf[c] = 1 + k));
    for (let b = 0; b < FILL; ++b) bytes[CLASS_OF + b] = 1 + groupOf[columnOf[this.#classOf[b]!]!]!;
    bytes[CLASS_OF + FILL] = 0;
    const column = (k: number) => columns.subarray(k << 8, (k << 8) + states);
    bytes.set(column(columnOf[this.#classOf[FILL]!]!), COLUMNS);
    groupOf.forEach((group, k) => bytes.set(column(k), COLUMNS + ((1 + group) << 8)));
    fn.regexPairTable(table, 1 + groups, states, room);
    return true;
  }

  /** Runs rows as `Dfa.match` does: where rows are marked that came to something unknown, and how many; -1: all. */
  match(
    offsets: number, bytes: number, mask: number, n: number, outBits: number,
  ): { readonly rest: number; readonly unknown: number } {
    const { heap, fn, memory } = this.#kernels;
    const size = ((n + 127) >>> 7) << 4;
    if (size > this.#rest.bytes) {
      if (this.#rest.bytes > 0) heap.free(this.#rest.at, this.#rest.bytes);
      this.#rest = { at: heap.alloc(size), bytes: size };
    }
    const rest = this.#rest.at;
    new Uint8Array(memory.buffer, rest, size).fill(0);
    return { rest, unknown: fn.regexPairs(this.#table, ANSWERS, offsets, bytes, mask, n, outBits, rest) };
  }

  /** Returns the memory. */
  close(): void {
    if (this.#table !== 0) this.#kernels.heap.free(this.#table, TABLE_BYTES);
    if (this.#rest.bytes > 0) this.#kernels.heap.free(this.#rest.at, this.#rest.bytes);
    this.#table = 0;
    this.#rest = { at: 0, bytes: 0 };
  }
}

/** Puts columns that are the same into one group, for as many of the states as there is room for with their pairs. */
function grouped(columns: Uint8Array, states: number): { room: number; groupOf: Uint8Array; groups: number } {
  let room = MOST_STATES;
  while (room >= 2 * states && room > LEAST_STATES) room >>= 1;
  const groupOf = new Uint8Array(columns.length >> 8);
  for (; room >= LEAST_STATES; room >>= 1) {
    const firsts: number[] = [];
    const byHash = new Map<number, number[]>();
    const most = Math.min(room, states);
    for (let column = 0; column < columns.length; column += 256) {
      let hash = 0;
      for (let state = column + ANSWERS; state < column + most; ++state) {
        if (columns[state]! >= room) columns[state] = 0;
        hash = (Math.imul(hash, 31) + columns[state]!) | 0;
      }
      let alike = byHash.get(hash);
      if (!alike) byHash.set(hash, (alike = []));
      let group = alike.find((g) => areEqual(columns, column, firsts[g]!, most));
      if (group === undefined) {
        alike.push((group = firsts.length));
        firsts.push(column);
      }
      groupOf[column >> 8] = group;
    }
    const classes = 1 + firsts.length;
    const fits = classes <= MOST_CLASSES && classes * classes * room <= MOST_STEPS;
    if (fits) return { room, groupOf, groups: firsts.length };
  }
  return { room, groupOf, groups: 0 };
}

function areEqual(bytes: Uint8Array, a: number, b: number, n: number): boolean {
  for (let i = 0; i < n; ++i) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}
