import { AssayError } from '../../base/errors.js';

/**
 * A value of Thrift's compact protocol: structs are maps by field number; integers beyond 2^53 are bigints; doubles, which no field
 * of Parquet is, are null.
 */
export type Thrift = null | boolean | number | bigint | Uint8Array | Thrift[] | ThriftStruct;
export interface ThriftStruct {
  readonly [field: number]: Thrift;
}

const STOP = 0, TRUE = 1, FALSE = 2, BYTE = 3, I16 = 4, I32 = 5, I64 = 6;
const DOUBLE = 7, BINARY = 8, LIST = 9, SET = 10, STRUCT = 12;
const DEEPEST = 32;

/**
 * Reads one struct (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md) and where it ends. `what`
 * is what errors say is malformed.
 */
export function readThriftAt(bytes: Uint8Array, what: string): { value: ThriftStruct; end: number } {
  let at = 0;
  const malformed = (why: string) => new AssayError('SOURCE', `${what} is malformed: ${why}`);

  function byte(): number {
    if (at >= bytes.length) throw malformed('it ends in the middle of a value');
    return bytes[at++]!;
  }

  /** A variable-length integer; a bigint only beyond 49 bits. */
  function unsigned(): number | bigint {
    let value = 0;
    for (let scale = 1; scale < 2 ** 49; scale *= 128) {
      const next = byte();
      value += (next & 127) * scale;
      if (next < 128) return value;
    }
    let large = BigInt(value);
    for (let shift = 49n; ; shift += 7n) {
      const next = byte();
      large |= BigInt(next & 127) << shift;
      if (next < 128) return BigInt.asUintN(64, large);
      if (shift >= 63n) throw malformed('a number is too long');
    }
  }

  function size(): number {
    const value = unsigned();
    if (value > bytes.length) {
      throw malformed('a length leads out of it');
    }
    return Number(value);
  }

  /** Zigzag: the sign is the lowest bit. */
  function signed(): number | bigint {
    const value = unsigned();
    if (typeof value === 'number') return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    return value & 1n ? -(value >> 1n) - 1n : value >> 1n;
  }

  function value(type: number, depth: number): Thrift {
    if (depth > DEEPEST) throw malformed('it is nested too deeply');
    switch (type) {
      case TRUE: return true;
      case FALSE: return false;
      case BYTE: return byte();
      case I16: case I32: return Number(signed());
      case I64: return signed();
      case DOUBLE: {
        at += 8;
        if (at > bytes.length) byte();
        return null;
      }
      case BINARY: {
        const length = size();
        at += length;
        if (at > bytes.length) byte();
        return bytes.subarray(at - length, at);
      }
      case LIST: case SET: {
        const head = byte();
        const count = head >> 4 === 15 ? size() : head >> 4;
        const items: Thrift[] = [];
        const inner = head & 15;
        for (let i = 0; i < count; ++i) items.push(inner <= FALSE ? byte() === TRUE : value(inner, depth + 1));
        return items;
      }
      case STRUCT: return struct(depth + 1);
      default: throw malformed(`type ${type} is unknown`);
    }
  }

  function struct(depth: number): ThriftStruct {
    const fields: Record<number, Thrift> = {};
    for (let last = 0; ;) {
      const head = byte();
      if (head === STOP) return fields;
      last = head >> 4 === 0 ? Number(signed()) : last + (head >> 4);
      fields[last] = value(head & 15, depth);
    }
  }

  const read = struct(0);
  return { value: read, end: at };
}
