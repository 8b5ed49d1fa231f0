import { AssayError } from '../base/errors.js';
import type { ArrowArray, ArrowBuffer } from './arrow.js';
import { regionOf, type Region } from './region.js';

const INLINE = 12;

/**
 * The values of a utf8view or binaryview array, gathered one behind the other.
 * A view is 16 bytes: int32 length, then the bytes themselves (up to 12) or prefix, buffer number and offset.
 */
export function viewColumn(
  array: ArrowArray, from: number, rows: number, known: (row: number) => boolean,
): { offsets: Region; values: Region } {
  const [, views, ...data] = array.buffers;
  const offsets = new Int32Array(rows + 1);
  if (!views || rows === 0) return { offsets: regionOf(offsets), values: regionOf(new Uint8Array(0)) };
  const view = new DataView(memoryOf(views), views.at + from * 16, rows * 16);
  let total = 0;
  for (let i = 0; i < rows; ++i) {
    if (known(i)) total += view.getInt32(i * 16, true);
    if (total > 0x7fffffff) throw new AssayError('UNSUPPORTED', 'a batch of a string column holds more than 2 GiB');
    offsets[i + 1] = total;
  }
  const out = new Uint8Array(total);
  for (let i = 0; i < rows; ++i) {
    const to = offsets[i]!, length = offsets[i + 1]! - to;
    if (length === 0) continue;
    const source = length <= INLINE ? views : data[view.getInt32(i * 16 + 8, true)];
    if (!source) {
      throw new AssayError('SOURCE', `malformed Arrow data: the string in row ${i} lies in a buffer that is missing`);
    }
    const skip = length <= INLINE ? (from + i) * 16 + 4 : view.getInt32(i * 16 + 12, true);
    out.set(new Uint8Array(memoryOf(source), source.at + skip, length), to);
  }
  return { offsets: regionOf(offsets), values: regionOf(out) };
}

function memoryOf(buffer: ArrowBuffer): ArrayBufferLike {
  return buffer.home instanceof WebAssembly.Memory ? buffer.home.buffer : buffer.home;
}
