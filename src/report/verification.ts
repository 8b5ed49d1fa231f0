import type { Comparator } from '../base/comparators.js';
import { isAnalysis, isCombined, type CheckLevel, type Constraint, type ConstraintResult } from '../checks/constraint.js';
import { OUTCOMES, type Outcome } from '../checks/outcomes.js';
import { resultLine } from '../checks/result-line.js';
import type { VerificationResult } from '../checks/verification-result.js';
import { chartOf } from './charts.js';
import { jsonNumber, reportHead, type ReportOptions } from './head.js';
import type { Chart, ReportBounds, ReportConstraint, ReportRows, VerificationReport } from './model.js';

/** What the report of a verification says beside it. */
export interface VerificationReportOptions extends ReportOptions {
  /** Some of the rows that fail a constraint, where they are known. */
  readonly examples?: (result: ConstraintResult) => ReportRows | null;
}

/** The report of a verification as plain data, from which every format is made. */
export function verificationReport(result: VerificationResult, options: VerificationReportOptions = {}): VerificationReport {
  const { context } = result;
  const all = result.results.flatMap((r) => r.constraintResults);
  return {
    kind: 'verification',
    ...reportHead('Verification', context.rows, options),
    status: result.status,
    outcomes: Object.fromEntries(OUTCOMES.map((o) => [o, all.filter((c) => c.outcome === o).length])) as Record<Outcome, number>,
    checks: result.results.map(({ check, status, constraintResults }) => ({
      description: check.description,
      level: check.level,
      status,
      constraints: constraintResults.map((c) => constraintOf(c, check.level, options)),
    })),
    metrics: context.successMetrics().map((m) => ({ ...m, value: jsonNumber(m.value) })),
    failures: context.toJSON().failures.map(({ analyzer, message }) => ({ analyzer, message })),
    charts: context.allMetrics.map(chartOf).filter((c): c is Chart => c !== null),
    explanation: context.explanation && String(context.explanation),
  };
}

function constraintOf(result: ConstraintResult, level: CheckLevel, options: VerificationReportOptions): ReportConstraint {
  const { constraint, outcome, status, message, metric, value, parts = [] } = result;
  const own = result.level ?? level;
  return {
    constraint: constraint.name,
    analyzer: analyzerOf(constraint),
    level: own,
    ...resultLine(result),
    instance: metric?.instance ?? '',
    outcome,
    status,
    message,
    number: typeof value === 'number' ? jsonNumber(value) : null,
    bounds: isAnalysis(constraint) && typeof constraint.assertion !== 'function' ? boundsOf(constraint.assertion) : null,
    examples: options.examples?.(result) ?? null,
    parts: parts.map((part) => constraintOf(part, own, options)),
  };
}

function analyzerOf(constraint: Constraint): string {
  if (isAnalysis(constraint)) return constraint.analyzer.analyzer;
  return isCombined(constraint) ? constraint.combine : 'columns';
}

/** The one interval that a comparator asks for; null: it is none. */
export function boundsOf(c: Comparator): ReportBounds | null {
  switch (c.op) {
    case 'atLeast': case 'above': return bounds(c.value, null);
    case 'atMost': case 'below': return bounds(null, c.value);
    case 'equals': return bounds(c.value, c.value);
    case 'between': return bounds(c.low, c.high);
    case 'and': {
      const parts = c.of.map(boundsOf);
      if (parts.length === 0 || parts.includes(null)) return null;
      const lows = parts.flatMap((p) => p!.low ?? []);
      const highs = parts.flatMap((p) => p!.high ?? []);
      return bounds(lows.length > 0 ? Math.max(...lows) : null, highs.length > 0 ? Math.min(...highs) : null);
    }
    default: return null;
  }
}

function bounds(low: number | null, high: number | null): ReportBounds | null {
  const known = [low, high].every((x) => x === null || Number.isFinite(x));
  return known ? { low, high } : null;
}
