import { BOOLEAN, INT, LONG, STRING } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { digestOf, type DigestName } from './digest-constants.js';
import { strict, type Evaluation, type FunctionTable } from './evaluation.js';
import { literalArgument } from './rowwise.js';
import { tooLarge } from './bytes.js';
import { written } from './text-edits.js';
import { nulls, plain, texts } from './vectors.js';

function digest(name: DigestName, call: BoundCall, at: Evaluation): Vector {
  const { fn, scratch, memory } = at.kernels;
  const { kind, constants, initial, size } = digestOf(name);
  const v = at.flat(call.args[0]!);
  if (at.rows * 2 * size > 0x7fffffff) throw tooLarge(at.rows);
  const [constantsAt, initialAt, room] = [scratch.alloc(constants.length), scratch.alloc(64), scratch.alloc(1024)];
  const offsets = scratch.alloc((at.rows + 1) * 4);
  const out = scratch.alloc(at.rows * 2 * size);
  new Uint8Array(memory.buffer, constantsAt, constants.length).set(constants);
  new Uint8Array(memory.buffer, initialAt, 64).set(initial);
  fn.digestRows(kind, v.values, v.bytes, at.rows, constantsAt, initialAt, size, room, offsets, out);
  return texts(STRING, at.rows, offsets, out, v.validity);
}

const SHA2: Readonly<Record<number, DigestName>> = {
  0: 'sha256', 224: 'sha224', 256: 'sha256', 384: 'sha384', 512: 'sha512',
};

/** SHA2 of a number of bits; null for any other number. */
function sha2(call: BoundCall, at: Evaluation): Vector {
  const bits = literalArgument(call, 1);
  if (bits !== undefined) {
    const name = SHA2[bits as number];
    return bits === null || name === undefined ? nulls(at.kernels, STRING, at.rows) : digest(name, call, at);
  }
  const literal = (value: number): Bound => ({ kind: 'literal', type: INT, value });
  const branches = Object.keys(SHA2).map(Number).flatMap((n): Bound[] => [
    { kind: 'call', fn: '=', args: [call.args[1]!, literal(n)], type: BOOLEAN },
    { kind: 'call', fn: 'sha2', args: [call.args[0]!, literal(n)], type: STRING },
  ]);
  const otherwise: Bound = { kind: 'literal', type: STRING, value: null };
  return at.vector({ kind: 'call', fn: 'case', args: [...branches, otherwise], type: STRING });
}

function crc32(call: BoundCall, at: Evaluation): Vector {
  const { fn, scratch } = at.kernels;
  const v = at.flat(call.args[0]!);
  const [room, out] = [scratch.alloc(1024), scratch.alloc(at.rows * 8)];
  fn.crcRows(v.values, v.bytes, at.rows, room, out);
  return plain(LONG, at.rows, out, v.validity);
}

function base64(call: BoundCall, at: Evaluation): Vector {
  const v = at.flat(call.args[0]!);
  return written(at, v.validity, (offsets, out) => at.kernels.fn.base64Rows(v.values, v.bytes, at.rows, offsets, out));
}

/** Checksums and base 64 of whole columns. */
export const digestColumns: FunctionTable = {
  md5: strict((call, at) => digest('md5', call, at)),
  sha1: strict((call, at) => digest('sha1', call, at)),
  sha2: strict(sha2),
  crc32: strict(crc32),
  base64: strict(base64),
};
