import type { Analyzer } from '../../analyzers/contract.js';
import { isAnalyzer, notAnAnalyzer } from '../../analyzers/define.js';
import { AnomalyDetector, timeOf, type DataPoint, type Incident } from '../../anomaly/detector.js';
import { requirement, type AnomalyDetectionStrategy, type Judgement } from '../../anomaly/strategy.js';
import { AssayError } from '../../base/errors.js';
import { javaDouble } from '../../base/number-text.js';
import type { Metric } from '../../metrics/metric.js';
import { metricHistory, numberOf, type HistoryFilter, type MetricHistory } from '../../repository/metric-history.js';
import type { MetricsRepository } from '../../repository/metrics-repository.js';
import type { ResultKey } from '../../repository/result-key.js';
import type { AnalysisConstraint, RunPlace } from '../constraint.js';
import { constraintOf } from './make.js';
import { optionsOf, type ConstraintOptions, type Options } from './options.js';

/** Which history a newest point is compared with. */
export interface NewestPointOptions extends ConstraintOptions, Omit<HistoryFilter, 'exceptKey'> {
  /** Of a metric with several numbers, the one of this name, as success metrics call it. */
  readonly metric?: string | undefined;
  /** Times that are known to have been out of line: nothing is learned from them. */
  readonly incidents?: readonly Incident[] | undefined;
  /**
   * Whether a result under the key of this run, from an earlier run, is left out of the history. Default false: Deequ compares
   * with it.
   */
  readonly excludeOwnKey?: boolean | undefined;
}

/** Constraints on metrics over time. */
export interface AnomalyConstraints<Plain> {
  /**
   * The metric is not out of line with its history in the repository. `saveOrAppendResult` tells when the run stands in
   * it; without, or if it is not the newest, the run comes after all results. A history that is too short to judge by
   * makes the outcome `inconclusive`, with Deequ's status; some strategies fail then.
   */
  isNewestPointNonAnomalous(
    repository: MetricsRepository, strategy: AnomalyDetectionStrategy, analyzer: Analyzer, options?: Options<NewestPointOptions>,
  ): Plain;
}

/** The history of a metric, and the time at which its newest value stands. */
interface Loaded extends MetricHistory {
  readonly resultKey: ResultKey | null;
}

/** The makers of these constraints. */
export const anomalyConstraints: AnomalyConstraints<AnalysisConstraint> = {
  isNewestPointNonAnomalous(repository, strategy, analyzer, options) {
    const { withTagValues, afterDate, beforeDate, metric: name, incidents, excludeOwnKey, ...o } = optionsOf(options);
    if (!isAnalyzer(analyzer)) throw notAnAnalyzer(analyzer);
    const detector = AnomalyDetector(strategy, { incidents });
    const judge = remembered(({ results, points, resultKey }: Loaded, value: number) => {
      requirement(results > 0, 'There have to be previous results in the MetricsRepository!');
      const time = newestTime(points, resultKey);
      return detector.isNewPointAnomalous(points, { time, metricValue: value }).judgements[0] ?? null;
    });
    const judged = (value: number, loaded: Loaded) => judge(loaded, value)?.verdict !== 'anomalous';
    // The table of results prints this as what is required.
    const assertion = Object.assign(judged, { toString: () => `no anomaly by ${strategy.name.replace(/Strategy$/, '')}` }) as unknown as (value: never) => boolean;
    return Object.freeze<AnalysisConstraint>({
      ...constraintOf(`AnomalyConstraint(${String(analyzer)})`, analyzer, assertion, o),
      load: async ({ resultKey }: RunPlace): Promise<Loaded> => {
        const exceptKey = excludeOwnKey && resultKey ? resultKey : undefined;
        const filter = { withTagValues, afterDate, beforeDate, exceptKey };
        return { ...await metricHistory(repository, { analyzer, name }, filter), resultKey };
      },
      pick(_value: never, _loaded: never, metric: Metric) {
        const value = numberOf(metric, name);
        if (value === null) throw new AssayError('INVALID_ARGUMENT', `the metric ${metric.name} has no number of the name ${name}`);
        return value;
      },
      remark: (value: number, loaded: Loaded) => remarkOn(judge(loaded, value)),
    });
  },
};

/** A judgement is made once per history: a fit may take its time. */
function remembered(judge: (loaded: Loaded, value: number) => Judgement | null) {
  const made = new WeakMap<Loaded, Judgement | null>();
  return (loaded: Loaded, value: number): Judgement | null => {
    if (!made.has(loaded)) made.set(loaded, judge(loaded, value));
    return made.get(loaded)!;
  };
}

/** When the newest value stands: at the date of the run if that is the newest, otherwise a step after the history. */
function newestTime(points: readonly DataPoint[], resultKey: ResultKey | null): number | bigint {
  const times = points.map((p) => timeOf(p.time)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const last = times.at(-1)!;
  if (resultKey && resultKey.dataSetDate > last) return resultKey.dataSetDate;
  if (typeof last === 'bigint') return last + 1n;
  const steps = times.slice(1).map((t, i) => Number(t) - Number(times[i])).filter((d) => d > 0).sort((a, b) => a - b);
  return last + Math.max(1, steps[(steps.length - 1) >> 1] ?? 1);
}

function remarkOn(judgement: Judgement | null) {
  if (!judgement) return { note: 'the strategy said nothing', inconclusive: true };
  const { verdict, lower, upper, detail } = judgement;
  if (verdict === 'unknown') return { note: detail!, inconclusive: true };
  if (verdict === 'normal' || Number.isNaN(lower) || Number.isNaN(upper)) return null;
  return { note: `normal is ${javaDouble(lower)} to ${javaDouble(upper)}` };
}
