import { hasTemporaryFiles, openSpillFile } from '#platform';
import { AssayError, asAssayError } from '../base/errors.js';
import { PARTITIONS, type PartitionParts, type SpillFile, type TablePart } from '../states/contract.js';
import { bytesOfPart } from '../states/table/part.js';

/** The partitions of some tables: in memory up to a limit, the others in a temporary file. */
export interface PartStore {
  /** Keeps what there is of a partition of a table. */
  put(table: number, found: PartitionParts): void;
  /** What there is of a partition of a table. */
  get(table: number, partition: number): readonly TablePart[];
  /** The partitions of a table that have rows. */
  all(table: number): readonly PartitionParts[];
  close(): void;
}

/** Opens a store that holds so many bytes in memory. */
export function openPartStore(limit: number): PartStore {
  const tables = new Map<number, Map<number, readonly TablePart[]>>();
  let held = 0;
  let file: SpillFile | null = null;
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
  const kept = (part: TablePart): TablePart => {
    const bytes = bytesOfPart(part); // what others spilled goes with their run
    if (held + bytes.byteLength > limit) return spilled(bytes);
    held += bytes.byteLength;
    return { bytes };
  };
  const get = (table: number, partition: number) => tables.get(table)?.get(partition) ?? [];
  return {
    put(table, { partition, parts }) {
      if (!tables.has(table)) tables.set(table, new Map());
      tables.get(table)!.set(partition, parts.map(kept));
    },
    get,
    all: (table) => Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, parts: get(table, partition) }))
      .filter(({ parts }) => parts.length > 0),
    close() {
      tables.clear();
      file?.close();
      file = null;
    },
  };
}
