import { AssayError } from '../base/errors.js';
import * as t from './types.js';
import type { DataType, Field } from './types.js';
import { describe, isList, isPlain } from './values.js';

/** What the values of one column were so far. */
interface Seen {
  kind: 'nothing' | 'boolean' | 'number' | 'bigint' | 'string' | 'timestamp' | 'binary' | 'array' | 'struct' | 'map';
  /** Numbers: whether all of them are integers that doubles hold exactly. */
  whole: boolean;
  nulls: boolean;
  members: Map<string, Seen> | null;
  /** Objects seen, to know which members were missing from some. */
  objects: number;
  count: number;
  element: Seen | null;
  value: Seen | null;
}

function fresh(): Seen {
  return { kind: 'nothing', whole: true, nulls: false, members: null, objects: 0, count: 0, element: null, value: null };
}

/**
 * The type that JS values have in common: boolean; long if all numbers are integers up to 2^53, else double; long for
 * bigint; string; timestamp for Date; binary for Uint8Array; array, struct, map for nested values.
 */
export class TypeInference {
  #root = fresh();
  #place: string;

  /** The place is the column that messages name. */
  constructor(place: string) {
    this.#place = place;
  }

  /** Takes the value of one row. */
  add(value: unknown, row: number): void {
    see(this.#root, value, this.#place, row);
  }

  /** The type, `null` if all values are null. */
  type(): DataType {
    return typeOf(this.#root);
  }

  /** Whether a null was among the values. */
  get nullable(): boolean {
    return this.#root.nulls;
  }
}

function see(seen: Seen, value: unknown, place: string, row: number): void {
  seen.count += 1;
  if (value === null || value === undefined) {
    seen.nulls = true;
    return;
  }
  const kind = kindOf(value);
  if (kind === undefined) throw new AssayError('WRONG_TYPE', `row ${row}, column '${place}': ${describe(value)} cannot be a value`);
  if (seen.kind === 'nothing') seen.kind = kind;
  else if (seen.kind !== kind && !bothWhole(seen, kind, value)) {
    throw new AssayError('WRONG_TYPE', `row ${row}, column '${place}': ${describe(value)} among values of kind ${seen.kind}; give a schema or make them one kind`);
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    if (seen.kind === 'bigint') throw new AssayError('WRONG_TYPE', `row ${row}, column '${place}': ${describe(value)} among values of kind bigint`);
    seen.whole = false;
  }
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) {
    throw new AssayError('WRONG_TYPE', `row ${row}, column '${place}': ${describe(value)} does not fit 64 bits; give a schema with a decimal type`);
  }
  if (kind === 'array') {
    seen.element ??= fresh();
    for (const item of value as Iterable<unknown>) see(seen.element, item, `${place}[]`, row);
  } else if (kind === 'map') {
    seen.element ??= fresh();
    seen.value ??= fresh();
    for (const [key, item] of value as Map<unknown, unknown>) {
      see(seen.element, key, `${place} keys`, row);
      see(seen.value, item, `${place} values`, row);
    }
  } else if (kind === 'struct') {
    seen.objects += 1;
    seen.members ??= new Map();
    for (const [name, item] of Object.entries(value)) {
      let member = seen.members.get(name);
      if (!member) seen.members.set(name, (member = fresh()));
      see(member, item, `${place}.${name}`, row);
    }
  }
}

/** Integers as numbers and as bigints make one column of longs. */
function bothWhole(seen: Seen, kind: Seen['kind'], value: unknown): boolean {
  if (kind === 'bigint' && seen.kind === 'number' && seen.whole) {
    seen.kind = 'bigint';
    return true;
  }
  return kind === 'number' && seen.kind === 'bigint' && Number.isSafeInteger(value);
}

function kindOf(value: unknown): Seen['kind'] | undefined {
  switch (typeof value) {
    case 'boolean': case 'number': case 'bigint': case 'string': return typeof value as Seen['kind'];
    case 'object': break;
    default: return undefined;
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : 'timestamp';
  if (value instanceof Uint8Array) return 'binary';
  if (value instanceof Map) return 'map';
  return isList(value) ? 'array' : isPlain(value) ? 'struct' : undefined;
}

function typeOf(seen: Seen): DataType {
  switch (seen.kind) {
    case 'nothing': return t.NULL;
    case 'boolean': return t.BOOLEAN;
    case 'number': return seen.whole ? t.LONG : t.DOUBLE;
    case 'bigint': return t.LONG;
    case 'string': return t.STRING;
    case 'timestamp': return t.TIMESTAMP;
    case 'binary': return t.BINARY;
    case 'array': return { kind: 'array', element: typeOf(seen.element!), containsNull: seen.element!.nulls };
    case 'map':
      return { kind: 'map', key: typeOf(seen.element!), value: typeOf(seen.value!), valueContainsNull: seen.value!.nulls };
    case 'struct': return { kind: 'struct', fields: membersOf(seen) };
  }
}

function membersOf(seen: Seen): Field[] {
  return [...seen.members!].map(([name, member]) => ({
    name, type: typeOf(member), nullable: member.nulls || member.count < seen.objects,
  }));
}
