import type { AnalyzerContext } from '../repository/analyzer-context.js';
import type { Analyzer } from '../analyzers/contract.js';
import { AssayError } from '../base/errors.js';
import { scalaCase, scalaList } from '../base/scala-text.js';
import { schemaOf, type SchemaLike } from '../data/schema-text.js';
import { combine, forColumns, resolve } from './combine.js';
import type { AnyColumns, ColumnOf } from './columns.js';
import {
  CheckLevel, isAnalysis, judged, type AnalysisConstraint, type Call, type ColumnSelector, type Constraint,
  type ConstraintResult,
} from './constraint.js';
import type { Filterable } from './constraints/make.js';
import { optionsOf, type ConstraintOptions, type Options } from './constraints/options.js';
import { evaluateConstraint } from './evaluate.js';
import { checkJson, type CheckJson } from './json/write.js';
import { constraints, isFilterable, type ConstraintMethods } from './methods.js';
import type { Combination } from './outcomes.js';
import type { Refine } from './refine.js';
import { callOf } from './signatures.js';

export { CheckLevel } from './constraint.js';

/** The verdict on a check or a suite, from best to worst. */
export const CheckStatus = Object.freeze({ Success: 'Success', Warning: 'Warning', Error: 'Error' } as const);
export type CheckStatus = (typeof CheckStatus)[keyof typeof CheckStatus];

/** What a check says about a table. */
export interface CheckResult {
  readonly check: Check;
  readonly status: CheckStatus;
  readonly constraintResults: readonly ConstraintResult[];
}

/** For combinations of constraints: the name and the hint of the whole. */
export type CombinationOptions = Pick<ConstraintOptions, 'hint' | 'name'>;

/**
 * A named list of constraints, immutable: every method returns a new check with one constraint more.
 * Assertions are functions, comparators, or `{ warn, error }` of them; options come last, and a text among them is a
 * hint. `C` are the columns of the table, as far as types know them.
 */
export interface Check<C extends AnyColumns = AnyColumns> extends ConstraintMethods<Check<C>, FilterableCheck<C>, C> {
  readonly level: CheckLevel;
  readonly description: string;
  readonly constraints: readonly Constraint[];
  /** The check with a constraint more. */
  addConstraint(constraint: Constraint): Check<C>;
  /** All constraints that `build` adds must hold, as one. */
  and(build: (check: Check<C>) => Check<C>, options?: Options<CombinationOptions>): Check<C>;
  /** At least one of the constraints that `build` adds must hold. */
  or(build: (check: Check<C>) => Check<C>, options?: Options<CombinationOptions>): Check<C>;
  /** The one constraint that `build` adds must not hold. */
  not(build: (check: Check<C>) => Check<C>, options?: Options<CombinationOptions>): Check<C>;
  /**
   * The same constraints on many columns: those that are listed, whose name matches, or whose field a function
   * accepts. They are made when the columns of the table are known; no such column is a Failure with outcome `vacuous`.
   */
  forColumns<N extends ColumnOf<C>>(columns: readonly N[], build: (check: Check<C>, column: N) => Check<C>): Check<C>;
  forColumns(
    columns: Exclude<ColumnSelector, readonly string[]>,
    build: (check: Check, column: string) => Check,
  ): Check<C>;
  /** The same check for a table with these columns: `forColumns` written out. */
  forSchema(schema: SchemaLike): Check<C>;
  /** The analyzers whose metrics the constraints need, each once. */
  requiredAnalyzers(): readonly Analyzer[];
  /** Deequ's names of the columns with verdicts on single rows, one for each constraint that has them. */
  getRowLevelConstraintColumnNames(): readonly string[];
  /** Judges all constraints by the metrics of a run. */
  evaluate(context: AnalyzerContext): CheckResult;
  /** The check as plain data, which `checkFromJSON` reads; throws if a constraint holds a function. */
  toJSON(): CheckJson;
  /** Deequ's text. */
  toString(): string;
}

/** A check whose last constraint can still be given a filter. */
export interface FilterableCheck<C extends AnyColumns = AnyColumns> extends Check<C> {
  /** The same check whose last constraint judges only rows on which the predicate is TRUE; null: all rows. */
  where(predicate: string | null): Check<C>;
}

/** An empty check of a level and a description. */
export function Check(level: CheckLevel, description: string): Check {
  if (!Object.hasOwn(CheckLevel, level)) {
    const known = Object.keys(CheckLevel).map((l) => `CheckLevel.${l}`).join(', ');
    throw new AssayError('INVALID_ARGUMENT', `unknown level of a check: ${String(level)}; known: ${known}`);
  }
  return checkOf(level, description, null, behaviour);
}

/** A check of one constraint. */
Check.fromConstraint = (constraint: Constraint, description: string, level: CheckLevel = CheckLevel.Error): Check =>
  Check(level, description).addConstraint(constraint);

/** Whether a value is a check. */
export function isCheck(value: unknown): value is Check {
  return typeof value === 'object' && value !== null && links.has(value);
}

/** Judges constraints as those of a check. */
export function judge(
  check: Check,
  list: readonly Constraint[],
  context: AnalyzerContext,
  refine?: Refine,
): CheckResult {
  const constraintResults = Object.freeze(list.map((c) => evaluateConstraint(c, context, check.level, refine)));
  const levels = constraintResults.flatMap((r) => (r.status === 'Failure' ? [r.level ?? check.level] : []));
  const status = levels.includes('Error') ? 'Error' : levels[0] ?? 'Success';
  return Object.freeze({ check, status, constraintResults });
}

/** What a check adds to the one before it: so thousands of constraints are added in linear time. */
interface Link {
  readonly before: Check;
  readonly last: Constraint;
  readonly filterable: Filterable | null;
  readonly call: Call | null;
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

type Build = (check: Check, column?: string) => Check;

/** The constraints that a function adds to an empty check. */
function built({ level, description }: Check, build: Build, ...column: [string] | []): readonly Constraint[] {
  if (typeof build !== 'function') {
    const remedy = "give a function that adds constraints, such as (c) => c.isComplete('id')";
    throw new AssayError('INVALID_ARGUMENT', `not a function: ${String(build)}; ${remedy}`);
  }
  const made: unknown = build(Check(level, description), ...column);
  if (isCheck(made)) return made.constraints;
  throw new AssayError('INVALID_ARGUMENT', `the function returned ${String(made)} instead of the check that it was given`);
}

const combination = (how: Combination) =>
  function method(this: Check, build: Build, options?: Options<CombinationOptions>): Check {
    return this.addConstraint(combine(how, built(this, build), optionsOf(options)));
  };

const core = {
  addConstraint(this: Check, constraint: Constraint): Check {
    const link = { before: this, last: constraint, filterable: null, call: null };
    return checkOf(this.level, this.description, link, behaviour);
  },

  and: combination('and'),
  or: combination('or'),
  not: combination('not'),

  forColumns(this: Check, columns: ColumnSelector, build: Build): Check {
    const made = forColumns(columns, (column) => built(this, build, column));
    if (!Array.isArray(columns)) return this.addConstraint(made);
    // Names are known already: what is wrong shows at once, and the check can be written as JSON.
    return columns.flatMap((c: string) => made.each(c)).reduce((check: Check, c) => check.addConstraint(c), this);
  },

  forSchema(this: Check, schema: SchemaLike): Check {
    const empty = Check(this.level, this.description);
    return resolve(this.constraints, schemaOf(schema)).reduce((check: Check, c) => check.addConstraint(c), empty);
  },

  requiredAnalyzers(this: Check): readonly Analyzer[] {
    return [...new Map(judged(this.constraints).map((c) => [c.analyzer.key, c.analyzer])).values()];
  },

  getRowLevelConstraintColumnNames(this: Check): readonly string[] {
    return this.constraints.flatMap((c) =>
      (isAnalysis(c) && c.rowLevel && c.rowLevel.kind !== 'grouped' ? [c.rowLevel.column] : []));
  },

  toJSON(this: Check): CheckJson {
    return checkJson(this);
  },

  toString(this: Check): string {
    return scalaCase('Check', [this.level, this.description, scalaList(this.constraints.map((c) => c.name))]);
  },

  evaluate(this: Check, context: AnalyzerContext): CheckResult {
    return judge(this, this.constraints, context);
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
    const { before, filterable, call } = links.get(this)!;
    const filtered = call && { ...call, params: { ...call.params, where: predicate ?? undefined } };
    return before.addConstraint(recorded(filterable!.filtered(predicate ?? undefined), filtered));
  },
});

function methodsOfConstraints(): Record<string, unknown> {
  const make = constraints as unknown as Record<string, (...args: unknown[]) => AnalysisConstraint | Filterable>;
  return Object.fromEntries(Object.keys(make).map((name) => [name, function method(this: Check, ...args: unknown[]) {
    const made = make[name]!(...args);
    const call = callOf(name, args);
    if (!isFilterable(made)) return this.addConstraint(recorded(made, call));
    const link = { before: this, last: recorded(made.constraint, call), filterable: made, call };
    return checkOf(this.level, this.description, link, filterableBehaviour);
  }]));
}

/** A constraint that remembers how it was made. */
function recorded(constraint: AnalysisConstraint, call: Call | null): AnalysisConstraint {
  return call ? Object.freeze({ ...constraint, call }) : constraint;
}

function checkOf(level: CheckLevel, description: string, link: Link | null, can: object): Check {
  const check = Object.freeze(Object.assign(Object.create(can) as object, { level, description })) as Check;
  links.set(check, link);
  return check;
}
