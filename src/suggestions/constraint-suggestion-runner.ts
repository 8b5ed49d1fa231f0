import type { AnalysisOptions } from '../analysis/analysis-runner.js';
import { NO_HISTORY, reusing, saving, usingRepository, type History } from '../analysis/history.js';
import type { DataTypeName } from '../analyzers/data-type.js';
import type { KLLParameters } from '../analyzers/params.js';
import { AssayError } from '../base/errors.js';
import type { Source } from '../data/source.js';
import { ColumnProfilerRunner } from '../profiles/column-profiler-runner.js';
import type { ColumnProfiles } from '../profiles/column-profiles.js';
import type { MetricsRepository } from '../repository/metrics-repository.js';
import type { ResultKey } from '../repository/result-key.js';
import { toSource } from '../sources/open.js';
import { sampled } from '../sources/sampled.js';
import { suggestedBy, type AnyRule } from './apply-rules.js';
import { saveNamed } from './files.js';
import { evaluated, suggestionResult } from './make-result.js';
import type { ConstraintSuggestionResult } from './result.js';
import { isTableRule } from './suggestion.js';
import type { References } from './training-data.js';
import { verified } from './verify.js';

/** Says what to suggest constraints for, and by which rules; every call returns a new builder. */
export interface ConstraintSuggestionRunBuilder {
  /** The table: a source, an Arrow table, record batches, rows. It is read several times. */
  onData(data: unknown, options?: { readonly name?: string }): ConstraintSuggestionRunBuilder;
  /** Another table by its name, to which columns may refer: `HasForeignKey` looks there. */
  withSource(name: string, data: unknown): ConstraintSuggestionRunBuilder;
  /** A rule more; without any there are no suggestions. */
  addConstraintRule(rule: AnyRule): ConstraintSuggestionRunBuilder;
  /** Rules more, e.g. `Rules.DEFAULT`. */
  addConstraintRules(rules: Iterable<AnyRule>): ConstraintSuggestionRunBuilder;
  /** Only these columns, by their names in the schema. */
  restrictToColumns(columns: Iterable<string>): ConstraintSuggestionRunBuilder;
  /** Categories of columns with at most this many distinct values; default 120. */
  withLowCardinalityHistogramThreshold(threshold: number): ConstraintSuggestionRunBuilder;
  /** Adds KLL sketches to the profiles; in Deequ this has no effect here. */
  setKLLParameters(parameters: Partial<KLLParameters> | null): ConstraintSuggestionRunBuilder;
  /** The types of columns, by name, instead of those found. */
  setPredefinedTypes(
    types: Readonly<Record<string, DataTypeName>> | Iterable<readonly [string, DataTypeName]>,
  ): ConstraintSuggestionRunBuilder;
  /**
   * Holds back rows by chance to test the suggestions on; each row for itself, so the number of rows is only about the part.
   * The same rows whatever the number of threads and the size of batches.
   *
   * @param testsetRatio part of the rows, greater than 0 and less than 1
   * @param seed the same seed holds the same rows back; default 0
   */
  useTrainTestSplitWithTestsetRatio(testsetRatio: number, seed?: number | bigint | null): ConstraintSuggestionRunBuilder;
  /** Other rows to test the suggestions on, e.g. those of tomorrow; the whole table is then for training. */
  withTestData(data: unknown, options?: { readonly name?: string }): ConstraintSuggestionRunBuilder;
  /** Does not try the suggestions on the table itself: one reading less, and nobody knows which of them hold. */
  withoutVerification(): ConstraintSuggestionRunBuilder;
  /** The history that `reuseExistingResultsForKey` reads and `saveOrAppendResult` writes. */
  useRepository(repository: MetricsRepository): ConstraintSuggestionRunBuilder;
  /**
   * Makes the profiles of the metrics that are stored under the key, without reading the table for them; what metrics do
   * not hold, such as top values, the rules then do not see. If a metric is missing, the table is profiled.
   *
   * @param failIfResultsMissing whether the run fails then, instead of reading
   */
  reuseExistingResultsForKey(resultKey: ResultKey, failIfResultsMissing?: boolean): ConstraintSuggestionRunBuilder;
  /** Adds the metrics in the profiles to those that are stored under the key; of one analyzer, the new metric counts. */
  saveOrAppendResult(resultKey: ResultKey): ConstraintSuggestionRunBuilder;
  /** Deequ's JSON of the profiles as a file. */
  saveColumnProfilesJsonToPath(path: string): ConstraintSuggestionRunBuilder;
  /** Deequ's JSON of the suggestions as a file. */
  saveConstraintSuggestionsJsonToPath(path: string): ConstraintSuggestionRunBuilder;
  /** Deequ's JSON of what became of them on the test data; only written if there is some. */
  saveEvaluationResultsJsonToPath(path: string): ConstraintSuggestionRunBuilder;
  /** Whether files that are there are replaced; default: an error says so. */
  overwritePreviousFiles(overwrite: boolean): ConstraintSuggestionRunBuilder;
  run(options?: AnalysisOptions): Promise<ConstraintSuggestionResult>;
}

interface Settings {
  readonly data: Source | null;
  readonly references: References;
  readonly history: History;
  readonly rules: readonly AnyRule[];
  readonly columns: readonly string[] | null;
  readonly threshold: number | null;
  readonly kll: Partial<KLLParameters> | null;
  readonly types: readonly (readonly [string, DataTypeName])[] | null;
  readonly split: { readonly ratio: number; readonly seed: number | bigint } | null;
  readonly test: Source | null;
  readonly verify: boolean;
  readonly files: { readonly profiles?: string; readonly suggestions?: string; readonly evaluation?: string };
  readonly overwrite: boolean;
}

/** Begins suggestions of constraints for a table. */
export function ConstraintSuggestionRunner(): ConstraintSuggestionRunBuilder {
  return builder({
    data: null, references: new Map(), history: NO_HISTORY, rules: [], columns: null, threshold: null, kll: null, types: null,
    split: null, test: null, verify: true, files: {}, overwrite: false,
  });
}

function builder(settings: Settings): ConstraintSuggestionRunBuilder {
  const also = (more: Partial<Settings>) => builder({ ...settings, ...more });
  const { history, references } = settings;
  const files = (more: Settings['files']) => also({ files: { ...settings.files, ...more } });
  return Object.freeze<ConstraintSuggestionRunBuilder>({
    onData: (data, options) => also({ data: toSource(data, options?.name) }),
    withSource: (name, source) => also({ references: new Map([...references, [name, toSource(source, name)]]) }),
    addConstraintRule: (rule) => also({ rules: [...settings.rules, checkedRule(rule)] }),
    addConstraintRules: (rules) => also({ rules: [...settings.rules, ...[...rules].map(checkedRule)] }),
    restrictToColumns: (columns) => also({ columns: [...columns] }),
    withLowCardinalityHistogramThreshold: (threshold) => also({ threshold }),
    setKLLParameters: (parameters) => also({ kll: parameters }),
    setPredefinedTypes: (types) => also({ types: [...(Symbol.iterator in types ? types : Object.entries(types))] }),
    useTrainTestSplitWithTestsetRatio: (ratio, seed) => also({ split: { ratio: checkedRatio(ratio), seed: seed ?? 0 }, test: null }),
    withTestData: (data, options) => also({ test: toSource(data, options?.name), split: null }),
    withoutVerification: () => also({ verify: false }),
    useRepository: (repository) => also({ history: usingRepository(history, repository) }),
    reuseExistingResultsForKey: (key, failIfResultsMissing = false) => also({ history: reusing(history, key, failIfResultsMissing) }),
    saveOrAppendResult: (key) => also({ history: saving(history, key) }),
    saveColumnProfilesJsonToPath: (profiles) => files({ profiles }),
    saveConstraintSuggestionsJsonToPath: (suggestions) => files({ suggestions }),
    saveEvaluationResultsJsonToPath: (evaluation) => files({ evaluation }),
    overwritePreviousFiles: (overwrite) => also({ overwrite }),
    run: (options) => run(settings, options),
  });
}

async function run(settings: Settings, options: AnalysisOptions | undefined): Promise<ConstraintSuggestionResult> {
  const { data, references, rules, split, files } = settings;
  if (!data) throw new AssayError('INVALID_ARGUMENT', 'no table to suggest constraints for: call onData(…) before run()');
  const train = split ? sampled(data, { ...split, rest: true }) : data;
  const test = split ? sampled(data, split) : settings.test;
  const profiles = await profilesOf(settings, train, options);
  const found = await suggestedBy(rules, profiles, train, references, options);
  const suggestions = found.map(({ suggestion }) => suggestion);
  const onTest = test && await verified(test, suggestions, references, true, options);
  const onData = settings.verify && suggestions.some((s) => s.codeConstraint !== null)
    ? await verified(data, suggestions, references, false, options) : null;
  const result = suggestionResult({
    profiles,
    found: found.map(({ column, suggestion }, i) => ({ column, suggestion: evaluated(suggestion, i, onData, onTest) })),
    test: onTest,
  });
  await saveNamed([
    [files.profiles, () => result.getColumnProfilesAsJson()],
    [files.suggestions, () => result.getConstraintSuggestionsAsJson()],
    [onTest ? files.evaluation : undefined, () => result.getEvaluationResultsAsJson()],
  ], settings.overwrite);
  return result;
}

/** How many of the most frequent values rules can look at. */
const SAMPLE = 64;

function profilesOf(settings: Settings, data: Source, options?: AnalysisOptions): Promise<ColumnProfiles> {
  const { columns, threshold, kll, types, history: { repository, reuse, save } } = settings;
  let profiler = ColumnProfilerRunner().onData(data);
  if (columns) profiler = profiler.restrictToColumns(columns);
  if (threshold !== null) profiler = profiler.withLowCardinalityHistogramThreshold(threshold);
  if (kll) profiler = profiler.withKLLProfiling().setKLLParameters(kll);
  if (types) profiler = profiler.setPredefinedTypes(types);
  if (repository) profiler = profiler.useRepository(repository);
  if (reuse) profiler = profiler.reuseExistingResultsForKey(reuse.resultKey, reuse.failIfResultsMissing);
  if (save) profiler = profiler.saveOrAppendResult(save);
  return profiler.withTopValues(SAMPLE).run(options);
}

function checkedRatio(ratio: number): number {
  if (ratio > 0 && ratio < 1) return ratio;
  throw new AssayError('INVALID_ARGUMENT', `requirement failed: Testset ratio must be in ]0, 1[, not ${ratio}`);
}

function checkedRule(rule: AnyRule): AnyRule {
  const { name, ruleDescription } = (rule ?? {}) as Partial<AnyRule>;
  const methods: readonly unknown[] = typeof rule !== 'object' || rule === null ? []
    : isTableRule(rule) ? [rule.needs, rule.candidates] : [rule.shouldBeApplied, rule.candidate];
  if (typeof name === 'string' && typeof ruleDescription === 'string' && methods.length > 0
    && methods.every((m) => typeof m === 'function')) return rule;
  const remedy = 'give one such as CompleteIfCompleteRule(), or { name, ruleDescription, shouldBeApplied, candidate }';
  throw new AssayError('INVALID_ARGUMENT', `not a rule: ${String(name ?? rule)}; ${remedy}`);
}
