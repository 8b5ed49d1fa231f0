import { STRING } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import type { Evaluation, FunctionTable } from './evaluation.js';
import { concatenated } from './nested.js';
import { strings } from './strings.js';
import { tooLarge } from './bytes.js';
import { mapped } from './text-edits.js';
import { fast, type Columnwise } from './text-measures.js';
import { bothKnown, texts } from './vectors.js';

/** Where the bytes of all rows lie, and how many they are. */
function extent(v: Vector, at: Evaluation): { from: number; size: number } {
  const offsets = new Int32Array(at.kernels.memory.buffer, v.values, at.rows + 1);
  return { from: v.bytes + offsets[0]!, size: offsets[at.rows]! - offsets[0]! };
}

/** Upper or lower case: of columns that are ASCII throughout at once. */
function inCase(from: 65 | 97): Columnwise {
  return (v, call, at) => {
    const { fn, scratch } = at.kernels;
    const { from: start, size } = extent(v, at);
    if (fn.textWide(start, size)) return mapped(from === 97 ? 'upper' : 'lower', call, at);
    const out = scratch.alloc(size);
    fn.textCase(start, size, from, out);
    const first = start - v.bytes;
    if (first === 0) return texts(STRING, at.rows, v.values, out, v.validity);
    const offsets = scratch.alloc((at.rows + 1) * 4);
    const given = new Int32Array(at.kernels.memory.buffer, v.values, at.rows + 1);
    const moved = new Int32Array(at.kernels.memory.buffer, offsets, at.rows + 1);
    for (let i = 0; i <= at.rows; ++i) moved[i] = given[i]! - first;
    return texts(STRING, at.rows, offsets, out, v.validity);
  };
}

/** Texts and byte strings one behind the other. */
function concat(_first: Vector, call: BoundCall, at: Evaluation): Vector {
  const { fn, scratch, memory } = at.kernels;
  if (call.type.kind === 'array') return concatenated.evaluate(call, at);
  const parts = call.args.map((a) => at.flat(a));
  const sums = scratch.zeroed(at.rows * 4);
  for (const p of parts) fn.textAddLengths(p.values, at.rows, sums);
  const total = parts.reduce((sum, p) => sum + extent(p, at).size, 0);
  if (total > 0x7fffffff) throw tooLarge(at.rows);
  const offsets = scratch.alloc((at.rows + 1) * 4);
  const size = fn.printOffsets(sums, at.rows, offsets);
  const bytes = scratch.alloc(size);
  const cursors = scratch.alloc((at.rows + 1) * 4);
  new Uint8Array(memory.buffer).copyWithin(cursors, offsets, offsets + at.rows * 4);
  for (const p of parts) fn.textAppend(p.values, p.bytes, at.rows, cursors, bytes);
  return texts(call.type, at.rows, offsets, bytes, parts.reduce((k, p) => bothKnown(at.kernels, at.rows, k, p.validity), 0));
}

/** Functions of strings that have kernels. */
export const textColumns: FunctionTable = {
  upper: fast(inCase(97), strings['upper']),
  lower: fast(inCase(65), strings['lower']),
  concat: fast(concat),
};
