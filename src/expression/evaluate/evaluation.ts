import type { Kernels } from '../../kernels/kernels.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound, BoundCall, BoundLiteral } from '../bound.js';

/** The evaluation of expressions over some rows; every result is memoised and lives in scratch memory. */
export interface Evaluation {
  readonly kernels: Kernels;
  readonly rows: number;
  /** The expression on every row, as a dictionary vector if it can be one. */
  vector(e: Bound): Vector;
  /** The same, never as a dictionary vector. */
  flat(e: Bound): Vector;
  /** The bitmap of rows on which the expression is known; 0: all. Values are not evaluated where that can be avoided. */
  known(e: Bound): Pointer;
  /** A literal as a vector of one row. */
  one(e: BoundLiteral): Vector;
  /** An evaluation over other rows, on which vectors stand for columns of their names. */
  over(rows: number, columns: ReadonlyMap<string, Vector>): Evaluation;
}

/** How a function is evaluated. */
export interface FunctionSpec {
  /** Null on rows where an argument is null: then a function of one dictionary is evaluated on its entries. */
  readonly propagates: boolean;
  /** Judges all rows together, and so is never evaluated on the entries of a dictionary. */
  readonly ofAllRows?: true;
  /** Computed row by row on JS values, whatever its arguments are. */
  readonly byRow?: true;
  evaluate(call: BoundCall, at: Evaluation): Vector;
}

/** Functions by their canonical names. */
export type FunctionTable = Readonly<Record<string, FunctionSpec>>;

/** Declares a function that is null where an argument is null. */
export function strict(evaluate: FunctionSpec['evaluate']): FunctionSpec {
  return { propagates: true, evaluate };
}

/** Declares a function that sees nulls. */
export function lenient(evaluate: FunctionSpec['evaluate']): FunctionSpec {
  return { propagates: false, evaluate };
}
