import type { Batch, Bits, Column } from '../../src/data/column.js';
import { regionOf } from '../../src/data/region.js';
import { BOOLEAN, layoutOf, type DataType } from '../../src/data/types.js';
import type { Bound } from '../../src/expression/bound.js';
import { openView } from '../../src/expression/view.js';
import { openKernels, type Kernels } from '../../src/kernels/kernels.js';
import type { Accumulator, KeyValue, RecordSpec, Request } from '../../src/states/contract.js';

export type Row = Readonly<Record<string, KeyValue>>;
export type Types = Readonly<Record<string, DataType>>;

export const kernels = openKernels();

/** A column of that name. */
export function column(name: string, type: DataType): Bound {
  return { kind: 'column', name, type };
}

/** Whether an expression is known. */
export function isKnown(e: Bound): Bound {
  return { kind: 'call', fn: 'isnotnull', args: [e], type: BOOLEAN };
}

function bitsOf(flags: readonly boolean[]): Bits {
  const bytes = new Uint8Array((flags.length >> 3) + 1);
  flags.forEach((flag, i) => {
    if (flag) bytes[i >> 3]! |= 1 << (i & 7);
  });
  return { region: regionOf(bytes), offset: 0 };
}

/** A column of plain values. */
export function plainColumn(type: DataType, values: readonly KeyValue[]): Column {
  const rows = values.length;
  const validity = values.includes(null) ? bitsOf(values.map((v) => v !== null)) : null;
  const base = { type, rows, validity };
  switch (layoutOf(type)) {
    case 'bits': return { ...base, bits: bitsOf(values.map((v) => v === true)) };
    case 'i32': return { ...base, values: regionOf(Int32Array.from(values, (v) => Number(v ?? -7))) };
    case 'i64': return { ...base, values: regionOf(BigInt64Array.from(values, (v) => BigInt((v as bigint) ?? -7n))) };
    case 'f32': return { ...base, values: regionOf(Float32Array.from(values, (v) => Number(v ?? -7))) };
    case 'f64': return { ...base, values: regionOf(Float64Array.from(values, (v) => Number(v ?? -7))) };
    case 'i128': {
      const wide = values.map((v) => (v as bigint) ?? -7n);
      const words = wide.flatMap((v) => [BigInt.asUintN(64, v), BigInt.asUintN(64, v >> 64n)]);
      return { ...base, values: regionOf(BigUint64Array.from(words)) };
    }
    case 'utf8': {
      const parts =
        values.map((v) => (v instanceof Uint8Array ? v : new TextEncoder().encode((v as string) ?? 'null')));
      const offsets = new Int32Array(rows + 1);
      parts.forEach((p, i) => (offsets[i + 1] = offsets[i]! + p.length));
      const bytes = new Uint8Array(offsets[rows]! + 1);
      parts.forEach((p, i) => bytes.set(p, offsets[i]!));
      return { ...base, offsets: regionOf(offsets), values: regionOf(bytes) };
    }
    default: throw new Error(`no test columns of ${type.kind}`);
  }
}

/** The same values through a dictionary, which has an entry that nobody uses. */
export function dictionaryColumn(type: DataType, values: readonly KeyValue[]): Column {
  const entries: KeyValue[] = [];
  const places = new Map<string, number>();
  const keyOf = (v: KeyValue) =>
    (v instanceof Uint8Array ? `b${v.join()}` : Object.is(v, -0) ? '-0' : `${typeof v}${String(v)}`);
  const indices = values.map((v) => {
    if (v === null) return 0;
    let place = places.get(keyOf(v));
    if (place === undefined) places.set(keyOf(v), (place = entries.push(v) - 1));
    return place;
  });
  entries.push(UNUSED[layoutOf(type)] ?? null);
  return {
    type,
    rows: values.length,
    validity: values.includes(null) ? bitsOf(values.map((v) => v !== null)) : null,
    indices: regionOf(Int32Array.from(indices)),
    dictionary: plainColumn(type, entries),
  };
}

const UNUSED: Partial<Record<string, KeyValue>> = {
  bits: true, i32: -2_000_000_000, i64: -(2n ** 62n), i128: -(2n ** 120n), f32: -1e38, f64: -1e300, utf8: '',
};

/** A batch of rows. */
export function batchOf(types: Types, rows: readonly Row[], make = plainColumn): Batch {
  const made = new Map<string, Column>();
  return {
    rows: rows.length,
    column(name) {
      let c = made.get(name);
      if (!c) made.set(name, (c = make(types[name]!, rows.map((r) => r[name] ?? null))));
      return c;
    },
  };
}

/** Adds rows to an accumulator in batches of a size. */
export function feed(
  to: Accumulator<object>, types: Types, rows: readonly Row[], size = 1000, make = plainColumn, on: Kernels = kernels,
): void {
  for (let at = 0; at < rows.length; at += size) {
    const view = openView(batchOf(types, rows.slice(at, at + size), make), on);
    to.add(view);
    view.close();
  }
}

/** The state of some rows. */
export function stateOf<Q, S extends object>(
  spec: RecordSpec<Q, S>, request: Request<Q>, types: Types, rows: readonly Row[], size = 1000, make = plainColumn,
): S {
  const accumulator = spec.open(request, kernels);
  try {
    feed(accumulator, types, rows, size, make);
    return accumulator.finish();
  } finally {
    accumulator.close();
  }
}

/** A request as bind.state makes it. */
export function ask<Q>(
  spec: RecordSpec<Q, any>, inputs: readonly Bound[], options: Q, where: Bound | null = null,
): Request<Q> {
  return { state: spec.name, inputs, where, options };
}
