import { AssayError } from '../base/errors.js';
import type { ArrowArray, ArrowBuffer, ArrowField } from './arrow.js';

// https://arrow.apache.org/docs/format/CDataInterface.html with the 32-bit pointers of WebAssembly.
//
// ArrowSchema   0 format*   4 name*   8 metadata*   16 flags i64   24 n_children i64   32 children**   36 dictionary*
// ArrowArray    0 length i64   8 null_count i64   16 offset i64   24 n_buffers i64   32 n_children i64
//              40 buffers**   44 children**   48 dictionary*
const NULLABLE = 2;

/** Reads the ArrowSchema struct at an address of a WebAssembly memory. */
export function readArrowSchema(memory: WebAssembly.Memory, at: number): ArrowField {
  const view = new DataView(memory.buffer);
  const dictionary = view.getUint32(at + 36, true);
  const children = pointers(view, view.getUint32(at + 32, true), long(view, at + 24));
  return {
    format: text(memory, view.getUint32(at, true)),
    name: text(memory, view.getUint32(at + 4, true)),
    nullable: (view.getUint32(at + 16, true) & NULLABLE) !== 0,
    children: children.map((child) => readArrowSchema(memory, child)),
    dictionary: dictionary === 0 ? null : readArrowSchema(memory, dictionary),
  };
}

/** Reads the ArrowArray struct at an address of a WebAssembly memory; its buffers stay where they are. */
export function readArrowArray(memory: WebAssembly.Memory, at: number): ArrowArray {
  const view = new DataView(memory.buffer);
  const offset = long(view, at + 16);
  const dictionary = view.getUint32(at + 48, true);
  const buffers = pointers(view, view.getUint32(at + 40, true), long(view, at + 24));
  const children = pointers(view, view.getUint32(at + 44, true), long(view, at + 32));
  return {
    rows: long(view, at),
    offset,
    bitOffset: offset,
    nulls: long(view, at + 8),
    buffers: buffers.map((start): ArrowBuffer | null => (start === 0 ? null : { home: memory, at: start })),
    children: children.map((child) => readArrowArray(memory, child)),
    dictionary: dictionary === 0 ? null : readArrowArray(memory, dictionary),
  };
}

function pointers(view: DataView, at: number, count: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < count; ++i) found.push(view.getUint32(at + i * 4, true));
  return found;
}

function long(view: DataView, at: number): number {
  const value = view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  if (value > 0x7fffffff) throw new AssayError('UNSUPPORTED', `an Arrow array of ${value} rows is too long`);
  return value;
}

function text(memory: WebAssembly.Memory, at: number): string {
  if (at === 0) return '';
  const bytes = new Uint8Array(memory.buffer);
  return new TextDecoder().decode(bytes.slice(at, bytes.indexOf(0, at)));
}
