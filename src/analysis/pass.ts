import { AssayError } from '../base/errors.js';
import type { OpenSource } from '../data/source.js';
import type { Schema } from '../data/types.js';
import type { Analyzer } from '../analyzers/contract.js';
import { execute } from '../engine/execute.js';
import type { EngineAsk, Execution, RunOptions } from '../engine/plan.js';
import type { AnalyzerContext } from '../repository/analyzer-context.js';
import type { StateProvider } from '../repository/state-provider.js';

/** Answers asks, of which each comes with the analyzer that has it, in one pass over a source. */
export type Pass = (
  asks: readonly AskOf[], source: OpenSource, options: RunOptions,
) => Promise<Execution>;

export interface AskOf {
  readonly ask: EngineAsk;
  /** Null: who asks is no analyzer, and wants to know of the rows that are read alone. */
  readonly analyzer: Analyzer | null;
}

/** The pass of a run without stored states. */
export const plainPass: Pass = (asks, source, options) => execute(asks.map((a) => a.ask), source, options);

/** What a run has to do with stored states. */
export interface StateUse {
  /** Whose states are merged before the rows of the run. */
  readonly aggregateWith: StateProvider | null;
  readonly saveStatesWith: StateProvider | null;
  /** Where all states come from; null: from the rows of a table. */
  readonly stores: readonly StateProvider[] | null;
  /** The columns, where the stores do not know them. */
  readonly schema: Schema | null;
}

/** Nothing. */
export const NO_STATES: StateUse = Object.freeze(
  { aggregateWith: null, saveStatesWith: null, stores: null, schema: null },
);

/** Throws if a value is no state provider. */
export function providerOf(provider: StateProvider): StateProvider {
  if (typeof provider?.load === 'function' && typeof provider.save === 'function') return provider;
  const remedy = 'give one such as InMemoryStateProvider() or FileStateProvider(path)';
  throw new AssayError('INVALID_ARGUMENT', `not a state provider: ${String(provider)}; ${remedy}`);
}

/** How a run gets its states. */
export interface States {
  readonly pass: Pass;
  /** Whether something that was stored is part of the metrics. */
  readonly merged: boolean;
  /** The rows of the stores, where no others are read; null: unknown. */
  readonly storedRows?: number | null;
  save(schema: Schema, found: AnalyzerContext): Promise<void>;
  /** Frees what the states held. */
  close(): void;
}

/** Of a run that neither reads nor stores states. */
export const plainStates: States = Object.freeze<States>({
  pass: plainPass, merged: false, save: async () => {}, close() {},
});

/** A table of which only the columns are known. */
export function withoutRows(schema: Schema): OpenSource {
  return Object.freeze<OpenSource>({
    schema, splits: [], replayable: true, portable: null, memory: null,
    async *read() {
      throw new AssayError('UNSUPPORTED', 'a run on stored states has no rows to read');
    },
    close: async () => {},
  });
}
