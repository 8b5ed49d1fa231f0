import { readableNumber } from '../../metrics/text.js';
import type { ProfileReport, ReportColumn } from '../model.js';
import { figure } from './charts.js';
import { html, type Html } from './markup.js';
import { page, table } from './page.js';

/** The page of a profile: all columns at a glance, then a card for each. */
export function profileHtml(report: ProfileReport): string {
  const { columns, correlations, missing, explanation } = report;
  return page(report, html`<section><h2>Columns</h2>${table('Columns',
    [{ head: 'column' }, { head: 'type' }, { head: 'complete', number: true }, { head: 'distinct', number: true }],
    columns.map((c, i) => [html`<a href="#column-${i}">${c.name}</a>`, typeText(c), percent(c.completeness), factOf(c, 'distinct values')]),
  )}</section>
<section><h2>In detail</h2><div class="grid">${columns.map(card)}</div></section>
${correlations && correlations.columns.length > 1 && html`<section><h2>Correlations</h2>${table('Correlations',
    [{ head: '' }, ...correlations.columns.map((head) => ({ head, number: true }))],
    correlations.values.map((row, i) => [correlations.columns[i]!, ...row.map((x) => (typeof x === 'number' ? x.toFixed(2) : x))]),
  )}</section>`}
${missing && html`<section><h2>Missing together</h2>${table('Missing together', [{ head: 'columns without a value' }, { head: 'rows', number: true }],
    missing.map((m) => [m.columns.length === 0 ? html`<span class="null">none</span>` : m.columns.join(', '), readableNumber(m.count)]),
  )}</section>`}
${explanation !== null && html`<details><summary>What was read, and how</summary><pre tabindex="0">${explanation}</pre></details>`}`);
}

function card(column: ReportColumn, i: number): Html {
  return html`<article class="card" id="column-${i}"><h3>${column.name}</h3><p class="soft">${typeText(column)}, ${percent(column.completeness)} complete</p>
<dl>${column.facts.map((f) => html`<dt>${f.name}</dt><dd>${f.value}</dd>`)}</dl>
${column.charts.map(figure)}${column.problems.map((p) => html`<p class="soft">${p}</p>`)}</article>`;
}

function typeText({ type, inferred }: ReportColumn): string {
  return inferred === null || inferred === 'String' ? type : `${type}, looks ${inferred}`;
}

function factOf({ facts }: ReportColumn, name: string): string {
  return facts.find((f) => f.name === name)?.value ?? '';
}

/** Only what is complete is 100 %. */
function percent(x: ReportColumn['completeness']): string {
  return typeof x === 'number' ? `${(Math.floor(x * 1000) / 10).toFixed(1)} %` : '';
}
