import { AssayError } from '../base/errors.js';
import type { OutputFile } from './output.js';

/** Opens a file for writing. */
export async function openOutput(path: string): Promise<OutputFile> {
  throw new AssayError('UNSUPPORTED', `cannot write '${path}': browsers have no paths; use rowLevelResults() there`);
}

/** Gives finished files their names, all of them or none. */
export async function publish(_files: readonly OutputFile[]): Promise<void> {}
