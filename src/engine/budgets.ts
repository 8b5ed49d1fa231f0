import { hasTemporaryFiles, openSpillFile } from '#platform';
import { AssayError } from '../base/errors.js';
import type { Budget, SpillFile } from '../states/contract.js';

/** Table states may hold this much in memory unless the run says otherwise. */
export const MEMORY_LIMIT = 512 * 2 ** 20;

/** Less than this on a thread would be spent on the first blocks of tables alone. */
const LEAST_LIMIT = 2 ** 20;

/** The one budget of all tables of a thread, with its spill file, which is made when something is first written to it. */
export class ThreadBudget {
  readonly budget: Budget;
  readonly #folder: string | undefined;
  #file: SpillFile | null = null;

  /** `folder`: where the spill file goes; null: where temporary files go. */
  constructor(limit: number, seed: readonly number[], folder: string | null) {
    this.#folder = folder ?? undefined;
    const file = () => this.#open();
    const spill: SpillFile = {
      write: (bytes) => file().write(bytes),
      read: (offset, into) => file().read(offset, into),
      get path() {
        return file().path;
      },
      close: () => this.close(),
    };
    this.budget = Object.freeze({ limit: Math.max(limit, LEAST_LIMIT), seed, spill: hasTemporaryFiles ? spill : null });
  }

  /** A folder for the spill files of other threads, removed with this one's own; null: there is no disk. */
  openFolder(): string | null {
    return hasTemporaryFiles ? this.#open().path.replace(/[\\/][^\\/]*$/, '') : null;
  }

  /** Removes what was spilled. */
  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  #open(): SpillFile {
    this.#file ??= openSpillFile(this.#folder);
    if (!this.#file) throw new AssayError('UNSUPPORTED', 'there are no temporary files here');
    return this.#file;
  }
}

/** A seed for the hashes of one run, the same on all its threads, that no data can be made for. */
export function makeSeed(): number[] {
  return [...crypto.getRandomValues(new Uint32Array(4))];
}
