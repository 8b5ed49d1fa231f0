import { AssayError } from '../base/errors.js';
import type { Ask } from '../analyzers/contract.js';
import type { Answer, EngineAsk, Execution } from '../engine/plan.js';

/** Collects the questions of a profile, and hands out what was answered to each. */
export class Questions {
  readonly asks: EngineAsk[] = [];
  #answers: readonly Answer[] = [];
  readonly #places = new Map<unknown, number>();

  /** Adds a question; it is what its answer is asked by. */
  ask<T>(ask: Ask<T>): Ask<T> {
    if (ask.kind !== 'constant') this.#places.set(ask, this.asks.push(ask) - 1);
    return ask;
  }

  settle({ answers }: Pick<Execution, 'answers'>): void {
    this.#answers = answers;
  }

  /** Lets go of the answers, which may be large. */
  forget(): void {
    this.#answers = [];
  }

  /** The answer to a question that was added; throws why there is none. */
  get<T>(ask: Ask<T>): T {
    if (ask.kind === 'constant') return ask.value as T;
    const answer = this.#answers[this.#places.get(ask) ?? -1];
    if (!answer) throw new AssayError('INTERNAL', 'a question of a profile was not asked');
    if (!answer.ok) throw answer.error;
    return answer.value as T;
  }
}
