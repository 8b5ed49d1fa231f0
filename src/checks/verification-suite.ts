import {
  AnalysisRunner, explainTogether, runTogether, type AnalysisOptions, type AnalysisRunBuilder,
} from '../analysis/analysis-runner.js';
import type { Analyzer } from '../analyzers/contract.js';
import type { AnomalyDetectionStrategy } from '../anomaly/strategy.js';
import { NO_HISTORY, saving, usingRepository, type History } from '../analysis/history.js';
import { isAnalyzer, notAnAnalyzer } from '../analyzers/define.js';
import type { Explanation } from '../engine/plan.js';
import { AssayError } from '../base/errors.js';
import type { Schema } from '../data/types.js';
import { analyzerContext, type AnalyzerContext } from '../repository/analyzer-context.js';
import type { MetricsRepository } from '../repository/metrics-repository.js';
import type { ResultKey } from '../repository/result-key.js';
import { anomalyCheck, type AnomalyCheckConfig } from './anomaly-check.js';
import type { StateProvider } from '../repository/state-provider.js';
import { areAnalyzersApplicableToData, isCheckApplicableToData } from './applicability.js';
import { Check, isCheck, judge, type CheckLevel } from './check.js';
import type { AnyColumns, ColumnsOf } from './columns.js';
import { resolve } from './combine.js';
import { judged, type AnalysisConstraint, type Constraint } from './constraint.js';
import { withLoaded } from './loading.js';
import { boundsOf, exactOf, refineBy } from './refine.js';
import { rememberingCompanion, rowLevelResults, type RowCompanion } from './row-level/questions.js';
import { verificationResult, type VerificationResult } from './verification-result.js';

/** How a verification is done. */
export interface VerificationOptions extends AnalysisOptions {
  /**
   * Whether everything but the outcome `passed` counts as a failure of its check, at the check's level: also what had
   * nothing in scope or was skipped. Default: false, as in Deequ.
   */
  readonly strict?: boolean | undefined;
  /**
   * Whether verdicts mind the error of approximate metrics (ApproxCountDistinct, ApproxQuantile, KLLSketch): where it
   * straddles a threshold, that metric alone is computed exactly in a second reading; where that is not possible, the
   * outcome is `inconclusive` and the status Failure. A function as assertion cannot be asked about an interval, so
   * its metric is computed exactly. Default: false, as in Deequ.
   */
  readonly errorAware?: boolean | undefined;
}

/** Where a verification begins: `VerificationSuite().onData(table)`. */
export interface VerificationSuite {
  /**
   * The table to verify: a source such as `parquet(...)`, an Arrow table or batches, IPC bytes, or an array of row
   * objects. Its `name` is what CustomSql statements call it.
   */
  onData<D>(data: D, options?: { readonly name?: string }): VerificationRun<ColumnsOf<D>>;
  /**
   * Verifies a table by its stored states alone, in the order of the stores; no data is read. A constraint whose state
   * is in none of them cannot be judged.
   *
   * @param options `schema`: the columns, where the stores do not know them
   */
  onStates(stores: Iterable<StateProvider>, options?: { readonly schema?: Schema }): VerificationRun;
  /** Whether a check can be judged on tables of a schema; see the function of that name. */
  readonly isCheckApplicableToData: typeof isCheckApplicableToData;
  /** Whether analyzers can be computed on tables of a schema; see the function of that name. */
  readonly areAnalyzersApplicableToData: typeof areAnalyzersApplicableToData;
}

/**
 * What will be verified; immutable, so that it may be run and extended again. `C` are the columns of the table, where
 * its type tells.
 */
export interface VerificationRun<C extends AnyColumns = AnyColumns> {
  /** Another table, for analyzers that name it. */
  withSource(name: string, data: unknown): VerificationRun<C>;
  addCheck(check: Check): VerificationRun<C>;
  addChecks(checks: Iterable<Check>): VerificationRun<C>;
  /** A check of the constraints that `build` adds; on a typed table it accepts only columns that are there and fit. */
  check(level: CheckLevel, description: string, build: (check: Check<C>) => Check<C>): VerificationRun<C>;
  /** Computes a metric although no constraint needs it. */
  addRequiredAnalyzer(analyzer: Analyzer): VerificationRun<C>;
  addRequiredAnalyzers(analyzers: Iterable<Analyzer>): VerificationRun<C>;
  /** The history that `reuseExistingResultsForKey` reads and `saveOrAppendResult` writes. */
  useRepository(repository: MetricsRepository): VerificationRun<C>;
  /**
   * Takes the metrics that are stored under the key, those that failed excepted, instead of computing them.
   *
   * @param failIfResultsMissing whether the run fails if a metric would have to be computed
   */
  reuseExistingResultsForKey(resultKey: ResultKey, failIfResultsMissing?: boolean): VerificationRun<C>;
  /**
   * Adds a check that the metric is not out of line with its history in the repository, which must have been given by
   * `useRepository`. The history is that of results stored before: `saveOrAppendResult` saves this run after its checks.
   *
   * @param strategy what is out of line, e.g. `OnlineNormalStrategy()`
   * @param config level, description and history of the check; by default a warning over the whole history
   */
  addAnomalyCheck(strategy: AnomalyDetectionStrategy, analyzer: Analyzer, config?: AnomalyCheckConfig): VerificationRun<C>;
  /** Adds the metrics of the run to those stored under the key, after the checks were evaluated. */
  saveOrAppendResult(resultKey: ResultKey): VerificationRun<C>;
  /** Merges what is stored there before the rows of the run: the checks judge both together. */
  aggregateWith(states: StateProvider): VerificationRun<C>;
  /** Stores the states of the run, with those that `aggregateWith` merged, in place of what is there. */
  saveStatesWith(states: StateProvider): VerificationRun<C>;
  /**
   * Finds the verdicts on single rows in the same pass and keeps them, packed, within a quarter of the memory limit;
   * otherwise questions about rows read the data again.
   */
  withRowLevelResults(): VerificationRun<C>;
  /** What would be read, by whom, and why. */
  explain(options?: VerificationOptions): Promise<Explanation>;
  /** Computes the metrics of all checks in one run and judges them. */
  run(options?: VerificationOptions): Promise<VerificationResult>;
}

interface Settings {
  readonly runner: AnalysisRunBuilder;
  readonly checks: readonly Check[];
  readonly analyzers: readonly Analyzer[];
  readonly history: History;
  readonly rowLevel: boolean;
}

/** Starts a verification. */
export function VerificationSuite(): VerificationSuite {
  const nothing = { checks: [], analyzers: [], history: NO_HISTORY, rowLevel: false };
  return Object.freeze<VerificationSuite>({
    onData: <D>(data: D, options?: { readonly name?: string }) =>
      suite<ColumnsOf<D>>({ runner: AnalysisRunner().onData(data, options), ...nothing }),
    onStates: (stores, options) => suite({ runner: AnalysisRunner().onStates(stores, options), ...nothing }),
    isCheckApplicableToData,
    areAnalyzersApplicableToData,
  });
}

function suite<C extends AnyColumns>(settings: Settings): VerificationRun<C> {
  const { runner, checks, analyzers, history } = settings;
  const adding = (more: readonly Check[]) => suite<C>({ ...settings, checks: [...checks, ...more] });
  return Object.freeze<VerificationRun<C>>({
    withSource: (name, data) => suite({ ...settings, runner: runner.withSource(name, data) }),
    addCheck: (check) => adding([checked(check)]),
    addChecks: (more) => adding([...more].map(checked)),
    check: (level, description, build) => adding([checked(build(Check(level, description) as unknown as Check<C>) as unknown as Check)]),
    addRequiredAnalyzer: (analyzer) => suite({ ...settings, analyzers: [...analyzers, required(analyzer)] }),
    addRequiredAnalyzers: (more) => suite({ ...settings, analyzers: [...analyzers, ...[...more].map(required)] }),
    useRepository: (repository) => suite({
      ...settings, runner: runner.useRepository(repository), history: usingRepository(history, repository),
    }),
    reuseExistingResultsForKey: (resultKey, failIfResultsMissing) =>
      suite({ ...settings, runner: runner.reuseExistingResultsForKey(resultKey, failIfResultsMissing) }),
    addAnomalyCheck: (strategy, analyzer, config) => adding([anomalyCheck(history.repository, strategy, analyzer, config)]),
    aggregateWith: (states) => suite({ ...settings, runner: runner.aggregateWith(states) }),
    saveStatesWith: (states) => suite({ ...settings, runner: runner.saveStatesWith(states) }),
    saveOrAppendResult: (resultKey) => suite({ ...settings, history: saving(history, resultKey) }),
    withRowLevelResults: () => suite({ ...settings, rowLevel: true }),
    async explain({ strict: _, errorAware, ...options } = {}) {
      const analysis = analysisOf(settings, errorAware);
      return explainTogether(analysis.runner, await besides(settings, analysis), options);
    },
    async run({ strict, errorAware, ...options } = {}) {
      const analysis = analysisOf(settings, errorAware);
      const beside = await besides(settings, analysis);
      const found = await runTogether(analysis.runner, beside, options);
      const refine = errorAware ? refineBy(found) : undefined;
      const lists = await Promise.all(analysis.constraints().map((list) => withLoaded(list, { resultKey: history.save })));
      const judgedChecks = checks.map((check, i) => judge(check, lists[i]!, found, refine));
      const context = analysis.shown(found);
      const result = verificationResult(judgedChecks, context, { strict, rows: rowLevelResults(beside.session) });
      // Only now: a check that looks at the history must not find this run in it.
      if (history.save) await history.repository!.append(history.save, context);
      return result;
    },
  });
}

interface Analysis {
  readonly runner: AnalysisRunBuilder;
  /** The constraints of each check, once the run knows the columns. */
  constraints(): readonly (readonly Constraint[])[];
  /** What was found, without the metrics that only serve to judge others. */
  shown(found: AnalyzerContext): AnalyzerContext;
}

/** Who takes part in the run for the sake of questions about rows. */
async function besides({ checks, rowLevel }: Settings, { constraints }: Analysis): Promise<RowCompanion> {
  const resolved = () => checks.map((check, i) => ({ check, constraints: constraints()[i]! }));
  if (!rowLevel) return rememberingCompanion(resolved);
  return (await import('./row-level/session.js')).rowLevelCompanion(resolved);
}

/** The analysis that some checks need. */
function analysisOf({ runner, checks, analyzers }: Settings, errorAware = false): Analysis {
  let resolved: readonly (readonly Constraint[])[] = [];
  let single: readonly AnalysisConstraint[] = [];
  let asked: readonly Analyzer[] = [];
  const hidden = new Set<string>();
  const aside = (more: readonly Analyzer[]) => {
    const known = new Set(asked.map((a) => a.key));
    for (const { key } of more) if (!known.has(key)) hidden.add(key);
    return more;
  };
  const first = runner.addAnalyzersFor((schema: Schema) => {
    resolved = checks.map((check) => resolve(check.constraints, schema));
    single = resolved.flatMap(judged);
    asked = [...analyzers, ...single.map((c) => c.analyzer)];
    return errorAware ? [...asked, ...aside(boundsOf(single))] : asked;
  });
  return {
    runner: errorAware ? first.followUp((found) => aside(exactOf(single, found)), RECOMPUTED) : first,
    constraints: () => resolved,
    shown(found) {
      if (hidden.size === 0) return found;
      const { entries, rows, explanation } = found;
      return analyzerContext(entries.filter(([a]) => !hidden.has(a.key)), { rows, explanation });
    },
  };
}

const RECOMPUTED = 'where the error of an approximate metric straddles a threshold, it is computed exactly in a second reading';

function checked(check: Check): Check {
  if (isCheck(check)) return check;
  const remedy = "make one by Check(CheckLevel.Error, 'description')";
  throw new AssayError('INVALID_ARGUMENT', `not a check: ${String(check)}; ${remedy}`);
}

function required(analyzer: Analyzer): Analyzer {
  if (isAnalyzer(analyzer)) return analyzer;
  throw notAnAnalyzer(analyzer);
}
