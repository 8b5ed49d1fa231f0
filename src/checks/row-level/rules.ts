import type { Bind, RowRule } from '../../analyzers/contract.js';
import { specOf } from '../../analyzers/define.js';
import { identityText } from '../../analyzers/identity.js';
import { call, literal } from '../../analyzers/lower.js';
import { within } from '../../analyzers/row-rules.js';
import type { AnalyzerContext } from '../../repository/analyzer-context.js';
import { BOOLEAN } from '../../data/types.js';
import { boundKey, type Bound } from '../../expression/bound.js';
import { meets } from '../assertions.js';
import type { Check } from '../check.js';
import {
  isAnalysis, isCombined, type AnalysisConstraint, type CombinedConstraint, type Constraint,
} from '../constraint.js';
import { comparatorVerdict } from './comparator-verdict.js';

/** A constraint that speaks of single rows. */
export interface RowConstraint {
  readonly check: Check;
  readonly constraint: Constraint;
  readonly verdict: RowVerdict;
}

/** The verdict of a constraint: that of one of the `leaves`, or several in one. */
export type RowVerdict =
  | number
  | { readonly combine: CombinedConstraint['combine']; readonly of: readonly RowVerdict[] };

/** A constraint on an analyzer that judges rows. */
export interface RowLeaf {
  readonly constraint: AnalysisConstraint;
  /** Its place among the judgements; null: it cannot be formed. */
  readonly judgement: number | null;
}

export type GroupRule = Extract<RowRule, { kind: 'group' }>;

/** How rows are judged: by an expression, by a function of the user, by how often their keys occur. */
export type Judgement =
  | { readonly kind: 'expression'; readonly verdict: Bound }
  | (Extract<RowRule, { kind: 'value' }> & { readonly holds: (value: number) => boolean })
  | GroupRule;

/** All constraints that speak of rows, and the distinct judgements that they need. */
export interface RowRules {
  readonly constraints: readonly RowConstraint[];
  readonly leaves: readonly RowLeaf[];
  readonly judgements: readonly Judgement[];
}

/** Checks with their constraints as they are on the columns of a table. */
export type Resolved = readonly { readonly check: Check; readonly constraints: readonly Constraint[] }[];

/** Finds how the rows of a table are judged by some checks. */
export function rowRules(checks: Resolved, bind: Bind): RowRules {
  const judgements: Judgement[] = [];
  const found = new Map<string, number>();
  const leaves: RowLeaf[] = [];
  const leafOf = (constraint: AnalysisConstraint): number | null => {
    if (!constraint.rowLevel || constraint.skip !== undefined) return null;
    let judgement: number | null = null;
    try {
      const formed = judgementOf(constraint, bind);
      if (!formed) return null;
      const key = keyOf(formed, constraint);
      judgement = found.get(key) ?? judgements.push(formed) - 1;
      found.set(key, judgement);
    } catch {
      // Its metric fails for the same reason, and says so.
    }
    return leaves.push({ constraint, judgement }) - 1;
  };
  /** Null: it says nothing of rows; so does a combination of which a part says nothing. */
  const verdictOf = (constraint: Constraint): RowVerdict | null => {
    if (isAnalysis(constraint)) return leafOf(constraint);
    if (!isCombined(constraint)) return null;
    const of = constraint.of.map(verdictOf);
    return of.every((part) => part !== null) ? { combine: constraint.combine, of } : null;
  };
  const rows = checks.flatMap(({ check, constraints }) => constraints.flatMap((constraint): RowConstraint[] => {
    const verdict = verdictOf(constraint);
    return verdict === null ? [] : [{ check, constraint, verdict }];
  }));
  return { constraints: rows, leaves, judgements };
}

function judgementOf({ analyzer, assertion }: AnalysisConstraint, bind: Bind): Judgement | null {
  const spec = specOf(analyzer);
  if (!spec.rows) return null;
  for (const holds of spec.requires(analyzer.params)) holds(bind.schema);
  const rule = spec.rows(analyzer.params, bind);
  if (rule.kind === 'verdict') return { kind: 'expression', verdict: rule.verdict };
  if (rule.kind === 'group') return rule;
  if (typeof assertion === 'function') return { ...rule, holds: (value) => meets(assertion, value) };
  const verdict = comparatorVerdict(assertion, rule.value);
  const settled = rule.nulls === null ? verdict : call('coalesce', [verdict, literal(BOOLEAN, false)], BOOLEAN);
  return { kind: 'expression', verdict: within(settled, rule.where, rule.outside) };
}

function keyOf(judgement: Judgement, { assertion }: AnalysisConstraint): string {
  const filter = (where: Bound | null) => (where === null ? '' : boundKey(where));
  switch (judgement.kind) {
    case 'expression': return `e${boundKey(judgement.verdict)}`;
    case 'value': {
      const { value, where, outside, nulls } = judgement;
      return JSON.stringify(['v', boundKey(value), filter(where), outside, nulls, identityText(assertion)]);
    }
    case 'group': {
      const { keys, where, outside, alone } = judgement;
      return JSON.stringify(['g', keys.map(boundKey), filter(where), outside, alone]);
    }
  }
}

/** What the rows of a leaf are given: its judgement, one verdict for all of them, or nothing at all. */
export type Standing = 'judged' | 'false' | 'absent';

/**
 * Deequ's rule: a constraint whose metric could not be computed is FALSE on every row, and one on groups says nothing.
 * So it is where there was nothing to look at, unless it was a filter that left nothing.
 */
export function standingOf({ constraint, judgement }: RowLeaf, context: AnalyzerContext): Standing {
  const grouped = constraint.rowLevel?.kind === 'grouped';
  const metric = context.metric(constraint.analyzer);
  if (judgement === null || !metric) return grouped ? 'absent' : 'false';
  if (metric.value.ok) return 'judged';
  if (grouped) return 'absent';
  if (metric.value.failure.exception !== 'EmptyStateException') return 'false';
  return typeof constraint.analyzer.params['where'] === 'string' ? 'judged' : 'false';
}

/** The leaves of a verdict. */
export function leavesOf(verdict: RowVerdict): number[] {
  return typeof verdict === 'number' ? [verdict] : verdict.of.flatMap(leavesOf);
}
