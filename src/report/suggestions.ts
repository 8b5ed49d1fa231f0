import type { ConstraintSuggestionResult, SuggestionVerdict } from '../suggestions/result.js';
import { suggestedModule, type SuiteOptions } from '../suggestions/suite.js';
import { jsonNumber, reportHead, type ReportOptions } from './head.js';
import type { ReportTry, SuggestionReport } from './model.js';

/** For `suggestionReport`. */
export interface SuggestionReportOptions extends ReportOptions, Pick<SuiteOptions, 'level'> {}

/** The report of suggestions as plain data, from which every format is made. */
export function suggestionReport(result: ConstraintSuggestionResult, options: SuggestionReportOptions = {}): SuggestionReport {
  const { suggestions, numRecordsUsedForProfiling, numRecordsUsedForTesting } = result;
  return {
    kind: 'suggestions',
    ...reportHead('Suggested checks', numRecordsUsedForProfiling, options),
    testRows: numRecordsUsedForTesting,
    suggestions: suggestions.map((s) => ({
      column: s.columnName,
      rule: s.suggestingRule.name,
      ruleDescription: s.suggestingRule.ruleDescription,
      description: s.description,
      currentValue: s.currentValue,
      code: s.codeForConstraint,
      deequCode: s.deequCodeForConstraint,
      onData: tried(s.onData),
      onTest: tried(s.onTest),
    })),
    module: suggestedModule(suggestions, { table: options.table, level: options.level }),
  };
}

function tried(verdict: SuggestionVerdict | null): ReportTry | null {
  if (!verdict) return null;
  const { outcome, value, message } = verdict;
  return { outcome, value: value === null ? null : jsonNumber(value), message };
}
