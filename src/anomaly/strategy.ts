import { AssayError } from '../base/errors.js';
import { javaDouble } from '../base/number-text.js';

/** The indices [start, end) of a series that are looked at; an end past the series means its end. */
export type SearchInterval = readonly [start: number, end: number];

/** A value out of line, as Deequ reports it. */
export interface Anomaly {
  readonly value: number;
  /** 1 in every built-in strategy. */
  readonly confidence: number;
  /** What was expected, in Deequ's words. */
  readonly detail: string;
}

/** What a strategy says about one value; `unknown`: it could not tell, for the reason in `detail`. */
export interface Judgement {
  /** The place in the series. */
  readonly index: number;
  readonly value: number;
  readonly verdict: 'normal' | 'anomalous' | 'unknown';
  /** The least and the greatest value that would have been normal; ±Infinity: unbounded, NaN: nobody knows. */
  readonly lower: number;
  readonly upper: number;
  /** The value that was expected; NaN: the strategy expects none. */
  readonly expected: number;
  /** Of an anomaly its detail, of an unknown value the reason; null for a normal one. */
  readonly detail: string | null;
}

/**
 * Finds values that are out of line in a series. Immutable, and the same answer for the same series.
 *
 * A strategy of your own needs `detect` alone; `judge` also says which values could not be judged.
 */
export interface AnomalyDetectionStrategy {
  /** Its name, e.g. `BatchNormalStrategy`. */
  readonly name: string;
  /** What it was made with. */
  readonly params?: Readonly<Record<string, unknown>>;
  /**
   * The anomalies within the interval with their indices, ascending. The whole series may be learned from. `times` says
   * where the values lie in time (ascending, as many as values): strategies with seasons see gaps by it.
   */
  detect(
    series: readonly number[], searchInterval?: SearchInterval, times?: readonly number[],
  ): readonly (readonly [index: number, anomaly: Anomaly])[];
  /** A judgement on every value within the interval. */
  judge?(series: readonly number[], searchInterval?: SearchInterval, times?: readonly number[]): readonly Judgement[];
}

/** A built-in strategy: it judges, prints and serialises. */
export interface Strategy extends AnomalyDetectionStrategy {
  readonly params: Readonly<Record<string, unknown>>;
  judge(series: readonly number[], searchInterval?: SearchInterval, times?: readonly number[]): readonly Judgement[];
  toJSON(): Record<string, unknown>;
  toString(): string;
}

/** Java's Integer.MAX_VALUE: the end of the search interval that Deequ assumes. */
export const WHOLE: SearchInterval = Object.freeze([0, 2 ** 31 - 1] as const);

/** A strategy from its judgements. */
export function defineStrategy(
  name: string,
  params: Readonly<Record<string, unknown>>,
  judge: (series: readonly number[], interval: SearchInterval, times?: readonly number[]) => Judgement[],
): Strategy {
  const judgements = (series: readonly number[], interval = WHOLE, times?: readonly number[]) => {
    if (interval.length !== 2 || !interval.every((i) => Number.isInteger(i) || i === Infinity)) {
      throw new AssayError(
        'INVALID_ARGUMENT', `a search interval is two integers [start, end), not [${interval.join(', ')}]`,
      );
    }
    if (times && times.length !== series.length) {
      throw new AssayError('INVALID_ARGUMENT', `${series.length} values cannot have ${times.length} times`);
    }
    return judge(series, interval, times);
  };
  return Object.freeze<Strategy>({
    name,
    params: Object.freeze(params),
    judge: judgements,
    detect: (series, interval, times) => judgements(series, interval, times).filter((j) => j.verdict === 'anomalous')
      .map(({ index, value, detail }) => [index, { value, confidence: 1, detail: detail! }] as const),
    toJSON: () => ({ strategy: name, ...params }),
    toString: () => `${name}(${Object.entries(params).map(([key, value]) => `${key}=${paramText(value)}`).join(', ')})`,
  });
}

function paramText(value: unknown): string {
  return typeof value === 'number' && !Number.isInteger(value) ? javaDouble(value) : String(value);
}

/** What a strategy found out about a value. */
interface Found {
  readonly lower: number;
  readonly upper: number;
  readonly expected?: number;
  readonly anomalous: boolean;
  /** Why nothing could be told, unless the value is an anomaly all the same. */
  readonly unknown?: string | null | undefined;
  /** Deequ's words, made only for an anomaly. */
  detail(): string;
}

/** The judgement that follows; a value or bounds that are not numbers are never normal. */
export function judged(index: number, value: number, found: Found): Judgement {
  const { lower, upper, expected = NaN, anomalous } = found;
  const unknown = anomalous ? null : found.unknown ?? blind(value, lower, upper);
  const verdict = anomalous ? 'anomalous' : unknown === null ? 'normal' : 'unknown';
  return Object.freeze({ index, value, verdict, lower, upper, expected, detail: anomalous ? found.detail() : unknown });
}

/** A value about which nothing can be told. */
export function unjudged(index: number, value: number, why: string): Judgement {
  return Object.freeze({ index, value, verdict: 'unknown', lower: NaN, upper: NaN, expected: NaN, detail: why });
}

function blind(value: number, lower: number, upper: number): string | null {
  if (Number.isNaN(value)) return 'the value is NaN, which no bound can judge';
  const isUnknown = Number.isNaN(lower) || Number.isNaN(upper);
  return isUnknown ? 'the bounds are NaN: there are values in the history that are no numbers' : null;
}

/** `[lower, upper]` as Deequ prints it. */
export function boundsText(lower: number, upper: number): string {
  return `[${javaDouble(lower)}, ${javaDouble(upper)}]`;
}

/** Deequ's `require`: an INVALID_ARGUMENT error with its words. */
export function requirement(met: boolean, message: string): void {
  if (!met) throw new AssayError('INVALID_ARGUMENT', `requirement failed: ${message}`);
}

/** A parameter that must be a number; throws otherwise, and for NaN. */
export function numberParam(name: string, value: unknown): number {
  if (typeof value === 'number' && !Number.isNaN(value)) return value;
  throw new AssayError('INVALID_ARGUMENT', `${name} must be a number, not ${String(value)}`);
}

/** A parameter that may be absent: null or undefined. */
export function optionalParam(name: string, value: number | null | undefined): number | null {
  return value === undefined || value === null ? null : numberParam(name, value);
}

/** A parameter that must be an integer of at least `least`. */
export function integerParam(name: string, value: unknown, least: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw new AssayError('INVALID_ARGUMENT', `${name} must be an integer of at least ${least}, not ${String(value)}`);
}

/** The indices of a series that lie in an interval. */
export function within([start, end]: SearchInterval, length: number): { from: number; to: number } {
  return { from: Math.min(Math.max(start, 0), length), to: Math.max(0, Math.min(end, length)) };
}
