import type { FunctionTable } from './evaluation.js';
import { operators } from './operators.js';

/** Every function that can be evaluated, by its canonical name. */
export const functions: FunctionTable = Object.freeze(Object.assign(Object.create(null), operators));
