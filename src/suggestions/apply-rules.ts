import type { AnalysisOptions } from '../analysis/analysis-runner.js';
import type { Source } from '../data/source.js';
import type { ColumnProfiles } from '../profiles/column-profiles.js';
import { isTableRule, type ConstraintRule, type ConstraintSuggestion, type TableRule } from './suggestion.js';
import { metricsOf, trainingData, type References } from './training-data.js';

export type AnyRule = ConstraintRule | TableRule;

/** A suggestion and the name of the column that it is about. */
export interface Found {
  readonly column: string;
  readonly suggestion: ConstraintSuggestion;
}

/** What the rules suggest, in the order of columns and then of rules; table rules come last. */
export async function suggestedBy(
  rules: readonly AnyRule[], { profiles, numRecords }: ColumnProfiles, train: Source, references: References,
  options: AnalysisOptions | undefined,
): Promise<readonly Found[]> {
  const all = [...profiles.values()];
  const single = rules.filter((r): r is ConstraintRule => !isTableRule(r));
  const table = rules.filter(isTableRule);
  const due = all.flatMap((profile) =>
    single.filter((rule) => rule.shouldBeApplied(profile, numRecords)).map((rule) => ({ profile, rule })));
  const metrics = await metricsOf(train, [
    ...due.flatMap(({ profile, rule }) => rule.needs?.(profile, numRecords) ?? []),
    ...table.flatMap((rule) => rule.needs(all, numRecords)),
  ], references, options);
  const found = due.flatMap(({ profile, rule }): Found[] => {
    const suggestion = rule.candidate(profile, numRecords, metrics);
    return suggestion ? [{ column: profile.name, suggestion }] : [];
  });
  const raw = new Map(all.map((p) => [p.column, p.name]));
  const data = trainingData(train, references, options);
  for (const rule of table) {
    for (const suggestion of await rule.candidates(all, numRecords, metrics, data)) {
      found.push({ column: raw.get(suggestion.columnName) ?? suggestion.columnName, suggestion });
    }
  }
  return found;
}
