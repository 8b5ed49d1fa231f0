import type { Bind } from '../analyzers/contract.js';
import type { OpenSource, Source } from '../data/source.js';
import type { Answer, EngineAsk, Execution, RunOptions } from '../engine/plan.js';
import type { AnalyzerContext } from '../repository/analyzer-context.js';

/** Where a companion takes part: the source is open and its schema known. */
export interface Place {
  readonly data: Source;
  readonly source: OpenSource;
  readonly bind: Bind;
  readonly options: RunOptions;
}

/** What a companion wants of the pass. */
export interface Wishes extends Pick<RunOptions, 'verdicts' | 'kept' | 'verdictLimit' | 'observer'> {
  readonly asks: readonly EngineAsk[];
  /** What happens beside the pass, for `explain`. */
  readonly notes: readonly string[];
}

/** Somebody whose questions are answered in the same pass as an analysis. */
export interface Companion {
  wishes(place: Place): Wishes;
  /** Called while the source is still open; `execution` is null if nothing was read in a fused pass. */
  finish(
    place: Place, context: AnalyzerContext, answers: readonly Answer[], execution: Execution | null,
  ): Promise<void>;
}
