import { AnalysisRunner, type AnalysisOptions, type AnalysisRunBuilder } from '../analysis/analysis-runner.js';
import type { Analyzer } from '../analyzers/contract.js';
import { isAnalyzer, notAnAnalyzer } from '../analyzers/define.js';
import type { Explanation } from '../engine/plan.js';
import { AssayError } from '../base/errors.js';
import { isCheck, type Check } from './check.js';
import { verificationResult, type VerificationResult } from './verification-result.js';

/** Where a verification begins: `VerificationSuite().onData(table)`. */
export interface VerificationSuite {
  /**
   * The table to verify: a source such as `parquet(...)`, an Arrow table or batches, IPC bytes, or an array of row
   * objects. Its `name` is what CustomSql statements call it.
   */
  onData(data: unknown, options?: { readonly name?: string }): VerificationRun;
}

/** What will be verified; immutable, so that it may be run and extended again. */
export interface VerificationRun {
  /** Another table, for analyzers that name it. */
  withSource(name: string, data: unknown): VerificationRun;
  addCheck(check: Check): VerificationRun;
  addChecks(checks: Iterable<Check>): VerificationRun;
  /** Computes a metric although no constraint needs it. */
  addRequiredAnalyzer(analyzer: Analyzer): VerificationRun;
  addRequiredAnalyzers(analyzers: Iterable<Analyzer>): VerificationRun;
  /** What would be read, by whom, and why. */
  explain(options?: AnalysisOptions): Promise<Explanation>;
  /** Computes the metrics of all checks in one run and judges them. */
  run(options?: AnalysisOptions): Promise<VerificationResult>;
}

interface Settings {
  readonly runner: AnalysisRunBuilder;
  readonly checks: readonly Check[];
  readonly analyzers: readonly Analyzer[];
}

/** Starts a verification. */
export function VerificationSuite(): VerificationSuite {
  return Object.freeze<VerificationSuite>({
    onData: (data, options) => suite({ runner: AnalysisRunner().onData(data, options), checks: [], analyzers: [] }),
  });
}

function suite(settings: Settings): VerificationRun {
  const { runner, checks, analyzers } = settings;
  const analysis = () => runner.addAnalyzers(distinct([...analyzers, ...checks.flatMap((c) => c.requiredAnalyzers())]));
  return Object.freeze<VerificationRun>({
    withSource: (name, data) => suite({ ...settings, runner: runner.withSource(name, data) }),
    addCheck: (check) => suite({ ...settings, checks: [...checks, checked(check)] }),
    addChecks: (more) => suite({ ...settings, checks: [...checks, ...[...more].map(checked)] }),
    addRequiredAnalyzer: (analyzer) => suite({ ...settings, analyzers: [...analyzers, required(analyzer)] }),
    addRequiredAnalyzers: (more) => suite({ ...settings, analyzers: [...analyzers, ...[...more].map(required)] }),
    explain: (options) => analysis().explain(options),
    async run(options) {
      const context = await analysis().run(options);
      return verificationResult(checks.map((check) => check.evaluate(context)), context);
    },
  });
}

/** Analyzers that several constraints need are computed once. */
function distinct(analyzers: readonly Analyzer[]): Iterable<Analyzer> {
  return new Map(analyzers.map((a) => [a.key, a])).values();
}

function checked(check: Check): Check {
  if (isCheck(check)) return check;
  const remedy = "make one by Check(CheckLevel.Error, 'description')";
  throw new AssayError('INVALID_ARGUMENT', `not a check: ${String(check)}; ${remedy}`);
}

function required(analyzer: Analyzer): Analyzer {
  if (isAnalyzer(analyzer)) return analyzer;
  throw notAnAnalyzer(analyzer);
}
