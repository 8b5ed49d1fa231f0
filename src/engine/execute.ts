import { asAssayError, AssayError } from '../base/errors.js';
import type { OpenSource } from '../data/source.js';
import { makeSeed, MEMORY_LIMIT, ThreadBudget } from './budgets.js';
import { scanWithCrew, type Hands } from './crew.js';
import { explainPlan } from './explain.js';
import { judgeKept } from './kept-keys.js';
import type { Later } from './later.js';
import type { ToWorker } from './messages.js';
import { place, type Placement } from './placement.js';
import type { EngineAsk, Execution, Explanation, RunOptions } from './plan.js';
import { plainText } from './plain-text.js';
import { planRun } from './planner.js';
import { calledBefore, readyThreads, takeThreads } from './pool.js';
import { answerOf, collectOwn, foldOwn, openRun, type Run } from './run.js';
import { standardSetting, type Setting } from './setting.js';
import { Stopped } from './stopped.js';

/**
 * A thread takes 60 to 100 ms until it reads, as long again to warm up, and holds up the end of a process that comes while it starts.
 * So of little data, it is called if there is still enough to read when the calling thread has got going.
 */
const WHERE_SMALL: Later = { after: 60, left: 200 };
/** The last one takes 40 MB, and the calling thread reads in its place. */
const LAST_MS = 10_000;

/** Answers questions about a source in one pass over it. Rejects if the source cannot be read or the run is aborted. */
export async function execute(
  asks: readonly EngineAsk[],
  source: OpenSource,
  options: RunOptions = {},
  setting: Setting = standardSetting,
): Promise<Execution> {
  checkOptions(options);
  options.signal?.throwIfAborted();
  const planned = planRun(asks, source, options);
  const placement = place(planned, source, options, setting);
  const cold = placement.threads === 0 || readyThreads(setting.worker!) === 0; // this thread reads while others start
  const limit = (options.memoryLimit ?? MEMORY_LIMIT) / (placement.threads + (cold ? 1 : 0));
  const budget = new ThreadBudget(limit, planned.specs.some((spec) => spec.kind === 'table') ? options.seed ?? makeSeed() : [], null);
  const run = openRun(asks, planned, source, options, setting, placement.threads, budget.budget);
  const abort = () => run.board.stop();
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    const hands = placement.threads > 0 ? callHands(placement, setting, cold, () => taskOf(run, budget)) : null;
    const used = hands ? await scanWithCrew(run, hands) : await scanHere(run);
    run.reporter.enter('done');
    const missed = placement.threads > 0 && !hands;
    return conclude(run, used, missed ? 'on the calling thread: no worker thread could be had now' : placement.why);
  } catch (thrown) {
    options.signal?.throwIfAborted();
    throw asAssayError(thrown);
  } finally {
    options.signal?.removeEventListener('abort', abort);
    run.scanner.close();
    budget.close();
  }
}

/**
 * Takes the worker threads of a run; null: none can be had. Where none has loaded yet, the last one is called later, since the calling
 * thread reads in its place; and all of them are, if at all, where little is to be read and this is the first run, which may be the only one.
 */
function callHands(
  { threads, small }: Placement, setting: Setting, cold: boolean, tasks: () => (thread: number) => ToWorker,
): Hands | null {
  const worker = setting.worker!;
  const again = calledBefore();
  const take = () => takeThreads(worker, 1)[0];
  if (!cold) {
    const taken = takeThreads(worker, threads);
    return taken.length === 0 ? null : { threads: taken, cold, later: [], take, tasks };
  }
  const first = Math.max(1, threads - 1);
  const last: Later[] = threads > 1 ? [{ after: setting.lastMs ?? LAST_MS, left: 0 }] : [];
  if (small && !again) return { threads: [], cold, later: [...new Array<Later>(first).fill(WHERE_SMALL), ...last], take, tasks };
  const taken = takeThreads(worker, first);
  return taken.length === 0 ? null : { threads: taken, cold, later: last, take, tasks };
}

/** Says what `execute` would read and compute, and where, without reading any data. */
export function explain(
  asks: readonly EngineAsk[],
  source: OpenSource,
  options: RunOptions = {},
  setting: Setting = standardSetting,
): Explanation {
  checkOptions(options);
  const planned = planRun(asks, source, options);
  const { threads, why } = place(planned, source, options, setting);
  return explainPlan(planned, source, threads, [why]);
}

/** Scans, merges and folds on this thread alone. */
async function scanHere(run: Run): Promise<number> {
  const { planned, board, collector, reporter, scanner } = run;
  reporter.enter('scan');
  const { jobs } = planned.plan;
  await board.each(-1, run.source.prefetchesFor, async (job, next) => {
    const result = await scanner.scan(jobs[job]!, next === null ? null : jobs[next]!);
    if (result) collector.addSplit(result);
    return result !== null;
  });
  if (board.stopped) throw new Stopped();
  reporter.enter('merge');
  collectOwn(run);
  await foldOwn(run);
  await judgeKept(run, []);
  return 0;
}

/** What each worker thread is told. */
function taskOf({ planned, source, board }: Run, own: ThreadBudget): (thread: number) => ToWorker {
  const plan = plainText(planned.plan);
  const spillFolder = planned.specs.some((spec) => spec.kind === 'table') ? own.openFolder() : null;
  return (thread) => ({
    kind: 'run',
    plan,
    portable: source.portable!,
    splits: source.splits.length,
    board: board.buffer,
    jobs: planned.plan.jobs.length,
    thread,
    memoryLimit: own.budget.limit,
    seed: own.budget.seed!,
    spillFolder,
  });
}

function conclude(run: Run, threads: number, why: string): Execution {
  const { asks, planned, collector } = run;
  return {
    answers: asks.map((_, i) => answerOf(run, i)),
    rows: run.board.rows,
    verdicts: collector.orderedVerdicts(),
    verdictErrors: planned.plan.verdicts.map((_, v) => collector.verdictFailures.get(v)?.error ?? null),
    explanation: explainPlan(planned, run.source, threads, [why, ...run.notes], run.board.bytes),
  };
}

function checkOptions({ threads, memoryLimit }: RunOptions): void {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 0 && threads <= 256)) {
    throw new AssayError('INVALID_ARGUMENT', `threads is ${threads}: give a whole number from 0 (the calling thread) to 256`);
  }
  if (memoryLimit !== undefined && !(memoryLimit > 0)) {
    throw new AssayError('INVALID_ARGUMENT', `memoryLimit is ${memoryLimit}: give a positive number of bytes`);
  }
}
