import { bindTo } from '../analyzers/bind.js';
import type { Analyzer } from '../analyzers/contract.js';
import { momentOf } from '../analysis/analysis-runner.js';
import { questionOf } from '../analysis/questions.js';
import { schemaOf, type SchemaLike } from '../data/schema-text.js';
import type { Check } from './check.js';
import { resolve } from './combine.js';
import { isAnalysis, isCombined, type Constraint } from './constraint.js';

/** Why something cannot be applied to tables of a schema. */
export interface ApplicabilityFailure {
  /** The text of the constraint or of the analyzer. */
  readonly name: string;
  /** The name of Deequ's exception. */
  readonly exception: string;
  readonly message: string;
}

/** Whether a check can be judged on tables of a schema. */
export interface CheckApplicability {
  readonly isApplicable: boolean;
  readonly failures: readonly ApplicabilityFailure[];
  /** Of each constraint of the check; what `forColumns` stands for is judged as one. */
  readonly constraintApplicabilities: ReadonlyMap<Constraint, boolean>;
}

/** Whether analyzers can be computed on tables of a schema. */
export interface AnalyzersApplicability {
  readonly isApplicable: boolean;
  readonly failures: readonly ApplicabilityFailure[];
}

/** For predicates that depend on a time zone. */
export interface ApplicabilityOptions {
  readonly timeZone?: string | undefined;
}

/**
 * Whether every constraint of a check can be computed on tables of a schema: columns are there and of a fitting type,
 * predicates and filters parse and have a meaning. Nothing is read and no data is made up; assertions are not called.
 * Statements of CustomSql and other tables are not looked at. Deequ runs the check on random rows instead.
 */
export function isCheckApplicableToData(
  check: Check,
  schema: SchemaLike,
  { timeZone }: ApplicabilityOptions = {},
): CheckApplicability {
  const known = schemaOf(schema);
  const bind = bindTo(known, momentOf(timeZone));
  const found = check.constraints.map((constraint) => {
    const failures = resolve([constraint], known).flatMap((c) => failuresOf(c, (a) => failureOf(a, bind)));
    return [constraint, failures] as const;
  });
  const failures = Object.freeze(found.flatMap(([, list]) => list));
  return Object.freeze({
    isApplicable: failures.length === 0,
    failures,
    constraintApplicabilities: new Map(found.map(([constraint, list]) => [constraint, list.length === 0])),
  });
}

/** Whether every analyzer can be computed on tables of a schema, by the schema alone. */
export function areAnalyzersApplicableToData(
  analyzers: Iterable<Analyzer>,
  schema: SchemaLike,
  { timeZone }: ApplicabilityOptions = {},
): AnalyzersApplicability {
  const bind = bindTo(schemaOf(schema), momentOf(timeZone));
  const failures = Object.freeze([...analyzers].flatMap((a) => {
    const failure = failureOf(a, bind);
    return failure ? [{ name: String(a), ...failure }] : [];
  }));
  return Object.freeze({ isApplicable: failures.length === 0, failures });
}

type Failure = Omit<ApplicabilityFailure, 'name'>;

function failuresOf(constraint: Constraint, failure: (analyzer: Analyzer) => Failure | null): ApplicabilityFailure[] {
  if (isCombined(constraint)) return constraint.of.flatMap((c) => failuresOf(c, failure));
  const { name } = constraint;
  if (isAnalysis(constraint)) {
    const found = failure(constraint.analyzer);
    return found ? [{ name, ...found }] : [];
  }
  const message = constraint.settled?.message ?? 'its columns are not known';
  return [{ name, exception: 'NoSuchColumnException', message }];
}

function failureOf(analyzer: Analyzer, bind: ReturnType<typeof bindTo>): Failure | null {
  const question = questionOf(analyzer, bind);
  if (question.kind !== 'failed') return null;
  const { exception, message } = question.failure;
  return { exception, message };
}
