import { AssayError } from '../base/errors.js';
import {
  empty, type Analyzer, type AnalyzerSpec, type Ask, type Asks, type Bind, type Failed,
} from '../analyzers/contract.js';
import { specOf } from '../analyzers/define.js';
import type { Answer, EngineAsk } from '../engine/plan.js';
import { failure, success, type Metric, type MetricFailure, type MetricKind } from '../metrics/metric.js';

/** An analyzer whose questions are formed, or whose failure is known already. */
export type Question =
  | { readonly kind: 'asks'; readonly analyzer: Analyzer; readonly spec: AnalyzerSpec; readonly asks: Asks }
  | { readonly kind: 'query'; readonly analyzer: Analyzer; readonly spec: AnalyzerSpec }
  | { readonly kind: 'failed'; readonly analyzer: Analyzer; readonly failure: MetricFailure };

/** Forms the questions of an analyzer over a schema; preconditions come first. */
export function questionOf(analyzer: Analyzer, bind: Bind): Question {
  const spec = specOf(analyzer);
  try {
    for (const holds of spec.requires(analyzer.params)) holds(bind.schema);
    if (spec.query) return { kind: 'query', analyzer, spec };
    return { kind: 'asks', analyzer, spec, asks: spec.ask!(analyzer.params, bind) };
  } catch (thrown) {
    return { kind: 'failed', analyzer, failure: failureOf(thrown) };
  }
}

/** Why a metric has no value, from whatever was thrown. */
export function failureOf(thrown: unknown): MetricFailure {
  if (isFailed(thrown)) return { exception: thrown.failed, message: thrown.message, cause: thrown.cause };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { exception: 'MetricCalculationRuntimeException', message, cause: thrown };
}

function isFailed(thrown: unknown): thrown is Failed {
  return typeof thrown === 'object' && thrown !== null && typeof (thrown as Failed).failed === 'string';
}

/** The metric of an analyzer that has no value. */
export function failedMetric(analyzer: Analyzer, why: MetricFailure): Metric {
  return metricWith(analyzer, failure(why.exception, why.message, why.cause));
}

/** The metric of an analyzer from what it made of the answers. */
export function metricOf(analyzer: Analyzer, result: unknown, vacuous = false): Metric {
  if (result === empty) {
    const message = `Empty state for analyzer ${String(analyzer)}, all input values were NULL.`;
    return failedMetric(analyzer, { exception: 'EmptyStateException', message });
  }
  if (isFailed(result)) return failedMetric(analyzer, failureOf(result));
  const metric = metricWith(analyzer, success(result as Metric['value'] extends { value: infer V } ? V : never));
  return vacuous ? Object.freeze({ ...metric, vacuous }) : metric;
}

function metricWith(analyzer: Analyzer, value: Metric['value']): Metric {
  const spec = specOf(analyzer);
  const kind: MetricKind = spec.kind ?? 'double';
  return Object.freeze({ kind, ...spec.metric(analyzer.params), value });
}

/** The asks of a question that go to the engine. */
export function engineAsks(asks: Asks): EngineAsk[] {
  return Object.values(asks).filter((a): a is Ask<unknown> & EngineAsk => a.kind !== 'constant');
}

/** Answers by name, taking the engine's from a list in the order of `engineAsks`; throws the first failure. */
export function answersOf(asks: Asks, answers: Iterator<Answer>): Record<string, unknown> {
  const got: Record<string, unknown> = {};
  let error: AssayError | null = null;
  for (const [name, ask] of Object.entries(asks)) {
    if (ask.kind === 'constant') {
      got[name] = ask.value;
      continue;
    }
    const { value: answer, done } = answers.next();
    if (done) throw new AssayError('INTERNAL', `no answer to '${name}'`);
    if (answer.ok) got[name] = answer.value;
    else error ??= answer.error;
  }
  if (error) throw error;
  return got;
}
