import { AssayError } from '../base/errors.js';
import type { Analyzer, Asks, Bind } from '../analyzers/contract.js';
import { bindTo, type Moment } from '../analyzers/bind.js';
import type { OpenSource } from '../data/source.js';
import type { Answer, Execution, Explanation, RunOptions } from '../engine/plan.js';
import type { Metric } from '../metrics/metric.js';
import type { Wishes } from './companion.js';
import { explained } from './notes.js';
import { answersOf, engineAsks, failedMetric, failureOf, metricOf, questionOf, type Question } from './questions.js';
import { queryContext, type Tables } from './query-context.js';
import { plainPass, type AskOf, type Pass } from './pass.js';

/** What a run of analyzers over one source gave. */
export interface AnalyzerRun {
  readonly entries: readonly (readonly [Analyzer, Metric])[];
  /** Null: nothing was read in a fused pass. */
  readonly execution: Execution | null;
  /** What was read, by whom, and why; null: nothing was read in a fused pass. */
  readonly explanation: Explanation | null;
  /** Answers to what a companion asked. */
  readonly answers: readonly Answer[];
}

/** Computes analyzers over a source: one pass for all, a second one for questions that follow from the answers. */
export async function runAnalyzers(
  analyzers: readonly Analyzer[],
  source: OpenSource,
  tables: Tables,
  moment: Moment,
  options: RunOptions = {},
  wishes: Wishes | null = null,
  via: Pass = plainPass,
): Promise<AnalyzerRun> {
  const bind = bindTo(source.schema, moment);
  const metrics = new Map<Analyzer, Metric>();
  const questions = analyzers.map((a) => questionOf(a, bind));
  const asked = questions.filter((q) => q.kind === 'asks');
  const execution = await pass(asked, source, options, via, wishes);
  const answers = execution?.answers[Symbol.iterator]() ?? [][Symbol.iterator]();
  const seconds: Second[] = [];
  for (const q of asked) {
    const second = settle(q, bind, answers, metrics);
    if (second) seconds.push(second);
  }
  await secondPass(seconds, source, options, metrics, via);
  for (const q of questions) {
    if (q.kind === 'failed') metrics.set(q.analyzer, failedMetric(q.analyzer, q.failure));
    if (q.kind === 'query') metrics.set(q.analyzer, await query(q, source, bind, tables, execution !== null, options));
  }
  const explanation = execution && explained(execution.explanation, questions, wishes?.notes);
  return {
    entries: analyzers.map((a) => [a, metrics.get(a)!] as const), execution, explanation, answers: [...answers],
  };
}

type Asked = Extract<Question, { kind: 'asks' }>;

interface Second {
  readonly question: Asked;
  readonly first: Record<string, unknown>;
  readonly asks: Asks;
}

/** One pass for the questions of some analyzers, and for a companion; null: there is nothing to read for. */
async function pass(
  asked: readonly { analyzer: Analyzer; asks: Asks }[],
  source: OpenSource,
  options: RunOptions,
  via: Pass,
  wishes: Wishes | null = null,
): Promise<Execution | null> {
  const { asks: more = [], verdicts = [], kept, verdictLimit, observer } = wishes ?? {};
  const own = asked.flatMap(({ analyzer, asks }) => engineAsks(asks).map((ask): AskOf => ({ ask, analyzer })));
  const asks = [...own, ...more.map((ask): AskOf => ({ ask, analyzer: null }))];
  if (asks.length === 0 && verdicts.length === 0 && !kept && !observer) return null;
  return via(asks, source, { ...options, verdicts, kept, verdictLimit, observer });
}

/** Turns answers into the metric of an analyzer; or returns what it asks next. */
function settle(q: Asked, bind: Bind, answers: Iterator<Answer>, metrics: Map<Analyzer, Metric>): Second | null {
  const { analyzer, spec, asks } = q;
  const own = engineAsks(asks).map(() => answers.next().value as Answer);
  try {
    const first = answersOf(asks, own[Symbol.iterator]());
    const next = spec.then?.(first, analyzer.params, bind) ?? null;
    if (next) return { question: q, first, asks: next };
    metrics.set(
      analyzer, metricOf(analyzer, spec.answer!(first, analyzer.params), spec.vacuous?.(first, analyzer.params)),
    );
  } catch (thrown) {
    metrics.set(analyzer, failedMetric(analyzer, failureOf(thrown)));
  }
  return null;
}

async function secondPass(
  seconds: readonly Second[],
  source: OpenSource,
  options: RunOptions,
  metrics: Map<Analyzer, Metric>,
  via: Pass,
): Promise<void> {
  if (seconds.length === 0) return;
  const needsReading = seconds.some((s) => engineAsks(s.asks).length > 0);
  if (needsReading && !source.replayable) {
    const error = new AssayError('SOURCE', 'the source can be read only once, and this analyzer reads it twice');
    const why = failureOf(error);
    for (const { question: { analyzer } } of seconds) metrics.set(analyzer, failedMetric(analyzer, why));
    return;
  }
  const again = seconds.map(({ question: { analyzer }, asks }) => ({ analyzer, asks }));
  const execution = await pass(again, source, options, via);
  const answers = execution?.answers[Symbol.iterator]() ?? [][Symbol.iterator]();
  for (const { question: { analyzer, spec }, first, asks } of seconds) {
    const own = engineAsks(asks).map(() => answers.next().value as Answer);
    try {
      const got = { ...first, ...answersOf(asks, own[Symbol.iterator]()) };
      metrics.set(
        analyzer, metricOf(analyzer, spec.answer!(got, analyzer.params), spec.vacuous?.(got, analyzer.params)),
      );
    } catch (thrown) {
      metrics.set(analyzer, failedMetric(analyzer, failureOf(thrown)));
    }
  }
}

async function query(
  q: Extract<Question, { kind: 'query' }>,
  source: OpenSource,
  bind: Bind,
  tables: Tables,
  consumed: boolean,
  options: RunOptions,
): Promise<Metric> {
  const { analyzer, spec } = q;
  const context = queryContext(source, bind, tables, consumed, options);
  try {
    return metricOf(analyzer, await spec.query!(analyzer.params, context));
  } catch (thrown) {
    options.signal?.throwIfAborted();
    return failedMetric(analyzer, failureOf(thrown));
  } finally {
    await context.close();
  }
}
