import { hasTemporaryFiles, openSpillFile } from '#platform';
import { AssayError, asAssayError } from '../base/errors.js';
import type { MergedPart, SpillFile, TablePart } from '../states/contract.js';

/** The merged partitions of some tables: in memory up to a limit, the others in a temporary file. */
export interface PartStore {
  /** Keeps a partition of a table. */
  put(table: number, merged: MergedPart): void;
  /** A partition of a table; null: it has no rows. */
  get(table: number, partition: number): TablePart | null;
  close(): void;
}

/** Opens a store that holds so many bytes in memory. */
export function openPartStore(limit: number): PartStore {
  const parts = new Map<string, TablePart>();
  let held = 0;
  let file: SpillFile | null = null;
  const keyOf = (table: number, partition: number) => `${table} ${partition}`;
  const spilled = (bytes: ArrayBuffer): TablePart => {
    file ??= hasTemporaryFiles ? openSpillFile() : null;
    if (!file) {
      const more = `keys of a table need more than ${limit} bytes of memory and there is no disk to spill to`;
      throw new AssayError('MEMORY_LIMIT', `${more}: raise memoryLimit`);
    }
    try {
      return { path: file.path, offset: file.write(new Uint8Array(bytes)), length: bytes.byteLength };
    } catch (error) {
      throw asAssayError(error, 'MEMORY_LIMIT', `keys of a table could not be spilled to ${file.path}`);
    }
  };
  return {
    put(table, { partition, part }) {
      let kept = part;
      if ('bytes' in part) {
        if (held + part.bytes.byteLength > limit) kept = spilled(part.bytes);
        else held += part.bytes.byteLength;
      }
      parts.set(keyOf(table, partition), kept);
    },
    get: (table, partition) => parts.get(keyOf(table, partition)) ?? null,
    close() {
      parts.clear();
      file?.close();
      file = null;
    },
  };
}
