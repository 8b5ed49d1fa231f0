import type { Analyzer } from '../analyzers/contract.js';
import { requestKey, type Request } from '../states/contract.js';

/** What is known of a state without its content. */
export interface Answering {
  readonly request: Request;
  /** Keys of the analyzers that it answers, where it knows less than the request asks; absent: all. */
  readonly answers?: readonly string[] | undefined;
}

/** Whether a state answers an analyzer that asks its request. */
export function answersTo({ answers }: Answering, analyzer: Analyzer): boolean {
  return !answers || answers.includes(analyzer.key);
}

/**
 * The identity of a state in a store: its request and, where it knows less than that asks, whom it answers. Deequ's
 * minimum and its maximum are two states of one request.
 */
export function stateKey({ request, answers }: Answering): string {
  const key = requestKey(request);
  return answers ? `${key} for ${JSON.stringify([...answers].sort())}` : key;
}

/** States by the keys of their requests. */
export function byRequest<S extends Answering>(states: Iterable<S>): Map<string, S[]> {
  const found = new Map<string, S[]>();
  for (const state of states) {
    const key = requestKey(state.request);
    const known = found.get(key);
    if (known) known.push(state);
    else found.set(key, [state]);
  }
  return found;
}

/** Finds the state of a request that answers an analyzer, by the request's key. */
export function stateFinder<S extends Answering>(
  states: Iterable<S>,
): (request: string, analyzer: Analyzer) => S | undefined {
  const known = byRequest(states);
  return (request, analyzer) => {
    const found = known.get(request);
    return found?.find((s) => !s.answers) ?? found?.find((s) => answersTo(s, analyzer));
  };
}

/** Who is answered by both of two states of one request; absent: all, null: nobody. */
export function commonAnswers(
  { answers: a }: Pick<Answering, 'answers'>, { answers: b }: Pick<Answering, 'answers'>,
): readonly string[] | undefined | null {
  if (!a || !b) return a ?? b;
  const both = a.filter((key) => b.includes(key));
  return both.length > 0 ? both : null;
}

/** States by their keys, without those that answer nobody whom another one of the same request does not answer too. */
export function distinctStates<S extends Answering>(states: Iterable<S>): Map<string, S> {
  const kept = new Map<string, S>();
  for (const alike of byRequest(states).values()) {
    const whole = alike.find((s) => !s.answers);
    for (const state of whole ? [whole] : alike) {
      const { answers } = state;
      const more = (s: S) => s.answers!.length > answers!.length && answers!.every((key) => s.answers!.includes(key));
      if (whole || !alike.some(more)) kept.set(stateKey(state), state);
    }
  }
  return kept;
}
