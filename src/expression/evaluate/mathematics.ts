import { doubleFunctions } from './double-columns.js';
import { strict, type FunctionTable } from './evaluation.js';
import { wholeColumn } from './number-columns.js';
import { roundColumn } from './round-columns.js';

/** Functions of floating-point numbers, and rounding. */
export const mathematics: FunctionTable = {
  ...doubleFunctions,
  floor: strict((call, at) => wholeColumn('floor', call, at)), ceil: strict((call, at) => wholeColumn('ceil', call, at)),
  round: strict((call, at) => roundColumn(call, 'half-up', at)), bround: strict((call, at) => roundColumn(call, 'half-even', at)),
};
