import { AssayError } from '../base/errors.js';
import * as t from './types.js';
import type { DataType, Field, Schema } from './types.js';

/** A schema, or its text as SQL writes it: `id bigint, name string, tags array<string>`. */
export type SchemaLike = Schema | string;

const TYPES: Readonly<Record<string, DataType>> = {
  boolean: t.BOOLEAN, tinyint: t.BYTE, byte: t.BYTE, smallint: t.SHORT, short: t.SHORT, int: t.INT,
  integer: t.INT, bigint: t.LONG,
  long: t.LONG, float: t.FLOAT, real: t.FLOAT, double: t.DOUBLE, string: t.STRING, varchar: t.STRING,
  binary: t.BINARY, date: t.DATE,
  timestamp: t.TIMESTAMP, timestamp_ltz: t.TIMESTAMP, timestamp_ntz: t.TIMESTAMP_NTZ, void: t.NULL,
};

/** The schema that a text describes; a schema is returned as it is. */
export function schemaOf(schema: SchemaLike): Schema {
  if (typeof schema !== 'string') {
    if (Array.isArray(schema?.fields)) return schema;
    throw new AssayError(
      'INVALID_ARGUMENT',
      "schema: expected { fields: [...] } or a text like 'id bigint, name string'",
    );
  }
  const reader = readerOf(schema);
  const fields = fieldsOf(reader, false);
  reader.expect('');
  const twice = fields.find((field, i) => fields.findIndex((other) => other.name === field.name) < i);
  if (twice) throw new AssayError('DUPLICATE', `schema '${schema}': column '${twice.name}' is there twice`);
  return { fields };
}

interface Reader {
  /** The next token, without taking it; '' at the end. */
  peek(): string;
  take(): string;
  expect(token: string): void;
  fail(what: string): never;
}

function readerOf(text: string): Reader {
  const tokens = text.match(/`(?:[^`]|``)*`|[\p{L}\p{N}_]+|\S/gu) ?? [];
  let at = 0;
  const reader: Reader = {
    peek: () => tokens[at] ?? '',
    take: () => tokens[at++] ?? '',
    expect(token) {
      if (reader.peek() !== token) reader.fail(`expected ${token === '' ? 'the end' : `'${token}'`}`);
      at += 1;
    },
    fail(what) {
      throw new AssayError(
        'SYNTAX',
        `schema '${text}': ${what}, found ${at < tokens.length ? `'${tokens[at]}'` : 'the end'}`,
      );
    },
  };
  return reader;
}

function fieldsOf(reader: Reader, inStruct: boolean): Field[] {
  const fields: Field[] = [];
  do {
    const token = reader.peek();
    if (!/^[`\p{L}\p{N}_]/u.test(token)) reader.fail('expected a column name');
    reader.take();
    const name = token.startsWith('`') ? token.slice(1, -1).replaceAll('``', '`') : token;
    if (inStruct) reader.expect(':');
    else if (reader.peek() === ':') reader.take();
    const type = typeOf(reader);
    let nullable = true;
    if (reader.peek().toLowerCase() === 'not') {
      reader.take();
      if (reader.take().toLowerCase() !== 'null') reader.fail("expected 'null' after 'not'");
      nullable = false;
    }
    fields.push({ name, type, nullable });
  } while (reader.peek() === ',' && reader.take());
  return fields;
}

function typeOf(reader: Reader): DataType {
  const name = reader.peek().toLowerCase();
  const simple = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (simple) {
    reader.take();
    if (name === 'varchar' && reader.peek() === '(') numbers(reader);
    return simple;
  }
  switch (name) {
    case 'decimal': case 'dec': case 'numeric': {
      reader.take();
      const [precision = 10, scale = 0] = reader.peek() === '(' ? numbers(reader) : [];
      if (precision < 1 || precision > 38 || scale > precision) {
        reader.fail(`decimal(${precision},${scale}) is out of range`);
      }
      return t.decimal(precision, scale);
    }
    case 'array': {
      const [element] = between(reader, () => [typeOf(reader)]);
      return { kind: 'array', element: element!, containsNull: true };
    }
    case 'map': {
      const [key, value] = between(reader, () => {
        const first = typeOf(reader);
        reader.expect(',');
        return [first, typeOf(reader)];
      });
      return { kind: 'map', key: key!, value: value!, valueContainsNull: true };
    }
    case 'struct': return { kind: 'struct', fields: between(reader, () => fieldsOf(reader, true)) };
    default: return reader.fail(`expected a type (${Object.keys(TYPES).join(', ')}, decimal, array, map, struct)`);
  }
}

function between<T>(reader: Reader, read: () => T): T {
  reader.take();
  reader.expect('<');
  const found = read();
  reader.expect('>');
  return found;
}

function numbers(reader: Reader): number[] {
  const found: number[] = [];
  reader.expect('(');
  do {
    if (!/^\d{1,9}$/.test(reader.peek())) reader.fail('expected a number');
    found.push(Number(reader.take()));
  } while (reader.peek() === ',' && reader.take());
  reader.expect(')');
  return found;
}
