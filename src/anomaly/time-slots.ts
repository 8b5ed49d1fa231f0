import { AssayError } from '../base/errors.js';

/**
 * The distance from one point to the next: a number in the unit of the times, or a name for times in milliseconds.
 * Months are those of the calendar, in UTC.
 */
export type Step = number | 'hour' | 'day' | 'week' | 'month';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NAMED = new Map<Step, number>([['hour', HOUR], ['day', DAY], ['week', 7 * DAY]]);

/** A step that can be used; throws otherwise. */
export function checkedStep(step: Step): Step {
  if (step === 'month' || NAMED.has(step) || (typeof step === 'number' && step > 0 && step < Infinity)) return step;
  throw new AssayError(
    'INVALID_ARGUMENT', `a step is a positive number, 'hour', 'day', 'week' or 'month', not ${String(step)}`,
  );
}

/**
 * The places of points on a line of steps: ascending integers that leave out those that are missing. Without a step,
 * the middle one of the distances counts; one of 28 to 31 days in milliseconds is a month. Each distance is rounded by
 * itself, so that points that come a little early or late do not add up.
 */
export function slotsOf(times: readonly number[], given: Step | null): number[] {
  const distances = times.slice(1).map((t, i) => t - times[i]!);
  const late = distances.findIndex((d) => !(d >= 0));
  if (late >= 0) throw new AssayError(
    'INVALID_ARGUMENT', `the times ${times[late]} and ${times[late + 1]} descend: sort the series`,
  );
  const step = given ?? middle(distances.filter((d) => d > 0));
  if (step === 'month' || (given === null && isMonth(step))) return times.map(monthOf);
  const length = typeof step === 'number' ? step : NAMED.get(step)!;
  let [anchor, slot] = [times[0] ?? 0, 0];
  return times.map((t) => {
    const steps = Math.round((t - anchor) / length);
    if (steps > 0) [anchor, slot] = [t, slot + steps];
    return slot;
  });
}

/** The lower one of the middle distances; 1 without distances. */
function middle(distances: readonly number[]): number {
  return [...distances].sort((a, b) => a - b)[(distances.length - 1) >> 1] ?? 1;
}

const isMonth = (distance: Step) => typeof distance === 'number' && distance >= 28 * DAY - HOUR &&
  distance <= 31 * DAY + HOUR;

function monthOf(time: number): number {
  const date = new Date(time);
  return 12 * date.getUTCFullYear() + date.getUTCMonth();
}
