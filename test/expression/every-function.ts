import { dateFunctions } from '../../src/expression/evaluate/date-columns.js';
import type { FunctionTable } from '../../src/expression/evaluate/evaluation.js';
import { usualFunctions } from '../../src/expression/evaluate/functions.js';
import { rareFunctions } from '../../src/expression/evaluate/rare-functions.js';

/** Every function that can be evaluated, by its canonical name. */
export const functions: FunctionTable = Object.assign(Object.create(null), usualFunctions, rareFunctions, dateFunctions);
