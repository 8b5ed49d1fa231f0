import type { Kernels } from '../../kernels/kernels.js';
import { Room } from '../../kernels/room.js';

/** What is done with a field of a struct; as `assembly/thrift.ts` numbers it. */
const KINDS = {
  /** An integer. */
  number: 1,
  /** A boolean: 1 or 0. */
  flag: 2,
  /** A struct: `to` is its place in the wish. */
  struct: 3,
  /** Bytes: where they lie behind the first byte of the outermost struct, and how many there are. */
  bytes: 4,
  /** A list of integers below 30, as bits; bit 30: one of them is none. */
  bits: 5,
  /** A list of byte strings: how many there are, where the first one lies, how long it is. */
  texts: 6,
  /** A list of structs: how many there are, where the first one lies. */
  list: 7,
  /** Anything: 1. */
  there: 8,
  /** Statistics of page encodings: which ones pages have that are no dictionaries, as bits; bit 30: one has none. */
  encodings: 9,
} as const;

/** Which fields (1 to 15) of a struct are wanted, and their slots; the first struct is the outermost. */
export type Wish = readonly Readonly<Record<number, readonly [kind: keyof typeof KINDS, to: number]>>[];

const WHY = new Map([
  [-1, 'it ends in the middle of a value'], [-2, 'a number is too long'], [-3, 'a length leads out of it'],
  [-4, 'it is nested too deeply'], [-5, 'one of its types is unknown'],
]);
const FIELDS = 16;

const tables = new WeakMap<Wish, Uint16Array>();

/** A wish as the kernel reads it. */
function tableOf(wish: Wish): Uint16Array {
  let table = tables.get(wish);
  if (table) return table;
  table = new Uint16Array(wish.length * FIELDS);
  for (const [struct, fields] of wish.entries()) {
    for (const [field, [kind, to]] of Object.entries(fields)) {
      table[struct * FIELDS + Number(field)] = (KINDS[kind] << 8) | to;
    }
  }
  tables.set(wish, table);
  return table;
}

/** Reads structs of Thrift's compact protocol in the memory of the kernels: the wanted fields land in numbered slots. */
export class ThriftRecords {
  readonly #kernels: Kernels;
  readonly #room: Room;
  readonly #slots: number;
  readonly #wished: number;

  /** `most`: how many structs are read at once. */
  constructor(kernels: Kernels, wish: Wish, slots: number, most = 1) {
    this.#kernels = kernels;
    this.#room = new Room(kernels);
    this.#slots = slots;
    this.#wished = slots * most * 8;
    const at = this.#room.ensure(this.#wished + wish.length * FIELDS * 2);
    new Uint16Array(kernels.memory.buffer, at + this.#wished, wish.length * FIELDS).set(tableOf(wish));
  }

  /** Where kernels that read structs themselves find the wish, and put so many slots. */
  get wish(): number {
    return this.#room.at + this.#wished;
  }

  get slots(): number {
    return this.#room.at;
  }

  get each(): number {
    return this.#slots;
  }

  /** Reads structs that lie one after the other; how many bytes they have, or why one is malformed. */
  read(at: number, bytes: number, count = 1): number | string {
    const { at: slots } = this.#room;
    const size = this.#kernels.fn.thriftStructs(at, bytes, slots + this.#wished, slots, this.#slots, count);
    return size < 0 ? WHY.get(size)! : size;
  }

  /** Slots of the structs that were read last, until memory grows. NaN: the field is not there, or of another type. */
  found(count = 1): Float64Array {
    return new Float64Array(this.#kernels.memory.buffer, this.#room.at, this.#slots * count);
  }

  free(): void {
    this.#room.free();
  }
}
