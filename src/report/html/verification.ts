import { readableNumber } from '../../metrics/text.js';
import { outcomesText } from '../words.js';
import type { ReportCheck, ReportConstraint, VerificationReport } from '../model.js';
import { boundsBar, figure } from './charts.js';
import { html, type Content, type Html } from './markup.js';
import { page, rowsTable, table } from './page.js';

const VERDICTS = {
  Success: { kind: 'passed', sign: '✓', text: 'Passed' },
  Warning: { kind: 'warning', sign: '!', text: 'Passed with warnings' },
  Error: { kind: 'failed', sign: '✗', text: 'Failed' },
} as const;

/** The page of a verification: the verdict on top, then every check, then the metrics behind them. */
export function verificationHtml(report: VerificationReport): string {
  const { kind, sign, text } = VERDICTS[report.status];
  return page(report, html`<div class="verdict ${kind}" role="status"><span class="sign" aria-hidden="true">${sign}</span>
<span><strong>${text}</strong><br>${outcomesText(report.outcomes)}</span></div>
${report.checks.map(checkSection)}
${report.failures.length > 0 && html`<section><h2>Metrics that could not be computed</h2>${table(
    'Metrics that could not be computed', [{ head: 'analyzer' }, { head: 'why' }], report.failures.map((f) => [f.analyzer, f.message]),
  )}</section>`}
${report.charts.length > 0 && html`<section><h2>Distributions</h2><div class="grid">${report.charts.map((c) =>
    html`<div class="card">${figure(c)}</div>`)}</div></section>`}
${report.metrics.length > 0 && html`<section><h2>Metrics</h2>${table('Metrics',
    [{ head: 'of' }, { head: 'metric' }, { head: 'value', number: true }],
    report.metrics.map((m) => [m.instance, m.name, typeof m.value === 'number' ? readableNumber(m.value) : m.value]),
  )}</section>`}
${report.explanation !== null && html`<details><summary>What was read, and how</summary><pre tabindex="0">${report.explanation}</pre></details>`}`);
}

function checkSection(check: ReportCheck): Html {
  const { kind } = VERDICTS[check.status];
  const lines = check.constraints.flatMap((c) => withParts(c));
  const noted = lines.some(({ of: c }) => c.note !== '');
  return html`<section><h2>${check.description} <span class="badge ${kind}">${check.status}</span>
<span class="soft badge">level ${check.level}</span></h2>
${check.constraints.length === 0 ? html`<p class="soft">no constraints</p>` : table(`Constraints of ${check.description}`,
    [{ head: 'constraint' }, { head: 'outcome' }, { head: 'value', number: true }, { head: 'required' }, ...(noted ? [{ head: 'note' }] : [])],
    lines.map(({ of: c, depth }) => [html`<span style="padding-left:${depth * 1.2}em">${c.subject}</span>`, outcome(c), value(c), html`<code>${c.required}</code>`, ...(noted ? [c.note] : [])]),
  )}
${check.constraints.map((c) => c.examples && c.examples.rows.length > 0 && html`<details open><summary>Rows that fail ${c.subject}</summary>
${rowsTable(`Rows that fail ${c.subject}`, c.examples)}</details>`)}</section>`;
}

/** A constraint and below it the parts that it combines. */
function withParts(of: ReportConstraint, depth = 0): { of: ReportConstraint; depth: number }[] {
  return [{ of, depth }, ...of.parts.flatMap((part) => withParts(part, depth + 1))];
}

function outcome({ outcome: o }: ReportConstraint): Html {
  return html`<span class="badge ${o}">${o}</span>`;
}

function value({ value: text, number, bounds, outcome: o }: ReportConstraint): Content {
  const bar = typeof number === 'number' && bounds !== null && (o === 'passed' || o === 'failed') && boundsBar(number, bounds);
  return [text, bar || null];
}
