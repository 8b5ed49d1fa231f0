import { asAssayError } from '../base/errors.js';
import type { OpenSource } from '../data/source.js';
import { openKernels, type Kernels } from '../kernels/kernels.js';
import { PARTITIONS, type Budget, type TableSpec } from '../states/contract.js';
import { Board } from './board.js';
import { Collector } from './collector.js';
import { FoldRun, mergePartition } from './folds.js';
import type { Answer, EngineAsk, RunOptions } from './plan.js';
import type { Planned } from './planner.js';
import { Reporter } from './reporter.js';
import { Scanner } from './scanner.js';
import type { Setting } from './setting.js';

/** Everything that belongs to one run on the calling thread. */
export interface Run {
  readonly asks: readonly EngineAsk[];
  readonly planned: Planned;
  readonly source: OpenSource;
  readonly options: RunOptions;
  readonly board: Board;
  readonly kernels: Kernels;
  readonly collector: Collector;
  readonly reporter: Reporter;
  /** Reads splits on the calling thread. */
  readonly scanner: Scanner;
  /** Of the tables on this thread. */
  readonly budget: Budget;
  /** The folds of each table, by its request. */
  readonly folds: ReadonlyMap<number, FoldRun>;
  /** Why the run went as it did. */
  readonly notes: string[];
}

/** Prepares a run on this thread and, if there are any, that many worker threads. */
export function openRun(
  asks: readonly EngineAsk[],
  planned: Planned,
  source: OpenSource,
  options: RunOptions,
  setting: Setting,
  threads: number,
  budget: Budget,
): Run {
  const board = Board.make(planned.plan.jobs.length, threads, options.verdictLimit);
  const kernels = openKernels(source.memory);
  const reporter = new Reporter(options, board, planned, source);
  const scanner = new Scanner({
    plan: planned.plan,
    specs: planned.specs,
    source,
    kernels,
    budget,
    view: setting.view,
    board,
    signal: options.signal,
    observer: options.observer,
    breathe: () => reporter.breathe(),
  });
  const folds = new Map<number, FoldRun>();
  planned.specs.forEach((spec, r) => {
    if (spec.kind === 'table') folds.set(r, new FoldRun(r, asks, planned, budget));
  });
  return { asks, planned, source, options, board, kernels, collector: new Collector(planned, options.verdictLimit), reporter, scanner, budget, folds, notes: [] };
}

/** The answer to an ask. */
export function answerOf({ asks, planned, collector, folds, kernels }: Run, i: number): Answer {
  const request = planned.requestOf[i]!;
  const error = collector.error(request);
  if (error) return { ok: false, error };
  const ask = asks[i]!;
  if (ask.kind === 'fold') return folds.get(request)!.answer(ask.fold);
  try {
    return { ok: true, value: collector.state(request, kernels) };
  } catch (thrown) {
    return { ok: false, error: asAssayError(thrown) };
  }
}

/** Takes over what this thread's own scanner found. */
export function collectOwn({ scanner, collector }: Run): void {
  for (const { request, state } of scanner.finish()) collector.addExact(request, state);
  for (const [request, failure] of scanner.failures) collector.fail(request, failure);
  for (const [verdict, failure] of scanner.verdictFailures) collector.failVerdict(verdict, failure);
}

/** Merges and folds the tables that this thread alone holds. */
export async function foldOwn({ folds, scanner, collector, planned, kernels, budget, reporter }: Run): Promise<void> {
  for (const fold of folds.values()) {
    const { request, needs } = planned.plan.requests[fold.request]!;
    const spec = planned.specs[fold.request] as TableSpec<unknown>;
    const table = scanner.tables.get(fold.request);
    if (!table) continue; // it failed, or there were no rows
    if (fold.addSingles([table.singles?.() ?? null])) continue;
    for (let p = 0; p < PARTITIONS; ++p) {
      try {
        const merged = mergePartition(spec, request, needs!, kernels, table, p, [], budget);
        if (merged) fold.add(p, merged);
      } catch (thrown) {
        collector.fail(fold.request, { split: Number.MAX_SAFE_INTEGER, error: asAssayError(thrown) });
        break;
      }
      await reporter.breathe();
    }
  }
}
