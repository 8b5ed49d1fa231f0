import { oneLine } from '../../base/text-width.js';
import { readableNumber } from '../../metrics/text.js';
import type { Chart, ReportBounds } from '../model.js';
import { html, type Html } from './markup.js';

const WIDTH = 340;
const BAR = 18;
const LABEL = 132;
const COUNT = 70;
const HEIGHT = 120;
const MARGIN = 16;

/** A chart as a figure, whose drawing is described for readers who do not see it. */
export function figure(chart: Chart): Html {
  return html`<figure><figcaption>${chart.title}</figcaption>${drawing(chart)}</figure>`;
}

function drawing(chart: Chart): Html {
  switch (chart.kind) {
    case 'bars': return chart.ordered ? columns(chart) : bars(chart);
    case 'quantiles': return quantiles(chart);
    case 'series': return series(chart);
  }
}

type Bars = Extract<Chart, { kind: 'bars' }>;

/** Bars below each other, with their labels and counts. */
function bars({ title, bars: all, rest }: Bars): Html {
  const shown = rest > 0 ? [...all, { label: 'others', count: rest }] : all;
  const most = Math.max(1, ...shown.map((b) => b.count));
  const room = WIDTH - LABEL - COUNT;
  const height = shown.length * (BAR + 4);
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${described(title, shown)}">
${shown.map(({ label, count }, i) => html`<g><title>${label}: ${readableNumber(count)}</title>
<text x="${LABEL - 6}" y="${i * (BAR + 4) + 13}" text-anchor="end">${oneLine(label, 17)}</text>
<rect class="bar" x="${LABEL}" y="${i * (BAR + 4)}" width="${tenths((count / most) * room)}" height="${BAR}" rx="2"/>
<text class="value" x="${tenths(LABEL + (count / most) * room + 5)}" y="${i * (BAR + 4) + 13}">${readableNumber(count)}</text></g>`)}</svg>`;
}

/** Columns side by side, for intervals. */
function columns({ title, bars: all }: Bars): Html {
  if (all.length === 0) return html`<p class="soft">nothing to draw</p>`;
  const most = Math.max(1, ...all.map((b) => b.count));
  const step = WIDTH / all.length;
  const first = all[0]!.label.split(' – ')[0]!;
  const last = all[all.length - 1]!.label.split(' – ').pop()!;
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT + MARGIN}" width="${WIDTH}" height="${HEIGHT + MARGIN}" role="img" aria-label="${described(title, all)}">
${all.map(({ label, count }, i) => {
    const height = (count / most) * (HEIGHT - 4);
    return html`<g><title>${label}: ${readableNumber(count)}</title>
<rect class="bar" x="${tenths(i * step)}" y="${tenths(HEIGHT - height)}" width="${tenths(Math.max(0.5, step - Math.min(2, step / 8)))}" height="${tenths(height)}"/></g>`;
  })}
<line class="axis" x1="0" x2="${WIDTH}" y1="${HEIGHT}" y2="${HEIGHT}"/>
<text x="0" y="${HEIGHT + 13}">${first}</text><text x="${WIDTH}" y="${HEIGHT + 13}" text-anchor="end">${last}</text></svg>`;
}

/** The values at quantiles, as a line from the least to the greatest. */
function quantiles({ title, points }: Extract<Chart, { kind: 'quantiles' }>): Html {
  const { low, high, y } = scale(points.map((p) => p.value));
  const line = points.map((p) => `${tenths(p.quantile * WIDTH)},${tenths(y(p.value))}`).join(' ');
  const said = points.map((p) => `${readableNumber(p.quantile * 100)} %: ${readableNumber(p.value)}`).join(', ');
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT + MARGIN}" width="${WIDTH}" height="${HEIGHT + MARGIN}" role="img" aria-label="${`${title}. ${said}`}">
<line class="axis" x1="0" x2="${WIDTH}" y1="${HEIGHT}" y2="${HEIGHT}"/><polyline class="line" points="${line}"/>
<text x="2" y="11">${readableNumber(high)}</text>${low !== high && html`<text x="2" y="${HEIGHT - 4}">${readableNumber(low)}</text>`}
<text x="0" y="${HEIGHT + 13}">0 %</text><text x="${WIDTH / 2}" y="${HEIGHT + 13}" text-anchor="middle">50 %</text>
<text x="${WIDTH}" y="${HEIGHT + 13}" text-anchor="end">100 %</text></svg>`;
}

/** A metric over time; anomalies are marked by shape and colour. */
function series({ title, points }: Extract<Chart, { kind: 'series' }>): Html {
  const known = points.filter((p): p is typeof p & { value: number } => p.value !== null && Number.isFinite(p.value));
  if (known.length === 0) return html`<p class="soft">no value yet</p>`;
  const { low, high, y } = scale(known.map((p) => p.value));
  const from = points[0]!.time;
  const span = points[points.length - 1]!.time - from || 1;
  const x = (time: number) => 4 + ((time - from) / span) * (WIDTH - 8);
  const odd = known.filter((p) => p.anomaly);
  const said = `${title}: ${known.length} values, the last ${readableNumber(known[known.length - 1]!.value)}, ${odd.length} anomalies`;
  const line = known.map((p) => `${tenths(x(p.time))},${tenths(y(p.value))}`).join(' ');
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT + MARGIN}" width="${WIDTH}" height="${HEIGHT + MARGIN}" role="img" aria-label="${said}">
<line class="axis" x1="0" x2="${WIDTH}" y1="${HEIGHT}" y2="${HEIGHT}"/><polyline class="line" points="${line}"/>
${known.map((p) => (p.anomaly
    ? html`<path class="odd" d="${diamond(x(p.time), y(p.value))}"><title>${day(p.time)}: ${readableNumber(p.value)}, anomaly</title></path>`
    : html`<circle class="dot" cx="${tenths(x(p.time))}" cy="${tenths(y(p.value))}" r="2"><title>${day(p.time)}: ${readableNumber(p.value)}</title></circle>`))}
<text x="2" y="11">${readableNumber(high)}</text>${low !== high && html`<text x="2" y="${HEIGHT - 4}">${readableNumber(low)}</text>`}
<text x="0" y="${HEIGHT + 13}">${day(from)}</text><text x="${WIDTH}" y="${HEIGHT + 13}" text-anchor="end">${day(from + span)}</text></svg>`;
}

/** A number against the bounds that it must lie in; null: there is nothing to draw. */
export function boundsBar(value: number, { low, high }: ReportBounds): Html | null {
  const marks = [low, high].filter((x): x is number => x !== null);
  if (marks.length === 0) return null;
  const share = [value, ...marks].every((x) => x >= 0 && x <= 1);
  const least = share ? 0 : Math.min(0, value, ...marks);
  const most = share ? 1 : Math.max(value, ...marks) * 1.1;
  if (!(most > least)) return null;
  const at = (x: number) => tenths(((x - least) / (most - least)) * 100);
  const met = (low === null || value >= low) && (high === null || value <= high);
  const said = `${readableNumber(value)}, bounds ${low === null ? 'none' : readableNumber(low)} to ${high === null ? 'none' : readableNumber(high)}`;
  return html`<svg viewBox="-1 0 102 10" width="102" height="10" role="img" aria-label="${said}"><rect class="track" x="0" y="2" width="100" height="6" rx="3"/>
<rect class="${met ? 'inside' : 'outside'}" x="${at(Math.min(0, value))}" y="2" width="${tenths(Math.abs(at(value) - at(0)))}" height="6" rx="3"/>
${marks.map((m) => html`<line class="bound" x1="${at(m)}" x2="${at(m)}" y1="0" y2="10"/>`)}</svg>`;
}

function scale(values: readonly number[]): { low: number; high: number; y: (v: number) => number } {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const span = high - low;
  // what never changes lies in the middle
  const share = (v: number) => (span === 0 ? 0.5 : (v - low) / span);
  return { low, high, y: (v) => HEIGHT - 18 - share(v) * (HEIGHT - 38) };
}

function described(title: string, all: readonly { label: string; count: number }[]): string {
  return `${title}. ${all.map(({ label, count }) => `${label}: ${readableNumber(count)}`).join('; ')}`;
}

function diamond(x: number, y: number): string {
  return `M${tenths(x)} ${tenths(y - 5)}L${tenths(x + 5)} ${tenths(y)}L${tenths(x)} ${tenths(y + 5)}L${tenths(x - 5)} ${tenths(y)}Z`;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function tenths(x: number): number {
  return Math.round(x * 10) / 10;
}
