import { Step, type Nfa } from './nfa.js';
import { NOWHERE, Positions, TooLarge } from './positions.js';

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
  /** Place and number of the conditions, in turn. */
  readonly threads: readonly number[];
  /** Per look-behind, the places where it runs. */
  readonly behinds: readonly (readonly number[])[];
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

interface Reached {
  readonly places: number[];
  readonly matched: boolean;
}

/** A look-around that goes along: it must (not) match from the places where it is. */
interface Condition {
  readonly negative: boolean;
  readonly places: readonly number[];
}

const MOST_THREADS = 2000;
const MOST_CONDITIONS = 100_000;
const EMPTY_MATCH = -2; // a match without characters, if its conditions turn out to hold
const DEAD = -1;

/** Makes deterministic states of an automaton, one transition at a time. */
export class Determinizer {
  readonly #nfa: Nfa;
  readonly #reading: Reading;
  readonly #positions: Positions;
  readonly #conditions: Condition[] = [];
  readonly #conditionNumbers = new Map<string, number>();
  /** Sets of conditions; number 0 is none. */
  readonly #bundles: number[][] = [[]];
  readonly #bundleNumbers = new Map<string, number>([['', 0]]);
  readonly #onlyAtBegin: boolean;

  #out: number[] = [];
  #seen = new Set<number>();
  #behinds: readonly (readonly number[])[] = [];
  #atBegin = false;
  #verdict = 0;

  constructor(nfa: Nfa, reading: Reading) {
    this.#nfa = nfa;
    this.#reading = reading;
    this.#positions = new Positions(nfa);
    this.#onlyAtBegin = !reading.anywhere || this.#needsBegin(nfa.start, new Set());
  }

  /** The state before the first byte. */
  initial(): State {
    this.#atBegin = true;
    const behinds = this.#nfa.behinds.map((start) => this.#places([start]).places);
    return this.#state([], behinds, true, 0);
  }

  /** Where a byte leads: a state, or the answer. */
  next(state: State, byte: number): State | number {
    const { anywhere, nonEmpty } = this.#reading;
    this.#verdict = state.verdict;
    const threads = this.#withStarts(state, byte);
    if (byte === END_OF_TEXT) return this.#atEnd(state, threads);

    const behinds = this.#behindsAfter(state, byte);
    this.#out = [];
    this.#seen.clear();
    this.#behinds = behinds;
    this.#atBegin = false;
    for (let i = 0; i < threads.length; i += 2) {
      const place = threads[i]!;
      let bundle = threads[i + 1]!;
      if ((place === EMPTY_MATCH || place === this.#nfa.match) && bundle === 0) {
        if (this.#accept(place === EMPTY_MATCH)) return ACCEPT;
        break; // what is less preferred does not count any more
      }
      bundle = this.#bundleAfter(bundle, byte);
      if (bundle === DEAD) continue;
      if (place === EMPTY_MATCH || place === this.#nfa.match) {
        if (bundle !== 0) this.#push(place, bundle);
        else if (this.#accept(place === EMPTY_MATCH)) return ACCEPT;
        else break;
        continue;
      }
      const within = this.#positions.advance(place, byte);
      if (within !== NOWHERE) this.#push(within, bundle);
      else if (this.#positions.arrived !== NOWHERE && this.#follow(this.#positions.arrived, bundle, false)) {
        if (this.#accept(false)) return ACCEPT;
        break;
      }
    }
    if (this.#out.length > 2 * MOST_THREADS) throw new TooLarge();
    const idle = this.#out.length === 0;
    if (this.#verdict !== 0) {
      if (idle) return this.#verdict;
      if (this.#verdict === ACCEPT && !this.#out.includes(EMPTY_MATCH)) return ACCEPT;
    }
    if (idle && (!anywhere || this.#onlyAtBegin)) return REJECT;
    return this.#state(nonEmpty ? this.#out : unordered(this.#out), behinds, false, this.#verdict);
  }

  /** A match is there: true if that settles the answer. */
  #accept(empty: boolean): boolean {
    if (!this.#reading.nonEmpty) return true;
    this.#verdict = empty ? REJECT : ACCEPT;
    return false;
  }

  /**
   * The threads of a state and those that begin at its place in the text, which is one between characters if no
   * continuation follows.
   */
  #withStarts(state: State, byte: number): readonly number[] {
    if (state.verdict !== 0 || (this.#onlyAtBegin && !state.atBegin)) return state.threads;
    if (byte >= 0x80 && byte < 0xc0) return state.threads;
    this.#out = [...state.threads];
    this.#seen.clear();
    for (let i = 0; i < state.threads.length; i += 2) this.#seen.add(pair(state.threads[i]!, state.threads[i + 1]!));
    this.#behinds = state.behinds;
    this.#atBegin = state.atBegin;
    if (byte === END_OF_TEXT) return this.#out; // what begins at the end is looked at there
    if (this.#follow(this.#nfa.start, 0, true)) this.#out.push(EMPTY_MATCH, 0);
    return this.#out;
  }

  #push(place: number, bundle: number): void {
    const key = pair(place, bundle);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#out.push(place, bundle);
  }

  /**
   * Adds the places that are reached from a step without a character, in the order of preference; true as soon as the
   * match is reached
   * without a condition. `fresh`: nothing has been read since the match began.
   */
  #follow(start: number, bundle: number, fresh: boolean): boolean {
    const { steps, match } = this.#nfa;
    const stack = [start, bundle];
    const passed = new Set<number>();
    while (stack.length > 0) {
      const conditions = stack.pop()!;
      const step = stack.pop()!;
      const key = pair(step, conditions);
      if (passed.has(key)) continue;
      passed.add(key);
      if (step === match) {
        if (conditions === 0) return true;
        this.#push(fresh ? EMPTY_MATCH : match, conditions);
        continue;
      }
      const a = steps[3 * step + 1]!;
      const b = steps[3 * step + 2]!;
      switch (steps[3 * step]) {
        case Step.Split:
          stack.push(b, conditions, a, conditions);
          break;
        case Step.Begin:
          if (this.#atBegin) stack.push(a, conditions);
          break;
        case Step.Behind:
          if (this.#behinds[a]!.includes(match)) stack.push(b, conditions);
          break;
        case Step.NotBehind:
          if (!this.#behinds[a]!.includes(match)) stack.push(b, conditions);
          break;
        case Step.Ahead:
        case Step.NotAhead: {
          const negative = steps[3 * step] === Step.NotAhead;
          const { places, matched } = this.#places([a]);
          if (matched || places.length === 0) {
            if (matched !== negative) stack.push(b, conditions);
          } else {
            stack.push(b, this.#withCondition(conditions, { negative, places }));
          }
          break;
        }
        default:
          this.#push(step, conditions);
      }
    }
    return false;
  }

  /** The places of a condition or look-behind that steps lead to without a character; `match` is kept among them. */
  #places(starts: readonly number[], into: Set<number> = new Set()): Reached {
    const { steps, match } = this.#nfa;
    const stack = [...starts];
    const passed = new Set<number>();
    let matched = false;
    while (stack.length > 0) {
      const step = stack.pop()!;
      if (passed.has(step)) continue;
      passed.add(step);
      const a = steps[3 * step + 1]!;
      const b = steps[3 * step + 2]!;
      switch (steps[3 * step]) {
        case Step.Split:
          stack.push(a, b);
          break;
        case Step.Begin:
          if (this.#atBegin) stack.push(a);
          break;
        case Step.Behind:
          if (this.#behinds[a]!.includes(match)) stack.push(b);
          break;
        case Step.NotBehind:
          if (!this.#behinds[a]!.includes(match)) stack.push(b);
          break;
        case Step.Match:
          matched = true;
          into.add(match);
          break;
        default:
          into.add(step);
      }
    }
    return { places: [...into].sort((x, y) => x - y), matched };
  }

  /** The places of a condition or look-behind after a byte. */
  #placesAfter(places: readonly number[], byte: number, more: readonly number[]): Reached {
    const into = new Set<number>();
    const arrivals = [...more];
    for (const place of places) {
      const within = this.#positions.advance(place, byte);
      if (within !== NOWHERE) into.add(within);
      else if (this.#positions.arrived !== NOWHERE) arrivals.push(this.#positions.arrived);
    }
    return this.#places(arrivals, into);
  }

  #behindsAfter(state: State, byte: number): (readonly number[])[] {
    this.#atBegin = false;
    return this.#nfa.behinds.map((start, i) => this.#placesAfter(state.behinds[i]!, byte, [start]).places);
  }

  #withCondition(bundle: number, condition: Condition): number {
    return this.#bundle([...this.#bundles[bundle]!, this.#condition(condition)]);
  }

  #condition(condition: Condition): number {
    const key = `${condition.negative}${condition.places.join()}`;
    let number = this.#conditionNumbers.get(key);
    if (number === undefined) {
      this.#conditionNumbers.set(key, (number = this.#conditions.length));
      this.#conditions.push(condition);
      if (number > MOST_CONDITIONS) throw new TooLarge();
    }
    return number;
  }

  #bundle(conditions: readonly number[]): number {
    const sorted = [...new Set(conditions)].sort((a, b) => a - b);
    const key = sorted.join();
    let number = this.#bundleNumbers.get(key);
    if (number === undefined) {
      this.#bundleNumbers.set(key, (number = this.#bundles.length));
      this.#bundles.push(sorted);
      if (number > MOST_CONDITIONS) throw new TooLarge();
    }
    return number;
  }

  /** What of the conditions is left after a byte, or DEAD. */
  #bundleAfter(bundle: number, byte: number): number {
    if (bundle === 0) return 0;
    const left: number[] = [];
    for (const number of this.#bundles[bundle]!) {
      const { negative, places } = this.#conditions[number]!;
      const after = this.#placesAfter(places, byte, []);
      if (after.matched ? negative : after.places.length === 0 && !negative) return DEAD;
      if (!after.matched && after.places.length > 0) left.push(this.#condition({ negative, places: after.places }));
    }
    return this.#bundle(left);
  }

  #atEnd(state: State, threads: readonly number[]): number {
    const { match } = this.#nfa;
    this.#behinds = state.behinds;
    this.#atBegin = state.atBegin;
    for (let i = 0; i < threads.length; i += 2) {
      const place = threads[i]!;
      const holds = this.#bundles[threads[i + 1]!]!.every((number) => {
        const { negative, places } = this.#conditions[number]!;
        return places.some((p) => this.#matchesAtEnd(p)) !== negative;
      });
      if (!holds) continue;
      if (place === EMPTY_MATCH) return this.#reading.nonEmpty ? REJECT : ACCEPT;
      if (place === match || this.#matchesAtEnd(place)) return ACCEPT;
    }
    if (state.verdict !== 0) return state.verdict;
    if (this.#reading.nonEmpty || (this.#onlyAtBegin && !state.atBegin)) return REJECT; // what begins here is empty
    return this.#matchesAtEnd(this.#nfa.start) ? ACCEPT : REJECT;
  }

  /** Whether the match is reached from a place at the end of the text. */
  #matchesAtEnd(place: number): boolean {
    const { steps, match } = this.#nfa;
    const stack = [place];
    const passed = new Set<number>();
    while (stack.length > 0) {
      const step = stack.pop()!;
      if (step === match) return true;
      if (step >= steps.length / 3 || passed.has(step)) continue;
      passed.add(step);
      const a = steps[3 * step + 1]!;
      const b = steps[3 * step + 2]!;
      switch (steps[3 * step]) {
        case Step.Split:
          stack.push(a, b);
          break;
        case Step.Begin:
          if (this.#atBegin) stack.push(a);
          break;
        case Step.End:
          stack.push(a);
          break;
        case Step.Behind:
        case Step.NotBehind:
          if (this.#behinds[a]!.includes(match) === (steps[3 * step] === Step.Behind)) stack.push(b);
          break;
        case Step.Ahead:
        case Step.NotAhead:
          if (this.#matchesAtEnd(a) === (steps[3 * step] === Step.Ahead)) stack.push(b);
          break;
        default:
          break;
      }
    }
    return false;
  }

  /** Whether every way from a step to a character or match passes the begin of the text. */
  #needsBegin(step: number, passed: Set<number>): boolean {
    const { steps } = this.#nfa;
    const stack = [step];
    while (stack.length > 0) {
      const at = stack.pop()!;
      if (passed.has(at)) continue;
      passed.add(at);
      const op = steps[3 * at];
      if (op === Step.Begin) continue;
      if (op === Step.Split) stack.push(steps[3 * at + 1]!, steps[3 * at + 2]!);
      else if (op === Step.Set || op === Step.End || op === Step.Match) return false;
      else stack.push(steps[3 * at + 2]!); // looks around
    }
    return true;
  }

  #state(threads: readonly number[], behinds: State['behinds'], atBegin: boolean, verdict: number): State {
    const key = `${threads.join()};${behinds.map((b) => b.join()).join(';')};${atBegin ? 1 : 0}${verdict}`;
    return { key, threads, behinds, atBegin, verdict };
  }
}

function pair(place: number, bundle: number): number {
  return (place + 2) * 0x100000 + bundle;
}

/** Threads in a fixed order, without those that ask for more than another at the same place. */
function unordered(threads: readonly number[]): number[] {
  const free = new Set<number>();
  for (let i = 0; i < threads.length; i += 2) if (threads[i + 1] === 0) free.add(threads[i]!);
  const kept: [number, number][] = [];
  for (let i = 0; i < threads.length; i += 2) {
    if (threads[i + 1] === 0 || !free.has(threads[i]!)) kept.push([threads[i]!, threads[i + 1]!]);
  }
  return kept.sort((a, b) => a[0] - b[0] || a[1] - b[1]).flat();
}
