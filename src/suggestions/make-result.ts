import type { ColumnProfiles } from '../profiles/column-profiles.js';
import { evaluationJson, plainSuggestions, suggestionsJson } from './json.js';
import { printSuggestions } from './print.js';
import type { ConstraintSuggestionResult, EvaluatedSuggestion } from './result.js';
import type { ConstraintSuggestion } from './suggestion.js';
import type { Verified } from './verify.js';

/** A suggestion with what became of it, by its place among all. */
export function evaluated(
  suggestion: ConstraintSuggestion, i: number, onData: Verified | null, onTest: Verified | null,
): EvaluatedSuggestion {
  return Object.freeze({
    ...suggestion, onData: onData?.code[i] ?? null, onTest: onTest?.code[i] ?? null, deequOnTest: onTest?.deequ[i] ?? null,
  });
}

/** What a run found. */
interface Parts {
  readonly profiles: ColumnProfiles;
  readonly found: readonly { readonly column: string; readonly suggestion: EvaluatedSuggestion }[];
  readonly test: Verified | null;
}

/** The result with its texts. */
export function suggestionResult({ profiles, found, test }: Parts): ConstraintSuggestionResult {
  const suggestions = Object.freeze(found.map(({ suggestion }) => suggestion));
  const byColumn = new Map<string, EvaluatedSuggestion[]>();
  for (const { column, suggestion } of found) byColumn.set(column, [...(byColumn.get(column) ?? []), suggestion]);
  const result: Omit<ConstraintSuggestionResult, 'toString'> = {
    columnProfiles: profiles.profiles,
    profiles,
    numRecordsUsedForProfiling: profiles.numRecords,
    numRecordsUsedForTesting: test?.rows ?? null,
    constraintSuggestions: byColumn,
    suggestions,
    verificationResult: test?.result ?? null,
    getConstraintSuggestionsAsJson: () => suggestionsJson(suggestions),
    getEvaluationResultsAsJson: () => evaluationJson(suggestions),
    getColumnProfilesAsJson: () => profiles.asJson(),
    toJSON: () => ({
      numRecordsUsedForProfiling: profiles.numRecords,
      numRecordsUsedForTesting: test?.rows ?? null,
      suggestions: plainSuggestions(suggestions),
    }),
  };
  return Object.freeze({ ...result, toString: () => printSuggestions(result) });
}
