import { comparatorText } from '../base/comparators.js';
import { javaDouble } from '../base/number-text.js';
import { textTable, type TextColumn } from '../base/text-table.js';
import { readableNumber, readableValue } from '../metrics/text.js';
import type { CheckResult, CheckStatus } from './check.js';
import type { Constraint, ConstraintResult, Outcome } from './constraint.js';

const SIGNS = { passed: '✓', failed: '✗', vacuous: '∅', error: '!', skipped: '-', inconclusive: '?' } as const;

const COLUMNS: readonly TextColumn[] = [
  { head: 'outcome' },
  { head: 'constraint', widest: 60 },
  { head: 'value', align: 'right', widest: 32 },
  { head: 'required', widest: 32 },
  { head: 'note', widest: 100 },
];

/** The verdict for a reader: a table per check with a line per constraint, and what it comes to. */
export function verdictText(status: CheckStatus, results: readonly CheckResult[]): string {
  const outcomes = results.flatMap((r) => r.constraintResults.map((c) => c.outcome));
  return [...results.map(checkText), `Verification: ${status} (${sumOf(outcomes)})`].join('\n\n');
}

function sumOf(outcomes: readonly Outcome[]): string {
  if (outcomes.length === 0) return 'nothing was checked';
  const total = `${outcomes.length} constraint${outcomes.length === 1 ? '' : 's'}`;
  const kinds = [...new Set(outcomes)].filter((o) => o !== 'passed');
  if (kinds.length === 0) return `${total}, all passed`;
  return [total, ...kinds.map((kind) => `${outcomes.filter((o) => o === kind).length} ${kind}`)].join(', ');
}

function checkText({ check, status, constraintResults }: CheckResult): string {
  const head = `${check.description} (${check.level}): ${status}`;
  if (constraintResults.length === 0) return `${head}\nno constraints`;
  const rows = constraintResults.map((r) =>
    [`${SIGNS[r.outcome]} ${r.outcome}`, subjectOf(r), givenValue(r), requirement(r.constraint), noteOn(r)]);
  const shown = COLUMNS.map((_, i) => i < 2 || rows.some((row) => row[i] !== ''));
  return `${head}\n${textTable(COLUMNS.filter((_, i) => shown[i]), rows.map((row) => row.filter((_, i) => shown[i])))}`;
}

/** What is judged: the name that the constraint was given, or its analyzer and column. */
function subjectOf({ constraint, metric }: ConstraintResult): string {
  const { analyzer, name, subject } = constraint;
  const { where } = analyzer.params;
  const filter = typeof where === 'string' ? ` where ${where}` : '';
  if (!metric || !name.includes(String(analyzer))) return name + filter;
  if (subject !== undefined) return subject + filter;
  if (analyzer.analyzer === 'Compliance') return metric.instance + filter;
  return (metric.instance === '*' ? analyzer.analyzer : `${analyzer.analyzer}(${metric.instance})`) + filter;
}

/** Numbers that were refused are shown to the last digit: 0.99999999 is not 1. */
function givenValue({ value, metric, outcome }: ConstraintResult): string {
  if (typeof value === 'number') {
    return outcome === 'passed' || Number.isInteger(value) ? readableNumber(value) : javaDouble(value);
  }
  return value === undefined || !metric ? '' : readableValue(metric);
}

/** A comparator in words; a function as it is written. */
function requirement({ assertion }: Constraint): string {
  return typeof assertion === 'function' ? String(assertion) : comparatorText(assertion, readableNumber);
}

/** Why there is no verdict, in one line; hints where there is one. */
function noteOn({ constraint, outcome, message }: ConstraintResult): string {
  if (outcome === 'failed') return constraint.hint ?? '';
  const why = message?.trim().split('\n', 1)[0] ?? '';
  return outcome === 'vacuous' && why === '' ? 'nothing was in scope' : why;
}
