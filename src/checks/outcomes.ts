/** Deequ's verdict on a constraint. */
export type ConstraintStatus = 'Success' | 'Failure';

/** What a constraint's result means, beside Deequ's status. */
export type Outcome = 'passed' | 'failed' | 'vacuous' | 'error' | 'skipped' | 'inconclusive';

/** All outcomes. */
export const OUTCOMES: readonly Outcome[] = ['passed', 'failed', 'vacuous', 'error', 'skipped', 'inconclusive'];

/** What composition sees of a constraint's result. */
export interface Verdict {
  readonly status: ConstraintStatus;
  readonly outcome: Outcome;
}

/** How constraints are combined. */
export type Combination = 'and' | 'or' | 'not';

/**
 * Kleene's three-valued logic (1938): `passed` is true, `failed` is false, the others are unknown. Where several
 * unknowns meet, the first of this list is the outcome.
 */
const UNKNOWN: readonly Outcome[] = ['error', 'inconclusive', 'skipped', 'vacuous'];

/** The verdict on a combination of verdicts; `not` takes one. */
export function combined(combine: Combination, of: readonly Verdict[]): Verdict {
  if (combine === 'not') return negated(of[0]!);
  const decisive: Outcome = combine === 'and' ? 'failed' : 'passed';
  const otherwise: Outcome = combine === 'and' ? 'passed' : 'failed';
  const has = (outcome: Outcome) => of.some((v) => v.outcome === outcome);
  const outcome = has(decisive) ? decisive : UNKNOWN.find(has) ?? otherwise;
  return { outcome, status: statusOf(outcome, of.filter((v) => v.outcome === outcome)) };
}

/** Only what is known is turned round: an error stays an error. */
function negated({ status, outcome }: Verdict): Verdict {
  if (outcome === 'passed') return { status: 'Failure', outcome: 'failed' };
  if (outcome === 'failed') return { status: 'Success', outcome: 'passed' };
  return { status, outcome };
}

/** What is unknown keeps the status that it had in all parts, and is a Failure if they disagree. */
function statusOf(outcome: Outcome, same: readonly Verdict[]): ConstraintStatus {
  if (outcome === 'passed') return 'Success';
  if (outcome === 'failed') return 'Failure';
  return same.every((v) => v.status === 'Success') ? 'Success' : 'Failure';
}
