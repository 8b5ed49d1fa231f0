import type { DataType } from '../../data/types.js';
import type { Value } from './values.js';

const encoder = new TextEncoder();

/**
 * Spark's order of two known values of a type: NaN equals itself and is the greatest, -0.0 = 0.0, text by UTF-8 bytes,
 * nulls inside nested values first.
 */
export function compareValues(type: DataType, a: Value, b: Value): -1 | 0 | 1 {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (typeof a === 'string') return compareBytes(encoder.encode(a), encoder.encode(b as string));
  if (a instanceof Uint8Array) return compareBytes(a, b as Uint8Array);
  if (typeof a === 'object') return compareLists(type, a, b as readonly Value[]);
  if (a !== a || b !== b) return a === a ? -1 : b === b ? 1 : 0;
  return a < b! ? -1 : a > b! ? 1 : 0;
}

function compareBytes(a: Uint8Array, b: Uint8Array): -1 | 0 | 1 {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; ++i) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  return a.length < b.length ? -1 : a.length > b.length ? 1 : 0;
}

function compareLists(type: DataType, a: readonly Value[], b: readonly Value[]): -1 | 0 | 1 {
  const typeAt = (i: number): DataType =>
    type.kind === 'array' ? type.element : type.kind === 'struct' ? type.fields[i]!.type : { kind: 'null' };
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; ++i) {
    const order = compareValues(typeAt(i), a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length < b.length ? -1 : a.length > b.length ? 1 : 0;
}
