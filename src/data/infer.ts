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

/** What to do with a column of several kinds. */
export type Mixed = 'error' | 'string';

function fresh(): Seen {
  return {
    kind: 'nothing', whole: true, nulls: false, members: null, objects: 0, count: 0, element: null, value: null,
  };
}

/**
 * The type that JS values have in common: boolean; long if all numbers are integers up to 2^53, else double; long for
 * bigint; string; timestamp for Date; binary for Uint8Array; array, struct, map for nested values.
 */
export class TypeInference {
  readonly #root = fresh();
  readonly #place: string;
  readonly #mixed: Mixed;

  /** The place is the column that messages name; values of several kinds are an error, or make the type string. */
  constructor(place: string, mixed: Mixed = 'error') {
    this.#place = place;
    this.#mixed = mixed;
  }

  /** Takes the value of one row. */
  add(value: unknown, row: number): void {
    see(this.#root, value, this.#place, row, this.#mixed);
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

function see(seen: Seen, value: unknown, place: string, row: number, mixed: Mixed): void {
  seen.count += 1;
  if (value === null || value === undefined) {
    seen.nulls = true;
    return;
  }
  const kind = kindOf(value);
  if (kind === undefined) {
    throw new AssayError('WRONG_TYPE', `row ${row}, column '${place}': ${describe(value)} cannot be a value`);
  }
  if (seen.kind === 'nothing') seen.kind = kind;
  else if (seen.kind !== kind && !bothWhole(seen, kind, value, mixed)) {
    if (mixed === 'string') {
      seen.kind = 'string';
      return;
    }
    throw new AssayError(
      'WRONG_TYPE',
      `row ${row}, column '${place}': ${describe(value)} among values of kind ${seen.kind}; `
      + 'give a schema or make them one kind',
    );
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    if (seen.kind === 'bigint') {
      throw new AssayError(
        'WRONG_TYPE',
        `row ${row}, column '${place}': ${describe(value)} among values of kind bigint`,
      );
    }
    seen.whole = false;
  }
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) {
    throw new AssayError(
      'WRONG_TYPE',
      `row ${row}, column '${place}': ${describe(value)} does not fit 64 bits; give a schema with a decimal type`,
    );
  }
  if (kind === 'array') {
    seen.element ??= fresh();
    for (const item of value as Iterable<unknown>) see(seen.element, item, `${place}[]`, row, mixed);
  } else if (kind === 'map') {
    seen.element ??= fresh();
    seen.value ??= fresh();
    for (const [key, item] of value as Map<unknown, unknown>) {
      see(seen.element, key, `${place} keys`, row, mixed);
      see(seen.value, item, `${place} values`, row, mixed);
    }
  } else if (kind === 'struct') {
    seen.objects += 1;
    seen.members ??= new Map();
    for (const [name, item] of Object.entries(value)) {
      let member = seen.members.get(name);
      if (!member) seen.members.set(name, (member = fresh()));
      see(member, item, `${place}.${name}`, row, mixed);
    }
  }
}

/** Integers as numbers and as bigints make one column of longs; where kinds may mix, with fractions, one of doubles. */
function bothWhole(seen: Seen, kind: Seen['kind'], value: unknown, mixed: Mixed): boolean {
  const isPair = (kind === 'bigint' && seen.kind === 'number') || (kind === 'number' && seen.kind === 'bigint');
  if (!isPair) return false;
  if (seen.whole && (kind === 'bigint' || Number.isSafeInteger(value))) {
    seen.kind = 'bigint';
    return true;
  }
  if (mixed === 'error') return false;
  seen.kind = 'number';
  seen.whole = false;
  return true;
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
      return {
        kind: 'map', key: typeOf(seen.element!), value: typeOf(seen.value!), valueContainsNull: seen.value!.nulls,
      };
    case 'struct': return { kind: 'struct', fields: membersOf(seen) };
  }
}

function membersOf(seen: Seen): Field[] {
  return [...seen.members!].map(([name, member]) => ({
    name, type: typeOf(member), nullable: member.nulls || member.count < seen.objects,
  }));
}
