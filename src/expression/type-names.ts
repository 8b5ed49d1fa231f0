import { AssayError } from '../base/errors.js';
import { nearestName } from '../base/names.js';
import {
  BINARY, BOOLEAN, BYTE, DATE, DOUBLE, FLOAT, INT, LONG, NULL, SHORT, STRING, TIMESTAMP, TIMESTAMP_NTZ, decimal,
  type DataType, type Field,
} from '../data/types.js';
import type { Cursor } from './cursor.js';
import { located } from './tokens.js';

const SIMPLE: Readonly<Record<string, DataType>> = {
  void: NULL, boolean: BOOLEAN, tinyint: BYTE, byte: BYTE, smallint: SHORT, short: SHORT, int: INT, integer: INT,
  bigint: LONG, long: LONG, float: FLOAT, real: FLOAT, double: DOUBLE, date: DATE, timestamp: TIMESTAMP,
  timestamp_ltz: TIMESTAMP, timestamp_ntz: TIMESTAMP_NTZ, string: STRING, binary: BINARY,
};
const INTERVAL_UNITS: Readonly<Record<string, 'interval_ym' | 'interval_ds'>> = {
  year: 'interval_ym', month: 'interval_ym',
  day: 'interval_ds', hour: 'interval_ds', minute: 'interval_ds', second: 'interval_ds',
};
const OTHERS = ['decimal', 'dec', 'numeric', 'char', 'varchar', 'array', 'map', 'struct', 'interval'];

/** Reads the name of a type as CAST takes it: `int`, `decimal(10,2)`, `array<struct<a:int>>`. */
export function readType(cursor: Cursor): DataType {
  const token = cursor.peek();
  if (token.kind !== 'word') throw cursor.unexpected('a type');
  cursor.next();
  const simple = Object.hasOwn(SIMPLE, token.key) ? SIMPLE[token.key] : undefined;
  if (simple !== undefined) return simple;
  switch (token.key) {
    case 'decimal': case 'dec': case 'numeric': return readDecimal(cursor);
    case 'char': case 'character': case 'varchar': // A cast to them is a cast to string.
      cursor.expect('(');
      readInteger(cursor);
      cursor.expect(')');
      return STRING;
    case 'interval': {
      const unit = INTERVAL_UNITS[cursor.next().key];
      if (unit === undefined) throw cursor.error([token.start, token.end], 'INTERVAL needs a unit, as in INTERVAL DAY');
      if (cursor.take('to')) cursor.next();
      return { kind: unit };
    }
    case 'array': {
      cursor.expect('<');
      const element = cursor.nested(() => readType(cursor));
      cursor.expect('>');
      return { kind: 'array', element, containsNull: true };
    }
    case 'map': {
      cursor.expect('<');
      const key = cursor.nested(() => readType(cursor));
      cursor.expect(',');
      const value = cursor.nested(() => readType(cursor));
      cursor.expect('>');
      return { kind: 'map', key, value, valueContainsNull: true };
    }
    case 'struct': return readStruct(cursor);
    default: {
      const near = nearestName(token.text, [...Object.keys(SIMPLE), ...OTHERS]);
      const hint = near === null ? '' : `; did you mean '${near}'?`;
      const problem = `there is no type '${token.text}'${hint}`;
      throw new AssayError('SYNTAX', located(cursor.text, token.start, token.end, problem));
    }
  }
}

function readDecimal(cursor: Cursor): DataType {
  if (!cursor.take('(')) return decimal(10, 0);
  const { start } = cursor.peek();
  const precision = readInteger(cursor);
  const scale = cursor.take(',') ? readInteger(cursor) : 0;
  const { end } = cursor.expect(')');
  if (precision < 1 || precision > 38 || scale > precision) {
    throw cursor.error([start, end], 'decimal(precision, scale) needs 1 ≤ precision ≤ 38 and scale ≤ precision');
  }
  return decimal(precision, scale);
}

function readStruct(cursor: Cursor): DataType {
  const fields: Field[] = [];
  if (cursor.take('<>')) return { kind: 'struct', fields };
  cursor.expect('<');
  do {
    const name = cursor.next();
    if (name.kind !== 'word' && name.kind !== 'quoted') {
      throw cursor.error([name.start, name.end], 'expected a member name');
    }
    if (cursor.at(':')) cursor.next();
    const type = cursor.nested(() => readType(cursor));
    const nullable = !cursor.takeAll('not', 'null');
    fields.push({ name: name.text, type, nullable });
  } while (cursor.take(','));
  cursor.expect('>');
  return { kind: 'struct', fields };
}

function readInteger(cursor: Cursor): number {
  const token = cursor.peek();
  if (token.kind !== 'number' || token.key !== '' || !/^\d+$/.test(token.text)) {
    throw cursor.unexpected('a whole number');
  }
  cursor.next();
  return Number(token.text);
}
