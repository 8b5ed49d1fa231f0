import fc from 'fast-check';
import type { Batch, Bits, Column } from '../../../src/data/column.js';
import { regionIn, regionOf, type Region } from '../../../src/data/region.js';
import { BOOLEAN, DATE, DOUBLE, FLOAT, INT, LONG, STRING, TIMESTAMP, decimal, layoutOf, type DataType } from '../../../src/data/types.js';
import { openKernels, type Kernels } from '../../../src/kernels/kernels.js';
import type { BoundColumn } from '../../../src/expression/bound.js';
import type { Value } from '../../../src/expression/evaluate/values.js';

/** How a generated column lies in memory. */
export interface Placing {
  readonly home: 'memory' | 'buffer';
  readonly shift: number; // rows before the first: bit offsets and sliced buffers
  readonly dictionary: boolean;
}

export interface Generated {
  readonly types: readonly DataType[];
  readonly rows: readonly (readonly Value[])[];
  readonly placing: readonly Placing[];
}

const TYPES: readonly DataType[] = [BOOLEAN, INT, LONG, FLOAT, DOUBLE, STRING, DATE, TIMESTAMP, decimal(10, 2), decimal(30, 4)];

export function arbitraryValue(type: DataType): fc.Arbitrary<Value> {
  const known = (): fc.Arbitrary<Value> => {
    switch (type.kind) {
      case 'boolean': return fc.boolean();
      case 'int': return fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer(), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1));
      case 'date': return fc.integer({ min: -800_000, max: 2_900_000 });
      case 'long': return fc.oneof(fc.bigInt(-3n, 3n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n));
      case 'timestamp': return fc.bigInt(-60_000_000_000_000_000n, 250_000_000_000_000_000n);
      case 'float': return fc.oneof(fc.constantFrom(0, -0, NaN, 1.5, Infinity, -Infinity), fc.float());
      case 'double': return fc.oneof(fc.constantFrom(0, -0, NaN, 1.5, 0.1, Infinity, -Infinity), fc.double());
      case 'decimal': {
        const top = 10n ** BigInt(type.precision) - 1n;
        return fc.oneof(fc.bigInt(-300n, 300n), fc.bigInt(-top, top));
      }
      default:
        return fc.oneof(
          fc.constantFrom('', 'a', 'ab', 'abc', ' a ', 'A', 'é', 'z', '日本', '😀', '1', '-1.5', 'abcdefgh', 'abcdefghi', 'abcdefghijklmnopq'),
          fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '日', '😀', '%', '1'), maxLength: 24 }),
        );
    }
  };
  return fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 5, arbitrary: known() });
}

const placing = fc.record({
  home: fc.constantFrom('memory' as const, 'buffer' as const),
  shift: fc.constantFrom(0, 0, 1, 5, 8, 13),
  dictionary: fc.boolean(),
});

/** Batches of columns c0, c1, … of the given types (by default all). */
export function batches(types: readonly DataType[] = TYPES, maxRows = 70): fc.Arbitrary<Generated> {
  return fc.record({
    types: fc.constant(types),
    rows: fc.array(fc.tuple(...types.map(arbitraryValue)), { maxLength: maxRows }),
    placing: fc.tuple(...types.map(() => placing)),
  });
}

/** The column of a generated batch as an expression. */
export function columnOf(g: { readonly types: readonly DataType[] }, index: number): BoundColumn {
  return { kind: 'column', name: `c${index}`, type: g.types[index]! };
}

/** Kernels on a memory of their own, which starts as small as can be and so grows in the middle of things. */
export function smallKernels(): Kernels {
  return openKernels(new WebAssembly.Memory({ initial: 1 }));
}

/** The batch with its columns where their placing says. */
export function batchOf(g: Generated, kernels: Kernels): Batch {
  const columns = g.types.map((type, k) => columnAt(type, g.rows.map((r) => r[k]!), g.placing[k]!, kernels));
  return {
    rows: g.rows.length,
    column: (name) => columns[Number(name.slice(1))]!,
  };
}

export function columnAt(type: DataType, values: readonly Value[], p: Placing, kernels: Kernels): Column {
  if (!p.dictionary) return plainColumn(type, values, p, kernels);
  const distinct = [...new Map(values.filter((v) => v !== null).map((v) => [Object.is(v, -0) ? '-0' : String(v), v])).values()];
  const unused = [...distinct, ...distinct.slice(0, 1)]; // an entry that does not occur
  const at = new Map(distinct.map((v, i) => [Object.is(v, -0) ? '-0' : String(v), i]));
  const indices = Int32Array.from(values, (v) => (v === null ? 0x7ffffff : at.get(Object.is(v, -0) ? '-0' : String(v))!));
  return {
    type, rows: values.length,
    validity: bitsOf(values.map((v) => v !== null), p, kernels),
    indices: place(indices, p, kernels),
    dictionary: plainColumn(type, unused, { ...p, dictionary: false }, kernels),
  };
}

function plainColumn(type: DataType, values: readonly Value[], p: Placing, kernels: Kernels): Column {
  const rows = values.length;
  const validity = values.includes(null) ? bitsOf(values.map((v) => v !== null), p, kernels) : null;
  const layout = layoutOf(type);
  const filled = values.map((v) => v ?? 0);
  switch (layout) {
    case 'bits':
      return { type, rows, validity, bits: bitsOf(values.map((v) => v === true), p, kernels) };
    case 'i32': return { type, rows, validity, values: place(Int32Array.from(filled as number[]), p, kernels) };
    case 'f32': return { type, rows, validity, values: place(Float32Array.from(filled as number[]), p, kernels) };
    case 'f64': return { type, rows, validity, values: place(Float64Array.from(filled as number[]), p, kernels) };
    case 'i64': return { type, rows, validity, values: place(BigInt64Array.from(values, (v) => (v as bigint) ?? 0n), p, kernels) };
    case 'i128': {
      const words = values.flatMap((v) => [BigInt.asIntN(64, (v as bigint) ?? 0n), ((v as bigint) ?? 0n) >> 64n]);
      return { type, rows, validity, values: place(BigInt64Array.from(words), p, kernels) };
    }
    default: {
      const before = 'x'.repeat(p.shift);
      const parts = values.map((v) => new TextEncoder().encode((v as string) ?? ''));
      const offsets = new Int32Array(rows + 1);
      offsets[0] = before.length;
      parts.forEach((b, i) => (offsets[i + 1] = offsets[i]! + b.length));
      const bytes = new Uint8Array(offsets[rows]!);
      bytes.set(new TextEncoder().encode(before));
      parts.forEach((b, i) => bytes.set(b, offsets[i]!));
      return { type, rows, validity, offsets: place(offsets, p, kernels), values: place(bytes, p, kernels) };
    }
  }
}

/** A bitmap at a bit offset, with ones around it. */
function bitsOf(flags: readonly boolean[], p: Placing, kernels: Kernels): Bits {
  const bytes = new Uint8Array(((p.shift + flags.length) >> 3) + 2).fill(255);
  flags.forEach((on, i) => {
    const k = p.shift + i;
    if (!on) bytes[k >> 3]! &= ~(1 << (k & 7));
  });
  return { region: place(bytes, p, kernels), offset: p.shift };
}

function place(view: ArrayBufferView, p: Placing, kernels: Kernels): Region {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (p.home === 'memory') {
    const at = kernels.heap.alloc(bytes.length);
    new Uint8Array(kernels.memory.buffer, at, bytes.length).set(bytes);
    return regionIn(kernels.memory, at, bytes.length);
  }
  const odd = new Uint8Array(bytes.length + p.shift); // unaligned
  odd.set(bytes, p.shift);
  return regionOf(odd.subarray(p.shift));
}
