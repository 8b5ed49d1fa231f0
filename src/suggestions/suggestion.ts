import type { Analyzer } from '../analyzers/contract.js';
import type { Metric } from '../metrics/metric.js';
import type { AnalysisConstraint } from '../checks/constraint.js';
import type { ColumnProfile, TableProfile } from '../profiles/profile.js';
import type { Sample } from './sample.js';

/** What a rule suggests for a column. */
export interface ConstraintSuggestion {
  /** What Deequ would demand: this is judged on the test data under `verificationResult`. */
  readonly constraint: AnalysisConstraint;
  /** The column in backticks, unless it is an identifier. */
  readonly columnName: string;
  /** What was seen, e.g. `Completeness: 0.75`. */
  readonly currentValue: string;
  readonly description: string;
  readonly suggestingRule: ConstraintRule | TableRule;
  /** TypeScript that adds `codeConstraint` to a check, e.g. `.isComplete('id')`; a comment if there is none. */
  readonly codeForConstraint: string;
  /**
   * What the code adds to a check. Mostly the same demand; it differs where Deequ's would fail on the very data that it was
   * suggested for (nulls in ranges, texts that look like numbers) or on any other (means that must be equal). Null: checks have
   * no such constraint.
   */
  readonly codeConstraint: AnalysisConstraint | null;
  /** Deequ's Scala for its constraint; of rules that Deequ does not have, null. */
  readonly deequCodeForConstraint: string | null;
  /** The categories, of rules about them. */
  readonly value?: readonly string[];
}

/** What rules read of the metrics that they asked for. */
export interface RuleMetrics {
  /** The metric of an analyzer that the rule needs; undefined: nobody asked for it. */
  metric(analyzer: Analyzer): Metric | undefined;
}

/**
 * A rule that looks at one column after the other. Rules of your own are plain objects of this shape.
 */
export interface ConstraintRule {
  /** What the rule is called, with its parameters, e.g. `CompleteIfCompleteRule()`. */
  readonly name: string;
  /** Why it suggests what it suggests, in a sentence. */
  readonly ruleDescription: string;
  /** Whether the rule has something to say on a column. */
  shouldBeApplied(profile: ColumnProfile, numRecords: number): boolean;
  /** Metrics of the training data that `candidate` needs beside the profile; they are computed in a second reading. */
  needs?(profile: ColumnProfile, numRecords: number): readonly Analyzer[];
  /** What it suggests; null: nothing after all. Only asked if `shouldBeApplied` says so. */
  candidate(profile: ColumnProfile, numRecords: number, metrics: RuleMetrics): ConstraintSuggestion | null;
}

/** The table itself, for rules that find out step by step what to ask. */
export interface TrainingData {
  /** Some rows of these columns, by their names in the schema, from all parts of the table; at most so many. */
  sample(columns: readonly string[], rows: number): Promise<Sample>;
  /** Computes metrics in a reading of its own. */
  metrics(analyzers: readonly Analyzer[]): Promise<RuleMetrics>;
  /** The other tables, by the names that `withSource` gave them. */
  readonly references: ReadonlyMap<string, ReferenceData>;
}

/** Another table, to which the table may refer. */
export interface ReferenceData {
  /** What is in it; read when it is first asked for. */
  profile(): Promise<TableProfile>;
  /** Computes metrics of it in a reading of its own. */
  metrics(analyzers: readonly Analyzer[]): Promise<RuleMetrics>;
}

/** A rule that looks at all columns together, e.g. at pairs of them. */
export interface TableRule {
  readonly name: string;
  readonly ruleDescription: string;
  /** Metrics of the training data that `candidates` needs beside the profiles. */
  needs(profiles: readonly ColumnProfile[], numRecords: number): readonly Analyzer[];
  candidates(
    profiles: readonly ColumnProfile[], numRecords: number, metrics: RuleMetrics, data: TrainingData,
  ): readonly ConstraintSuggestion[] | Promise<readonly ConstraintSuggestion[]>;
}

/** Whether a rule looks at all columns together. */
export function isTableRule(rule: ConstraintRule | TableRule): rule is TableRule {
  return 'candidates' in rule;
}
