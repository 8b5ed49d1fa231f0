import { AssayError } from '../../base/errors.js';
import type { Batch } from '../../data/column.js';
import type { Wanted } from '../../data/source.js';
import type { Content } from '../contents.js';
import type { PartitionValues } from '../partitions.js';
import { locatedBytes } from '../range-blob.js';
import { openParquet, type OpenParquet, type Opening } from './file.js';
import { readFooter } from './footer.js';
import { loadParquet } from './library.js';
import type { Layout } from './read-plan.js';

const FILES_OPEN = 4;

/** One file of an open table: what its footer said, so that it need not be asked again. */
export interface Part extends Content, Layout {
  readonly values: PartitionValues;
  /** Its bytes, and what tells that they have not changed (null: that cannot be told). */
  readonly size: number;
  readonly stamp: string | null;
  /** How many there are at the top, nested ones included. */
  readonly columns: number;
}

type Reading = Pick<Opening, 'library' | 'libraryOnly' | 'kernels'>;

/** Files that one table leaves open for the next, by their labels. */
export type OpenedFiles = Map<string, Opened>;

/** The files of a table. Those that were read last stay open. */
export function openFiles(reading: Reading, parts: readonly Part[], kept: OpenedFiles | undefined) {
  const open = new Map<number, Opened>();
  const drop = (part: number) => {
    open.get(part)?.close();
    open.delete(part);
  };
  /** A file that an earlier run left open, if it is still the same. */
  const take = async (part: Part): Promise<Opened | null> => {
    const found = kept?.get(part.label);
    if (!kept || !found) return null;
    kept.delete(part.label);
    const now = await locatedBytes(part.from);
    now.close();
    const isSame = now.stamp !== null && now.stamp === found.stamp && now.stamp === part.stamp;
    if (isSame && !reading.libraryOnly) return found;
    found.close();
    return null;
  };
  return {
    async *read(
      part: number, group: number, wanted: Wanted, onBytes: (bytes: number) => void,
    ): AsyncGenerator<Batch> {
      let found = open.get(part);
      if (!found) {
        found = await take(parts[part]!) ?? await openPart(reading, parts[part]!);
        if (open.size >= FILES_OPEN) drop(open.keys().next().value!);
        open.set(part, found);
      }
      try {
        yield* found.file.read(group, wanted, onBytes);
      } catch (error) {
        drop(part); // after a trap inside the library the file is in no defined state
        throw error;
      }
    },
    prefetch: (part: number, group: number, wanted: Wanted) => open.get(part)?.file.prefetch(group, wanted),
    close() {
      for (const [part, opened] of open) {
        const { label } = parts[part]!;
        const isKept = kept && opened.stamp !== null && !reading.libraryOnly && kept.size < FILES_OPEN;
        if (isKept && !kept.has(label)) kept.set(label, opened);
        else opened.close();
      }
      open.clear();
    },
  };
}

interface Opened {
  readonly file: OpenParquet;
  /** What tells that the file has not changed; null: that cannot be told. */
  readonly stamp: string | null;
  close(): void;
}

async function openPart(reading: Reading, part: Part): Promise<Opened> {
  const { blob, bytes, stamp, close } = await locatedBytes(part.from);
  try {
    if (stamp !== part.stamp || bytes.size !== part.size) await checkUnchanged(part, blob);
    const { label } = part;
    const file = openParquet({ ...reading, label, bytes, layout: part });
    return {
      file,
      stamp,
      close() {
        file.close();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Throws if the footer of a file is not what it was: somebody may have but touched the file. */
async function checkUnchanged(part: Part, blob: Blob): Promise<void> {
  const { groups, leaves, chunks } = await readFooter(loadParquet, part.label, blob, false);
  const text = (layout: Layout) => JSON.stringify([layout.groups, layout.leaves, [...layout.chunks.numbers]]);
  if (text({ groups, leaves, chunks }) !== text(part)) {
    throw new AssayError('SOURCE', `${part.label}: the file was changed while it was read`);
  }
}
