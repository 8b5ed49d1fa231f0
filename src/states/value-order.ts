import type { FieldValue } from './contract.js';

type Value = Exclude<FieldValue, null | Float64Array>;

/**
 * Spark's order of two values of one type: NaN last and equal to itself, -0.0 = 0.0, texts and bytes by their (UTF-8)
 * bytes.
 */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'string') return compareTexts(a, b as string);
  if (a instanceof Uint8Array) return compareBytes(a, b as Uint8Array);
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/** The order of two texts by UTF-8 bytes, which is that of code points, not of UTF-16 units. */
export function compareTexts(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; ++i) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates, which stand for the highest code points, after all other units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x2000 : unit >= 0xe000 ? unit - 0x800 : unit;
}

/** The order of two runs of unsigned bytes. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; ++i) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
