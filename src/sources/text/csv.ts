import { isUtf8 } from '#platform';
import { copied } from '../../base/copied.js';
import { AssayError } from '../../base/errors.js';
import type { Batch, Column } from '../../data/column.js';
import { schemaOf, type SchemaLike } from '../../data/schema-text.js';
import type { OpenSource, Source } from '../../data/source.js';
import { textOf } from '../../data/text-parse.js';
import { sqlTypeName, type Field, type Schema } from '../../data/types.js';
import { windows, type Chunks } from './chunks.js';
import { CsvScanner, ESCAPED, MALFORMED, PLAIN, QUOTED, UNCLOSED } from './csv-scanner.js';
import { openPortableTexts, textSource, type TextFormat, type TextInput } from './source.js';
import { columnOfTexts } from './text-columns.js';
import { TextInference } from './text-types.js';

/** Options of `csv`. */
export interface CsvOptions {
  /** What messages call the table; default: the first path. */
  readonly name?: string;
  /**
   * Whether the first line of each file names the columns; default true. Otherwise they are _c0, _c1 … or the
   * schema's.
   */
  readonly header?: boolean;
  /** One ASCII character; default `,`. */
  readonly delimiter?: string;
  /** One ASCII character, default `"`; null: no quoting. */
  readonly quote?: string | null;
  /** What stands before a quote inside of quotes; default: the quote itself. */
  readonly escape?: string;
  /** Texts that mean null where they are not quoted; default: the empty text. */
  readonly nulls?: readonly string[];
  /**
   * Columns and types; default: inferred from the first 4 MiB. With a header, columns are found by name and others are
   * not read.
   */
  readonly schema?: SchemaLike;
  /** What becomes of a bad line or value: an error that names the line (default), or null. */
  readonly mode?: 'fail' | 'null';
}

/** CSV files, bytes or a stream, packed with gzip or Zstandard or not. */
export function csv(input: TextInput, options: CsvOptions = {}): Source {
  const settled = { ...options, ...(options.schema === undefined ? {} : { schema: schemaOf(options.schema) }) };
  dialectOf(settled);
  return textSource(csvFormat, input, settled);
}

const csvFormat: TextFormat<CsvOptions> = { kind: 'csv', schema: csvSchema, read: readCsv };

/** Opens the CSV files that a portable form describes. */
export function openPortableCsv(args: unknown): Promise<OpenSource> {
  return openPortableTexts(csvFormat, args);
}

const BATCH_ROWS = 65_536;
const BATCH_FIELDS = 1 << 20;
const WINDOW = 4 << 20;
const LONGEST_RECORD = 64 << 20;

interface Dialect {
  readonly delimiter: number;
  readonly quote: number;
  readonly escape: number;
  readonly header: boolean;
  readonly nulls: readonly Uint8Array[];
  readonly strict: boolean;
}

function dialectOf(options: CsvOptions): Dialect {
  const code = (option: 'delimiter' | 'quote' | 'escape', text: string) => {
    if (typeof text !== 'string' || text.length !== 1 || text.charCodeAt(0) > 127 || text === '\n' || text === '\r') {
      throw new AssayError(
        'INVALID_ARGUMENT',
        `csv: ${option} must be one ASCII character, got ${JSON.stringify(text)}`,
      );
    }
    return text.charCodeAt(0);
  };
  const delimiter = code('delimiter', options.delimiter ?? ',');
  const quote = options.quote === null ? -1 : code('quote', options.quote ?? '"');
  const escape = quote < 0 ? -1 : options.escape === undefined ? quote : code('escape', options.escape);
  if (delimiter === quote || delimiter === escape) {
    throw new AssayError('INVALID_ARGUMENT', 'csv: delimiter, quote and escape must differ');
  }
  const mode = options.mode ?? 'fail';
  if (mode !== 'fail' && mode !== 'null') {
    throw new AssayError('INVALID_ARGUMENT', `csv: mode must be 'fail' or 'null', got ${JSON.stringify(mode)}`);
  }
  const encoder = new TextEncoder();
  const nulls = (options.nulls ?? ['']).map((text) => encoder.encode(text));
  return { delimiter, quote, escape, header: options.header ?? true, nulls, strict: mode === 'fail' };
}

function csvSchema(head: Uint8Array, whole: boolean, label: string, options: CsvOptions): Schema {
  if (options.schema !== undefined) return options.schema as Schema;
  const dialect = dialectOf(options);
  const scanner = new CsvScanner(dialect.delimiter, dialect.quote, dialect.escape);
  // A first record that is not complete is taken as it is: the error is better told when it is read.
  let end = scanner.scan(head, 0, head.length, whole, Infinity, Infinity);
  if (scanner.rows === 0) end = scanner.scan(head, 0, head.length, true, Infinity, Infinity);
  if (scanner.rows === 0) {
    throw new AssayError('SOURCE', `'${label}' is empty: give a schema, or a file with a header line`);
  }
  const width = scanner.first[1]!;
  const names = dialect.header ? namesOf(scanner, head, label) : Array.from({ length: width }, (_, i) => `_c${i}`);
  const types = names.map(() => new TextInference());
  const isNull = nullTest(dialect.nulls, head);
  if (!isUtf8(head.subarray(0, end))) refuseBytes(scanner, head, label, 1);
  types.forEach((type, i) => {
    for (let row = dialect.header ? 1 : 0; row < scanner.rows && !type.isText; ++row) {
      const field = scanner.first[row]! + i, start = scanner.starts[field]!, finish = scanner.ends[field]!;
      if (field >= scanner.first[row + 1]!) continue;
      const isMissing = scanner.kinds[field] === PLAIN ? isNull(start, finish) : start === finish;
      if (!isMissing) type.add(head, start, finish);
    }
  });
  return { fields: names.map((name, i): Field => ({ name, type: types[i]!.type(), nullable: true })) };
}

/** The names in the first record; the nameless are called _c and their place, as Spark does. */
function namesOf(scanner: CsvScanner, bytes: Uint8Array, label: string): string[] {
  const names: string[] = [];
  for (let i = 0; i < scanner.first[1]!; ++i) {
    if (scanner.kinds[i]! >= MALFORMED) {
      throw new AssayError('SOURCE', `'${label}', line 1: the quotes of the header are wrong`);
    }
    // A copy: the bytes are read again, and escapes are taken out in place.
    const name = copied(bytes, scanner.starts[i]!, scanner.ends[i]!);
    if (!isUtf8(name)) throw new AssayError('SOURCE', `'${label}', line 1: the header is not UTF-8`);
    const isEscaped = scanner.kinds[i] === ESCAPED;
    const end = isEscaped ? unescape(name, 0, name.length, scanner.escape, scanner.quote) : name.length;
    names.push(end === 0 ? `_c${i}` : textOf(name, 0, end));
  }
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new AssayError('SOURCE', `'${label}', line 1: two columns are called '${twice}'`);
  return names;
}

async function* readCsv(
  chunks: Chunks, label: string, schema: Schema, options: CsvOptions, wanted: readonly string[],
): AsyncGenerator<Batch> {
  const dialect = dialectOf(options);
  const scanner = new CsvScanner(dialect.delimiter, dialect.quote, dialect.escape);
  const fields = wanted.map((name) => {
    const field = schema.fields.find((candidate) => candidate.name === name);
    if (!field) throw new AssayError('UNKNOWN_COLUMN', `'${label}' has no column '${name}'`);
    return field;
  });
  let places: number[] | undefined, width = schema.fields.length, line = 1;
  const tooLong = () => new AssayError(
    'SOURCE',
    `'${label}', line ${line}: the record is longer than ${LONGEST_RECORD} bytes; is a quote not closed?`,
  );
  yield* windows<Batch>(chunks, { size: WINDOW, limit: LONGEST_RECORD, tooLong }, (bytes, from, to, final) => {
    const at = scanner.scan(bytes, from, to, final, BATCH_ROWS, BATCH_FIELDS);
    if (scanner.rows === 0) {
      line += scanner.lines;
      return { at, value: undefined };
    }
    let skip = 0;
    if (!places) {
      const names = dialect.header ? namesOf(scanner, bytes, label) : schema.fields.map((field) => field.name);
      const missing = schema.fields.find((field) => !names.includes(field.name));
      if (missing) {
        throw new AssayError(
          'SOURCE',
          `'${label}' has no column '${missing.name}'; its header names ${names.join(', ')}`,
        );
      }
      places = fields.map((field) => names.indexOf(field.name));
      width = names.length;
      skip = dialect.header ? 1 : 0;
    }
    const value = batchOf({ scanner, bytes, from, at, skip, label, line, width, dialect }, fields, places);
    line += scanner.lines;
    return { at, value: value.rows > 0 ? value : undefined };
  });
}

/** What was scanned of one window. */
interface Scanned {
  readonly scanner: CsvScanner;
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly at: number;
  /** Records that are no rows: the header. */
  readonly skip: number;
  readonly label: string;
  /** The line at `from`. */
  readonly line: number;
  readonly width: number;
  readonly dialect: Dialect;
}

function batchOf(scanned: Scanned, fields: readonly Field[], places: readonly number[]): Batch {
  const { scanner, bytes, from, at, skip, label, line, dialect } = scanned;
  const rows = scanner.rows - skip;
  if (dialect.strict) checkRecords(scanned);
  const isText = isUtf8(bytes.subarray(from, at));
  if (!isText && dialect.strict) refuseBytes(scanner, bytes, label, line, from);
  const columns = new Map<string, Column>();
  fields.forEach((field, i) => columns.set(field.name, columnAt(scanned, field, places[i]!, rows, isText)));
  return {
    rows,
    column(name) {
      const column = columns.get(name);
      if (!column) throw new AssayError('INTERNAL', `column '${name}' of '${label}' was not read`);
      return column;
    },
  };
}

function checkRecords({ scanner, bytes, from, label, line, width, dialect }: Scanned): void {
  for (let row = 0; row < scanner.rows; ++row) {
    const first = scanner.first[row]!, end = scanner.first[row + 1]!;
    if (end - first !== width) {
      const remedy = end - first > width ? `what holds a '${String.fromCharCode(dialect.delimiter)}' must be quoted` :
        "with mode 'null' what lacks is null";
      const place = `'${label}', line ${lineAt(bytes, from, scanner.at[row]!, line)}`;
      throw new AssayError('SOURCE', `${place}: ${end - first} fields, expected ${width}; ${remedy}`);
    }
    for (let field = first; field < end; ++field) {
      if (scanner.kinds[field]! < MALFORMED) continue;
      const what = scanner.kinds[field] === UNCLOSED ?
        'a quoted field is not closed' :
        'text follows the closing quote of a field';
      throw new AssayError('SOURCE', `'${label}', line ${lineAt(bytes, from, scanner.at[row]!, line)}: ${what}`);
    }
  }
}

function columnAt(scanned: Scanned, field: Field, place: number, rows: number, isText: boolean): Column {
  const { scanner, bytes, from, skip, label, line, dialect } = scanned;
  const { first, kinds } = scanner, fieldStarts = scanner.starts, fieldEnds = scanner.ends;
  const { starts, ends } = scratch(rows);
  const isNull = nullTest(dialect.nulls, bytes);
  const keepsEmpty = field.type.kind === 'string' || field.type.kind === 'binary';
  for (let row = 0; row < rows; ++row) {
    const index = first[row + skip]! + place;
    if (index >= first[row + skip + 1]!) {
      starts[row] = -1; // a line that is too short
      continue;
    }
    const start = fieldStarts[index]!, kind = kinds[index]!;
    let end = fieldEnds[index]!;
    if (kind === ESCAPED) end = fieldEnds[index] = unescape(bytes, start, end, dialect.escape, dialect.quote);
    const isMissing = kind === PLAIN ? isNull(start, end) : kind >= MALFORMED || (start === end && !keepsEmpty);
    starts[row] = isMissing || (!isText && !isUtf8(bytes.subarray(start, end))) ? -1 : start;
    ends[row] = end;
    if (kind === ESCAPED) kinds[index] = QUOTED;
  }
  const column = columnOfTexts(field.type, { bytes, rows, starts, ends }, (row) => {
    if (!dialect.strict) return;
    const text = textOf(bytes, starts[row]!, ends[row]!);
    const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text);
    const place = `'${label}', line ${lineAt(bytes, from, scanner.at[row + skip]!, line)}, column '${field.name}'`;
    const remedy = "give a schema, null tokens or mode 'null'";
    throw new AssayError('SOURCE', `${place}: ${shown} is no ${sqlTypeName(field.type)}; ${remedy}`);
  });
  if (!column) {
    throw new AssayError(
      'UNSUPPORTED',
      `'${label}', column '${field.name}': CSV cannot hold ${sqlTypeName(field.type)}`,
    );
  }
  return column;
}

let places = { starts: new Int32Array(0), ends: new Int32Array(0) };

/** Room for the places of one column, which is used before the next one is made. */
function scratch(rows: number): { starts: Int32Array; ends: Int32Array } {
  if (places.starts.length < rows) places = { starts: new Int32Array(rows), ends: new Int32Array(rows) };
  return places;
}

/** Whether an unquoted field is one of the null tokens. */
function nullTest(nulls: readonly Uint8Array[], bytes: Uint8Array): (start: number, end: number) => boolean {
  const emptyIsNull = nulls.some((token) => token.length === 0);
  const tokens = nulls.filter((token) => token.length > 0);
  return (start, end) => {
    if (start === end) return emptyIsNull;
    for (const token of tokens) {
      if (token.length === end - start && token.every((byte, i) => bytes[start + i] === byte)) return true;
    }
    return false;
  };
}

/** Takes the escapes out of a field where it stands and returns its new end; what is left over becomes blanks. */
function unescape(bytes: Uint8Array, start: number, end: number, escape: number, quote: number): number {
  let to = start;
  for (let at = start; at < end; ++at, ++to) {
    const next = bytes[at + 1];
    if (bytes[at] === escape && at + 1 < end && (next === quote || (escape !== quote && next === escape))) at += 1;
    bytes[to] = bytes[at]!;
  }
  bytes.fill(32, to, end);
  return to;
}

function lineAt(bytes: Uint8Array, from: number, at: number, line: number): number {
  for (let i = from; i < at; ++i) if (bytes[i] === 10) line += 1;
  return line;
}

function refuseBytes(scanner: CsvScanner, bytes: Uint8Array, label: string, line: number, from = 0): never {
  for (let row = 0; row < scanner.rows; ++row) {
    for (let field = scanner.first[row]!; field < scanner.first[row + 1]!; ++field) {
      if (isUtf8(bytes.subarray(scanner.starts[field]!, scanner.ends[field]!))) continue;
      throw new AssayError(
        'SOURCE',
        `'${label}', line ${lineAt(bytes, from, scanner.at[row]!, line)}: the line is not UTF-8`,
      );
    }
  }
  throw new AssayError('SOURCE', `'${label}', line ${line}: the text is not UTF-8`);
}
