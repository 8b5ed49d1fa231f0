import type { Vector } from '../../expression/batch-view.js';
import type { Kernels } from '../../kernels/kernels.js';

/** Some rows as a writer takes them: a vector per field, without dictionaries. */
export interface WrittenRows {
  readonly kernels: Kernels;
  readonly vectors: readonly Vector[];
  readonly rows: number;
}

/** Writes a table in one format, in two steps since the vectors live only until the first one returns. */
export interface TableWriter<T = unknown> {
  /** Takes rows out of their vectors. */
  take(rows: WrittenRows): T;
  put(taken: T): Promise<void>;
  /** Ends the table; the file is still open. */
  end(): Promise<void>;
  /** Gives it up. */
  abort(): Promise<void>;
}
