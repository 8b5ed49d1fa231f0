import { INT, LONG } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import { lenient, type Evaluation, type FunctionTable } from './evaluation.js';
import { hashInto, murmurInto } from './hashes.js';
import { plain } from './vectors.js';

const SEED = 42;

function xxhash64(call: BoundCall, at: Evaluation): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  const vectors = call.args.map((a) => at.flat(a));
  new BigInt64Array(at.kernels.memory.buffer, out, at.rows).fill(BigInt(SEED));
  for (const v of vectors) hashInto(at.kernels, v, 0, BigInt(SEED), out, out);
  return plain(LONG, at.rows, out, 0);
}

/** Murmur3 of columns, each going on from what the ones before gave. */
function murmur(call: BoundCall, at: Evaluation): Vector {
  const vectors = call.args.map((a) => at.flat(a));
  const { scratch, memory } = at.kernels;
  const out = scratch.alloc(at.rows * 4);
  new Int32Array(memory.buffer, out, at.rows).fill(SEED);
  for (const v of vectors) murmurInto(at.kernels, v, 0, out);
  return plain(INT, at.rows, out, 0);
}

/** Hashes of rows. */
export const rowHashes: FunctionTable = { xxhash64: lenient(xxhash64), hash: lenient(murmur) };
