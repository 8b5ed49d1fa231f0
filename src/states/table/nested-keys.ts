import { AssayError } from '../../base/errors.js';
import { isNested } from '../../data/types.js';
import type { Vector } from '../../expression/batch-view.js';
import { knownEntries, texts } from '../../expression/evaluate/vectors.js';
import type { Kernels } from '../../kernels/kernels.js';
import { PART_CODES } from './key-parts.js';

/**
 * A vector whose values can be parts of keys: structs and arrays become byte strings, equal for equal values. A struct is
 * written as a key of its members, an array as the keys of its elements one after another, each of which tells where it
 * ends.
 */
export function keyVector(kernels: Kernels, v: Vector): Vector {
  if (!isNested(v.type)) return v;
  if (v.dictionary) {
    const dictionary = keyVector(kernels, v.dictionary);
    const validity = knownEntries(kernels, v.rows, v.indices, v.validity, dictionary);
    return { ...v, layout: 'utf8', children: [], dictionary, validity };
  }
  if (v.layout === 'struct') {
    const { offsets, bytes } = writtenKeys(kernels, v.children.map((child) => keyVector(kernels, child)), v.rows);
    return texts(v.type, v.rows, offsets, bytes, v.validity);
  }
  const elements = keyVector(kernels, v.children[0]!);
  const { offsets, bytes } = writtenKeys(kernels, [elements], elements.rows);
  const { scratch, memory } = kernels;
  const own = scratch.alloc((v.rows + 1) * 4);
  const ends = new Int32Array(memory.buffer, v.values, v.rows + 1);
  const starts = new Int32Array(memory.buffer, offsets, elements.rows + 1);
  const to = new Int32Array(memory.buffer, own, v.rows + 1);
  for (let i = 0; i <= v.rows; ++i) to[i] = starts[ends[i]!]!;
  return texts(v.type, v.rows, own, bytes, v.validity);
}

/** Keys of several parts for all rows, as byte strings in scratch memory. */
function writtenKeys({ fn, scratch, memory }: Kernels, parts: readonly Vector[], rows: number) {
  const bitmap = Math.ceil(parts.length / 8);
  const offsets = scratch.alloc((rows + 1) * 4);
  const cursors = scratch.alloc((rows + 1) * 4);
  new Uint32Array(memory.buffer, offsets, rows).fill(bitmap);
  const codes = parts.map((v) => PART_CODES[v.layout] ?? -1);
  for (const [i, v] of parts.entries()) {
    if (codes[i]! >= 0) fn.tableKeySizes(codes[i]!, v.values, v.validity, 0, 0, 0, rows, offsets);
  }
  const size = fn.tableKeyOffsets(offsets, rows);
  if (size >= 2 ** 31) {
    throw new AssayError('MEMORY_LIMIT', `nested values of ${rows} rows take ${size} bytes: too long to be grouped`);
  }
  const bytes = scratch.alloc(size);
  fn.tableKeyStart(offsets, rows, bytes, bitmap, cursors);
  for (const [i, v] of parts.entries()) {
    if (codes[i]! < 0) continue;
    fn.tableKeyWrite(codes[i]!, i, v.values, v.bytes, v.validity, 0, 0, 0, rows, offsets, bytes, cursors);
  }
  return { offsets, bytes };
}
