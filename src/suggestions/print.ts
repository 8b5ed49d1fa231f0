import { textTable, type TextColumn } from '../base/text-table.js';
import { readableNumber } from '../metrics/text.js';
import type { ConstraintSuggestionResult, SuggestionVerdict } from './result.js';

/** What was suggested, as a table for a terminal. */
export function printSuggestions(result: Omit<ConstraintSuggestionResult, 'toString'>): string {
  const { suggestions, numRecordsUsedForProfiling: rows, numRecordsUsedForTesting: tested } = result;
  const tried = suggestions.some((s) => s.onData !== null);
  const columns: TextColumn[] = [
    { head: 'column', widest: 32 }, { head: 'seen', widest: 32 }, { head: 'suggested', widest: 96 },
    ...(tried ? [{ head: 'on the data' }] : []), ...(tested === null ? [] : [{ head: 'on the test' }]),
  ];
  const lines = suggestions.map((s) => [
    s.columnName, s.currentValue, s.codeForConstraint,
    ...(tried ? [verdictText(s.onData)] : []), ...(tested === null ? [] : [verdictText(s.onTest)]),
  ]);
  const test = tested === null ? '' : `, tried on ${counted(tested, 'other row')}`;
  return `${counted(suggestions.length, 'suggestion')} from ${counted(rows, 'row')}${test}\n${textTable(columns, lines)}`;
}

/** A verdict in a word, with the value where it says more. */
export function verdictText(verdict: SuggestionVerdict | null): string {
  if (!verdict) return '';
  const { outcome, value } = verdict;
  const share = value !== null && value !== 1 ? ` (${readableNumber(value)})` : '';
  return outcome === 'passed' || outcome === 'failed' ? outcome + share : outcome;
}

function counted(n: number, what: string): string {
  return `${readableNumber(n)} ${what}${n === 1 ? '' : 's'}`;
}
