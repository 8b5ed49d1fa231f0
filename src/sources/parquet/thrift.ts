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
  const reader = new ThriftReader(bytes, what);
  return { value: reader.struct(0), end: reader.at };
}

class ThriftReader {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #what: string;

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  struct(depth: number): ThriftStruct {
    const fields: Record<number, Thrift> = {};
    for (let last = 0; ;) {
      const head = this.#byte();
      if (head === STOP) return fields;
      last = head >> 4 === 0 ? Number(this.#signed()) : last + (head >> 4);
      fields[last] = this.#value(head & 15, depth);
    }
  }

  #value(type: number, depth: number): Thrift {
    if (depth > DEEPEST) throw this.#malformed('it is nested too deeply');
    switch (type) {
      case TRUE: return true;
      case FALSE: return false;
      case BYTE: return this.#byte();
      case I16: case I32: return Number(this.#signed());
      case I64: return this.#signed();
      case DOUBLE: {
        this.#taken(8);
        return null;
      }
      case BINARY: return this.#taken(this.#size());
      case LIST: case SET: {
        const head = this.#byte();
        const count = head >> 4 === 15 ? this.#size() : head >> 4;
        const items: Thrift[] = [];
        const inner = head & 15;
        for (let i = 0; i < count; ++i) {
          items.push(inner <= FALSE ? this.#byte() === TRUE : this.#value(inner, depth + 1));
        }
        return items;
      }
      case STRUCT: return this.struct(depth + 1);
      default: throw this.#malformed(`type ${type} is unknown`);
    }
  }

  #byte(): number {
    if (this.at >= this.#bytes.length) throw this.#cut();
    return this.#bytes[this.at++]!;
  }

  /** The next bytes. */
  #taken(size: number): Uint8Array {
    if (this.at + size > this.#bytes.length) throw this.#cut();
    this.at += size;
    return this.#bytes.subarray(this.at - size, this.at);
  }

  /** A variable-length integer; a bigint only beyond 49 bits. */
  #unsigned(): number | bigint {
    let value = 0;
    for (let scale = 1; scale < 2 ** 49; scale *= 128) {
      const next = this.#byte();
      value += (next & 127) * scale;
      if (next < 128) return value;
    }
    let large = BigInt(value);
    for (let shift = 49n; ; shift += 7n) {
      const next = this.#byte();
      large |= BigInt(next & 127) << shift;
      if (next < 128) return BigInt.asUintN(64, large);
      if (shift >= 63n) throw this.#malformed('a number is too long');
    }
  }

  /** Zigzag: the sign is the lowest bit. */
  #signed(): number | bigint {
    const value = this.#unsigned();
    if (typeof value === 'number') return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    return value & 1n ? -(value >> 1n) - 1n : value >> 1n;
  }

  #size(): number {
    const value = this.#unsigned();
    if (value > this.#bytes.length) throw this.#malformed('a length leads out of it');
    return Number(value);
  }

  #cut(): AssayError {
    return this.#malformed('it ends in the middle of a value');
  }

  #malformed(why: string): AssayError {
    return new AssayError('SOURCE', `${this.#what} is malformed: ${why}`);
  }
}
