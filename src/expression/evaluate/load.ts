import { AssayError } from '../../base/errors.js';
import type { Bits, Column } from '../../data/column.js';
import { bytesOf, type Region } from '../../data/region.js';
import { WIDTHS, layoutOf } from '../../data/types.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Pointer, Vector } from '../batch-view.js';
import { bitmap, bitmapBytes, flatten, indexed, knownEntries, nulls, plain, texts } from './vectors.js';

/** Kernels read whole 16-byte vectors, so as many bytes behind every run must be readable. */
const SPARE = 16;

/** The bitmap of known rows of a column, without its values; 0: all rows. */
export function loadValidity(column: Column, kernels: Kernels): Pointer {
  if (column.type.kind === 'null') return kernels.scratch.zeroed(bitmapBytes(column.rows));
  if (!column.validity || column.rows === 0) return 0;
  const validity = loadBits(column.validity, column.rows, kernels);
  return kernels.fn.bitsCount(validity, column.rows) === column.rows ? 0 : validity;
}

/** A column as a vector: in place where its regions lie in the memory of the kernels, otherwise copied into scratch. */
export function loadColumn(column: Column, kernels: Kernels, validity = loadValidity(column, kernels)): Vector {
  const { type, rows } = column;
  if (column.dictionary) return loadDictionary(column, column.dictionary, kernels, validity);
  const layout = layoutOf(type);
  switch (layout) {
    case 'bits':
      return plain(type, rows, rows === 0 ? bitmap(kernels, 0) : loadBits(required(column.bits), rows, kernels), validity);
    case 'i32': case 'i64': case 'i128': case 'f32': case 'f64': {
      const width = WIDTHS[layout];
      return plain(type, rows, loadRegion(column.values, rows * width, Math.min(width, 8), kernels), validity);
    }
    case 'utf8':
      if (column.hashes) {
        return { ...texts(type, rows, 0, 0, validity), hashes: loadRegion(column.hashes, rows * 8, 8, kernels) };
      }
      return loadTexts(column, kernels, validity);
    case 'list': {
      const offsets = rows === 0 ? kernels.scratch.zeroed(4) : loadRegion(column.offsets, (rows + 1) * 4, 4, kernels);
      const children = (column.children ?? []).map((c) => flatten(kernels, loadColumn(c, kernels)));
      return { type, layout, rows, validity, values: offsets, bytes: 0, children, indices: 0, dictionary: null };
    }
    case 'struct': {
      const children = (column.children ?? []).map((c) => flatten(kernels, loadColumn(c, kernels)));
      return { type, layout, rows, validity, values: 0, bytes: 0, children, indices: 0, dictionary: null };
    }
    case 'none':
      return { ...nulls(kernels, type, rows), validity };
  }
}

function required<T>(part: T | undefined): T {
  if (part === undefined) throw new AssayError('INTERNAL', 'the values of a column are needed but its source was not asked for them');
  return part;
}

/** A bitmap from bit 0 with clean padding: always a copy, it is small. */
function loadBits({ region, offset }: Bits, rows: number, kernels: Kernels): Pointer {
  const out = bitmap(kernels, rows);
  const whole = offset >>> 3;
  const size = ((offset & 7) + rows + 7) >>> 3;
  let from = region.at + whole;
  if (region.home !== kernels.memory) {
    from = kernels.scratch.alloc(size);
    new Uint8Array(kernels.memory.buffer, from, size).set(bytesOf(region).subarray(whole, whole + size));
  }
  kernels.fn.bitsCopy(from, offset & 7, rows, out);
  return out;
}

/** The address of at least `size` bytes of a region, aligned, with spare bytes behind. */
function loadRegion(given: Region | undefined, size: number, align: number, kernels: Kernels, from = 0): Pointer {
  if (size === 0) return kernels.scratch.alloc(0);
  const region = required(given);
  if (region.bytes < from + size) {
    throw new AssayError('SOURCE', `a column has ${region.bytes} bytes of values where ${from + size} are needed`);
  }
  const { memory, scratch } = kernels;
  const at = region.at + from;
  if (region.home === memory && at % align === 0 && at + size + SPARE <= memory.buffer.byteLength) return at;
  const out = scratch.alloc(size);
  new Uint8Array(memory.buffer, out, size).set(bytesOf(region).subarray(from, from + size));
  return out;
}

function loadTexts(column: Column, kernels: Kernels, validity: Pointer): Vector {
  const { type, rows } = column;
  const { memory, scratch } = kernels;
  if (rows === 0) return texts(type, 0, scratch.zeroed(4), scratch.alloc(0), validity);
  let offsets = loadRegion(column.offsets, (rows + 1) * 4, 4, kernels);
  const view = new Int32Array(memory.buffer, offsets, rows + 1);
  const first = view[0]!;
  const last = view[rows]!;
  if (first < 0 || last < first) throw new AssayError('SOURCE', `the offsets of a string column run from ${first} to ${last}`);
  if (last === first) return texts(type, rows, scratch.zeroed((rows + 1) * 4), scratch.alloc(0), validity);
  const values = required(column.values);
  if (values.bytes < last) throw new AssayError('SOURCE', `a string column has ${values.bytes} bytes where ${last} are needed`);
  const near = values.home === memory && values.at + last + SPARE <= memory.buffer.byteLength;
  if (near) return texts(type, rows, offsets, values.at, validity);
  const bytes = loadRegion(values, last - first, 1, kernels, first);
  if (first === 0) return texts(type, rows, offsets, bytes, validity);
  const rebased = scratch.alloc((rows + 1) * 4);
  const from = new Int32Array(memory.buffer, offsets, rows + 1);
  const to = new Int32Array(memory.buffer, rebased, rows + 1);
  for (let i = 0; i <= rows; ++i) to[i] = from[i]! - first;
  offsets = rebased;
  return texts(type, rows, offsets, bytes, validity);
}

function loadDictionary(column: Column, entries: Column, kernels: Kernels, validity: Pointer): Vector {
  const { rows } = column;
  if (entries.rows === 0 || rows === 0) return { ...nulls(kernels, column.type, rows) };
  const dictionary = flatten(kernels, loadColumn(entries, kernels));
  let indices = loadRegion(column.indices, rows * 4, 4, kernels);
  if (!column.areBounded && kernels.fn.gatherTop(indices, rows) >>> 0 >= entries.rows) {
    if (validity === 0) throw new AssayError('SOURCE', `an index of a dictionary column is not below ${entries.rows}`);
    const clamped = kernels.scratch.alloc(rows * 4); // any value is allowed at null rows
    kernels.fn.gatherClamp(indices, rows, entries.rows, clamped);
    indices = clamped;
  }
  const v = indexed(dictionary, rows, indices, knownEntries(kernels, rows, indices, validity, dictionary));
  return entries.rows > rows ? flatten(kernels, v) : v;
}
