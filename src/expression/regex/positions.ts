import { charSet, contains, intersect, type CharSet } from './char-set.js';
import { Step, type Nfa, type StepSet } from './nfa.js';

/** Within a character: which continuations lead where. */
interface Within {
  /** Bytes that are still to come. */
  readonly more: number;
  /** What they may say, as numbers of 6 bits a byte. */
  readonly rest: CharSet;
  readonly next: number;
}

/** Thrown where an automaton gets too large to be worth it. */
export class TooLarge extends Error {}

const MOST = 200_000;

/** Sets that fit the bits of a small number. */
const MOST_SETS = 30;

/** A byte that leads nowhere. */
export const NOWHERE = -1;

/**
 * Places in an automaton that reads bytes: below `steps`, at a step between two characters; above, within a character.
 * Places are made
 * when a text first leads there.
 */
export class Positions {
  readonly #nfa: Nfa;
  readonly #within: Within[] = [];
  readonly #known = new Map<string, number>();
  readonly #base: number;
  /** The step at which the last `advance` arrived, if it ended a character. */
  arrived = NOWHERE;

  constructor(nfa: Nfa) {
    this.#nfa = nfa;
    this.#base = nfa.steps.length / 3;
  }

  /** The place behind a byte; NOWHERE if there is none, or if a character ended: then `arrived` is the next step. */
  advance(position: number, byte: number): number {
    this.arrived = NOWHERE;
    if (position < this.#base) {
      if (this.#nfa.steps[3 * position] !== Step.Set) return NOWHERE;
      const set = this.#nfa.sets[this.#nfa.steps[3 * position + 1]!]!;
      const next = this.#nfa.steps[3 * position + 2]!;
      if (byte < 0x80) {
        if (contains(set.ascii, byte)) this.arrived = next;
        return NOWHERE;
      }
      if (byte < 0xc2 || byte > 0xf4) return NOWHERE;
      if (byte < 0xe0) return this.#enter(set, (byte & 31) << 6, 1, next, 0x80);
      if (byte < 0xf0) return this.#enter(set, (byte & 15) << 12, 2, next, 0x800);
      return this.#enter(set, (byte & 7) << 18, 3, next, 0x10000);
    }
    const { more, rest, next } = this.#within[position - this.#base]!;
    if ((byte & 0xc0) !== 0x80) return NOWHERE;
    const value = byte & 63;
    if (more > 1) return this.#clip(rest, value << (6 * (more - 1)), more - 1, next);
    if (contains(rest, value)) this.arrived = next;
    return NOWHERE;
  }

  #enter(set: StepSet, base: number, more: number, next: number, least: number): number {
    const all = set.within(base, base + (1 << (6 * more)) - 1);
    const valid = intersect(all, charSet([least, 0xd7ff, Math.max(least, 0xe000), 0x10ffff]));
    return this.#clip(valid, base, more, next);
  }

  #clip(set: CharSet, base: number, more: number, next: number): number {
    const last = base + (1 << (6 * more)) - 1;
    const rest: number[] = [];
    for (let i = 0; i < set.length; i += 2) {
      if (set[i + 1]! < base || set[i]! > last) continue;
      rest.push(Math.max(set[i]!, base) - base, Math.min(set[i + 1]!, last) - base);
    }
    if (rest.length === 0) return NOWHERE;
    const key = `${more} ${next} ${rest.join()}`;
    let number = this.#known.get(key);
    if (number === undefined) {
      if (this.#within.length > MOST) throw new TooLarge();
      this.#known.set(key, (number = this.#base + this.#within.length));
      this.#within.push({ more, rest, next });
    }
    return number;
  }
}

// Where bytes begin to mean something else to sets that hold all or nothing beyond ASCII.
const UNIFORM = [0x80, 0x90, 0xa0, 0xc0, 0xc2, 0xe0, 0xe1, 0xed, 0xee, 0xf0, 0xf1, 0xf4, 0xf5];

/** Bytes by what they mean to the sets of an automaton. */
export interface ByteClasses {
  /** The class of each byte. */
  readonly of: Uint8Array;
  /** The bytes of each class. */
  readonly members: readonly (readonly number[])[];
  /** By class of ASCII: the sets that hold it, bit i for set i; null: there are too many sets. */
  readonly sets: readonly number[] | null;
}

/** Puts bytes that are the same to all sets into one class. */
export function byteClasses(nfa: Nfa): ByteClasses {
  const uniform = nfa.sets.every((set) => {
    if (!set.isKnown) return false;
    const beyond = intersect(set.ascii, [0x80, 0xd7ff, 0xe000, 0x10ffff]);
    return beyond.length === 0 || beyond.join() === '128,55295,57344,1114111';
  });
  const words = Math.max(1, Math.ceil(nfa.sets.length / MOST_SETS));
  /** By word and byte of ASCII: the sets that hold it. */
  const holding = new Int32Array(128 * words);
  nfa.sets.forEach(({ ascii }, set) => {
    const word = 128 * Math.floor(set / MOST_SETS);
    for (let i = 0; i < ascii.length && ascii[i]! < 128; i += 2) {
      for (let b = ascii[i]!; b <= ascii[i + 1]! && b < 128; b++) holding[word + b]! |= 1 << (set % MOST_SETS);
    }
  });
  const numbers = new Map<string, number>();
  const of = new Uint8Array(256);
  const members: number[][] = [];
  const sets: number[] = [];
  for (let b = 0; b < 256; b++) {
    let key: string;
    if (b < 128) {
      key = '';
      for (let word = 0; word < words; word++) key += `${holding[128 * word + b]!} `;
    } else if (uniform) key = `from ${UNIFORM.findLast((first) => first <= b)!}`;
    else key = b === 0xc0 || b === 0xc1 || b > 0xf4 ? 'never' : `is ${b}`;
    let number = numbers.get(key);
    if (number === undefined) {
      numbers.set(key, (number = members.length));
      members.push([]);
      if (b < 128) sets.push(holding[b]!);
    }
    of[b] = number;
    members[number]!.push(b);
  }
  return { of, members, sets: nfa.sets.length <= MOST_SETS ? sets : null };
}
