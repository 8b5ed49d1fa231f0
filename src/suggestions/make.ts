import { Check } from '../checks/check.js';
import { isAnalysis, type AnalysisConstraint } from '../checks/constraint.js';
import { AssayError } from '../base/errors.js';
import { callCode } from './code.js';
import type { ConstraintRule, ConstraintSuggestion, TableRule } from './suggestion.js';

/** The one constraint that a function adds to a check. */
export function constraintBy(build: (check: Check) => Check): AnalysisConstraint {
  const made = build(Check('Warning', '')).constraints;
  const only = made[0];
  if (made.length === 1 && isAnalysis(only!)) return only;
  throw new AssayError('INVALID_ARGUMENT', `a suggestion is one constraint on one analyzer, not ${made.length} constraints`);
}

/** What a suggestion is made of. */
export interface SuggestionParts {
  readonly rule: ConstraintRule | TableRule;
  /** In backticks, unless it is an identifier. */
  readonly columnName: string;
  readonly currentValue: string;
  readonly description: string;
  /** Adds to a check what the code adds; null: checks have no such constraint. */
  readonly check: ((check: Check) => Check) | null;
  /** Adds Deequ's demand, where it is another one. */
  readonly deequ?: (check: Check) => Check;
  /** Deequ's Scala. */
  readonly scala?: string;
  readonly value?: readonly string[];
}

/**
 * A suggestion whose TypeScript is printed from the constraint itself. Rules of your own may use it.
 *
 * @throws if there is neither a check nor a demand of Deequ's, or if one adds anything but one constraint
 */
export function suggest({ rule, check, deequ, scala, value, ...texts }: SuggestionParts): ConstraintSuggestion {
  const codeConstraint = check && constraintBy(check);
  const demand = deequ ? constraintBy(deequ) : codeConstraint;
  if (!demand) throw new AssayError('INVALID_ARGUMENT', `${rule.name} suggests no constraint for ${texts.columnName}`);
  const code = codeConstraint?.call && callCode(codeConstraint.call);
  return Object.freeze({
    ...texts,
    constraint: demand,
    suggestingRule: rule,
    codeForConstraint: code ?? `/* ${texts.description.replaceAll('*/', '* /')}: no check can say this of the column as it is */`,
    codeConstraint,
    deequCodeForConstraint: scala ?? null,
    ...(value && { value: Object.freeze([...value]) }),
  });
}
