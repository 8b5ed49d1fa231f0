import type { Nfa } from './nfa.js';
import { NOWHERE, TooLarge } from './positions.js';
import { bundleOf, DEAD, MOST_REMEMBERED, pair, placeOf, Surroundings, type Led } from './surroundings.js';

/** What is known before the text ends. */
export const ACCEPT = 1;
export const REJECT = 2;

/** The byte that stands for the end of the text. */
export const END_OF_TEXT = 256;

/**
 * Places at which the automaton may be, with what must still hold for each, in the order of preference if that counts.
 */
export interface State {
  readonly key: string;
  /** Places with the numbers of their conditions, as `pair` makes them. */
  readonly threads: readonly number[];
  /** Per look-behind, the number of the set of places where it runs. */
  readonly behinds: readonly number[];
  readonly atBegin: boolean;
  /** An answer that holds unless a preferred thread gives another: 0 none, ACCEPT or REJECT. */
  readonly verdict: number;
}

/** How a text is looked at. */
export interface Reading {
  /** Whether a match may begin anywhere. */
  readonly anywhere: boolean;
  /** Whether the answer is that the first match is not empty, so that preference counts. */
  readonly nonEmpty: boolean;
}

const MOST_THREADS = 2000;
const EMPTY_MATCH = -2; // a match without characters, if its conditions turn out to hold

/** Makes deterministic states of an automaton, one transition at a time. */
export class Determinizer {
  readonly #nfa: Nfa;
  readonly #reading: Reading;
  readonly #surroundings: Surroundings;
  readonly #onlyAtBegin: boolean;

  #out: number[] = [];
  #seen = new Set<number>();
  #verdict = 0;

  constructor(nfa: Nfa, reading: Reading) {
    this.#nfa = nfa;
    this.#reading = reading;
    this.#surroundings = new Surroundings(nfa);
    this.#onlyAtBegin = !reading.anywhere || this.#surroundings.needsBegin(nfa.start);
  }

  /** The state before the first byte. */
  initial(): State {
    return this.#state([], this.#surroundings.behindsAtBegin(), true, 0);
  }

  /** Where a byte leads: a state, or the answer. */
  next(state: State, byte: number): State | number {
    if (byte === END_OF_TEXT) return this.#atEnd(state);
    return this.#reading.nonEmpty ? this.#nextInOrder(state, byte) : this.#nextOfAny(state, byte);
  }

  /** Where any match will do: what becomes of a thread does not depend on the others. */
  #nextOfAny(state: State, byte: number): State | number {
    const surroundings = this.#surroundings;
    const before = surroundings.look(state.behinds, state.atBegin);
    const behinds = surroundings.behindsAfter(state.behinds, byte);
    const { begun, led } = surroundings.look(behinds, false);
    const threads: number[] = [];
    const take = (known: Map<number, Led>, key: number, find: () => Led): boolean => {
      let more = known.get(key);
      if (more === undefined) {
        more = find();
        if (known.size >= MOST_REMEMBERED) known.clear();
        known.set(key, more);
      }
      if (more === null) return false;
      for (const thread of more) threads.push(thread);
      return true;
    };
    if (this.#begins(state, byte)) {
      if (!take(begun, before.number * 256 + byte, () => this.#begun(state, byte, behinds))) return ACCEPT;
    }
    for (const thread of state.threads) {
      if (!take(led, thread * 256 + byte, () => this.#led(thread, byte))) return ACCEPT;
    }
    if (threads.length === 0 && (!this.#reading.anywhere || this.#onlyAtBegin)) return REJECT;
    const kept = unordered(threads);
    if (kept.length > MOST_THREADS) throw new TooLarge();
    return this.#state(kept, behinds, false, 0);
  }

  /** The threads that a byte makes of those that begin before it. */
  #begun(state: State, byte: number, behinds: readonly number[]): Led {
    const surroundings = this.#surroundings;
    surroundings.look(state.behinds, state.atBegin);
    const threads: number[] = [];
    const fresh = this.#followed(this.#nfa.start, 0, threads);
    surroundings.look(behinds, false);
    if (!fresh) return null;
    const led: number[] = [];
    for (const thread of threads) {
      const more = this.#led(thread, byte);
      if (more === null) return null;
      led.push(...more);
    }
    return led;
  }

  /** The threads that a byte makes of one. */
  #led(thread: number, byte: number): Led {
    const { match } = this.#nfa;
    const place = placeOf(thread);
    const bundle = bundleOf(thread);
    if (place === match && bundle === 0) return null;
    const left = this.#surroundings.bundleAfter(bundle, byte);
    if (left === DEAD) return [];
    if (place === match) return left === 0 ? null : [pair(match, left)];
    const { positions } = this.#surroundings;
    const within = positions.advance(place, byte);
    if (within !== NOWHERE) return [pair(within, left)];
    const threads: number[] = [];
    if (positions.arrived === NOWHERE || this.#followed(positions.arrived, left, threads)) return threads;
    return null;
  }

  /** Adds the threads that are reached from a step without a character; false as soon as one is a match without conditions. */
  #followed(start: number, bundle: number, into: number[]): boolean {
    const reached = this.#surroundings.reached(start);
    for (let i = 0; i < reached.length; i += 2) {
      const conditions = this.#surroundings.joined(bundle, reached[i + 1]!);
      if (reached[i]! === this.#nfa.match && conditions === 0) return false;
      into.push(pair(reached[i]!, conditions));
    }
    return true;
  }

  /** Where the preferred match counts. */
  #nextInOrder(state: State, byte: number): State | number {
    const surroundings = this.#surroundings;
    const { positions } = surroundings;
    const { anywhere } = this.#reading;
    const { match } = this.#nfa;
    this.#verdict = state.verdict;
    const threads = this.#withStarts(state, byte);
    const behinds = surroundings.behindsAfter(state.behinds, byte);
    this.#out = [];
    this.#seen.clear();
    surroundings.look(behinds, false);
    for (const thread of threads) {
      const place = placeOf(thread);
      let bundle = bundleOf(thread);
      if ((place === EMPTY_MATCH || place === match) && bundle === 0) {
        this.#verdict = place === EMPTY_MATCH ? REJECT : ACCEPT;
        break; // what is less preferred does not count any more
      }
      bundle = surroundings.bundleAfter(bundle, byte);
      if (bundle === DEAD) continue;
      if (place === EMPTY_MATCH || place === match) {
        if (bundle !== 0) {
          this.#push(place, bundle);
          continue;
        }
        this.#verdict = place === EMPTY_MATCH ? REJECT : ACCEPT;
        break;
      }
      const within = positions.advance(place, byte);
      if (within !== NOWHERE) this.#push(within, bundle);
      else if (positions.arrived !== NOWHERE && this.#follow(positions.arrived, bundle, false)) {
        this.#verdict = ACCEPT;
        break;
      }
    }
    if (this.#out.length > MOST_THREADS) throw new TooLarge();
    const idle = this.#out.length === 0;
    if (this.#verdict !== 0) {
      if (idle) return this.#verdict;
      if (this.#verdict === ACCEPT && !this.#out.some((thread) => placeOf(thread) === EMPTY_MATCH)) return ACCEPT;
    }
    if (idle && (!anywhere || this.#onlyAtBegin)) return REJECT;
    return this.#state(this.#out, behinds, false, this.#verdict);
  }

  /** Whether matches may begin at the place of a state, which is one between characters if no continuation follows. */
  #begins(state: State, byte: number): boolean {
    return (!this.#onlyAtBegin || state.atBegin) && (byte < 0x80 || byte >= 0xc0);
  }

  /** The threads of a state and those that begin at its place in the text. */
  #withStarts(state: State, byte: number): readonly number[] {
    if (state.verdict !== 0 || !this.#begins(state, byte)) return state.threads;
    this.#out = [...state.threads];
    this.#seen.clear();
    for (const thread of state.threads) this.#seen.add(thread);
    this.#surroundings.look(state.behinds, state.atBegin);
    if (this.#follow(this.#nfa.start, 0, true)) this.#out.push(pair(EMPTY_MATCH, 0));
    return this.#out;
  }

  #push(place: number, bundle: number): void {
    const thread = pair(place, bundle);
    if (this.#seen.has(thread)) return;
    this.#seen.add(thread);
    this.#out.push(thread);
  }

  /**
   * Adds the places that are reached from a step without a character, in the order of preference; true as soon as the
   * match is reached without a condition. `fresh`: nothing has been read since the match began.
   */
  #follow(start: number, bundle: number, fresh: boolean): boolean {
    const { match } = this.#nfa;
    const reached = this.#surroundings.reached(start);
    for (let i = 0; i < reached.length; i += 2) {
      const place = reached[i]!;
      const conditions = this.#surroundings.joined(bundle, reached[i + 1]!);
      if (place === match && conditions === 0) return true;
      this.#push(place === match && fresh ? EMPTY_MATCH : place, conditions);
    }
    return false;
  }

  #atEnd(state: State): number {
    const { match } = this.#nfa;
    const surroundings = this.#surroundings;
    surroundings.look(state.behinds, state.atBegin);
    for (const thread of state.threads) {
      if (!surroundings.holdsAtEnd(bundleOf(thread))) continue;
      const place = placeOf(thread);
      if (place === EMPTY_MATCH) return this.#reading.nonEmpty ? REJECT : ACCEPT;
      if (place === match || surroundings.matchesAtEnd(place)) return ACCEPT;
    }
    if (state.verdict !== 0) return state.verdict;
    if (this.#reading.nonEmpty || (this.#onlyAtBegin && !state.atBegin)) return REJECT; // what begins here is empty
    return surroundings.matchesAtEnd(this.#nfa.start) ? ACCEPT : REJECT;
  }

  #state(threads: readonly number[], behinds: readonly number[], atBegin: boolean, verdict: number): State {
    const key = `${threads.join()};${behinds.join()};${atBegin ? 1 : 0}${verdict}`;
    return { key, threads, behinds, atBegin, verdict };
  }
}

/** Threads in a fixed order, each once, without those that ask for more than another at the same place. */
function unordered(threads: number[]): number[] {
  threads.sort((a, b) => a - b);
  const kept: number[] = [];
  let free = DEAD;
  let last = DEAD;
  for (const thread of threads) {
    const place = placeOf(thread);
    if (thread === last || free === place) continue;
    if (bundleOf(thread) === 0) free = place; // the first of its place
    kept.push((last = thread));
  }
  return kept;
}
