import { readableNumber } from '../metrics/text.js';
import type { Outcome } from '../checks/constraint.js';
import type { ReportConstraint, VerificationReport } from './model.js';
import { durationText, outcomesText } from './words.js';

const SIGNS: Readonly<Record<Outcome, string>> = {
  passed: '✅', failed: '❌', error: '💥', vacuous: '⚪', skipped: '⏭️', inconclusive: '❔',
};

/** A verification as Markdown, e.g. for the comment on a pull request. */
export function verificationMarkdown(report: VerificationReport): string {
  const { title, status, table, rows, milliseconds, checks } = report;
  const facts = [`**${status}**`, outcomesText(report.outcomes), escaped(table)];
  if (rows !== null) facts.push(`${readableNumber(rows)} rows`);
  if (milliseconds !== null) facts.push(durationText(milliseconds));
  const parts = [`# ${escaped(title)}`, facts.join(' · ')];
  for (const check of checks) {
    parts.push(`## ${escaped(check.description)} (${check.level}): ${check.status}`);
    if (check.constraints.length === 0) parts.push('No constraints.');
    else {
      parts.push(markdownTable(
        ['', 'constraint', 'value', 'required', 'note'],
        check.constraints.flatMap((c) => lines(c)),
      ));
    }
    for (const { subject, examples } of check.constraints) {
      if (!examples || examples.rows.length === 0) continue;
      parts.push(`Rows that fail ${escaped(subject)}${examples.more ? ', the first of them' : ''}:`);
      parts.push(markdownTable(examples.columns, examples.rows));
    }
  }
  if (report.failures.length > 0) {
    parts.push('## Metrics that could not be computed');
    parts.push(report.failures.map((f) => `- ${escaped(f.analyzer)}: ${escaped(f.message)}`).join('\n'));
  }
  return `${parts.join('\n\n')}\n`;
}

/** The line of a constraint, and those of the parts that it combines. */
function lines(c: ReportConstraint, indent = ''): string[][] {
  const own = [`${SIGNS[c.outcome]} ${c.outcome}`, indent + c.subject, c.value, c.required, c.note];
  return [own, ...c.parts.flatMap((part) => lines(part, `${indent}↳ `))];
}

/** A table in Markdown; its cells are texts of any kind, or null. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const line = (cells: readonly (string | null)[]) => `| ${cells.map((cell) => (cell === null ? '*null*' : escaped(cell))).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Text that stands in Markdown as it is, in one line, whatever it holds. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~&]/g, (c) => (c === '<' ? '&lt;' : c === '&' ? '&amp;' : `\\${c}`)).replace(/\s+/g, ' ').trim();
}
