import { AssayError } from '../base/errors.js';
import * as convert from './arrow-convert.js';
import { arrowType, decimalParts, type ArrowArray, type ArrowBuffer, type ArrowField } from './arrow.js';
import type { Bits, Column } from './column.js';
import { bufferOf, bytesOf, regionOf, type Region } from './region.js';
import { viewColumn } from './arrow-views.js';
import type { DataType } from './types.js';
import { columnOfValues } from './values.js';

/**
 * An Arrow array, or `rows` of it from row `start`, as a column; buffers are taken over where their layout allows it.
 */
export function arrowColumn(field: ArrowField, array: ArrowArray, start = 0, rows = array.rows): Column {
  const { format } = field;
  const type = arrowType(field);
  // apache-arrow leaves out the parts of empty arrays.
  if (rows === 0) return columnOfValues(type, [], () => field.name);
  const from = array.offset + start;
  const validity = validityOf(array, array.bitOffset + start, rows);
  const base = { type, rows, validity };
  const values = (width: number) => fixed(array.buffers[1], from, rows, width, field);

  if (field.dictionary) return dictionaryColumn(field, array, from, rows, validity, type);
  switch (format) {
    case 'n': return { ...base, validity: { region: regionOf(new Uint8Array((rows + 7) >> 3)), offset: 0 } };
    case 'b': return { ...base, bits: bitsOf(array.buffers[1], array.bitOffset + start, rows) };
    case 'c': return { ...base, values: convert.toInt32(values(1), rows, 1, true) };
    case 'C': return { ...base, values: convert.toInt32(values(1), rows, 1, false) };
    case 's': return { ...base, values: convert.toInt32(values(2), rows, 2, true) };
    case 'S': return { ...base, values: convert.toInt32(values(2), rows, 2, false) };
    case 'i': case 'f': case 'tdD': case 'tiM': return { ...base, values: values(4) };
    case 'l': case 'g': case 'ttu': case 'tDu': return { ...base, values: values(8) };
    case 'I': return { ...base, values: convert.unsignedToInt64(values(4), rows) };
    case 'L': return { ...base, values: convert.unsignedToInt128(values(8), rows) };
    case 'e': return { ...base, values: convert.halfToFloat32(values(2), rows) };
    case 'tdm': return { ...base, values: convert.millisToDays(values(8), rows) };
    case 'u': case 'z': return { ...base, ...text(field, array, from, rows, 4) };
    case 'U': case 'Z': return { ...base, ...text(field, array, from, rows, 8) };
    case 'vu': case 'vz': return { ...base, ...viewColumn(array, from, rows, knownRow(validity)) };
    case '+s':
      return { ...base, children: field.children.map((f, i) => arrowColumn(f, child(array, i, field), from, rows)) };
    case '+l': return { ...base, ...list(field, array, offsets(field, array.buffers[1], from, rows, 4)) };
    case '+L': return { ...base, ...list(field, array, offsets(field, array.buffers[1], from, rows, 8)) };
    case '+m': return { ...base, ...map(field, array, offsets(field, array.buffers[1], from, rows, 4)) };
  }
  if (format.startsWith('ts') || format.startsWith('tt') || format.startsWith('tD')) {
    return { ...base, values: micros(format, values, rows, knownRow(validity)) };
  }
  if (format.startsWith('w:')) {
    const size = Number(format.slice(2));
    return { ...base, offsets: convert.evenOffsets(rows, size), values: values(size) };
  }
  if (format.startsWith('+w:')) {
    const size = Number(format.slice(3));
    const element = arrowColumn(field.children[0]!, child(array, 0, field), from * size, rows * size);
    return { ...base, offsets: convert.evenOffsets(rows, size), children: [element] };
  }
  if (format.startsWith('d:') && type.kind === 'decimal') {
    const width = decimalParts(format).bits / 8;
    return { ...base, values: convert.resized(values(width), rows, width, type.precision <= 18 ? 8 : 16) };
  }
  // Unions and run-end encodings have no validity of their own, so not even presence is known.
  if (format.startsWith('+u') || format.startsWith('+r')) {
    throw new AssayError(
      'UNSUPPORTED',
      `column '${field.name}': ${(type as { name: string }).name} data cannot be read`,
    );
  }
  return base;
}

function dictionaryColumn(
  field: ArrowField, array: ArrowArray, from: number, rows: number, validity: Bits | null, type: DataType,
): Column {
  if (!array.dictionary) throw malformed(field, 'its dictionary is missing');
  const dictionary = arrowColumn(field.dictionary!, array.dictionary);
  const width = INDEX_WIDTHS[field.format];
  if (!width) throw malformed(field, `dictionary indices of format '${field.format}'`);
  const stored = fixed(array.buffers[1], from, rows, width, field);
  const indices = convert.toInt32(stored, rows, width, /[csil]/.test(field.format));
  const checked = array.buffers[1]?.bytes === undefined ?
    indices :
    checkedIndices(field, indices, rows, dictionary.rows, knownRow(validity));
  const known = dictionary.validity ? knownEntries(checked, rows, validity, dictionary.validity) : validity;
  return { type, rows, validity: known, indices: checked, dictionary };
}

const INDEX_WIDTHS: Readonly<Record<string, 1 | 2 | 4 | 8>> = { c: 1, C: 1, s: 2, S: 2, i: 4, I: 4, l: 8, L: 8 };

/** Indices that nobody vouches for: those of known rows must be entries, the others become 0. */
function checkedIndices(
  field: ArrowField, indices: Region, rows: number, entries: number, known: (row: number) => boolean,
): Region {
  const from = new Int32Array(bufferOf(indices), indices.at, rows);
  const out = new Int32Array(rows);
  for (let i = 0; i < rows; ++i) {
    const index = from[i]!;
    if (index >= 0 && index < entries) out[i] = index;
    else if (known(i)) throw malformed(field, `row ${i} refers to dictionary entry ${index} of ${entries}`);
  }
  return regionOf(out);
}

/** Rows are unknown, too, if their dictionary entry is null. */
function knownEntries(indices: Region, rows: number, validity: Bits | null, entries: Bits): Bits {
  const at = new Int32Array(bufferOf(indices), indices.at, rows);
  const known = knownRow(validity), entry = knownRow(entries);
  const out = new Uint8Array((rows + 7) >> 3);
  for (let i = 0; i < rows; ++i) if (known(i) && entry(at[i]!)) out[i >> 3]! |= 1 << (i & 7);
  return { region: regionOf(out), offset: 0 };
}

function validityOf(array: ArrowArray, from: number, rows: number): Bits | null {
  const bitmap = array.buffers[0];
  return bitmap && array.nulls !== 0 && array.buffers.length > 0 ? bitsOf(bitmap, from, rows) : null;
}

function bitsOf(buffer: ArrowBuffer | null | undefined, from: number, rows: number): Bits {
  if (!buffer) return { region: regionOf(new Uint8Array((rows + 7) >> 3)), offset: 0 };
  const bytes = ((from & 7) + rows + 7) >> 3;
  return { region: region(buffer, from >> 3, bytes, 'bitmap'), offset: from & 7 };
}

/** Tells of a row whether its bit is set; for paths that are not hot. */
export function knownRow(bits: Bits | null): (row: number) => boolean {
  if (!bits) return () => true;
  const bytes = bytesOf(bits.region);
  return (row) => (bytes[(row + bits.offset) >> 3]! & (1 << ((row + bits.offset) & 7))) !== 0;
}

function fixed(
  buffer: ArrowBuffer | null | undefined, from: number, rows: number, width: number, field: ArrowField,
): Region {
  if (!buffer) {
    if (rows > 0) throw malformed(field, 'its values are missing');
    return regionOf(new Uint8Array(0));
  }
  const found = region(buffer, from * width, rows * width, `column '${field.name}'`);
  // Typed arrays want aligned addresses; other producers align less than Arrow recommends.
  return found.at % Math.min(8, width & -width) === 0 ? found : regionOf(bytesOf(found).slice());
}

function region(buffer: ArrowBuffer, skip: number, bytes: number, what: string): Region {
  if (buffer.bytes !== undefined && skip + bytes > buffer.bytes) {
    throw new AssayError(
      'SOURCE',
      `malformed Arrow data: ${what} needs ${skip + bytes} bytes, ${buffer.bytes} are there`,
    );
  }
  return { home: buffer.home, at: buffer.at + skip, bytes };
}

function text(
  field: ArrowField, array: ArrowArray, from: number, rows: number, width: 4 | 8,
): { offsets: Region; values: Region } {
  const at = offsets(field, array.buffers[1], from, rows, width);
  const end = new Int32Array(bufferOf(at.region), at.region.at, rows + 1)[rows]!;
  const data = array.buffers[2];
  const values = data && end > 0 ? region(data, at.base, end, `column '${field.name}'`) : regionOf(new Uint8Array(0));
  if (end > values.bytes) throw malformed(field, 'its bytes are missing');
  return { offsets: at.region, values };
}

/** rows + 1 int32 offsets; 64-bit ones are counted from the first, `base`. */
function offsets(
  field: ArrowField, buffer: ArrowBuffer | null | undefined, from: number, rows: number, width: 4 | 8,
): { region: Region; base: number } {
  if (!buffer || rows === 0) return { region: regionOf(new Int32Array(rows + 1)), base: 0 };
  const found = fixed(buffer, from, rows + 1, width, field);
  if (width === 8) return rebased(field, found, rows);
  if (buffer.bytes !== undefined) {
    const values = new Int32Array(bufferOf(found), found.at, rows + 1);
    for (let i = 0, last = 0; i <= rows; ++i) {
      if (values[i]! < last) throw malformed(field, `offset ${i} is less than the one before it`);
      last = values[i]!;
    }
  }
  return { region: found, base: 0 };
}

function rebased(field: ArrowField, from: Region, rows: number): { region: Region; base: number } {
  const words = new Int32Array(bufferOf(from), from.at, (rows + 1) * 2);
  const wide = (i: number) => words[i * 2 + 1]! * 2 ** 32 + (words[i * 2]! >>> 0);
  const base = wide(0);
  const out = new Int32Array(rows + 1);
  for (let i = 0, last = 0; i <= rows; ++i) {
    const offset = wide(i) - base;
    if (offset < last) throw malformed(field, `offset ${i} is less than the one before it`);
    if (offset > 0x7fffffff) {
      throw new AssayError('UNSUPPORTED', `column '${field.name}': a batch holds more than 2 GiB`);
    }
    out[i] = last = offset;
  }
  return { region: regionOf(out), base };
}

function list(
  field: ArrowField, array: ArrowArray, at: { region: Region; base: number },
): { offsets: Region; children: Column[] } {
  const elements = child(array, 0, field);
  const offsets = withinChild(field, at, elements);
  return { offsets, children: [arrowColumn(field.children[0]!, elements, at.base, elements.rows - at.base)] };
}

function map(
  field: ArrowField, array: ArrowArray, at: { region: Region; base: number },
): { offsets: Region; children: Column[] } {
  const entries = child(array, 0, field);
  const pair = arrowColumn(field.children[0]!, entries);
  return { offsets: withinChild(field, at, entries), children: [...pair.children!] };
}

function withinChild(field: ArrowField, at: { region: Region; base: number }, elements: ArrowArray): Region {
  const last = new Int32Array(bufferOf(at.region), at.region.at, at.region.bytes / 4).at(-1)!;
  if (at.base + last > elements.rows) {
    throw malformed(field, `its lists need ${at.base + last} elements, ${elements.rows} are there`);
  }
  return at.region;
}

function child(array: ArrowArray, index: number, field: ArrowField): ArrowArray {
  const found = array.children[index];
  if (!found) throw malformed(field, `child ${index} is missing`);
  return found;
}

function malformed(field: ArrowField, what: string): AssayError {
  return new AssayError('SOURCE', `malformed Arrow data: column '${field.name}': ${what}`);
}

/** Timestamps, times and durations as int64 microseconds. */
function micros(
  format: string, values: (width: number) => Region, rows: number, known: (row: number) => boolean,
): Region {
  const unit = format[2]!;
  const width = format === 'tts' || format === 'ttm' ? 4 : 8;
  switch (unit) {
    case 's': return convert.scaledUp(values(width), rows, width, 1_000_000, known);
    case 'm': return convert.scaledUp(values(width), rows, width, 1_000, known);
    case 'n': return convert.scaledDown(values(8), rows, 1_000);
    default: return values(8);
  }
}
