import { AnalysisRunner, type AnalysisOptions, type AnalysisRunBuilder } from '../analysis/analysis-runner.js';
import type { Analyzer } from '../analyzers/contract.js';
import type { Explanation } from '../engine/plan.js';
import type { Check } from './check.js';
import { verificationResult, type VerificationResult } from './verification-result.js';

/** Where a verification begins: `VerificationSuite().onData(table)`. */
export interface VerificationSuite {
  /**
   * The table to verify: a source such as `parquet(...)`, an Arrow table or batches, IPC bytes, or an array of row objects.
   * Its `name` is what CustomSql statements call it.
   */
  onData(data: unknown, options?: { readonly name?: string }): VerificationRun;
}

/** What will be verified; immutable, so that it may be run and extended again. */
export interface VerificationRun {
  /** Another table, for analyzers that name it. */
  withSource(name: string, data: unknown): VerificationRun;
  addCheck(check: Check): VerificationRun;
  addChecks(checks: readonly Check[]): VerificationRun;
  /** Computes a metric although no constraint needs it. */
  addRequiredAnalyzer(analyzer: Analyzer): VerificationRun;
  addRequiredAnalyzers(analyzers: readonly Analyzer[]): VerificationRun;
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
  return { onData: (data, options) => verificationRun({ runner: AnalysisRunner().onData(data, options), checks: [], analyzers: [] }) };
}

function verificationRun(settings: Settings): VerificationRun {
  const with_ = (change: Partial<Settings>) => verificationRun({ ...settings, ...change });
  const analysis = () => {
    const all = [...settings.analyzers, ...settings.checks.flatMap((c) => c.requiredAnalyzers())];
    return settings.runner.addAnalyzers([...new Map(all.map((a) => [a.key, a])).values()]);
  };
  return Object.freeze({
    withSource: (name: string, data: unknown) => with_({ runner: settings.runner.withSource(name, data) }),
    addCheck: (check: Check) => with_({ checks: [...settings.checks, check] }),
    addChecks: (checks: readonly Check[]) => with_({ checks: [...settings.checks, ...checks] }),
    addRequiredAnalyzer: (analyzer: Analyzer) => with_({ analyzers: [...settings.analyzers, analyzer] }),
    addRequiredAnalyzers: (analyzers: readonly Analyzer[]) => with_({ analyzers: [...settings.analyzers, ...analyzers] }),
    explain: (options?: AnalysisOptions) => analysis().explain(options),
    run: async (options?: AnalysisOptions) => {
      const context = await analysis().run(options);
      return verificationResult(settings.checks.map((c) => c.evaluate(context)), context);
    },
  });
}
