import { readableNumber } from '../metrics/text.js';
import { escaped, markdownTable } from './markdown.js';
import type { ReportTry, SuggestionReport } from './model.js';

/** Suggestions as Markdown. */
export function suggestionMarkdown({ title, table, rows, testRows, suggestions, module }: SuggestionReport): string {
  const onData = suggestions.some((s) => s.onData !== null);
  const heads = ['column', 'seen', 'suggested', ...(onData ? ['on the data'] : []), ...(testRows === null ? [] : ['on the test'])];
  const lines = suggestions.map((s) => [
    s.column, s.currentValue, s.code, ...(onData ? [outcome(s.onData)] : []), ...(testRows === null ? [] : [outcome(s.onTest)]),
  ]);
  const facts = [escaped(table), `${readableNumber(rows ?? 0)} rows`];
  if (testRows !== null) facts.push(`${readableNumber(testRows)} rows held back to test`);
  const fence = '`'.repeat(Math.max(3, ...[...module.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `# ${escaped(title)}\n\n${facts.join(' · ')}\n\n${markdownTable(heads, lines)}\n\n${fence}ts\n${module}${fence}\n`;
}

function outcome(verdict: ReportTry | null): string {
  if (!verdict) return '';
  return typeof verdict.value === 'number' && verdict.value !== 1 ? `${verdict.outcome} (${readableNumber(verdict.value)})` : verdict.outcome;
}
