import { numberParam, requirement } from './strategy.js';

/** How many standard deviations below and above the mean are normal. */
export interface DeviationFactors {
  /** Default 3; null: not bounded below. */
  readonly lowerDeviationFactor?: number | null | undefined;
  /** Default 3; null: not bounded above. */
  readonly upperDeviationFactor?: number | null | undefined;
}

/** The factors after Deequ's checks; null: absent. */
export function checkedFactors({ lowerDeviationFactor: lower = 3, upperDeviationFactor: upper = 3 }: DeviationFactors) {
  requirement(lower !== null || upper !== null, 'At least one factor has to be specified.');
  const given = [lower, upper].filter((f) => f !== null).map((f) => numberParam('a deviation factor', f));
  requirement(given.every((f) => f >= 0), 'Factors cannot be smaller than zero.');
  return { lower, upper };
}

/**
 * `factor · deviation`. An absent factor is the greatest double, as in Deequ: where the deviation is 0, the mean itself
 * is the bound. Infinity means no bound in any case.
 */
export function reach(factor: number | null, deviation: number): number {
  return factor === Infinity ? Infinity : (factor ?? Number.MAX_VALUE) * deviation;
}
