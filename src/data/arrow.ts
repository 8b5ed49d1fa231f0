import { decimal, type DataType, type Field, type Schema } from './types.js';
import * as t from './types.js';

/** A field of an Arrow schema, its type as the format string of the Arrow C data interface, whoever holds the data. */
export interface ArrowField {
  readonly name: string;
  readonly format: string;
  readonly nullable: boolean;
  readonly children: readonly ArrowField[];
  /** The values, if the format is that of indices into a dictionary. */
  readonly dictionary: ArrowField | null;
}

/** Where a buffer begins; how far it reaches follows from the rows. */
export interface ArrowBuffer {
  readonly home: ArrayBufferLike | WebAssembly.Memory;
  readonly at: number;
  /** Bytes that are there; undefined: whoever made the buffer has checked offsets and indices. */
  readonly bytes?: number;
}

/** An Arrow array as it lies in memory: buffers in the order of the C data interface, validity first. */
export interface ArrowArray {
  readonly rows: number;
  /** Rows before the first one in the buffers. */
  readonly offset: number;
  /** The same in bitmaps, which slices leave as they are. */
  readonly bitOffset: number;
  /** Number of nulls, -1: unknown. */
  readonly nulls: number;
  readonly buffers: readonly (ArrowBuffer | null)[];
  readonly children: readonly ArrowArray[];
  readonly dictionary: ArrowArray | null;
}

const SIMPLE: Readonly<Record<string, DataType>> = {
  n: t.NULL, b: t.BOOLEAN, c: t.BYTE, C: t.SHORT, s: t.SHORT, S: t.INT, i: t.INT, I: t.LONG, l: t.LONG,
  L: decimal(20, 0), e: t.FLOAT, f: t.FLOAT, g: t.DOUBLE, z: t.BINARY, Z: t.BINARY, vz: t.BINARY,
  u: t.STRING, U: t.STRING,
  vu: t.STRING, tdD: t.DATE, tdm: t.DATE, tts: t.TIME, ttm: t.TIME, ttu: t.TIME, ttn: t.TIME,
  tDs: { kind: 'interval_ds' }, tDm: { kind: 'interval_ds' }, tDu: { kind: 'interval_ds' },
  tDn: { kind: 'interval_ds' },
  tiM: { kind: 'interval_ym' },
};

const UNSUPPORTED: readonly (readonly [prefix: string, name: string])[] = [
  ['tiD', 'interval day-time'], ['tin', 'interval month-day-nano'], ['+ud', 'dense union'], ['+us', 'sparse union'],
  ['+r', 'run-end encoded'], ['+vl', 'list view'], ['+vL', 'large list view'],
];

/** The logical type of an Arrow field. */
export function arrowType(field: ArrowField): DataType {
  if (field.dictionary) return arrowType(field.dictionary);
  const { format, children } = field;
  const simple = SIMPLE[format];
  if (simple) return simple;
  if (format.startsWith('ts')) return format.length > 4 ? t.TIMESTAMP : t.TIMESTAMP_NTZ;
  if (format.startsWith('w:')) return t.BINARY;
  if (format.startsWith('d:')) return decimalType(format);
  const [first] = children;
  if (format === '+s') return { kind: 'struct', fields: children.map(arrowLogicalField) };
  if (first && (format === '+l' || format === '+L' || format.startsWith('+w:'))) {
    return { kind: 'array', element: arrowType(first), containsNull: first.nullable };
  }
  if (first && format === '+m') {
    const [key, value] = first.children;
    if (key && value) {
      return { kind: 'map', key: arrowType(key), value: arrowType(value), valueContainsNull: value.nullable };
    }
  }
  const name = UNSUPPORTED.find(([prefix]) => format.startsWith(prefix))?.[1];
  return { kind: 'unsupported', name: name ?? `Arrow format '${format}'` };
}

/** Precision, scale and bits of the format of an Arrow decimal. */
export function decimalParts(format: string): { precision: number; scale: number; bits: number } {
  const [precision = 0, scale = 0, bits = 128] = format.slice(2).split(',').map(Number);
  return { precision, scale, bits };
}

function decimalType(format: string): DataType {
  const { precision, scale } = decimalParts(format);
  // Spark knows neither more than 38 digits nor negative scales.
  if (precision > 38 || scale < 0 || scale > precision) {
    return { kind: 'unsupported', name: `decimal(${precision},${scale})` };
  }
  return decimal(precision, scale);
}

/** The logical field of an Arrow field. */
export function arrowLogicalField(field: ArrowField): Field {
  return { name: field.name, type: arrowType(field), nullable: field.nullable };
}

/** The schema of the fields of an Arrow schema. */
export function arrowSchema(fields: readonly ArrowField[]): Schema {
  return { fields: fields.map(arrowLogicalField) };
}
