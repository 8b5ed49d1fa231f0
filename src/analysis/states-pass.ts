import { asAssayError, AssayError } from '../base/errors.js';
import type { Analyzer } from '../analyzers/contract.js';
import { execute } from '../engine/execute.js';
import type { Answer, EngineAsk, Explanation } from '../engine/plan.js';
import { isStorable, keyTypes } from '../repository/storable.js';
import type { LoadedStates } from '../repository/state-provider.js';
import { answersTo, distinctStates } from '../repository/state-keys.js';
import { isLack, mergeAll, mergeStates, type StateValue } from '../repository/state-set.js';
import { requestKey, type Fold } from '../states/contract.js';
import type { TableRoom } from '../states/saved-blocks.js';
import { collecting, foldTable, savedTable, type Collected } from '../states/saved-table.js';
import type { Pass } from './pass.js';

/** What a pass leaves for whoever stores it. */
export interface Kept {
  /** By their keys. */
  readonly states: Map<string, StateValue>;
  /** The keys of the requests of each analyzer, by its key. */
  readonly asks: Map<string, string[]>;
  /** Where the tables among them lie. */
  readonly room: TableRoom;
}

function note(asked: Map<string, string[]>, analyzer: Analyzer, ask: EngineAsk): void {
  const keys = asked.get(analyzer.key) ?? [];
  const key = requestKey(ask.request);
  if (!keys.includes(key)) asked.set(analyzer.key, [...keys, key]);
}

/** Errors that say that a store lacks a state. */
const absences = new WeakSet<object>();

/** Whether a failure is that of a state that no store has. */
export function isAbsence(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && absences.has(cause);
}

/**
 * A pass whose answers are of the rows that were stored before and those that are read now, in this order. What it
 * merged is kept in `states`.
 */
export function mergingPass(before: LoadedStates | null, { states, asks: asked, room }: Kept): Pass {
  return async (asks, source, options) => {
    const whole = new Map<string, { fold: Fold<Collected>; ask: EngineAsk }>();
    const plain = asks.map(({ ask, analyzer }): EngineAsk => {
      if (ask.kind === 'state' || !analyzer || !isStorable(ask.spec)) return ask;
      const key = requestKey(ask.request);
      let known = whole.get(key);
      if (!known) {
        const { types, measured } = keyTypes(ask.request);
        const fold = collecting(types, measured, room);
        whole.set(key, (known = { fold, ask: { ...ask, fold } }));
      }
      return known.ask;
    });
    const execution = await execute(plain, source, options);
    const merged = new Known();
    const answers: Answer[] = [];
    for (const [i, { ask, analyzer }] of asks.entries()) {
      if (!analyzer || (!before && !isStorable(ask.spec))) {
        answers.push(execution.answers[i]!);
        continue;
      }
      if (!isStorable(ask.spec)) {
        const message = `${String(analyzer)} rests on a state that cannot be stored: it has no value for stored rows and new ones together`;
        answers.push({ ok: false, error: new AssayError('STATE', message) });
        continue;
      }
      note(asked, analyzer, ask);
      const value = await merged.get(
        ask, analyzer, () => mergedState(execution.answers[i]!, { ask, analyzer, before, room }),
      );
      answers.push(answerFrom(value, ask));
    }
    merged.keepIn(states);
    return { ...execution, answers };
  };
}

/** A pass that reads no rows: all answers come from stores, in the order of the stores. */
export function storedPass(stores: readonly LoadedStates[], { states, asks: asked, room }: Kept): Pass {
  return async (asks, _source, options) => {
    const merged = new Known();
    const answers: Answer[] = [];
    for (const { ask, analyzer } of asks) {
      options.signal?.throwIfAborted();
      if (!analyzer) {
        answers.push(
          { ok: false, error: new AssayError('UNSUPPORTED', 'stored states say nothing about single rows') },
        );
        continue;
      }
      note(asked, analyzer, ask);
      answers.push(answerFrom(await merged.get(ask, analyzer, () => fromStores(ask, analyzer, stores, room)), ask));
    }
    merged.keepIn(states);
    return {
      answers, rows: 0, verdicts: [], verdictErrors: [], explanation: explanationOf(merged.size, stores.length),
    };
  };
}

/** States by request; one that does not answer an analyzer is looked for once more, for that one. */
class Known {
  readonly #byRequest = new Map<string, StateValue | AssayError>();
  readonly #byAnalyzer = new Map<string, StateValue | AssayError>();
  size = 0;

  async get(ask: EngineAsk, analyzer: Analyzer, find: () => Promise<StateValue>): Promise<StateValue | AssayError> {
    const key = requestKey(ask.request);
    const shared = this.#byRequest.get(key);
    if (shared && !(shared instanceof AssayError) && answersTo(shared, analyzer)) return shared;
    const own = `${key} ${analyzer.key}`;
    let value = this.#byAnalyzer.get(own);
    if (!value) {
      if (shared instanceof AssayError && !isLack(shared) && !absences.has(shared)) return shared;
      this.#byAnalyzer.set(own, (value = await settled(find)));
      const better = !(value instanceof AssayError) && !value.answers;
      if (!shared || shared instanceof AssayError || better) this.#byRequest.set(key, value);
    }
    return value;
  }

  keepIn(states: Map<string, StateValue>): void {
    this.size = this.#byRequest.size;
    const found = [...states.values()];
    for (const value of this.#byAnalyzer.values()) if (!(value instanceof AssayError)) found.push(value);
    states.clear();
    for (const [key, value] of distinctStates(found)) states.set(key, value);
  }
}

async function settled(work: () => Promise<StateValue>): Promise<StateValue | AssayError> {
  try {
    return await work();
  } catch (thrown) {
    return asAssayError(thrown);
  }
}

/** A state that was computed now, with what is stored merged before it. */
async function mergedState(answer: Answer, { ask, analyzer, before, room }: {
  ask: EngineAsk; analyzer: Analyzer; before: LoadedStates | null; room: TableRoom;
}): Promise<StateValue> {
  if (!answer.ok) throw answer.error;
  const { request, spec } = ask;
  const table = () => {
    const { types, measured } = keyTypes(request);
    return savedTable(answer.value as Collected, types, measured, room);
  };
  const now: StateValue = ask.kind === 'state'
    ? { kind: 'record', spec: ask.spec, request, state: answer.value as object }
    : { kind: 'table', spec: ask.spec, request, table: table() };
  const stored = before && await before.state({ request, spec, analyzer, room });
  return stored ? mergeStates(stored, now, room) : now;
}

/** A state out of stores; each store but those in which it is empty must have it. */
async function fromStores(
  { request, spec }: EngineAsk, analyzer: Analyzer, stores: readonly LoadedStates[], room: TableRoom,
): Promise<StateValue> {
  const found: StateValue[] = [];
  let lack: AssayError | null = null;
  for (const store of stores) {
    try {
      const state = await store.state({ request, spec, analyzer, room });
      if (state) found.push(state);
    } catch (thrown) {
      if (!isLack(thrown)) throw thrown;
      lack ??= thrown;
    }
  }
  if (found.length > 0 && lack) throw lack;
  if (found.length > 0) return mergeAll(found, room);
  const error = lack ?? new AssayError('STATE', `no store has a state for ${String(analyzer)}`);
  absences.add(error);
  throw error;
}

function answerFrom(value: StateValue | AssayError, ask: EngineAsk): Answer {
  if (value instanceof AssayError) return { ok: false, error: value };
  if (value.kind === 'record') return { ok: true, value: value.state };
  try {
    return { ok: true, value: ask.kind === 'fold' ? foldTable(value.table, ask.fold) : null };
  } catch (thrown) {
    return { ok: false, error: asAssayError(thrown) };
  }
}

const NOTHING = Object.freeze({ planned: 0, of: null, read: 0 });

function explanationOf(states: number, stores: number): Explanation {
  const text = `${states} states, merged from ${stores} stores; no data is read`;
  return { states: [], columns: [], splits: 0, threads: 0, bytes: NOTHING, notes: [text], toString: () => text };
}
