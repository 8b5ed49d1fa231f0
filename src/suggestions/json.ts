import type { EvaluatedSuggestion } from './result.js';
import type { ConstraintSuggestion } from './suggestion.js';

/** Deequ's JSON text of suggestions. */
export function suggestionsJson(suggestions: readonly ConstraintSuggestion[]): string {
  return gson({ constraint_suggestions: suggestions.map(fields) });
}

/** The same with what became of them on the test data; each result stands with its own suggestion. */
export function evaluationJson(suggestions: readonly EvaluatedSuggestion[]): string {
  return gson({
    constraint_suggestions: suggestions.map((s) => ({ ...fields(s), constraint_result_on_test_set: s.deequOnTest?.status ?? 'Unknown' })),
  });
}

function fields(s: ConstraintSuggestion) {
  return {
    constraint_name: s.constraint.name,
    column_name: s.columnName,
    current_value: s.currentValue,
    description: s.description,
    suggesting_rule: s.suggestingRule.name,
    rule_description: s.suggestingRule.ruleDescription,
    code_for_constraint: s.deequCodeForConstraint ?? s.codeForConstraint,
  };
}

/** Gson escapes what HTML would read, and what ends lines in JavaScript; all of it stands in texts only. */
function gson(json: unknown): string {
  return JSON.stringify(json, null, 2)
    .replace(/[<>&='\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Suggestions as plain JSON, with our code. */
export function plainSuggestions(suggestions: readonly EvaluatedSuggestion[]): unknown {
  return suggestions.map((s) => ({
    column: s.columnName,
    rule: s.suggestingRule.name,
    ruleDescription: s.suggestingRule.ruleDescription,
    description: s.description,
    currentValue: s.currentValue,
    constraint: s.constraint.name,
    codeForConstraint: s.codeForConstraint,
    ...(s.deequCodeForConstraint !== null && { deequCodeForConstraint: s.deequCodeForConstraint }),
    ...(s.value && { value: s.value }),
    ...(s.onData && { onData: s.onData }),
    ...(s.onTest && { onTest: s.onTest }),
    ...(s.deequOnTest && { deequOnTest: s.deequOnTest }),
  }));
}
