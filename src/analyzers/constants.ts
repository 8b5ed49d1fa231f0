import type { Batch } from '../data/column.js';
import { AssayError } from '../base/errors.js';
import { DOUBLE } from '../data/types.js';
import type { Bound } from '../expression/bound.js';
import { readerOf } from '../expression/evaluate/values.js';
import { openView } from '../expression/view.js';
import { openKernels } from '../kernels/kernels.js';
import { castTo } from './lower.js';

const oneRow: Batch = {
  rows: 1,
  column(name) {
    throw new AssayError('UNKNOWN_COLUMN', `column '${name}' not found: there is no table`);
  },
};

/** The number that an expression without columns gives, null included. */
export function constantNumber(e: Bound, zone: string): number | null {
  const kernels = openKernels(new WebAssembly.Memory({ initial: 1 }));
  const view = openView(oneRow, kernels);
  try {
    return readerOf(kernels, view.vector(castTo(e, DOUBLE, zone)))(0) as number | null;
  } finally {
    view.close();
  }
}
