import { readableNumber } from '../metrics/text.js';
import { nameOf } from './html/history.js';
import { escaped, markdownTable } from './markdown.js';
import type { HistoryReport } from './model.js';

/** A history as Markdown: the newest value of every metric, and its anomalies. */
export function historyMarkdown({ title, table, series }: HistoryReport): string {
  const lines = series.map((s) => {
    const newest = s.points.at(-1);
    const odd = s.points.filter((p) => p.verdict === 'anomalous').map(
      (p) => new Date(p.time).toISOString().slice(0, 10),
    );
    const value = newest === undefined ? '' : typeof newest.value === 'number'
      ? readableNumber(newest.value)
      : newest.value ?? 'failed';
    return [nameOf(s), String(s.points.length), value, newest ? new Date(newest.time).toISOString().slice(0, 10) : '', odd.join(', ')];
  });
  return `# ${escaped(title)}\n\n${escaped(table)}\n\n${markdownTable(['metric', 'results', 'newest', 'on', 'anomalies'], lines)}\n`;
}
