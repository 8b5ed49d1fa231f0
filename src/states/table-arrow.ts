import { AssayError, asAssayError } from '../base/errors.js';
import { toArrowTable } from '../data/arrow-out.js';
import type { Column } from '../data/column.js';
import { regionOf } from '../data/region.js';
import { LONG, layoutOf, type DataType } from '../data/types.js';
import type { KeyValue } from './contract.js';
import { compareKeys, type SavedTable } from './saved-table.js';

/**
 * A table as an Arrow IPC stream: a column `key<i>` per key part, in its own type, an int64 column `count`, and where
 * something is measured an int64 column `sum`. The rows are the groups in the order of a SavedTable; the group whose
 * parts are all null is the first one. Needs the peer `apache-arrow`.
 */
export async function tableToIpc(table: SavedTable, types: readonly DataType[]): Promise<Uint8Array> {
  const nulls = table.allNull.rows > 0;
  const first = <T>(value: T, rest: Iterable<T>) => (nulls ? [value, ...rest] : [...rest]);
  const columns = types.map((type, i) => ({ name: `key${i}`, column: columnOf(type, first<KeyValue>(null, table.keys[i]!)) }));
  const counts = first(table.allNull.rows, table.counts).map(BigInt);
  columns.push({ name: 'count', column: columnOf(LONG, counts) });
  if (table.sums) {
    const sums = Array.from(table.sums, (sum, i) => (table.known![i] ? sum : null));
    columns.push({ name: 'sum', column: columnOf(LONG, first(table.allNull.sum, sums)) });
  }
  const arrow = await library();
  return arrow.tableToIPC((await toArrowTable(columns)) as never, 'stream');
}

/** The table in an Arrow IPC stream; throws STATE for one that no table of these types could have made. */
export async function tableFromIpc(bytes: Uint8Array, types: readonly DataType[], measured: boolean): Promise<SavedTable> {
  const arrow = await library();
  let read: ArrowTable;
  try {
    read = arrow.tableFromIPC(bytes) as unknown as ArrowTable;
  } catch (thrown) {
    throw asAssayError(thrown, 'STATE', 'a table is no Arrow IPC stream');
  }
  const names = [...types.map((_, i) => `key${i}`), 'count', ...(measured ? ['sum'] : [])];
  const vectors = names.map((name) => {
    const vector = read.getChild(name);
    if (!vector) throw new AssayError('STATE', `a table lacks its column '${name}'`);
    return vector;
  });
  const keys = types.map((type, i) => [...valuesOf(type, vectors[i]!)]);
  const counts = [...valuesOf(LONG, vectors[types.length]!)].map(Number);
  const sums = measured ? ([...valuesOf(LONG, vectors[types.length + 1]!)] as (bigint | null)[]) : null;
  if (counts.some((n) => !Number.isSafeInteger(n) || n <= 0)) throw new AssayError('STATE', 'a table counts no rows of a group');
  let allNull: SavedTable['allNull'] = { rows: 0, sum: null };
  if (counts.length > 0 && keys.every((part) => part[0] === null)) {
    allNull = { rows: counts.shift()!, sum: sums?.shift() ?? null };
    for (const part of keys) part.shift();
  }
  for (let i = 1; i < counts.length; ++i) {
    if (compareKeys(keys, i - 1, keys, i) >= 0) throw new AssayError('STATE', `the groups of a table are not in order (${i})`);
  }
  return Object.freeze({
    keys,
    counts: Float64Array.from(counts),
    sums: sums && BigInt64Array.from(sums, (sum) => sum ?? 0n),
    known: sums && Uint8Array.from(sums, (sum) => Number(sum !== null)),
    allNull,
  });
}

interface ArrowTable { getChild(name: string): ArrowVector | null }
interface ArrowVector {
  readonly data: readonly {
    readonly length: number;
    readonly offset: number;
    readonly values: ArrayBufferView & ArrayLike<number | bigint>;
    readonly valueOffsets: Int32Array;
    getValid(i: number): boolean;
  }[];
  get(i: number): unknown;
}

async function library(): Promise<typeof import('apache-arrow')> {
  return import('apache-arrow').catch((cause: unknown) => {
    throw new AssayError('UNSUPPORTED', 'storing groupings needs the package apache-arrow: npm install apache-arrow', { cause });
  });
}

const text = new TextDecoder('utf-8', { ignoreBOM: true });

/** The values of an Arrow column as keys have them. */
function* valuesOf(type: DataType, { data }: ArrowVector): Generator<KeyValue> {
  const layout = layoutOf(type);
  for (const chunk of data) {
    const { values, valueOffsets } = chunk;
    const wide = type.kind === 'decimal' ? wideValues(values) : null;
    for (let i = 0; i < chunk.length; ++i) {
      if (layout === 'none' || !chunk.getValid(i)) yield null;
      else if (layout === 'bits') yield (((values[(chunk.offset + i) >> 3] as number) >> ((chunk.offset + i) & 7)) & 1) === 1;
      else if (layout === 'utf8') {
        const bytes = (values as unknown as Uint8Array).subarray(valueOffsets[i], valueOffsets[i + 1]);
        yield type.kind === 'binary' ? bytes.slice() : text.decode(bytes);
      } else if (wide) yield (wide[2 * i + 1]! << 64n) | BigInt.asUintN(64, wide[2 * i]!);
      else yield values[i] as number | bigint;
    }
  }
}

function wideValues(values: ArrayBufferView): BigInt64Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
  return new BigInt64Array(bytes.buffer, 0, bytes.length >> 3);
}

/** Keys as a column of their type. */
function columnOf(type: DataType, values: readonly KeyValue[]): Column {
  const rows = values.length;
  const bits = new Uint8Array((rows + 7) >> 3);
  let known = 0;
  for (let i = 0; i < rows; ++i) {
    if (values[i] === null) continue;
    bits[i >> 3]! |= 1 << (i & 7);
    ++known;
  }
  const base = { type, rows, validity: known === rows ? null : { region: regionOf(bits), offset: 0 } };
  switch (layoutOf(type)) {
    case 'none': return base;
    case 'bits': {
      const truths = new Uint8Array((rows + 7) >> 3);
      values.forEach((value, i) => (truths[i >> 3]! |= Number(value === true) << (i & 7)));
      return { ...base, bits: { region: regionOf(truths), offset: 0 } };
    }
    case 'i32': return { ...base, values: regionOf(Int32Array.from(values, (value) => Number(value ?? 0))) };
    case 'f32': return { ...base, values: regionOf(Float32Array.from(values, (value) => Number(value ?? 0))) };
    case 'f64': return { ...base, values: regionOf(Float64Array.from(values, (value) => Number(value ?? 0))) };
    case 'i64': return { ...base, values: regionOf(BigInt64Array.from(values, (value) => BigInt((value as bigint) ?? 0n))) };
    case 'i128': {
      const words = new BigInt64Array(2 * rows);
      values.forEach((value, i) => {
        const x = (value ?? 0n) as bigint;
        words[2 * i] = BigInt.asIntN(64, x);
        words[2 * i + 1] = x >> 64n;
      });
      return { ...base, values: regionOf(words) };
    }
    default: {
      const encoder = new TextEncoder();
      const pieces = values.map((value) =>
        (value instanceof Uint8Array ? value : encoder.encode((value ?? '') as string)));
      const offsets = new Int32Array(rows + 1);
      pieces.forEach((piece, i) => (offsets[i + 1] = offsets[i]! + piece.length));
      const bytes = new Uint8Array(offsets[rows]!);
      pieces.forEach((piece, i) => bytes.set(piece, offsets[i]!));
      return { ...base, offsets: regionOf(offsets), values: regionOf(bytes) };
    }
  }
}
