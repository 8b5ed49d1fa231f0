import { Step, type Nfa } from './nfa.js';
import { NOWHERE, TooLarge } from './positions.js';
import { DEAD, MOST_REMEMBERED, Surroundings, type Led } from './surroundings.js';
import type { Threads } from './threads.js';

/** What is known before the text ends. */
export const ACCEPT = 1;
export const REJECT = 2;

/** The byte that stands for the end of the text. */
export const END_OF_TEXT = 256;

/** Threads that the automaton may follow, in the order of preference if that counts. */
export interface State {
  readonly key: string;
  /** Their numbers. */
  readonly threads: readonly number[];
  /** The number that says where look-behinds run. */
  readonly behinds: number;
  readonly atBegin: boolean;
  /** An answer that holds unless a preferred thread gives another: 0 none, ACCEPT or REJECT. */
  readonly verdict: number;
  /** What `looksAt` says; -1: not known. */
  looks: number;
}

/** How a text is looked at. */
export interface Reading {
  /** Whether a match may begin anywhere. */
  readonly anywhere: boolean;
  /** Whether the answer is that the first match is not empty, so that preference counts. */
  readonly nonEmpty: boolean;
}

const MOST_THREADS = 2000;
/** So many threads are put in order as they come. */
const FEW_THREADS = 64;
const EMPTY_MATCH = -2; // a match without characters, if its conditions turn out to hold

/** Makes deterministic states of an automaton, one transition at a time. */
export class Determinizer {
  readonly #nfa: Nfa;
  readonly #reading: Reading;
  readonly #surroundings: Surroundings;
  readonly #threads: Threads;
  readonly #onlyAtBegin: boolean;
  /** The sets at which look-behinds look. */
  readonly #behindSets: number;

  #out: number[] = [];
  #seen = new Set<number>();
  /** By thread, the number of the state for which it was last gathered. */
  readonly #stamps: number[] = [];
  #stamp = 0;
  #verdict = 0;

  constructor(nfa: Nfa, reading: Reading) {
    this.#nfa = nfa;
    this.#reading = reading;
    this.#surroundings = new Surroundings(nfa);
    this.#threads = this.#surroundings.threads;
    this.#behindSets = setsFrom(nfa, nfa.behinds);
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

  /** The sets that decide where an ASCII character leads from a state: bit i for set i, if they are at most 30. */
  looksAt(state: State): number {
    if (state.looks < 0) state.looks = this.#looksAt(state);
    return state.looks;
  }

  #looksAt(state: State): number {
    let bits = this.#behindSets;
    for (let i = 0; i < state.threads.length; i++) bits |= this.#surroundings.looksAt(state.threads[i]!);
    if (state.verdict !== 0 || !this.#begins(state, 0)) return bits;
    const around = this.#surroundings.look(state.behinds, state.atBegin);
    if (around.startsLookAt < 0) {
      const starts: number[] = [];
      this.#followed(this.#nfa.start, 0, starts);
      around.startsLookAt = starts.reduce((all, thread) => all | this.#surroundings.looksAt(thread), 0);
    }
    return bits | around.startsLookAt;
  }

  /** Where any match will do: what becomes of a thread does not depend on the others. */
  #nextOfAny(state: State, byte: number): State | number {
    const surroundings = this.#surroundings;
    const before = surroundings.look(state.behinds, state.atBegin);
    const behinds = surroundings.behindsAfter(state.behinds, byte);
    const { begun, led } = surroundings.look(behinds, false);
    this.#out = [];
    this.#stamp++;
    if (this.#begins(state, byte)) {
      const key = before.number * 256 + byte;
      let more = begun.get(key);
      if (more === undefined) remember(begun, key, (more = this.#begun(state, byte, behinds)));
      if (more === null) return ACCEPT;
      this.#gather(more);
    }
    const { threads } = state;
    for (let i = 0; i < threads.length; i++) {
      const key = threads[i]! * 256 + byte;
      let more = led.get(key);
      if (more === undefined) remember(led, key, (more = this.#led(threads[i]!, byte)));
      if (more === null) return ACCEPT;
      this.#gather(more);
    }
    if (this.#out.length === 0 && (!this.#reading.anywhere || this.#onlyAtBegin)) return REJECT;
    const kept = this.#kept();
    if (kept.length > MOST_THREADS) throw new TooLarge();
    return this.#state(kept, behinds, false, 0);
  }

  /** Adds threads to those of the next state, each once. */
  #gather(more: readonly number[]): void {
    for (let i = 0; i < more.length; i++) {
      const thread = more[i]!;
      if (this.#stamps[thread] === this.#stamp) continue;
      this.#stamps[thread] = this.#stamp;
      this.#out.push(thread);
    }
  }

  /** The gathered threads in a fixed order, without those that ask for more than another at the same place. */
  #kept(): number[] {
    const { free } = this.#threads;
    const kept: number[] = [];
    for (let i = 0; i < this.#out.length; i++) {
      const thread = this.#out[i]!;
      if (free[thread] !== thread && this.#stamps[free[thread]!] === this.#stamp) continue;
      let at = kept.length;
      if (at < FEW_THREADS) {
        for (; at > 0 && kept[at - 1]! > thread; at--) kept[at] = kept[at - 1]!;
        kept[at] = thread;
      } else {
        kept.push(thread);
      }
    }
    return kept.length <= FEW_THREADS ? kept : kept.sort((a, b) => a - b);
  }

  /** The threads that a byte makes of those that begin before it. */
  #begun(state: State, byte: number, behinds: number): Led {
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
    const place = this.#threads.places[thread]!;
    const bundle = this.#threads.bundles[thread]!;
    if (place === match && bundle === 0) return null;
    const left = this.#surroundings.bundleAfter(bundle, byte);
    if (left === DEAD) return [];
    if (place === match) return left === 0 ? null : [this.#threads.of(match, left)];
    const { positions } = this.#surroundings;
    const within = positions.advance(place, byte);
    if (within !== NOWHERE) return [this.#threads.of(within, left)];
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
      into.push(this.#threads.of(reached[i]!, conditions));
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
    for (let i = 0; i < threads.length; i++) {
      const place = this.#threads.places[threads[i]!]!;
      let bundle = this.#threads.bundles[threads[i]!]!;
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
      if (this.#verdict === ACCEPT && !this.#out.some((thread) => this.#threads.places[thread] === EMPTY_MATCH)) return ACCEPT;
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
    this.#out = state.threads.slice();
    this.#seen.clear();
    for (const thread of this.#out) this.#seen.add(thread);
    this.#surroundings.look(state.behinds, state.atBegin);
    if (this.#follow(this.#nfa.start, 0, true)) this.#out.push(this.#threads.of(EMPTY_MATCH, 0));
    return this.#out;
  }

  #push(place: number, bundle: number): void {
    const thread = this.#threads.of(place, bundle);
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
    for (let i = 0; i < state.threads.length; i++) {
      if (!surroundings.holdsAtEnd(this.#threads.bundles[state.threads[i]!]!)) continue;
      const place = this.#threads.places[state.threads[i]!]!;
      if (place === EMPTY_MATCH) return this.#reading.nonEmpty ? REJECT : ACCEPT;
      if (place === match || surroundings.matchesAtEnd(place)) return ACCEPT;
    }
    if (state.verdict !== 0) return state.verdict;
    if (this.#reading.nonEmpty || (this.#onlyAtBegin && !state.atBegin)) return REJECT; // what begins here is empty
    return surroundings.matchesAtEnd(this.#nfa.start) ? ACCEPT : REJECT;
  }

  #state(threads: readonly number[], behinds: number, atBegin: boolean, verdict: number): State {
    const key = `${threads.join()};${behinds};${atBegin ? 1 : 0}${verdict}`;
    return { key, threads, behinds, atBegin, verdict, looks: -1 };
  }
}

function remember(known: Map<number, Led>, key: number, value: Led): void {
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(key, value);
}

/** The sets in all that is reached from steps, as bits. */
function setsFrom({ steps }: Nfa, starts: readonly number[]): number {
  const passed = new Set<number>();
  const stack = [...starts];
  let bits = 0;
  while (stack.length > 0) {
    const step = stack.pop()!;
    if (passed.has(step)) continue;
    passed.add(step);
    const [op, a, b] = [steps[3 * step], steps[3 * step + 1]!, steps[3 * step + 2]!];
    if (op === Step.Match) continue;
    if (op === Step.Set) bits |= 1 << a;
    if (op === Step.Split || op === Step.Begin || op === Step.End) stack.push(a);
    if (op !== Step.Begin && op !== Step.End) stack.push(b);
  }
  return bits;
}
