import type { DataType } from '../../data/types.js';
import type { BoundLiteral } from '../bound.js';

const SIMPLE: Partial<Readonly<Record<DataType['kind'], string>>> = {
  boolean: 'BOOLEAN', byte: 'TINYINT', short: 'SMALLINT', int: 'INTEGER', long: 'BIGINT', float: 'FLOAT',
  double: 'DOUBLE', string: 'VARCHAR', binary: 'BLOB', date: 'DATE', timestamp: 'TIMESTAMP WITH TIME ZONE',
  timestamp_ntz: 'TIMESTAMP',
};

/** What DuckDB calls a type; null: it has none that behaves the same. */
export function duckdbType(type: DataType): string | null {
  switch (type.kind) {
    case 'decimal': return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'array': {
      const element = duckdbType(type.element);
      return element && `${element}[]`;
    }
    case 'null': return 'INTEGER';
    default: return SIMPLE[type.kind] ?? null;
  }
}

/** A name in DuckDB's quotes. */
export function duckdbName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in DuckDB's quotes, where nothing but the quote is special; null: it cannot hold the text. */
export function duckdbString(text: string): string | null {
  const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
  return text.includes('\0') || lone.test(text) ? null : `'${text.replaceAll("'", "''")}'`;
}

/** A literal of exactly its type; null: DuckDB has none. */
export function duckdbLiteral({ type, value }: BoundLiteral): string | null {
  const name = duckdbType(type);
  if (name === null) return null;
  if (value === null) return `CAST(NULL AS ${name})`;
  switch (type.kind) {
    case 'boolean': return String(value).toUpperCase();
    case 'byte': case 'short': case 'int': case 'long': return `CAST('${value}' AS ${name})`;
    case 'float': case 'double': return `CAST('${value}' AS ${name})`;
    case 'decimal': return `CAST('${pointed(String(value), type.scale)}' AS ${name})`;
    case 'string': return duckdbString(String(value));
    case 'binary': return `from_hex('${value}')`;
    case 'date': return `(DATE '1970-01-01' + ${value})`;
    case 'timestamp_ntz': return `make_timestamp(CAST('${value}' AS BIGINT))`;
    case 'timestamp': return `timezone('UTC', make_timestamp(CAST('${value}' AS BIGINT)))`;
    default: return null;
  }
}

function pointed(unscaled: string, scale: number): string {
  const digits = unscaled.replace('-', '').padStart(scale + 1, '0');
  const at = digits.length - scale;
  return `${unscaled.startsWith('-') ? '-' : ''}${digits.slice(0, at)}${scale === 0 ? '' : `.${digits.slice(at)}`}`;
}
