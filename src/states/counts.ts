import { AssayError } from '../base/errors.js';

/** Counts without those of a part; throws STATE if one would be negative. */
export function countsWithout<S extends { readonly [F in keyof S]: number }>(a: S, b: S): S {
  const left: Record<string, number> = {};
  for (const [field, count] of Object.entries(a) as [string, number][]) {
    const rest = count - (b as unknown as Record<string, number>)[field]!;
    if (rest < 0) throw new AssayError('STATE', `what is to be removed was never added: ${field} would be ${rest}`);
    left[field] = rest;
  }
  return left as S;
}
