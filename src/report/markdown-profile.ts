import { readableNumber } from '../metrics/text.js';
import { escaped, markdownTable } from './markdown.js';
import type { ProfileReport } from './model.js';

/** A profile as Markdown. */
export function profileMarkdown({ title, table, rows, columns }: ProfileReport): string {
  const lines = columns.map((c) => [
    c.name,
    c.inferred === null || c.inferred === 'String' ? c.type : `${c.type}, looks ${c.inferred}`,
    typeof c.completeness === 'number' ? `${(Math.floor(c.completeness * 1000) / 10).toFixed(1)} %` : '',
    c.facts.map((f) => `${f.name}: ${f.value}`).join('; '),
  ]);
  return `# ${escaped(title)}\n\n${escaped(table)} · ${readableNumber(rows ?? 0)} rows\n\n${markdownTable(['column', 'type', 'complete', 'facts'], lines)}\n`;
}
