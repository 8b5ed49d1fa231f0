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
  if (testRows !== null) facts.push(`tried on ${readableNumber(testRows)} other rows`);
  const odd = suggestions.filter((s) => [s.onData, s.onTest].some((v) => v && v.outcome !== 'passed' && v.outcome !== 'vacuous'));
  const fell = odd.map((s) => `- ${escaped(s.column)}: ${escaped(s.description)}\n`).join('');
  const missed = odd.length > 0 ? `## What did not hold\n\n${fell}\n` : '';
  const fence = '`'.repeat(Math.max(3, ...[...module.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `# ${escaped(title)}\n\n${facts.join(' · ')}\n\n${missed}${markdownTable(heads, lines)}\n\n${fence}ts\n${module}${fence}\n`;
}

function outcome(verdict: ReportTry | null): string {
  if (!verdict) return '';
  return typeof verdict.value === 'number' && verdict.value !== 1 ? `${verdict.outcome} (${readableNumber(verdict.value)})` : verdict.outcome;
}
