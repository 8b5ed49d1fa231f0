import type { OutputFile } from '#platform';
import { AssayError } from '../../base/errors.js';
import type { Field } from '../../data/types.js';
import type { TableWriter } from './writer.js';

type Opening = (fields: readonly Field[], file: OutputFile, zone: string) => Promise<TableWriter>;

const FORMATS: Readonly<Record<string, Opening>> = {
  parquet: async (fields, file) => (await import('./parquet.js')).parquetWriter(fields, file),
  csv: async (fields, file, zone) => (await import('./text.js')).csvWriter(fields, file, zone),
  ndjson: async (fields, file, zone) => (await import('./text.js')).ndjsonWriter(fields, file, zone),
  jsonl: async (fields, file, zone) => (await import('./text.js')).ndjsonWriter(fields, file, zone),
};

/** The format that a file name ends in; throws if it is none that can be written. */
export function formatOfName(path: string): string {
  const ending = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  if (Object.hasOwn(FORMATS, ending)) return ending;
  const known = Object.keys(FORMATS).map((f) => `.${f}`).join(', ');
  throw new AssayError('INVALID_ARGUMENT', `'${path}' names no format that can be written; end it in one of ${known}`);
}

/** Begins a table in the format of the file's name. */
export function openWriter(fields: readonly Field[], file: OutputFile, zone: string): Promise<TableWriter> {
  return FORMATS[formatOfName(file.path)]!(fields, file, zone);
}
