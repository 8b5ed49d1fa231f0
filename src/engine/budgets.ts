import { openSpillFile } from '#platform';
import type { SpillFile } from '../states/contract.js';
import type { TableBudgets } from './scanner.js';

/** Table states may hold this much in memory unless the run says otherwise. */
export const MEMORY_LIMIT = 512 * 2 ** 20;

const LEAST_SHARE = 1 / 16;

/**
 * The budgets of one thread's tables: each may take what the others leave, at least a sixteenth, so that a run of many
 * small tables and a large one spills the large one only. The thread's spill file is opened when it is first asked for.
 */
export class ThreadBudget {
  readonly #limit: number;
  readonly #folder: string | undefined;
  #spill: SpillFile | null | undefined;

  constructor(limit: number, folder: string | null) {
    this.#limit = limit;
    this.#folder = folder ?? undefined;
  }

  /** The budget of a table beside others that hold some bytes. */
  readonly share: TableBudgets = (held) => {
    const limit = () => Math.max(this.#limit - held(), this.#limit * LEAST_SHARE);
    const spill = () => (this.#spill ??= openSpillFile(this.#folder));
    return {
      get limit() {
        return limit();
      },
      get spill() {
        return spill();
      },
    };
  };

  /** A folder for the spill files of other threads, removed with this one's own; null: there is no disk. */
  get folder(): string | null {
    const spill = (this.#spill ??= openSpillFile(this.#folder));
    return spill && spill.path.replace(/[\\/][^\\/]*$/, '');
  }

  /** Removes what was spilled. */
  close(): void {
    this.#spill?.close();
    this.#spill = undefined;
  }
}
