import { textTable, type TextColumn } from '../base/text-table.js';
import type { CheckResult, CheckStatus } from './check.js';
import type { ConstraintResult, Outcome } from './constraint.js';
import { resultLine } from './result-line.js';

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
  const rows = constraintResults.flatMap((r) => linesOf(r, ''));
  const shown = COLUMNS.map((_, i) => i < 2 || rows.some((row) => row[i] !== ''));
  return `${head}\n${textTable(COLUMNS.filter((_, i) => shown[i]), rows.map((row) => row.filter((_, i) => shown[i])))}`;
}

/** The line of a constraint and, indented below it, those of its parts. */
function linesOf(result: ConstraintResult, indent: string): string[][] {
  const { outcome, level, parts = [] } = result;
  const { subject, value, required, note } = resultLine(result);
  const graded = outcome === 'failed' && level ? `failed (${level})` : outcome;
  const line = [`${SIGNS[outcome]} ${graded}`, indent + subject, value, required, note];
  return [line, ...parts.flatMap((part) => linesOf(part, `${indent}· `))];
}
