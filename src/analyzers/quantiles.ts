import { javaDouble } from '../base/number-text.js';
import type { Precondition } from './contract.js';
import { parameter } from './preconditions.js';

/** A quantile lies between 0 and 1. */
export function quantileInRange(q: number): Precondition {
  return parameter(
    q >= 0 && q <= 1,
    `Quantile parameter must be in the closed interval [0, 1]. Currently, the value is: ${javaDouble(q)}!`,
  );
}

/** A relative error lies between 0 and 1. */
export function errorInRange(e: number): Precondition {
  return parameter(
    e >= 0 && e <= 1,
    `Relative error parameter must be in the closed interval [0, 1]. Currently, the value is: ${javaDouble(e)}!`,
  );
}

/** The options of approximate quantiles. */
export interface ErrorOptions {
  /** The greatest error of the rank as a part of all rows; default 0.01. */
  readonly relativeError?: number | undefined;
}
