import { BOOLEAN, INT } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import { strict, type Evaluation, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { bitmap, bothKnown, nulls, plain } from './vectors.js';

export type Columnwise = (v: Vector, call: BoundCall, at: Evaluation) => Vector | null;

/** A function of texts or bytes by a kernel; where the kernel has no answer, row by row. */
export function fast(run: Columnwise, slow?: FunctionSpec): FunctionSpec {
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

/** What is asked of texts without making others: how long they are, and what they hold. */
export const textMeasures: FunctionTable = {
  length: fast(length),
  octet_length: fast(octets),
  bit_length: fast(bits),
  startswith: fast(holds(0)),
  endswith: fast(holds(1)),
  contains: fast(holds(2)),
};
