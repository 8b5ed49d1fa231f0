import { isUtf8 } from '#platform';
import { AssayError } from '../../base/errors.js';
import type { Batch, Column } from '../../data/column.js';
import { inferRowSchema } from '../../data/rows-in.js';
import { schemaOf, type SchemaLike } from '../../data/schema-text.js';
import type { OpenSource, Source } from '../../data/source.js';
import { BINARY, STRING, type DataType, type Field, type Schema } from '../../data/types.js';
import { columnOfValues, isPlain, memberOf } from '../../data/values.js';
import { windows, type Chunks } from './chunks.js';
import { jsonText, parseJsonLine } from './json-line.js';
import { openPortableTexts, textSource, type TextFormat, type TextInput } from './source.js';
import { parseTimestamp, type Instant } from '../../data/text-parse.js';

/** Options of `ndjson`. */
export interface NdjsonOptions {
  /** What messages call the table; default: the first path. */
  readonly name?: string;
  /** Columns and types; default: inferred from the first 4 MiB. Members that it does not name are not read. */
  readonly schema?: SchemaLike;
  /** What becomes of a bad line or value: an error that names the line (default), or null. */
  readonly mode?: 'fail' | 'null';
}

/** Files of one JSON object a line, bytes or a stream, packed with gzip or Zstandard or not. */
export function ndjson(input: TextInput, options: NdjsonOptions = {}): Source {
  const mode = options.mode ?? 'fail';
  if (mode !== 'fail' && mode !== 'null') {
    throw new AssayError('INVALID_ARGUMENT', `ndjson: mode must be 'fail' or 'null', got ${JSON.stringify(mode)}`);
  }
  const schema = options.schema === undefined ? {} : { schema: schemaOf(options.schema) };
  return textSource(ndjsonFormat, input, { ...options, ...schema });
}

const ndjsonFormat: TextFormat<NdjsonOptions> = { kind: 'ndjson', schema: ndjsonSchema, read: readNdjson };

/** Opens the files of JSON objects that a portable form describes. */
export function openPortableNdjson(args: unknown): Promise<OpenSource> {
  return openPortableTexts(ndjsonFormat, args);
}

const WINDOW = 1 << 20;
const LONGEST_LINE = 256 << 20;

interface Line {
  readonly number: number;
  readonly value: unknown;
}

function ndjsonSchema(head: Uint8Array, whole: boolean, label: string, options: NdjsonOptions): Schema {
  if (options.schema !== undefined) return options.schema as Schema;
  const end = whole ? head.length : head.lastIndexOf(10) + 1;
  const lines = linesOf(head, 0, end === 0 ? head.length : end, { label, line: 1, strict: options.mode !== 'null' });
  const { fields } = inferRowSchema(lines.map((line) => line.value).filter(isPlain), 'string');
  return { fields: fields.map((field): Field => ({ name: field.name, type: known(field.type), nullable: true })) };
}

/** Where only nulls were seen, texts are expected. */
function known(type: DataType): DataType {
  switch (type.kind) {
    case 'null': return STRING;
    case 'array': return { ...type, element: known(type.element), containsNull: true };
    case 'struct': return { ...type, fields: type.fields.map((f) => ({ ...f, type: known(f.type), nullable: true })) };
    default: return type;
  }
}

async function* readNdjson(
  chunks: Chunks, label: string, schema: Schema, options: NdjsonOptions, wanted: readonly string[],
): AsyncGenerator<Batch> {
  const strict = options.mode !== 'null';
  const fields = wanted.map((name) => {
    const field = schema.fields.find((candidate) => candidate.name === name);
    if (!field) throw new AssayError('UNKNOWN_COLUMN', `'${label}' has no column '${name}'`);
    return field;
  });
  // Members that come up behind the sample would be lost without a word.
  const names = strict && options.schema === undefined ? new Set(schema.fields.map((field) => field.name)) : null;
  let line = 1;
  const tooLong = () => new AssayError(
    'SOURCE',
    `'${label}', line ${line}: the line is longer than ${LONGEST_LINE} bytes`,
  );
  yield* windows<Batch>(chunks, { size: WINDOW, limit: LONGEST_LINE, tooLong }, (bytes, from, to, final) => {
    const end = final ? to : bytes.subarray(from, to).lastIndexOf(10) + 1 + from;
    if (end === from) return { at: from, value: undefined };
    const lines = linesOf(bytes, from, end, { label, line, strict });
    for (let i = from; i < end; ++i) if (bytes[i] === 10) line += 1;
    if (names) checkMembers(lines, names, label);
    return { at: end, value: lines.length > 0 ? batchOf(lines, fields, label, strict) : undefined };
  });
}

/** The objects of whole lines; blank lines are skipped, bad ones are null where that is asked for. */
function linesOf(
  bytes: Uint8Array, from: number, to: number,
  { label, line, strict }: { label: string; line: number; strict: boolean },
): Line[] {
  const found: Line[] = [];
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const isText = isUtf8(bytes.subarray(from, to));
  for (let at = from, number = line; at < to; ++number) {
    const next = bytes.indexOf(10, at);
    const end = next < 0 || next >= to ? to : next;
    const piece = bytes.subarray(at, end);
    at = end + 1;
    const text = decoder.decode(piece);
    if (text.trim() === '') continue;
    let value: unknown, wrong = '';
    if (!isText && !isUtf8(piece)) wrong = 'the line is not UTF-8';
    else {
      try {
        value = parseJsonLine(text);
        if (!isPlain(value)) wrong = 'the line is no JSON object; NDJSON has one on each line';
      } catch (error) {
        wrong = (error as Error).message;
      }
    }
    if (wrong !== '' && strict) throw new AssayError('SOURCE', `'${label}', line ${number}: ${wrong}`);
    found.push({ number, value: wrong === '' ? value : null });
  }
  return found;
}

function checkMembers(lines: readonly Line[], names: ReadonlySet<string>, label: string): void {
  for (const { number, value } of lines) {
    for (const name of Object.keys(value as object)) {
      if (!names.has(name)) {
        throw new AssayError(
          'SOURCE',
          `'${label}', line ${number}: member '${name}' does not occur in the first lines, `
          + 'from which the columns were inferred; give a schema',
        );
      }
    }
  }
}

function batchOf(lines: readonly Line[], fields: readonly Field[], label: string, strict: boolean): Batch {
  const columns = new Map<string, Column>();
  for (const { name, type } of fields) {
    const place = (row: number) => `'${label}', line ${lines[row]!.number}, column '${name}'`;
    const values = lines.map(({ value }) => fitting(type, memberOf(value, name)));
    columns.set(name, strict ? strictColumn(type, values, place) : lenientColumn(type, values, place));
  }
  return {
    rows: lines.length,
    column(name) {
      const column = columns.get(name);
      if (!column) throw new AssayError('INTERNAL', `column '${name}' of '${label}' was not read`);
      return column;
    },
  };
}

function strictColumn(type: DataType, values: readonly unknown[], place: (row: number) => string): Column {
  try {
    return columnOfValues(type, values, place);
  } catch (cause) {
    if (!(cause instanceof AssayError) || cause.code !== 'WRONG_TYPE') throw cause;
    throw new AssayError('SOURCE', `${cause.message}; give a schema or mode 'null'`, { cause });
  }
}

/** Values that are none of the type become null. */
function lenientColumn(type: DataType, values: readonly unknown[], place: (row: number) => string): Column {
  const attempt = (some: readonly unknown[]): Column | undefined => {
    try {
      return columnOfValues(type, some, place);
    } catch (error) {
      if (error instanceof AssayError && error.code === 'WRONG_TYPE') return undefined;
      throw error;
    }
  };
  return attempt(values) ?? columnOfValues(type, values.map((value) => (attempt([value]) ? value : null)), place);
}

const encoder = new TextEncoder();
const instant: Instant = { days: 0, micros: 0 };

/** A JSON value in the form that its type takes: texts for strings, instants for times. */
function fitting(type: DataType, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  switch (type.kind) {
    case STRING.kind: return typeof value === 'string' ? value : jsonText(value);
    case BINARY.kind: return typeof value === 'string' ? encoder.encode(value) : value;
    case 'timestamp': case 'timestamp_ntz': {
      if (typeof value !== 'string') return value;
      const bytes = encoder.encode(value);
      const isTime = parseTimestamp(bytes, 0, bytes.length, instant);
      return isTime ? BigInt(instant.days) * 86_400_000_000n + BigInt(instant.micros) : value;
    }
    case 'array': return Array.isArray(value) ? value.map((item) => fitting(type.element, item)) : value;
    case 'map':
      return isPlain(value) ?
        new Map(Object.entries(value).map(([key, item]) => [key, fitting(type.value, item)])) :
        value;
    case 'struct': {
      if (!isPlain(value)) return value;
      const pairs = type.fields.map((field) => [field.name, fitting(field.type, memberOf(value, field.name))]);
      return Object.fromEntries(pairs);
    }
    default: return value;
  }
}
