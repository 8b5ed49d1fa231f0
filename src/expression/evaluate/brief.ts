import type { BoundCall } from '../bound.js';
import type { Evaluation } from './evaluation.js';

/** Fewer rows are not worth an automaton that no other rows will use. */
const WORTHWHILE = 64;

/** Whether an argument behind those of a call says that its pattern is one of many, and few rows have it. */
export function isBrief(call: BoundCall, args: number, at: Evaluation): boolean {
  return call.args.length > args && at.rows < WORTHWHILE;
}
