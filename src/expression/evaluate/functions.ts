import { arithmetic } from './arithmetic.js';
import { casts } from './casts.js';
import { conditionals } from './conditionals.js';
import type { FunctionTable } from './evaluation.js';
import { mathematics } from './mathematics.js';
import { operators } from './operators.js';

/** Every function that can be evaluated, by its canonical name. */
export const functions: FunctionTable = Object.freeze(
  Object.assign(Object.create(null), operators, conditionals, casts, arithmetic, mathematics),
);
