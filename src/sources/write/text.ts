import type { OutputFile } from '#platform';
import { AssayError } from '../../base/errors.js';
import { sqlTypeName, type DataType, type Field } from '../../data/types.js';
import { decimalString, valueText } from '../../expression/evaluate/value-text.js';
import { readerOf, type Value } from '../../expression/evaluate/values.js';
import type { TableWriter, WrittenRows } from './writer.js';

const encoder = new TextEncoder();

/**
 * Writes CSV (RFC 4180) with a header: values as Spark prints them, nested ones as JSON; null is nothing at all, the
 * empty text is `""`.
 */
export async function csvWriter(
  fields: readonly Field[],
  file: OutputFile,
  zone: string,
): Promise<TableWriter<Uint8Array>> {
  const texts = fields.map(({ type }) => csvText(type, zone));
  await file.write(encoder.encode(`${fields.map(({ name }) => quoted(name)).join(',')}\n`));
  return lines(file, fields, (values) => values.map((value, i) => (value === null ? '' : texts[i]!(value))).join(','));
}

/** Writes a JSON object per line, with every column; dates and the like as Spark prints them, binary as base64. */
export async function ndjsonWriter(
  fields: readonly Field[],
  file: OutputFile,
  zone: string,
): Promise<TableWriter<Uint8Array>> {
  const names = fields.map(({ name }) => JSON.stringify(name));
  return lines(file, fields, (values) =>
    `{${values.map((value, i) => `${names[i]!}:${jsonText(fields[i]!.type, value, zone)}`).join(',')}}`);
}

function lines(
  file: OutputFile,
  fields: readonly Field[],
  line: (values: readonly Value[]) => string,
): TableWriter<Uint8Array> {
  for (const { name, type } of fields) {
    if (type.kind !== 'unsupported') continue;
    throw new AssayError('UNSUPPORTED', `column '${name}' is ${sqlTypeName(type)}, which cannot be written`);
  }
  return {
    take({ kernels, vectors, rows }: WrittenRows) {
      const readers = vectors.map((v) => readerOf(kernels, v));
      const text: string[] = [];
      for (let row = 0; row < rows; ++row) text.push(line(readers.map((read) => read(row))), '\n');
      return encoder.encode(text.join(''));
    },
    put: (bytes) => file.write(bytes),
    async end() {},
    async abort() {},
  };
}

function csvText(type: DataType, zone: string): (value: Value) => string {
  switch (type.kind) {
    case 'array': case 'map': case 'struct': return (value) => quoted(jsonText(type, value, zone));
    case 'binary': return (value) => base64(value as Uint8Array);
    case 'string': return (value) => (value === '' ? '""' : quoted(value as string));
    default: return (value) => quoted(valueText(type, value, zone)!);
  }
}

/** A field of CSV; quoted where it must be. */
function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function jsonText(type: DataType, value: Value, zone: string): string {
  if (value === null) return 'null';
  switch (type.kind) {
    case 'boolean': case 'byte': case 'short': case 'int': case 'long': return String(value);
    case 'float': case 'double':
      return Number.isFinite(value) ? valueText(type, value, zone)! : JSON.stringify(String(value));
    case 'decimal': return decimalString(value as bigint, type.scale);
    case 'binary': return JSON.stringify(base64(value as Uint8Array));
    case 'array': return `[${(value as readonly Value[]).map((v) => jsonText(type.element, v, zone)).join(',')}]`;
    case 'struct': {
      const members = (value as readonly Value[]).map((v, i) =>
        `${JSON.stringify(type.fields[i]!.name)}:${jsonText(type.fields[i]!.type, v, zone)}`);
      return `{${members.join(',')}}`;
    }
    case 'map': {
      const entries = (value as readonly (readonly Value[])[]).map(([k, v]) =>
        `${JSON.stringify(valueText(type.key, k!, zone))}:${jsonText(type.value, v!, zone)}`);
      return `{${entries.join(',')}}`;
    }
    default: return JSON.stringify(valueText(type, value, zone));
  }
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
