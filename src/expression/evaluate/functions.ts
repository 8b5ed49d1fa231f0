import { casts } from './casts.js';
import { conditionals } from './conditionals.js';
import { dateFunction } from './date-columns.js';
import type { FunctionSpec, FunctionTable } from './evaluation.js';
import { membership } from './membership.js';
import { operators } from './operators.js';
import { patterns } from './patterns.js';
import { rareFunction } from './rare-functions.js';
import { textMeasures } from './text-measures.js';

/** The functions that most questions call. */
export const usualFunctions: FunctionTable = Object.freeze(
  Object.assign(Object.create(null), operators, conditionals, membership, casts, patterns, textMeasures),
);

/** A function that can be evaluated, by its canonical name; what few questions call is behind calls, to be loaded late. */
export function functionNamed(name: string): FunctionSpec | undefined {
  return usualFunctions[name] ?? rareFunction(name) ?? dateFunction(name);
}
