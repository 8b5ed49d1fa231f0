import type { Incident } from '../anomaly/detector.js';
import { replayed } from '../anomaly/replay.js';
import type { AnomalyDetectionStrategy } from '../anomaly/strategy.js';
import { sparkline } from '../base/sparkline.js';
import { textTable, type TextColumn } from '../base/text-table.js';
import { readableNumber } from '../metrics/text.js';
import { dateText } from './date-text.js';
import type { MetricSeries } from './series.js';

export interface HistoryTextOptions {
  /** Marks the points on which this would have fired. */
  readonly strategy?: AnomalyDetectionStrategy | undefined;
  readonly incidents?: readonly Incident[] | undefined;
  /** The most characters of a sparkline; default 40. */
  readonly width?: number | undefined;
}

/** Time series as a table for a terminal: a sparkline each, with anomalies marked below, and the newest value. */
export function historyText(
  series: readonly MetricSeries[], { strategy, incidents = [], width = 40 }: HistoryTextOptions = {},
): string {
  if (series.length === 0) return 'no metric is stored that fits';
  const columns: TextColumn[] = [
    { head: 'metric', widest: 48 }, { head: 'points', align: 'right' }, { head: 'history', widest: width },
    { head: 'newest', align: 'right' }, { head: 'on' }, ...(strategy ? [{ head: 'anomalies', widest: 48 }] : []),
  ];
  return textTable(columns, series.flatMap((s) => {
    const points = s.points.map((p) => ({ time: p.date, metricValue: p.value }));
    const judged = strategy ? replayed(points, strategy, { incidents }) : [];
    const fired = judged.filter((p) => p.verdict === 'anomalous').map((p) => dateText(p.time));
    const { line, marks } = sparkline(s.points.map((p) => p.value), (i) => judged[i]?.verdict === 'anomalous', width);
    const newest = s.points.at(-1);
    const value = newest === undefined ? '' : newest.value === null ? 'failed' : readableNumber(newest.value);
    const row = [nameOf(s), String(s.points.length), line, value, newest ? dateText(newest.date) : ''];
    const list = [...fired.slice(-3).reverse(), ...(fired.length > 3 ? [`… (${fired.length})`] : [])].join(', ');
    return [[...row, list], ...(marks === null ? [] : [['', '', marks]])];
  }));
}

function nameOf({ name, instance, tags }: MetricSeries): string {
  const where = [...tags].map(([tag, value]) => `${tag}=${value}`).join(' ');
  return [instance === '*' ? name : `${name}(${instance})`, where].filter((t) => t !== '').join(' ');
}
