import type { TemporaryFile } from './spill.js';

/** Browsers have no temporary files. */
export function openSpillFile(): TemporaryFile | null {
  return null;
}

/** Never called: without temporary files nothing lies in one. */
export function readFileRange(path: string, _offset: number, _into: Uint8Array): void {
  throw new Error(`there are no files here to read ${path} from`);
}
