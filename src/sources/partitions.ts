import { AssayError } from '../base/errors.js';
import type { Batch, Column } from '../data/column.js';
import { regionOf, type Region } from '../data/region.js';
import { DATE, DOUBLE, INT, LONG, STRING, type DataType, type Field } from '../data/types.js';
import { dayOf } from '../data/dates.js';
import type { Located } from './paths.js';

/** The value of a partition column in one file, as the folder's name gives it; null: `__HIVE_DEFAULT_PARTITION__`. */
export type PartitionValues = readonly (string | null)[];

/** Columns that come from folder names instead of files. */
export interface Partitions {
  readonly fields: readonly Field[];
  /** Per file. */
  readonly values: readonly PartitionValues[];
}

const NULL_FOLDER = '__HIVE_DEFAULT_PARTITION__';

/** The partition columns of files, with types as Spark infers them: int, long, double, date or else string. */
export function partitionsOf(files: readonly Located[]): Partitions {
  const names = partitionNames(files[0]!);
  const values = files.map((file) => {
    if (partitionNames(file).join('/') !== names.join('/')) {
      throw new AssayError(
        'SOURCE',
        `'${file.path}' lies in other partition folders (${describe(file)}) than `
        + `'${files[0]!.path}' (${describe(files[0]!)})`,
      );
    }
    return file.folders.map((folder) => {
      const text = unescape(folder.slice(folder.indexOf('=') + 1));
      return text === NULL_FOLDER || text === '' ? null : text;
    });
  });
  const fields = names.map((name, i) => ({ name, type: inferred(values.map((v) => v[i]!)), nullable: true }));
  return { fields, values };
}

function partitionNames(file: Located): string[] {
  return file.folders.map((folder) => unescape(folder.slice(0, folder.indexOf('='))));
}

function describe(file: Located): string {
  return file.folders.length === 0 ? 'none' : partitionNames(file).join(', ');
}

/** Hive escapes what file systems do not allow as %XX. */
function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function inferred(values: readonly (string | null)[]): DataType {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return STRING;
  if (known.every((v) => isWhole(v, 31n))) return INT;
  if (known.every((v) => isWhole(v, 63n))) return LONG;
  if (known.every((v) => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(v))) return DOUBLE;
  if (known.every((v) => dayOf(v) !== undefined)) return DATE;
  return STRING;
}

function isWhole(text: string, bits: bigint): boolean {
  if (!/^[+-]?\d{1,20}$/.test(text)) return false;
  const value = BigInt(text.replace(/^\+/, ''));
  return value >= -(1n << bits) && value < 1n << bits;
}

/** A batch of one file with its partition columns. */
export function withPartitions(batch: Batch, fields: readonly Field[], values: PartitionValues): Batch {
  if (fields.length === 0) return batch;
  return {
    rows: batch.rows,
    column(name) {
      const index = fields.findIndex((field) => field.name === name);
      return index < 0 ? batch.column(name) : constantColumn(fields[index]!.type, values[index]!, batch.rows);
    },
    release: () => batch.release?.(),
  };
}

/** A column that has one value on all rows: a dictionary of one entry. */
function constantColumn(type: DataType, value: string | null, rows: number): Column {
  const dictionary = { type, rows: 1, validity: null, ...entry(type, value ?? '') };
  const indices = regionOf(new Int32Array(rows));
  const validity = value === null ? { region: regionOf(new Uint8Array((rows + 7) >> 3)), offset: 0 } : null;
  return { type, rows, validity, indices, dictionary };
}

function entry(type: DataType, text: string): { values: Region; offsets?: Region } {
  switch (type.kind) {
    case 'int': return { values: regionOf(Int32Array.of(Number(text))) };
    case 'long': return { values: regionOf(BigInt64Array.of(BigInt(text.replace(/^\+/, '')))) };
    case 'double': return { values: regionOf(Float64Array.of(Number(text))) };
    case 'date': return { values: regionOf(Int32Array.of(dayOf(text) ?? 0)) };
    default: {
      const bytes = new TextEncoder().encode(text);
      return { values: regionOf(bytes), offsets: regionOf(Int32Array.of(0, bytes.length)) };
    }
  }
}
