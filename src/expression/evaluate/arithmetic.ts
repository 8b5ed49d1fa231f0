import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import { fastArithmetic, quotients, shifts } from './arithmetic-columns.js';
import { strict, type Evaluation, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { floatTimesInterval } from './interval-columns.js';
import { unaryColumn, type Unary } from './number-columns.js';
import { tryColumn } from './tries.js';
import { scaledInterval } from './wide-columns.js';

const fast = (fn: string): FunctionSpec => strict((call, at) => fastArithmetic(fn, call, at));
const unary = (fn: Unary): FunctionSpec => strict((call, at) => unaryColumn(fn, call, at));

/** TRY_ADD and its like: null on overflow. */
const attempt = (fn: '+' | '-' | '*'): FunctionSpec => strict((call, at) => tryColumn(fn, call, at));

function scale(divides: boolean) {
  return strict((call: BoundCall, at: Evaluation): Vector => {
    const { kind } = call.args[1]!.type;
    return kind === 'float' || kind === 'double' ? floatTimesInterval(call, divides, at) : scaledInterval(call, divides, at);
  });
}

/** Arithmetic: integers wrap, decimals that overflow and divisions by zero are null. */
export const arithmetic: FunctionTable = {
  '+': fast('+'),
  '-': fast('-'),
  '*': fast('*'),
  '%': fast('%'),
  '/': fast('/'),
  pmod: fast('pmod'),
  div: strict(quotients),
  try_add: attempt('+'),
  try_subtract: attempt('-'),
  try_multiply: attempt('*'),
  negate: unary('negate'),
  abs: unary('abs'),
  bitand: fast('bitand'),
  bitor: fast('bitor'),
  bitxor: fast('bitxor'),
  bitnot: unary('bitnot'),
  shiftleft: strict(shifts),
  shiftright: strict(shifts),
  shiftrightunsigned: strict(shifts),
  multiply_interval: scale(false),
  divide_interval: scale(true),
};
