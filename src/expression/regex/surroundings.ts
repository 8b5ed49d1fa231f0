import { Step, type Nfa } from './nfa.js';
import { NOWHERE, Positions, TooLarge } from './positions.js';
import { Threads } from './threads.js';

interface Reached {
  readonly places: number[];
  readonly matched: boolean;
}

/** A look-around that goes along: it must (not) match from the places where it is. */
interface Condition {
  readonly negative: boolean;
  readonly places: readonly number[];
}

/** What is worked out for places in the text around which the same holds. */
export interface Around {
  readonly number: number;
  /** Per look-behind, whether it holds. */
  readonly holds: readonly boolean[];
  /** The sets at which threads look that begin here, as bits; -1: not known. */
  startsLookAt: number;
  /** By step: the places that are reached without a character and what must hold for each, in turn. */
  readonly reached: Map<number, readonly number[]>;
  /** By conditions and byte: what is left of them. */
  readonly bundlesAfter: Map<number, number>;
  /** By the number of a thread and byte: the threads that come of it. */
  readonly led: Map<number, Led>;
  /** By the number of what was around before and byte: the threads that come of those which began there. */
  readonly begun: Map<number, Led>;
}

/** Numbers of threads; null: a match. */
export type Led = readonly number[] | null;

const MOST_CONDITIONS = 100_000;
/** Entries of what is remembered for speed. */
export const MOST_REMEMBERED = 50_000;

function remember(known: Map<number, number>, key: number, value: number): void {
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(key, value);
}

/** No way leads on. */
export const DEAD = -1;

/**
 * What an automaton looks at around a place in the text, and what it reaches there without a character. What follows must
 * satisfy conditions, sets of which are numbered (0: none); look-behinds run along from every place. All is worked out
 * once for places around which the same holds.
 */
export class Surroundings {
  readonly positions: Positions;
  readonly threads = new Threads();
  readonly #nfa: Nfa;
  readonly #conditions: Condition[] = [];
  readonly #conditionNumbers = new Map<string, number>();
  readonly #bundles: number[][] = [[]];
  readonly #bundleNumbers = new Map<string, number>([['', 0]]);
  readonly #joins = new Map<number, number>();
  /** The sets of places where look-behinds run, and where bytes lead from there. */
  readonly #runs: { readonly places: readonly number[]; readonly holds: boolean }[] = [];
  readonly #runNumbers = new Map<string, number>();
  readonly #runsAfter = new Map<number, number>();
  /** Where all look-behinds run, each tuple with the number of a set of places per look-behind. */
  readonly #tuples: (readonly number[])[] = [];
  readonly #tupleNumbers = new Map<string, number>();
  readonly #tuplesAfter = new Map<number, number>();
  readonly #arounds = new Map<string, Around>();
  /** By tuple, and whether at the begin of the text. */
  readonly #aroundOfTuple: Around[] = [];
  readonly #looks: number[] = [];
  #atBegin = false;
  #around: Around;

  constructor(nfa: Nfa) {
    this.#nfa = nfa;
    this.positions = new Positions(nfa);
    this.#around = this.#aroundOf([], true); // look-behinds, which look at nothing around, start from here
    this.look(this.behindsAtBegin(), true);
  }

  /** Says what is around the place in the text at which steps are followed from now on. */
  look(behinds: number, atBegin: boolean): Around {
    this.#atBegin = atBegin;
    const index = 2 * behinds + (atBegin ? 1 : 0);
    return (this.#around = this.#aroundOfTuple[index] ??= this.#aroundOf(this.#tuples[behinds]!, atBegin));
  }

  /** The places that are reached from a step without a character and what must hold for each, in the order of preference. */
  reached(step: number): readonly number[] {
    let reached = this.#around.reached.get(step);
    if (!reached) this.#around.reached.set(step, (reached = this.#walk([step])));
    return reached;
  }

  /** The sets that decide what becomes of a thread with an ASCII character: bit i for set i. */
  looksAt(thread: number): number {
    let bits = this.#looks[thread];
    if (bits === undefined) {
      bits = this.#looksAtFrom(this.threads.places[thread]!);
      for (const condition of this.#bundles[this.threads.bundles[thread]!]!) {
        for (const place of this.#conditions[condition]!.places) bits |= this.#looksAtFrom(place);
      }
      this.#looks[thread] = bits;
    }
    return bits;
  }

  #looksAtFrom(place: number): number {
    return this.#nfa.steps[3 * place] === Step.Set ? 1 << this.#nfa.steps[3 * place + 1]! : 0;
  }

  /** The number that says where look-behinds run before the first byte. */
  behindsAtBegin(): number {
    this.#atBegin = true;
    return this.#tuple(this.#nfa.behinds.map((start) => this.#run(this.#places([start]).places)));
  }

  /** The same after a byte. */
  behindsAfter(behinds: number, byte: number): number {
    this.#atBegin = false;
    if (this.#nfa.behinds.length === 0) return behinds;
    const key = behinds * 256 + byte;
    let after = this.#tuplesAfter.get(key);
    if (after === undefined) {
      const runs = this.#tuples[behinds]!;
      after = this.#tuple(this.#nfa.behinds.map((start, i) => this.#runAfter(i, runs[i]!, byte, start)));
      remember(this.#tuplesAfter, key, after);
    }
    return after;
  }

  #runAfter(behind: number, from: number, byte: number, start: number): number {
    const key = (behind * MOST_CONDITIONS + from) * 256 + byte;
    let run = this.#runsAfter.get(key);
    if (run === undefined) {
      run = this.#run(this.#placesAfter(this.#runs[from]!.places, byte, [start]).places);
      remember(this.#runsAfter, key, run);
    }
    return run;
  }

  #tuple(runs: readonly number[]): number {
    const key = runs.join();
    let number = this.#tupleNumbers.get(key);
    if (number === undefined) {
      this.#tupleNumbers.set(key, (number = this.#tuples.length));
      this.#tuples.push(runs);
      if (number >= MOST_CONDITIONS) throw new TooLarge();
    }
    return number;
  }

  #run(places: readonly number[]): number {
    const key = places.join();
    let number = this.#runNumbers.get(key);
    if (number === undefined) {
      this.#runNumbers.set(key, (number = this.#runs.length));
      this.#runs.push({ places, holds: places.includes(this.#nfa.match) });
      if (number >= MOST_CONDITIONS) throw new TooLarge();
    }
    return number;
  }

  /** The conditions of both. */
  joined(a: number, b: number): number {
    if (a === 0 || b === 0 || a === b) return a || b;
    const key = a * MOST_CONDITIONS + b;
    let number = this.#joins.get(key);
    if (number === undefined) {
      remember(this.#joins, key, (number = this.#bundle([...this.#bundles[a]!, ...this.#bundles[b]!])));
    }
    return number;
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
  bundleAfter(bundle: number, byte: number): number {
    if (bundle === 0) return 0;
    const { bundlesAfter } = this.#around;
    const key = bundle * 256 + byte;
    let after = bundlesAfter.get(key);
    if (after === undefined) remember(bundlesAfter, key, (after = this.#conditionsAfter(bundle, byte)));
    return after;
  }

  #conditionsAfter(bundle: number, byte: number): number {
    const left: number[] = [];
    for (const number of this.#bundles[bundle]!) {
      const { negative, places } = this.#conditions[number]!;
      const after = this.#placesAfter(places, byte, []);
      if (after.matched ? negative : after.places.length === 0 && !negative) return DEAD;
      if (!after.matched && after.places.length > 0) left.push(this.#condition({ negative, places: after.places }));
    }
    return this.#bundle(left);
  }

  /** Whether conditions hold at the end of the text. */
  holdsAtEnd(bundle: number): boolean {
    return this.#bundles[bundle]!.every((number) => {
      const { negative, places } = this.#conditions[number]!;
      return places.some((p) => this.matchesAtEnd(p)) !== negative;
    });
  }

  /** Whether the match is reached from a place at the end of the text. */
  matchesAtEnd(place: number): boolean {
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
          if (this.#around.holds[a] === (steps[3 * step] === Step.Behind)) stack.push(b);
          break;
        case Step.Ahead:
        case Step.NotAhead:
          if (this.matchesAtEnd(a) === (steps[3 * step] === Step.Ahead)) stack.push(b);
          break;
        default:
          break;
      }
    }
    return false;
  }

  /** Whether every way from a step to a character or match passes the begin of the text. */
  needsBegin(step: number): boolean {
    const { steps } = this.#nfa;
    const passed = new Set<number>();
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

  #aroundOf(behinds: readonly number[], atBegin: boolean): Around {
    const holds = behinds.map((run) => this.#runs[run]!.holds);
    const key = `${atBegin ? 1 : 0}${holds.map((h) => (h ? 1 : 0)).join('')}`;
    let around = this.#arounds.get(key);
    if (!around) this.#arounds.set(key, (around = {
      number: this.#arounds.size, holds, startsLookAt: -1, reached: new Map(), bundlesAfter: new Map(), led: new Map(), begun: new Map(),
    }));
    return around;
  }

  /**
   * The places that steps lead to without a character, and the number of what must hold for each, in turn, in the order
   * of preference.
   */
  #walk(starts: readonly number[]): readonly number[] {
    const { steps } = this.#nfa;
    const { holds } = this.#around;
    const reached: number[] = [];
    const stack: number[] = [];
    for (let i = starts.length - 1; i >= 0; i--) stack.push(starts[i]!, 0);
    const passed = new Set<number>();
    while (stack.length > 0) {
      const conditions = stack.pop()!;
      const step = stack.pop()!;
      const key = conditions * (steps.length / 3) + step;
      if (passed.has(key)) continue;
      passed.add(key);
      const op = steps[3 * step];
      const a = steps[3 * step + 1]!;
      const b = steps[3 * step + 2]!;
      switch (op) {
        case Step.Split:
          stack.push(b, conditions, a, conditions);
          break;
        case Step.Begin:
          if (this.#atBegin) stack.push(a, conditions);
          break;
        case Step.Behind:
        case Step.NotBehind:
          if (holds[a] === (op === Step.Behind)) stack.push(b, conditions);
          break;
        case Step.Ahead:
        case Step.NotAhead: {
          const negative = op === Step.NotAhead;
          const { places, matched } = this.#places([a]);
          if (matched || places.length === 0) {
            if (matched !== negative) stack.push(b, conditions);
          } else {
            stack.push(b, this.joined(conditions, this.#bundle([this.#condition({ negative, places })])));
          }
          break;
        }
        default:
          reached.push(step, conditions);
      }
    }
    return reached;
  }

  /** The places of a condition or look-behind, which hold no further conditions, that steps lead to; `match` among them. */
  #places(starts: readonly number[], into: Set<number> = new Set()): Reached {
    const reached = this.#walk(starts);
    for (let i = 0; i < reached.length; i += 2) into.add(reached[i]!);
    return { places: [...into].sort((x, y) => x - y), matched: into.has(this.#nfa.match) };
  }

  /** The places of a condition or look-behind after a byte. */
  #placesAfter(places: readonly number[], byte: number, more: readonly number[]): Reached {
    const into = new Set<number>();
    const arrivals = [...more];
    for (const place of places) {
      const within = this.positions.advance(place, byte);
      if (within !== NOWHERE) into.add(within);
      else if (this.positions.arrived !== NOWHERE) arrivals.push(this.positions.arrived);
    }
    return this.#places(arrivals, into);
  }
}
