import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openKernels } from '../../src/kernels/kernels.js';
import { footerDetails } from '../../src/sources/parquet/footer-details.js';
import { readThriftAt, type Thrift, type ThriftStruct } from '../../src/sources/parquet/thrift.js';
import { ThriftRecords, type Wish } from '../../src/sources/parquet/thrift-records.js';

const kernels = openKernels();
const WISH: Wish = [
  { 1: ['number', 0], 2: ['flag', 1], 3: ['struct', 1], 4: ['bytes', 2], 5: ['bits', 4], 6: ['texts', 5], 7: ['list', 8], 15: ['there', 10] },
  { 1: ['number', 11], 2: ['struct', 2] },
  { 9: ['number', 12] },
];
const SLOTS = 13;

/** Bytes of the compact protocol. */
type Written = { readonly type: number; readonly bytes: readonly number[] };

const varint = (value: bigint): number[] => (value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)]);
const zigzag = (value: bigint): number[] => varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));

function listOf(items: readonly Written[], type: number, lenOf: number): number[] {
  const head = lenOf < 15 ? [(lenOf << 4) | type] : [0xf0 | type, ...varint(BigInt(lenOf))];
  return [...head, ...items.flatMap((item) => item.bytes)];
}

function structOf(fields: readonly (readonly [id: number, value: Written])[]): Written {
  let last = 0;
  const bytes: number[] = [];
  for (const [id, value] of [...fields].sort((a, b) => a[0] - b[0])) {
    const step = id - last;
    bytes.push(...(step > 0 && step < 16 ? [(step << 4) | value.type] : [value.type, ...zigzag(BigInt(id))]), ...value.bytes);
    last = id;
  }
  return { type: 12, bytes: [...bytes, 0] };
}

const integers = fc.oneof(fc.bigInt({ min: -20n, max: 40n }), fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n }));
const integer: fc.Arbitrary<Written> = fc.tuple(fc.constantFrom(4, 5, 6), integers).map(([type, x]) => ({ type, bytes: zigzag(x) }));
const scalar: fc.Arbitrary<Written> = fc.oneof(
  integer,
  fc.boolean().map((x) => ({ type: x ? 1 : 2, bytes: [] })),
  fc.integer({ min: 0, max: 127 }).map((x) => ({ type: 3, bytes: [x] })),
  fc.double().map((x) => ({ type: 7, bytes: [...new Uint8Array(Float64Array.of(x).buffer)] })),
  fc.uint8Array({ maxLength: 20 }).map((x) => ({ type: 8, bytes: [...varint(BigInt(x.length)), ...x] })),
);
const { struct } = fc.letrec<{ struct: Written; value: Written }>((tie) => ({
  struct: fc.array(fc.tuple(fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 17, max: 32_767 })), tie('value')), { maxLength: 8 })
    .map((fields) => structOf([...new Map(fields)])),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true }, scalar,
    tie('struct'),
    fc.array(integer.map((x) => ({ ...x, type: 5 })), { maxLength: 20 }).map((items) => ({ type: 9, bytes: listOf(items, 5, items.length) })),
    fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 4 }).map((texts) => ({
      type: 9, bytes: listOf(texts.map((x) => ({ type: 8, bytes: [x.length, ...x] })), 8, texts.length),
    })),
    fc.array(fc.boolean(), { maxLength: 4 }).map((flags) => ({
      type: 9, bytes: listOf(flags.map((x) => ({ type: 1, bytes: [x ? 1 : 2] })), 1, flags.length),
    })),
    fc.array(tie('struct'), { maxLength: 3 }).map((items) => ({ type: 9, bytes: listOf(items, 12, items.length) })),
  ),
}));

/** What the kernel says, or why not. */
function byKernel(bytes: Uint8Array): { size: number; slots: number[] } | null {
  const at = kernels.heap.alloc(bytes.length + 64);
  const records = new ThriftRecords(kernels, WISH, SLOTS);
  try {
    new Uint8Array(kernels.memory.buffer).fill(0x15, at, at + bytes.length + 64).set(bytes, at); // what follows looks like a field
    const size = records.read(at, bytes.length);
    return typeof size === 'string' ? null : { size, slots: [...records.found()] };
  } finally {
    records.free();
    kernels.heap.free(at, bytes.length + 64);
  }
}

/** The same from the values that the reader of whole structs gives. */
function byValues(bytes: Uint8Array): { size: number; slots: number[] } | null {
  let read;
  try {
    read = readThriftAt(bytes, 'it');
  } catch {
    return null;
  }
  const slots = new Array<number>(SLOTS).fill(NaN);
  const set = (slot: number, value: number) => (slots[slot] = value);
  const number = (value: Thrift | undefined, slot: number) => {
    if (typeof value === 'number' || typeof value === 'bigint') set(slot, Number(value));
  };
  const structAt = (value: Thrift | undefined): ThriftStruct =>
    (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array) ? value : {});
  const { value, end } = read;
  number(value[1], 0);
  if (typeof value[2] === 'boolean') set(1, Number(value[2]));
  if (value[4] instanceof Uint8Array) {
    set(2, value[4].byteOffset - bytes.byteOffset);
    set(3, value[4].length);
  }
  if (Array.isArray(value[5])) {
    set(4, value[5].reduce<number>((bits, x) => (bits | (typeof x === 'number' && x >= 0 && x < 30 ? 1 << x : 1 << 30)) >>> 0, 0));
  }
  if (Array.isArray(value[6])) {
    set(5, value[6].length);
    const [first] = value[6];
    if (first instanceof Uint8Array) {
      set(6, first.byteOffset - bytes.byteOffset);
      set(7, first.length);
    }
  }
  if (15 in value) set(10, 1);
  number(structAt(value[3])[1], 11);
  number(structAt(structAt(value[3])[2])[9], 12);
  return { size: end, slots };
}

/** Lists of structs are told by their place, which values do not have. */
const without = (found: { size: number; slots: number[] } | null) =>
  found && { ...found, slots: found.slots.filter((_, slot) => slot !== 8 && slot !== 9) };

function same(bytes: Uint8Array): void {
  expect(without(byKernel(bytes))).toEqual(without(byValues(bytes)));
}

describe('law: the kernel that reads structs of Thrift finds what the reader of whole structs finds', () => {
  it('in any struct, up to its last byte', () => {
    fc.assert(fc.property(struct, fc.uint8Array({ maxLength: 3 }), ({ bytes }, behind) => {
      same(Uint8Array.of(...bytes, ...behind));
    }), { numRuns: 2000 });
  });

  it('in damaged and cut ones, or neither reads them', () => {
    const damage = fc.record({ struct, at: fc.nat(), to: fc.nat(255), cut: fc.nat(3) });
    fc.assert(fc.property(damage, ({ struct: { bytes }, at, to, cut }) => {
      const damaged = Uint8Array.from(bytes);
      damaged[at % damaged.length] = to;
      const bytesLeft = damaged.subarray(0, damaged.length - (cut === 0 ? at % damaged.length : 0));
      const [found, wanted] = [byKernel(bytesLeft), byValues(bytesLeft)];
      expect(found?.size).toBe(wanted?.size);
      // of a field that is there twice, once as something else, the kernel keeps the number
      if (wanted) expect(found!.slots.map((x, i) => (Number.isNaN(wanted.slots[i]) ? NaN : x))).toEqual(wanted.slots);
    }), { numRuns: 5000 });
  });

  it('lists of structs: how many there are, and where the first one lies', () => {
    const inner = structOf([[1, { type: 5, bytes: zigzag(7n) }]]);
    const { bytes } = structOf([[7, { type: 9, bytes: listOf([inner, inner], 12, 2) }]]);
    expect(byKernel(Uint8Array.from(bytes))!.slots.slice(8, 10)).toEqual([2, 2]);
    const { bytes: of } = structOf([[7, { type: 9, bytes: listOf([{ type: 5, bytes: [2] }], 5, 1) }]]);
    expect(byKernel(Uint8Array.from(of))!.slots.slice(8, 10)).toEqual([NaN, NaN]);
  });

  it('a planted violation is caught: a struct that is said to be one byte shorter', () => {
    expect(() => fc.assert(fc.property(struct, ({ bytes }) => {
      const all = Uint8Array.from(bytes);
      expect(without(byKernel(all.subarray(0, -1)))).toEqual(without(byValues(all)));
    }))).toThrow();
  });

  it('depth is bounded', () => {
    let deep = structOf([]);
    for (let i = 0; i < 40; ++i) deep = structOf([[2, deep]]);
    same(Uint8Array.from(deep.bytes));
    expect(byKernel(Uint8Array.from(deep.bytes))).toBeNull();
  });
});

describe('a footer', () => {
  it('that claims more column chunks than it has bytes is refused before there is room for them', () => {
    const many = (n: number): Written => ({ type: 9, bytes: listOf(Array.from({ length: n }, () => structOf([])), 12, n) });
    const { bytes } = structOf([[2, many(30_001)], [4, many(30_000)]]);
    expect(() => footerDetails(Uint8Array.from(bytes)))
      .toThrow('the footer is malformed: 30000 row groups of 30000 columns do not fit into it');
  });
});
