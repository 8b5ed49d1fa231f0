import { layoutOf, type DataType } from '../../data/types.js';
import type { KeyValue } from '../contract.js';
import type { KeyParts } from './key-parts.js';
import { HEADER, broken } from './part.js';
import { BYTES, FINGERPRINT, UNIT } from './record.js';

const text = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads key parts from the bytes of a part: the unit of a record and the number of the key part. */
export function keyReader(
  { types, direct }: KeyParts, part: ArrayBuffer, where: string,
): (unit: number, index: number) => KeyValue {
  const bytes = new Uint8Array(part);
  const view = new DataView(part);
  const bitmap = Math.ceil(types.length / 8);
  return (unit, index) => {
    const at = HEADER + unit * UNIT;
    const kind = bytes[at + 15]! & 127;
    const weighted = bytes[at + 15]! > 127;
    if (kind === FINGERPRINT) throw broken(where, at, 'a fingerprint where keys are kept');
    const start = kind === BYTES ? at + (weighted ? 32 : 16) : at;
    const end = start + (kind === BYTES ? view.getUint32(at + 8, true) : kind - 1);
    const cursor: Cursor = { at: start, end, bytes, view, where };
    if (direct) return valueOf(types[0]!, cursor, end - start);
    cursor.at += bitmap;
    for (let i = 0; ; i++) {
      const known = (bytes[start + (i >> 3)]! >> (i & 7)) & 1;
      if (i === index) return known ? valueOf(types[i]!, cursor, lengthOf(types[i]!, cursor)) : null;
      if (known) {
        const length = lengthOf(types[i]!, cursor); // moves the cursor too
        cursor.at += length;
      }
    }
  };
}

interface Cursor {
  at: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly where: string;
}

/** Bytes of the part at the cursor, which is moved behind the length if the key tells it. */
function lengthOf(type: DataType, c: Cursor): number {
  switch (layoutOf(type)) {
    case 'bits': return 1;
    case 'i32': case 'f32': return 4;
    case 'i64': case 'f64': return 8;
    case 'i128': return c.bytes[c.at++]!;
    case 'utf8': case 'list': case 'struct': {
      let length = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = c.bytes[c.at++]!;
        length += (byte & 127) * factor;
        if (byte < 128 || factor > 2 ** 28) return length;
      }
    }
    default: throw broken(c.where, c.at, 'a value where there are only nulls');
  }
}

function valueOf(type: DataType, c: Cursor, length: number): KeyValue {
  const { at, view } = c;
  if (at + length > c.end) throw broken(c.where, at, 'a key ends too early');
  const layout = layoutOf(type);
  if (length !== (WIDTH[layout] ?? length)) throw broken(c.where, at, `a key of ${length} bytes`);
  switch (layout) {
    case 'bits': return c.bytes[at] === 1;
    case 'i32': return view.getInt32(at, true);
    case 'i64': return view.getBigInt64(at, true);
    case 'f32': return view.getFloat32(at, true);
    case 'f64': return view.getFloat64(at, true);
    case 'i128': return wide(c.bytes, at, length);
    default: {
      const value = c.bytes.subarray(at, at + length);
      return type.kind === 'string' ? text.decode(value) : value.slice();
    }
  }
}

const WIDTH: Readonly<Record<string, number>> = { bits: 1, i32: 4, i64: 8, f32: 4, f64: 8 };

/** A little-endian two's complement number. */
function wide(bytes: Uint8Array, at: number, length: number): bigint {
  let value = 0n;
  for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i]!);
  return BigInt.asIntN(length * 8, value);
}
