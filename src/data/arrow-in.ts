import { AssayError } from '../base/errors.js';
import type { ArrowArray, ArrowBuffer, ArrowField } from './arrow.js';
import { arrowColumn } from './arrow-columns.js';
import type { Batch, Column } from './column.js';

// The parts of apache-arrow's objects that are read: by shape, so that any copy of the package will do.

/** A type of apache-arrow, as far as it is read. */
interface JsType {
  readonly typeId: number;
  readonly children?: readonly JsField[] | null;
  readonly bitWidth?: number;
  readonly isSigned?: boolean;
  readonly precision?: number;
  readonly scale?: number;
  readonly unit?: number;
  readonly timezone?: string | null;
  readonly byteWidth?: number;
  readonly listSize?: number;
  readonly mode?: number;
  readonly indices?: JsType;
  readonly dictionary?: JsType;
}

interface JsField {
  readonly name: string;
  readonly type: JsType;
  readonly nullable: boolean;
}

/** A Data of apache-arrow: values and offsets are sliced already, bitmaps begin at bit `offset`. */
interface JsData {
  readonly type: JsType;
  readonly length: number;
  readonly offset: number;
  readonly nullCount: number;
  readonly nullBitmap?: ArrayBufferView | null;
  readonly values?: ArrayBufferView | null;
  readonly valueOffsets?: ArrayBufferView | null;
  readonly variadicBuffers?: readonly ArrayBufferView[];
  readonly children?: readonly JsData[];
  readonly dictionary?: { readonly data: readonly JsData[] };
}

/** A RecordBatch of apache-arrow, as far as it is read. */
export interface JsRecordBatch {
  readonly schema: { readonly fields: readonly JsField[] };
  readonly data: JsData;
}

/** A Table of apache-arrow, as far as it is read. */
export interface JsTable {
  readonly schema: { readonly fields: readonly JsField[] };
  readonly batches: readonly JsRecordBatch[];
}

/** Whether a value has the shape of apache-arrow's RecordBatch. */
export function isRecordBatch(value: unknown): value is JsRecordBatch {
  const { schema, data } = (value ?? {}) as Partial<JsRecordBatch>;
  return Array.isArray(schema?.fields) && typeof data === 'object' &&
    Array.isArray(data?.children) && typeof data.length === 'number';
}

/** Whether a value has the shape of apache-arrow's Table. */
export function isArrowTable(value: unknown): value is JsTable {
  const { schema, batches } = (value ?? {}) as Partial<JsTable>;
  return Array.isArray(schema?.fields) && Array.isArray(batches);
}

/** The fields of apache-arrow's schema. */
export function arrowFields(schema: { readonly fields: readonly JsField[] }): ArrowField[] {
  return schema.fields.map(fieldOf);
}

/** The columns of a record batch, in place. */
export function recordBatch(batch: JsRecordBatch): Batch {
  const { fields } = batch.schema;
  const made = new Map<string, Column>();
  return {
    rows: batch.data.length,
    column(name) {
      let column = made.get(name);
      if (!column) {
        const index = fields.findIndex((field) => field.name === name);
        if (index < 0) throw new AssayError('UNKNOWN_COLUMN', `the record batch has no column '${name}'`);
        made.set(name, (column = arrowColumn(fieldOf(fields[index]!), arrayOf(batch.data.children![index]!))));
      }
      return column;
    },
  };
}

function fieldOf({ name, type, nullable }: JsField): ArrowField {
  const isDictionary = type.typeId === -1;
  return {
    name,
    nullable,
    format: formatOf(isDictionary ? type.indices! : type),
    children: isDictionary ? [] : (type.children ?? []).map(fieldOf),
    dictionary: isDictionary ? fieldOf({ name, type: type.dictionary!, nullable }) : null,
  };
}

const UNITS = ['s', 'm', 'u', 'n'];

/** By `Type` of apache-arrow: the format string of the C data interface. */
const FORMATS: Readonly<Record<number, (type: JsType) => string>> = {
  1: () => 'n',
  2: ({ bitWidth = 32, isSigned }) => {
    const letter = { 8: 'c', 16: 's', 32: 'i', 64: 'l' }[bitWidth] ?? '';
    return isSigned ? letter : letter.toUpperCase();
  },
  3: ({ precision = 2 }) => 'efg'[precision]!,
  4: () => 'z',
  5: () => 'u',
  6: () => 'b',
  7: ({ precision, scale, bitWidth = 128 }) => `d:${precision},${scale},${bitWidth}`,
  8: ({ unit }) => (unit === 0 ? 'tdD' : 'tdm'),
  9: ({ unit = 0 }) => `tt${UNITS[unit]}`,
  10: ({ unit = 0, timezone }) => `ts${UNITS[unit]}:${timezone ?? ''}`,
  11: ({ unit = 0 }) => ['tiM', 'tiD', 'tin'][unit]!,
  12: () => '+l',
  13: () => '+s',
  14: ({ mode }) => (mode === 1 ? '+ud:' : '+us:'),
  15: ({ byteWidth }) => `w:${byteWidth}`,
  16: ({ listSize }) => `+w:${listSize}`,
  17: () => '+m',
  18: ({ unit = 0 }) => `tD${UNITS[unit]}`,
  19: () => 'Z',
  20: () => 'U',
  21: () => '+L',
  23: () => 'vz',
  24: () => 'vu',
};

function formatOf(type: JsType): string {
  return FORMATS[type.typeId]?.(type) ?? `apache-arrow type ${type.typeId}`;
}

function arrayOf(data: JsData): ArrowArray {
  const { typeId } = data.type;
  const pieces = data.dictionary?.data;
  if (pieces && pieces.length > 1) {
    throw new AssayError(
      'UNSUPPORTED',
      `a dictionary in ${pieces.length} pieces cannot be read; write the dictionary in one piece`,
    );
  }
  const validity = data.nullBitmap && data.nullBitmap.byteLength > 0 ? bufferOf(data.nullBitmap) : null;
  const hasOffsets = data.valueOffsets !== undefined && data.valueOffsets !== null && typeId !== 14;
  return {
    rows: data.length,
    offset: 0,
    bitOffset: data.offset,
    nulls: validity ? data.nullCount : 0,
    buffers: [
      validity,
      ...(hasOffsets ? [bufferOf(data.valueOffsets!)] : []),
      ...(data.values ? [bufferOf(data.values)] : []),
      ...(data.variadicBuffers ?? []).map(bufferOf),
    ],
    children: (data.children ?? []).map(arrayOf),
    dictionary: pieces?.[0] ? arrayOf(pieces[0]) : null,
  };
}

function bufferOf(view: ArrayBufferView): ArrowBuffer {
  return { home: view.buffer, at: view.byteOffset, bytes: view.byteLength };
}
