import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import type { Evaluation } from './evaluation.js';

/** Arithmetic on whole columns where there is a kernel; null where there is none. */
export function fastArithmetic(_call: BoundCall, _at: Evaluation): Vector | null {
  return null;
}
