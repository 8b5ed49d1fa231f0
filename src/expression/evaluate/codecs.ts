import { AssayError } from '../../base/errors.js';
import { BINARY, STRING } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import { tooLarge } from './bytes.js';
import { strict, type Evaluation, type FunctionTable } from './evaluation.js';
import { perValue } from './grouped.js';
import { literalArgument } from './rowwise.js';
import { written } from './text-edits.js';
import { bitmap, bothKnown, nulls, texts } from './vectors.js';

/** Bytes of all rows. */
function sizeOf(v: Vector, at: Evaluation): number {
  const offsets = new Int32Array(at.kernels.memory.buffer, v.values, at.rows + 1);
  return offsets[at.rows]! - offsets[0]!;
}

function unbase64(call: BoundCall, at: Evaluation): Vector {
  const { fn, scratch } = at.kernels;
  const v = at.flat(call.args[0]!);
  const [offsets, out] = [scratch.alloc((at.rows + 1) * 4), scratch.alloc(sizeOf(v, at))];
  fn.base64Bytes(v.values, v.bytes, v.validity, at.rows, offsets, out);
  return texts(BINARY, at.rows, offsets, out, v.validity);
}

function unhex(call: BoundCall, at: Evaluation): Vector {
  const { fn, scratch } = at.kernels;
  const v = at.flat(call.args[0]!);
  const [offsets, out] = [scratch.alloc((at.rows + 1) * 4), scratch.alloc(sizeOf(v, at) + at.rows)];
  const valid = bitmap(at.kernels, at.rows);
  fn.hexBytes(v.values, v.bytes, v.validity, at.rows, offsets, out, valid);
  return texts(BINARY, at.rows, offsets, out, bothKnown(at.kernels, at.rows, v.validity, valid));
}

const SETS: Readonly<Record<string, number>> = {
  'US-ASCII': 0, 'ISO-8859-1': 1, 'UTF-16BE': 2, 'UTF-16LE': 3, 'UTF-16': 4, 'UTF-8': 5,
};
const UTF8 = 5;

/** ENCODE and DECODE with a literal set of characters; one that is not known is an error as soon as there is a value. */
function coded(run: (v: Vector, set: number, at: Evaluation) => Vector) {
  return strict((call: BoundCall, at: Evaluation): Vector => {
    const name = literalArgument(call, 1);
    if (name === undefined) return perValue(call, [1], at);
    if (name === null || call.args[0]!.type.kind === 'null') return nulls(at.kernels, call.type, at.rows);
    const v = at.flat(call.args[0]!);
    const set = SETS[String(name).toUpperCase()];
    if (set !== undefined) return run(v, set, at);
    const known = v.validity === 0 ? at.rows : at.kernels.fn.bitsCount(v.validity, at.rows);
    if (known > 0) throw new AssayError('EVALUATION', `unknown character set '${String(name)}'`);
    return nulls(at.kernels, call.type, at.rows);
  });
}

function encode(v: Vector, set: number, at: Evaluation): Vector {
  if (set === UTF8) return { ...v, type: BINARY };
  const { fn, scratch } = at.kernels;
  const most = 2 * (sizeOf(v, at) + at.rows);
  if (most > 0x7fffffff) throw tooLarge(at.rows);
  const [offsets, out] = [scratch.alloc((at.rows + 1) * 4), scratch.alloc(most)];
  fn.textEncode(set, v.values, v.bytes, v.validity, at.rows, offsets, out);
  return texts(BINARY, at.rows, offsets, out, v.validity);
}

function decode(v: Vector, set: number, at: Evaluation): Vector {
  const result = written(at, v.validity, (offsets, out) =>
    at.kernels.fn.textDecode(set, v.values, v.bytes, v.validity, at.rows, offsets, out));
  return { ...result, type: STRING };
}

/** Bytes in other writings, and texts in other sets of characters. */
export const codecs: FunctionTable = {
  unbase64: strict(unbase64),
  unhex: strict(unhex),
  encode: coded(encode),
  decode: coded(decode),
};
