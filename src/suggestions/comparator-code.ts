import type { Comparator } from '../base/comparators.js';
import { valueCode } from './literal-code.js';

/** A comparator as TypeScript, e.g. `atLeast(0.95)`. */
export function comparatorCode(c: Comparator): string {
  const numbers = (...values: readonly number[]) => `${c.op}(${values.map((x) => valueCode(x)).join(', ')})`;
  switch (c.op) {
    case 'between': return numbers(c.low, c.high);
    case 'oneOf': return numbers(...c.values);
    case 'not': return `not(${comparatorCode(c.of)})`;
    case 'and': case 'or': return `${c.op}(${c.of.map(comparatorCode).join(', ')})`;
    default: return numbers(c.value);
  }
}

/** The names of the functions that its code calls. */
export function comparatorsOf(c: Comparator): readonly string[] {
  if (c.op === 'not') return [c.op, ...comparatorsOf(c.of)];
  return c.op === 'and' || c.op === 'or' ? [c.op, ...c.of.flatMap(comparatorsOf)] : [c.op];
}
