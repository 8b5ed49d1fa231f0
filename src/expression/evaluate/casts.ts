import { AssayError } from '../../base/errors.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import { castColumn } from './cast-columns.js';
import { lenient, strict, type Evaluation, type FunctionTable } from './evaluation.js';

function cast(call: BoundCall, checked: boolean, at: Evaluation): Vector {
  return castColumn(call.args[0]!, call.type, call.zone ?? 'UTC', checked, at);
}

/**
 * A cast of texts all of which look like numbers (of the classes of `states/classes.ts`), to long all like integers: the first batch
 * with another one fails, and with it whatever asked. For what is wanted only if a whole column turns out to be numbers.
 */
function castIfNumbers(call: BoundCall, at: Evaluation): Vector {
  const v = at.flat(call.args[0]!);
  refuseTexts(v, v.validity, Math.min(FIRST, v.rows), call, at); // most texts show it at once
  const result = cast(call, false, at);
  const { fn } = at.kernels;
  const count = (bits: number) => (bits === 0 ? v.rows : fn.bitsCount(bits, v.rows));
  if (count(result.validity) < count(v.validity)) refuseTexts(v, v.validity, v.rows, call, at);
  return result;
}

const FIRST = 64;

function refuseTexts(v: Vector, known: number, rows: number, call: BoundCall, at: Evaluation): void {
  const { fn, scratch, memory } = at.kernels;
  const out = scratch.zeroed(32);
  fn.classesUtf8(v.values, v.bytes, known, 0, rows, out);
  const [fractional, , boolean, text] = new BigUint64Array(memory.buffer, out, 4);
  if (text === 0n && boolean === 0n && (call.type.kind !== 'long' || fractional === 0n)) return;
  throw new AssayError('EVALUATION', `not all texts look like values of type ${call.type.kind}`);
}

/** Conversions between types. */
export const casts: FunctionTable = {
  cast: strict((call, at) => cast(call, false, at)),
  try_cast: strict((call, at) => cast(call, true, at)),
  cast_if_numbers: { ...lenient(castIfNumbers), ofAllRows: true },
};
