import { readableNumber } from '../../metrics/text.js';
import type { HistoryReport, ReportSeries } from '../model.js';
import { figure } from './charts.js';
import { html, type Html } from './markup.js';
import { page, table } from './page.js';

/** The page of a history: a chart for every metric with its anomalies marked, and what was said about them. */
export function historyHtml(report: HistoryReport): string {
  const { series, strategy } = report;
  const odd = series.reduce((n, s) => n + s.points.filter((p) => p.verdict === 'anomalous').length, 0);
  return page(report, html`<p>${series.length} series${strategy !== null && html`; ${odd === 0 ? 'no anomaly' : `${odd} anomalies`} by ${strategy}`}</p>
${series.length === 0 && html`<p class="soft">nothing was saved that was asked for</p>`}
<section><h2>Metrics</h2><div class="grid">${series.map(card)}</div></section>
${odd > 0 && html`<section><h2>Anomalies</h2>${table('Anomalies',
    [{ head: 'metric' }, { head: 'on' }, { head: 'value', number: true }, { head: 'why' }],
    series.flatMap((s) => s.points.filter((p) => p.verdict === 'anomalous').map((p) => [
      nameOf(s), day(p.time), typeof p.value === 'number' ? readableNumber(p.value) : p.value, p.detail,
    ])),
  )}</section>`}`);
}

function card(s: ReportSeries): Html {
  const newest = s.points.at(-1);
  const points = s.points.map(({ time, value, verdict }) => ({
    time, value: typeof value === 'number' ? value : null, anomaly: verdict === 'anomalous',
  }));
  return html`<article class="card"><h3>${nameOf(s)}</h3>${newest !== undefined && html`<p class="soft">${s.points.length} results, the newest of ${day(newest.time)}: ${
    newest.value === null ? 'failed' : typeof newest.value === 'number' ? readableNumber(newest.value) : newest.value}</p>`}
${figure({ kind: 'series', title: '', points })}</article>`;
}

/** The metric, of what, and the tags that tell the series apart. */
export function nameOf({ name, instance, tags }: ReportSeries): string {
  const where = Object.entries(tags).map(([tag, value]) => `${tag}=${value}`).join(' ');
  return [instance === '*' ? name : `${name}(${instance})`, where].filter(Boolean).join(' ');
}

function day(time: number): string {
  const text = new Date(time).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ');
}
