import type { BatchView, Mask, Vector } from '../../../src/expression/batch-view.js';
import type { Bound } from '../../../src/expression/bound.js';
import { layoutOf, type DataType } from '../../../src/data/types.js';
import type { Kernels } from '../../../src/kernels/kernels.js';

export type Value = null | boolean | number | bigint | string | Uint8Array;

/** A column of a test batch; with `dictionary` its vector is one, entries repeated and unused ones included. */
export interface TestColumn {
  readonly type: DataType;
  readonly values: readonly Value[];
  readonly dictionary?: boolean;
}

/** A key column expression by number. */
export function columnOf(index: number, type: DataType): Bound {
  return { kind: 'column', name: String(index), type };
}

/** The filter that `viewOf` answers. */
export const SOME_ROWS: Bound = { kind: 'column', name: 'where', type: { kind: 'boolean' } };

/** A BatchView over values, which works only what table states ask for. */
export function viewOf(kernels: Kernels, columns: readonly TestColumn[], rows: number, inScope: readonly boolean[] | null = null): BatchView {
  const { scratch } = kernels;
  const bitmap = (bits: readonly boolean[], junk = false) => {
    const size = Math.ceil(bits.length / 128) * 16;
    const at = scratch.zeroed(Math.max(16, size));
    const bytes = new Uint8Array(kernels.memory.buffer, at, size);
    if (junk) bytes.fill(255);
    bits.forEach((b, i) => (bytes[i >> 3] = b ? bytes[i >> 3]! | (1 << (i & 7)) : bytes[i >> 3]! & ~(1 << (i & 7))));
    return at;
  };
  const plain = (type: DataType, values: readonly Value[], junk: boolean): Vector => {
    const layout = layoutOf(type);
    const n = values.length;
    const validity = values.some((v) => v === null) ? bitmap(values.map((v) => v !== null), junk) : 0;
    const base = { type, layout, rows: n, validity, values: 0, bytes: 0, children: [], indices: 0, dictionary: null };
    if (layout === 'none') return base;
    if (layout === 'bits') return { ...base, values: bitmap(values.map((v) => v === true)) };
    if (layout === 'utf8') {
      const parts = values.map((v) => (v === null ? new Uint8Array() : typeof v === 'string' ? new TextEncoder().encode(v) : (v as Uint8Array)));
      const offsets = scratch.alloc((n + 1) * 4);
      const bytes = scratch.alloc(parts.reduce((s, p) => s + p.length, 7));
      let at = 7; // offsets need not start at 0
      const out = new Int32Array(kernels.memory.buffer, offsets, n + 1);
      parts.forEach((p, i) => {
        out[i] = at;
        new Uint8Array(kernels.memory.buffer, bytes + at, p.length).set(p);
        at += p.length;
      });
      out[n] = at;
      return { ...base, values: offsets, bytes };
    }
    const width = { i32: 4, i64: 8, i128: 16, f32: 4, f64: 8 }[layout as 'i32'];
    const at = scratch.alloc(n * width);
    const view = new DataView(kernels.memory.buffer, at, n * width);
    values.forEach((v, i) => {
      if (layout === 'i32') view.setInt32(i * 4, v === null ? 77 : (v as number), true);
      else if (layout === 'i64') view.setBigInt64(i * 8, v === null ? 77n : (v as bigint), true);
      else if (layout === 'f32') view.setFloat32(i * 4, v === null ? 77 : (v as number), true);
      else if (layout === 'f64') view.setFloat64(i * 8, v === null ? 77 : (v as number), true);
      else {
        view.setBigInt64(i * 16, BigInt.asIntN(64, (v ?? 77n) as bigint), true);
        view.setBigInt64(i * 16 + 8, ((v ?? 77n) as bigint) >> 64n, true);
      }
    });
    return { ...base, values: at };
  };
  const vectors = columns.map(({ type, values, dictionary }): Vector => {
    if (!dictionary) return plain(type, values, true);
    const entries: Value[] = [null, ...values.slice(0, 5)]; // a null entry, repeated entries, unused ones
    const indices = values.map((v) => {
      const known = entries.findLastIndex((e) => e === v || (Number.isNaN(e) && Number.isNaN(v)));
      return known >= 0 ? known : entries.push(v) - 1;
    });
    entries.push(...values.slice(0, 2));
    const inner = plain(type, entries, false);
    const at = scratch.alloc(indices.length * 4);
    new Int32Array(kernels.memory.buffer, at, indices.length).set(indices);
    const someNull = values.some((v, i) => v === null && i % 2 === 0);
    const validity = someNull ? bitmap(values.map((v, i) => v !== null || i % 2 === 1), true) : 0; // the rest are null by their entry
    return { type, layout: inner.layout, rows: values.length, validity, values: 0, bytes: 0, children: [], indices: at, dictionary: inner };
  });
  const find = (e: Bound) => Number((e as { name: string }).name);
  const inside = (i: number, where: Bound | null) => where === null || inScope === null || inScope[i]!;
  const maskOf = (where: Bound | null, keep: (i: number) => boolean): Mask => {
    const bits = Array.from({ length: rows }, (_, i) => inside(i, where) && keep(i));
    return { bits: bits.every(Boolean) ? 0 : bitmap(bits), count: bits.filter(Boolean).length };
  };
  const known = (e: Bound, where: Bound | null) => maskOf(where, (i) => columns[find(e)]!.values[i] !== null);
  const vector = (e: Bound, flat?: boolean): Vector => {
    const { type, values } = columns[find(e)]!;
    return flat && vectors[find(e)]!.dictionary ? plain(type, values, true) : vectors[find(e)]!;
  };
  return {
    rows, kernels, vector, known,
    scope: (where) => maskOf(where, () => true),
    weighted(e, where) {
      const v = vector(e);
      const mask = known(e, where);
      if (!v.dictionary) return { vector: v, mask, weights: 0 };
      const n = v.dictionary.rows;
      const weights = scratch.zeroed(n * 4);
      const indices = new Int32Array(kernels.memory.buffer, v.indices, rows);
      const out = new Uint32Array(kernels.memory.buffer, weights, n);
      columns[find(e)]!.values.forEach((value, i) => {
        if (value !== null && inside(i, where)) out[indices[i]!]!++;
      });
      return { vector: v.dictionary, mask: { bits: 0, count: n }, weights };
    },
    numbers(e, where) {
      const numbers = columns[find(e)]!.values.filter((v, i) => v !== null && inside(i, where)).map(Number);
      const at = scratch.alloc(numbers.length * 8);
      new Float64Array(kernels.memory.buffer, at, numbers.length).set(numbers);
      return { layout: 'f64', values: at, count: numbers.length };
    },
    truths: unused, values: unused, pairs: unused, hashes: unused, extremes: unused, texts: unused, sharesTexts: () => false,
    close: () => scratch.reset(),
  };
}

function unused(): never {
  throw new Error('table states do not ask for this');
}
