import { BOOLEAN, INT, STRING } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import { strict, type Evaluation, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { concatenated } from './nested.js';
import { strings } from './strings.js';
import { tooLarge } from './bytes.js';
import { mapped } from './text-edits.js';
import { bitmap, bothKnown, nulls, plain, texts } from './vectors.js';

type Columnwise = (v: Vector, call: BoundCall, at: Evaluation) => Vector | null;

/** A function of texts or bytes by a kernel; where the kernel has no answer, row by row. */
function fast(run: Columnwise, slow?: FunctionSpec): FunctionSpec {
  return strict((call, at) => {
    if (call.args.some((e) => e.type.kind === 'null' || (e.kind === 'literal' && e.value === null))) {
      return nulls(at.kernels, call.type, at.rows);
    }
    return run(at.flat(call.args[0]!), call, at) ?? slow!.evaluate(call, at);
  });
}

function length(v: Vector, _call: BoundCall, at: Evaluation): Vector {
  const { fn, scratch } = at.kernels;
  const out = scratch.alloc(at.rows * 4);
  if (v.type.kind === 'string') fn.textLength(v.values, v.bytes, at.rows, out);
  else fn.textBytes(v.values, at.rows, out);
  return plain(INT, at.rows, out, v.validity);
}

function octets(v: Vector, _call: BoundCall, at: Evaluation): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 4);
  at.kernels.fn.textBytes(v.values, at.rows, out);
  return plain(INT, at.rows, out, v.validity);
}

function bits(v: Vector, call: BoundCall, at: Evaluation): Vector {
  const bytes = octets(v, call, at);
  const eight = at.one({ kind: 'literal', type: INT, value: 8 });
  at.kernels.fn.arithI32(2, bytes.values, eight.values, 2, at.rows, bytes.values);
  return bytes;
}

function holds(test: 0 | 1 | 2): Columnwise {
  return (v, call, at) => {
    const second = call.args[1]!;
    const scalar = second.kind === 'literal';
    const other = scalar ? at.one(second) : at.flat(second);
    const out = bitmap(at.kernels, at.rows);
    at.kernels.fn.textHolds(test, v.values, v.bytes, other.values, other.bytes, Number(scalar), at.rows, out);
    return plain(BOOLEAN, at.rows, out, scalar ? v.validity : bothKnown(at.kernels, at.rows, v.validity, other.validity));
  };
}

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
  length: fast(length),
  octet_length: fast(octets),
  bit_length: fast(bits),
  startswith: fast(holds(0)),
  endswith: fast(holds(1)),
  contains: fast(holds(2)),
  upper: fast(inCase(97), strings['upper']),
  lower: fast(inCase(65), strings['lower']),
  concat: fast(concat),
};
