import type { Outcome } from '../checks/constraint.js';
import { readableNumber } from '../metrics/text.js';

/** How many constraints came out how, e.g. `7 passed, 1 failed`. */
export function outcomesText(outcomes: Readonly<Record<Outcome, number>>): string {
  const known = Object.entries(outcomes).filter(([, n]) => n > 0);
  return known.length === 0 ? 'nothing was checked' : known.map(([outcome, n]) => `${readableNumber(n)} ${outcome}`).join(', ');
}

/** A time span for a reader. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}
