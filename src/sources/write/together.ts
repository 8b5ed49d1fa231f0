import { openOutput, publish, type OutputFile } from '#platform';
import { AssayError, asAssayError } from '../../base/errors.js';
import type { Field } from '../../data/types.js';
import { formatOfName, openWriter } from './formats.js';
import type { TableWriter } from './writer.js';

/** A file and the columns of the table in it. */
export interface TableFile {
  readonly path: string;
  readonly fields: readonly Field[];
}

/**
 * Writes tables in the formats that the names of their files say. All files appear together when they are whole and on
 * the disk, or none does, and what was there stays. `write` gets a writer for each, undefined for one that is not wanted.
 */
export async function writeTogether<T>(
  tables: readonly (TableFile | undefined)[],
  { zone, signal }: { readonly zone: string; readonly signal?: AbortSignal | undefined },
  write: (writers: readonly (TableWriter | undefined)[]) => Promise<T>,
): Promise<T> {
  const opened: { readonly file: OutputFile; readonly writer: TableWriter }[] = [];
  try {
    const writers: (TableWriter | undefined)[] = [];
    for (const table of tables) {
      if (!table) {
        writers.push(undefined);
        continue;
      }
      const file = await openOutput(table.path);
      try {
        opened.push({ file, writer: await openWriter(table.fields, file, zone) });
      } catch (error) {
        await file.discard();
        throw error;
      }
      writers.push(opened.at(-1)!.writer);
    }
    const written = await write(writers);
    for (const { file, writer } of opened) {
      await writer.end();
      await file.finish();
    }
    signal?.throwIfAborted();
    await publish(opened.map(({ file }) => file));
    return written;
  } catch (error) {
    for (const { writer, file } of opened) {
      await writer.abort();
      await file.discard();
    }
    signal?.throwIfAborted();
    throw asAssayError(error, 'SOURCE');
  }
}

/** Refuses names of files that cannot be written: of no known format, the same twice, or none at all. */
export function checkPaths(files: Readonly<Record<string, string | undefined>>, example: string): void {
  const named = Object.entries(files).filter(([, path]) => path !== undefined);
  if (named.length === 0) throw new AssayError('INVALID_ARGUMENT', `name a file: ${example}`);
  for (const [, path] of named) formatOfName(path!);
  if (new Set(named.map(([, path]) => path)).size === named.length) return;
  const sides = named.map(([side]) => side).join(' and ');
  throw new AssayError('INVALID_ARGUMENT', `${sides} rows cannot both go to '${named[0]![1]}'`);
}
