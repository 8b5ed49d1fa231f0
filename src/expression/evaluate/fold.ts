import { openKernels, type Kernels } from '../../kernels/kernels.js';
import type { Bound, BoundCall, BoundLiteral } from '../bound.js';
import { evaluateOver } from './rows.js';
import { literalOf, readerOf } from './values.js';

let kernels: Kernels | undefined;

const noColumns = {
  vector: () => { throw new Error('a constant has no columns'); },
  known: () => { throw new Error('a constant has no columns'); },
};

/** The literal that a call of literals comes to; null if it cannot be computed or its type has no literals. */
export function constantOf(call: BoundCall): BoundLiteral | null {
  if (call.type.kind === 'interval_ym' || call.type.kind === 'interval_ds') return null;
  kernels ??= openKernels(new WebAssembly.Memory({ initial: 1 })); // its own: scratch of a batch may be in use
  try {
    const v = evaluateOver(kernels, 1, noColumns).vector(call);
    return literalOf(call.type, readerOf(kernels, v)(0));
  } catch {
    return null; // the evaluation over rows will say what is wrong
  } finally {
    kernels.scratch.reset();
  }
}

/** The expression with every constant part computed. */
export function foldConstants(e: Bound): Bound {
  if (e.kind !== 'call') return e;
  const args = e.args.map(foldConstants);
  const call = args.every((a, i) => a === e.args[i]) ? e : Object.freeze({ ...e, args: Object.freeze(args) });
  return args.every((a) => a.kind === 'literal') ? (constantOf(call) ?? call) : call;
}
