import { TooLarge } from './positions.js';

const MOST = 200_000;
const MOST_BUNDLES = 0x100000;

/**
 * Ways in which a match may go on, numbered: a place in the automaton, and a number of conditions that what follows must
 * still satisfy (0: none).
 */
export class Threads {
  readonly places: number[] = [];
  readonly bundles: number[] = [];
  /** The thread at the same place without a condition. */
  readonly free: number[] = [];
  readonly #numbers = new Map<number, number>();

  /** The number of a thread. */
  of(place: number, bundle: number): number {
    const key = (place + 2) * MOST_BUNDLES + bundle; // places may be as low as -2
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const free = bundle === 0 ? this.places.length : this.of(place, 0);
    const number = this.places.length;
    if (number >= MOST) throw new TooLarge();
    this.#numbers.set(key, number);
    this.places.push(place);
    this.bundles.push(bundle);
    this.free.push(free);
    return number;
  }
}
