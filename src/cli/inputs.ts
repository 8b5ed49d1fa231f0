import { streamFile } from '#platform';
import { AssayError } from '../base/errors.js';
import { collected } from '../base/joined.js';
import type { Source } from '../data/source.js';
import { sqlTypeName } from '../data/types.js';
import { toSource } from '../sources/open.js';
import { filtered } from '../sources/filtered.js';
import { isUrl, locate } from '../sources/paths.js';
import { parquet } from '../sources/parquet/source.js';
import { csv } from '../sources/text/csv.js';
import { ndjson } from '../sources/text/ndjson.js';
import { projected } from '../sources/projected.js';
import type { Terminal } from './terminal.js';

/** The forms of tables that the command reads. */
export const INPUT_FORMATS = ['parquet', 'csv', 'tsv', 'ndjson', 'arrow'] as const;
export type InputFormat = (typeof INPUT_FORMATS)[number];

/** How files are read. */
export interface InputOptions {
  readonly input?: InputFormat;
  readonly delimiter?: string;
  /** False: the first line of a CSV file is data. */
  readonly header?: boolean;
  readonly nulls?: readonly string[];
  readonly schema?: string;
  /** What becomes of texts that cannot be read: an error, or null. */
  readonly mode?: 'fail' | 'null';
  readonly columns?: readonly string[];
  readonly where?: string;
  readonly timeZone?: string;
}

const ENDINGS: readonly (readonly [RegExp, InputFormat])[] = [
  [/\.(?:parquet|parq|pqt|pq)$/i, 'parquet'],
  [/\.csv(?:\.gz|\.zst)?$/i, 'csv'],
  [/\.(?:tsv|tab)(?:\.gz|\.zst)?$/i, 'tsv'],
  [/\.(?:ndjson|jsonl|json)(?:\.gz|\.zst)?$/i, 'ndjson'],
  [/\.(?:arrow|arrows|feather|ipc)$/i, 'arrow'],
];

/**
 * The table that files make together: paths, globs, folders, addresses, or `-` for the standard input. `again`: it will be read several
 * times, so the standard input is kept in memory.
 */
export async function tableOf(files: readonly string[], options: InputOptions, terminal: Terminal, again = false): Promise<Source> {
  const source = files.includes('-') ? await piped(files, options, terminal, again) : await read(files, options);
  const rows = options.where === undefined ? source : filtered(source, options.where, { timeZone: options.timeZone });
  return options.columns ? projected(rows, options.columns) : rows;
}

/** Other tables by name, as `--reference products=products.csv` gives them. */
export async function referencesOf(
  references: readonly Reference[] | undefined, { timeZone }: InputOptions,
): Promise<readonly (readonly [name: string, table: Source])[]> {
  const tables: (readonly [string, Source])[] = [];
  for (const { name, file } of references ?? []) {
    if (file === '-') throw new AssayError('INVALID_ARGUMENT', `the table '${name}' cannot come from the standard input`);
    tables.push([name, await read([file], { timeZone })]);
  }
  return tables;
}

/** Another table: its name, and a file, a glob pattern, a folder or an address. */
export interface Reference {
  readonly name: string;
  readonly file: string;
}

async function read(files: readonly string[], options: InputOptions): Promise<Source> {
  const format = options.input ?? await formatOf(files);
  const name = nameOf(files);
  switch (format) {
    case 'parquet': return parquet(files, { name });
    case 'arrow': return arrowFiles(files, name);
    default: return texts(format, files, name, options);
  }
}

function texts(format: 'csv' | 'tsv' | 'ndjson', input: Parameters<typeof csv>[0], name: string, options: InputOptions): Source {
  const common = {
    name,
    ...(options.schema === undefined ? {} : { schema: options.schema }),
    ...(options.mode === undefined ? {} : { mode: options.mode }),
  };
  if (format === 'ndjson') return ndjson(input, common);
  const delimiter = options.delimiter ?? (format === 'tsv' ? '\t' : ',');
  return csv(input, {
    ...common, delimiter,
    ...(options.header === undefined ? {} : { header: options.header }),
    ...(options.nulls === undefined ? {} : { nulls: options.nulls }),
  });
}

/** The standard input: text is streamed and can be read once only; the other forms are kept in memory. */
async function piped(files: readonly string[], options: InputOptions, { stdin }: Terminal, again: boolean): Promise<Source> {
  if (files.length > 1) throw new AssayError('INVALID_ARGUMENT', "'-' is the standard input and stands alone");
  const { input } = options;
  if (!input) throw new AssayError('INVALID_ARGUMENT', `say what the standard input is: --input ${INPUT_FORMATS.join(' | ')}`);
  if (input !== 'parquet' && input !== 'arrow') return texts(input, again ? await collected(stdin) : stdin, 'stdin', options);
  const bytes = await collected(stdin);
  return input === 'parquet' ? parquet(bytes, { name: 'stdin' }) : toSource(bytes, 'stdin');
}

async function formatOf(files: readonly string[]): Promise<InputFormat> {
  const paths: string[] = [];
  for (const file of files) paths.push(...(isUrl(file) ? [new URL(file).pathname] : (await locate([file])).map((l) => l.path)));
  const formats = new Set(paths.map((path) => ENDINGS.find(([ending]) => ending.test(path))?.[1] ?? unknown(path)));
  if (formats.size > 1) {
    const remedy = `name those of one, e.g. '*.${[...formats][0]}'`;
    const forms = [...formats].join(', ');
    throw new AssayError('INVALID_ARGUMENT', `files of several forms (${forms}) make no table; ${remedy}`);
  }
  return [...formats][0]!;
}

function unknown(path: string): never {
  const remedy = `say what it is: --input ${INPUT_FORMATS.join(' | ')}`;
  throw new AssayError('INVALID_ARGUMENT', `the ending of '${path}' does not tell its form; ${remedy}`);
}

async function arrowFiles(files: readonly string[], name: string): Promise<Source> {
  const tables: unknown[] = [];
  const { tableFromIPC } = await arrowLibrary();
  for (const { path } of await locate(files)) {
    const bytes = await collected(streamFile(path));
    try {
      tables.push(tableFromIPC(bytes));
    } catch (cause) {
      throw new AssayError('SOURCE', `'${path}': malformed Arrow IPC bytes: ${(cause as Error).message}`, { cause });
    }
  }
  return toSource(tables, name);
}

async function arrowLibrary(): Promise<{ tableFromIPC(bytes: Uint8Array): unknown }> {
  try {
    return await import('apache-arrow') as { tableFromIPC(bytes: Uint8Array): unknown };
  } catch (cause) {
    throw new AssayError('UNSUPPORTED', 'reading Arrow files needs the package apache-arrow: npm install apache-arrow', { cause });
  }
}

/** What reports and SQL call the table. */
export function nameOf(files: readonly string[]): string {
  const last = (files[0] ?? 'data').replace(/[\\/]+$/, '').split(/[\\/]/).pop()!;
  return files.length > 1 ? `${last} and ${files.length - 1} more` : last;
}

/** The columns of a table for a reader. */
export async function schemaText(source: Source): Promise<string> {
  const opened = await source.open();
  try {
    return opened.schema.fields.map((f) => `${f.name}: ${sqlTypeName(f.type)}`).join('\n');
  } finally {
    await opened.close();
  }
}
