import { AssayError } from '../base/errors.js';
import { knownRow } from './arrow-columns.js';
import type { Column } from './column.js';
import { bufferOf, bytesOf } from './region.js';
import { sqlTypeName, type DataType } from './types.js';

type Arrow = typeof import('apache-arrow');
type ArrowData = ReturnType<Arrow['makeData']>;

/**
 * Columns of equal length as a table of apache-arrow, which is imported now; values are copied out of foreign
 * memories.
 */
export async function toArrowTable(
  columns: readonly NamedColumn[],
): Promise<unknown> {
  const { recordBatch, table } = await openArrow();
  return table([recordBatch(columns, columns[0]?.column.rows ?? 0)]);
}

/** A column under a name. */
export interface NamedColumn {
  readonly name: string;
  readonly column: Column;
}

/** Makes objects of apache-arrow. */
export interface ArrowMaker {
  /** Columns of that many rows as a RecordBatch; values are copied out of foreign memories. */
  recordBatch(columns: readonly NamedColumn[], rows: number): unknown;
  table(batches: readonly unknown[]): unknown;
  /** A RecordBatch as an Arrow IPC stream. */
  ipcStream(batch: unknown): Uint8Array;
}

/** Imports apache-arrow now. */
export async function openArrow(): Promise<ArrowMaker> {
  const arrow = await import('apache-arrow').catch((cause: unknown) => {
    throw new AssayError(
      'UNSUPPORTED',
      'making Arrow tables needs the package apache-arrow: npm install apache-arrow',
      { cause },
    );
  });
  const table = (batches: readonly unknown[]) => new arrow.Table(batches as never);
  return {
    recordBatch(columns, rows) {
      const children = columns.map(({ column }) => dataOf(arrow, column));
      const fields = columns.map(({ name }, i) => new arrow.Field(name, children[i]!.type, true));
      const data = arrow.makeData({ type: new arrow.Struct(fields), length: rows, nullCount: 0, children });
      return new arrow.RecordBatch(new arrow.Schema(fields), data);
    },
    table,
    ipcStream: (batch) => arrow.tableToIPC(table([batch]), 'stream'),
  };
}

function arrowType(arrow: Arrow, type: DataType): InstanceType<Arrow['DataType']> {
  const field = (name: string, inner: DataType, nullable: boolean) =>
    new arrow.Field(name, arrowType(arrow, inner), nullable);
  switch (type.kind) {
    case 'null': return new arrow.Null();
    case 'boolean': return new arrow.Bool();
    case 'byte': return new arrow.Int8();
    case 'short': return new arrow.Int16();
    case 'int': return new arrow.Int32();
    case 'long': return new arrow.Int64();
    case 'float': return new arrow.Float32();
    case 'double': return new arrow.Float64();
    case 'decimal': return new arrow.Decimal(type.scale, type.precision, 128);
    case 'string': return new arrow.Utf8();
    case 'binary': return new arrow.Binary();
    case 'date': return new arrow.DateDay();
    case 'timestamp': return new arrow.Timestamp(arrow.TimeUnit.MICROSECOND, 'UTC');
    case 'timestamp_ntz': return new arrow.Timestamp(arrow.TimeUnit.MICROSECOND, null);
    case 'time': return new arrow.TimeMicrosecond();
    case 'interval_ym': return new arrow.IntervalYearMonth();
    case 'interval_ds': return new arrow.Duration(arrow.TimeUnit.MICROSECOND);
    case 'array': return new arrow.List(field('element', type.element, type.containsNull));
    case 'struct':
      return new arrow.Struct(type.fields.map((member) => field(member.name, member.type, member.nullable)));
    case 'map': {
      const entry = new arrow.Struct([
        field('key', type.key, false), field('value', type.value, type.valueContainsNull),
      ] as never[]);
      return new arrow.Map_(new arrow.Field('entries', entry, false) as never);
    }
    case 'unsupported': throw new AssayError('UNSUPPORTED', `${sqlTypeName(type)} has no Arrow type here`);
  }
}

function dataOf(arrow: Arrow, column: Column): ArrowData {
  if (column.indices) return dictionaryData(arrow, column);
  const { type, rows } = column;
  const validity = bitmap(column, 'validity');
  const data = (values: unknown, offsets?: Int32Array, children: ArrowData[] = []) =>
    rawData(arrow, arrowType(arrow, type), rows, [offsets, values, validity], children);
  switch (type.kind) {
    case 'null': return arrow.makeData({ type: new arrow.Null(), length: rows }) as unknown as ArrowData;
    case 'boolean': return data(bitmap(column, 'bits'));
    case 'byte': return data(Int8Array.from(new Int32Array(copied(column), 0, rows)));
    case 'short': return data(Int16Array.from(new Int32Array(copied(column), 0, rows)));
    case 'int': case 'date': case 'interval_ym': return data(new Int32Array(copied(column), 0, rows));
    case 'long': case 'timestamp': case 'timestamp_ntz': case 'time': case 'interval_ds':
      return data(new BigInt64Array(copied(column), 0, rows));
    case 'float': return data(new Float32Array(copied(column), 0, rows));
    case 'double': return data(new Float64Array(copied(column), 0, rows));
    case 'decimal':
      return data(type.precision > 18 ? new Uint32Array(copied(column), 0, rows * 4) : widened(copied(column), rows));
    case 'string': case 'binary': return data(new Uint8Array(copied(column)), offsetsOf(column));
    case 'array': return data(undefined, offsetsOf(column), [dataOf(arrow, column.children![0]!)]);
    case 'struct': return data(undefined, undefined, column.children!.map((child) => dataOf(arrow, child)));
    case 'map': {
      const [key, value] = column.children!.map((child) => dataOf(arrow, child));
      const entries = arrow.makeData({
        type: arrowType(arrow, type).children[0]!.type as never,
        length: column.children![0]!.rows,
        nullCount: 0,
        children: [key, value] as never,
      });
      return data(undefined, offsetsOf(column), [entries as unknown as ArrowData]);
    }
    case 'unsupported': throw new AssayError('UNSUPPORTED', `${sqlTypeName(type)} has no Arrow type here`);
  }
}

function rawData(
  arrow: Arrow, type: unknown, rows: number, buffers: readonly unknown[], children: unknown, dictionary?: unknown,
): ArrowData {
  const nulls = buffers[2] ? -1 : 0;
  const data = new arrow.Data(type as never, 0, rows, nulls, buffers as never, children as never, dictionary as never);
  return data as unknown as ArrowData;
}

function dictionaryData(arrow: Arrow, column: Column): ArrowData {
  const validity = bitmap(column, 'validity');
  const dictionary = new arrow.Vector([dataOf(arrow, column.dictionary!)]);
  const type = new arrow.Dictionary(arrowType(arrow, column.type) as never, new arrow.Int32());
  const indices = new Int32Array(bytesOf(column.indices!).slice().buffer);
  return rawData(arrow, type, column.rows, [undefined, indices, validity], [], dictionary);
}

function copied(column: Column): ArrayBuffer {
  return column.values ? bytesOf(column.values).slice().buffer as ArrayBuffer : new ArrayBuffer(0);
}

function offsetsOf(column: Column): Int32Array {
  const { offsets, rows } = column;
  return new Int32Array(bufferOf(offsets!).slice(offsets!.at, offsets!.at + (rows + 1) * 4));
}

/** Bits that begin at bit 0. */
function bitmap(column: Column, which: 'validity' | 'bits'): Uint8Array | undefined {
  const bits = column[which];
  if (!bits) return undefined;
  const isSet = knownRow(bits);
  const out = new Uint8Array((column.rows + 7) >> 3);
  for (let i = 0; i < column.rows; ++i) if (isSet(i)) out[i >> 3]! |= 1 << (i & 7);
  return out;
}

function widened(from: ArrayBuffer, rows: number): Uint32Array {
  const values = new BigInt64Array(from, 0, rows), out = new BigInt64Array(rows * 2);
  for (let i = 0; i < rows; ++i) {
    out[i * 2] = values[i]!;
    out[i * 2 + 1] = values[i]! >> 63n;
  }
  return new Uint32Array(out.buffer);
}
