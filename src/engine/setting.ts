import type { Batch } from '../data/column.js';
import type { BatchView } from '../expression/batch-view.js';
import { openView } from '../expression/view.js';
import type { Kernels } from '../kernels/kernels.js';
import type { StateSpec } from '../states/contract.js';
import { stateSpecs } from '../states/index.js';

/** What the engine works with; tests put planted states and workers in. */
export interface Setting {
  /** The states that worker threads know. */
  readonly states: ReadonlyMap<string, StateSpec>;
  readonly view: (batch: Batch, kernels: Kernels, shared: ReadonlySet<string>) => BatchView;
  /** The module of the worker threads; null: there is none. */
  readonly worker: URL | null;
  /** After so many milliseconds of reading the last worker thread is called, whose place the calling one takes; 10 seconds if absent. */
  readonly lastMs?: number;
}

/** The registry, the expressions, and the worker module beside this one. */
export const standardSetting: Setting = { states: stateSpecs, view: openView, worker: workerModule() };

/** The folder is named again, so that in a bundle this never finds a stranger's `worker.js`. */
function workerModule(): URL | null {
  try {
    return new URL('../engine/worker.js', import.meta.url);
  } catch {
    return null; // bundled into a format without module addresses
  }
}
