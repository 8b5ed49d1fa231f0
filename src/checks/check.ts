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
  return checkOf(level, description, []);
}

const checks = new WeakSet<object>();

/** Whether a value is a check. */
export function isCheck(value: unknown): value is Check {
  return typeof value === 'object' && value !== null && checks.has(value);
}

interface Parts {
  readonly level: CheckLevel;
  readonly description: string;
  readonly constraints: readonly Constraint[];
}

const core = {
  addConstraint(this: Check, constraint: Constraint): Check {
    return checkOf(this.level, this.description, [...this.constraints, constraint]);
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
const behaviour: object = Object.freeze({ ...core, ...methodsOfConstraints() });

function methodsOfConstraints(): Record<string, unknown> {
  const make = constraints as unknown as Record<string, (...args: unknown[]) => Constraint | Filterable>;
  return Object.fromEntries(Object.keys(make).map((name) => [name, function method(this: Check, ...args: unknown[]) {
    const made = make[name]!(...args);
    return isFilterable(made) ? filterableCheck(this, made) : this.addConstraint(made);
  }]));
}

function checkOf(level: CheckLevel, description: string, list: readonly Constraint[]): Check {
  return made({ level, description, constraints: Object.freeze(list) }, behaviour);
}

function filterableCheck(before: Check, last: Filterable): FilterableCheck {
  const { level, description } = before;
  const list = Object.freeze([...before.constraints, last.constraint]);
  const where = (predicate: string | null) => before.addConstraint(last.filtered(predicate ?? undefined));
  const own = Object.create(behaviour, { where: { value: where } }) as object;
  return made({ level, description, constraints: list }, own) as FilterableCheck;
}

function made(parts: Parts, prototype: object): Check {
  const check = Object.freeze(Object.assign(Object.create(prototype) as object, parts)) as Check;
  checks.add(check);
  return check;
}
