import type { AnalyzerContext } from '../analysis/analyzer-context.js';
import type { Analyzer } from '../analyzers/contract.js';
import { AssayError } from '../base/errors.js';
import { scalaCase, scalaList } from '../base/scala-text.js';
import { evaluateConstraint, type Constraint, type ConstraintResult } from './constraint.js';
import type { Filterable } from './constraints/make.js';
import { constraints, isFilterable, type ConstraintMethods } from './methods.js';

/** How bad it is when a check fails. */
export const CheckLevel = Object.freeze({ Error: 'Error', Warning: 'Warning' } as const);
export type CheckLevel = (typeof CheckLevel)[keyof typeof CheckLevel];

/** The verdict on a check or a suite, from best to worst. */
export const CheckStatus = Object.freeze({ Success: 'Success', Warning: 'Warning', Error: 'Error' } as const);
export type CheckStatus = (typeof CheckStatus)[keyof typeof CheckStatus];

/** What a check says about a table. */
export interface CheckResult {
  readonly check: Check;
  readonly status: CheckStatus;
  readonly constraintResults: readonly ConstraintResult[];
}

/**
 * A named list of constraints, immutable: every method returns a new check with one constraint more.
 * Assertions are functions or comparators; options come last, and a text among them is a hint.
 */
export interface Check extends ConstraintMethods<Check, FilterableCheck> {
  readonly level: CheckLevel;
  readonly description: string;
  readonly constraints: readonly Constraint[];
  /** The check with a constraint more. */
  addConstraint(constraint: Constraint): Check;
  /** The analyzers whose metrics the constraints need, each once. */
  requiredAnalyzers(): readonly Analyzer[];
  /** Judges all constraints by the metrics of a run. */
  evaluate(context: AnalyzerContext): CheckResult;
  /** Deequ's text. */
  toString(): string;
}

/** A check whose last constraint can still be given a filter. */
export interface FilterableCheck extends Check {
  /** The same check whose last constraint judges only rows on which the predicate is TRUE; null: all rows. */
  where(predicate: string | null): Check;
}

/** An empty check of a level and a description. */
export function Check(level: CheckLevel, description: string): Check {
  if (!Object.hasOwn(CheckLevel, level)) {
    const known = Object.keys(CheckLevel).map((l) => `CheckLevel.${l}`).join(', ');
    throw new AssayError('INVALID_ARGUMENT', `unknown level of a check: ${String(level)}; known: ${known}`);
  }
  return checkOf(level, description, null, behaviour);
}

/** Whether a value is a check. */
export function isCheck(value: unknown): value is Check {
  return typeof value === 'object' && value !== null && links.has(value);
}

/** What a check adds to the one before it: so thousands of constraints are added in linear time. */
interface Link {
  readonly before: Check;
  readonly last: Constraint;
  readonly filterable: Filterable | null;
}

const links = new WeakMap<object, Link | null>();
const lists = new WeakMap<object, readonly Constraint[]>();

function constraintsOf(check: Check): readonly Constraint[] {
  let list = lists.get(check);
  if (list === undefined) {
    const backwards: Constraint[] = [];
    for (let link = links.get(check); link; link = links.get(link.before)) backwards.push(link.last);
    lists.set(check, (list = Object.freeze(backwards.reverse())));
  }
  return list;
}

const core = {
  addConstraint(this: Check, constraint: Constraint): Check {
    return checkOf(this.level, this.description, { before: this, last: constraint, filterable: null }, behaviour);
  },

  requiredAnalyzers(this: Check): readonly Analyzer[] {
    return [...new Map(this.constraints.map((c) => [c.analyzer.key, c.analyzer])).values()];
  },

  toString(this: Check): string {
    return scalaCase('Check', [this.level, this.description, scalaList(this.constraints.map((c) => c.name))]);
  },

  evaluate(this: Check, context: AnalyzerContext): CheckResult {
    const constraintResults = Object.freeze(this.constraints.map((c) => evaluateConstraint(c, context)));
    const failed = constraintResults.some((r) => r.status === 'Failure');
    return Object.freeze({ check: this, status: failed ? this.level : 'Success', constraintResults });
  },
};

/** What all checks can do: the methods above, and one for each constraint. */
const behaviour: object = Object.defineProperty({ ...core, ...methodsOfConstraints() }, 'constraints', {
  get(this: Check) {
    return constraintsOf(this);
  },
});

/** What a check can do whose last constraint may still be given a filter. */
const filterableBehaviour = Object.assign(Object.create(behaviour) as object, {
  where(this: Check, predicate: string | null): Check {
    const { before, filterable } = links.get(this)!;
    return before.addConstraint(filterable!.filtered(predicate ?? undefined));
  },
});

function methodsOfConstraints(): Record<string, unknown> {
  const make = constraints as unknown as Record<string, (...args: unknown[]) => Constraint | Filterable>;
  return Object.fromEntries(Object.keys(make).map((name) => [name, function method(this: Check, ...args: unknown[]) {
    const made = make[name]!(...args);
    if (!isFilterable(made)) return this.addConstraint(made);
    const link = { before: this, last: made.constraint, filterable: made };
    return checkOf(this.level, this.description, link, filterableBehaviour);
  }]));
}

function checkOf(level: CheckLevel, description: string, link: Link | null, can: object): Check {
  const check = Object.freeze(Object.assign(Object.create(can) as object, { level, description })) as Check;
  links.set(check, link);
  return check;
}
