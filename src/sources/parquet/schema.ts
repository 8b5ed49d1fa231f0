import type { ArrowField } from '../../data/arrow.js';
import { PHYSICAL } from './stored.js';
import type { Thrift, ThriftStruct } from './thrift.js';

// https://github.com/apache/parquet-format/blob/master/LogicalTypes.md, by field number
const ELEMENT = { type: 1, length: 2, repetition: 3, name: 4, converted: 6, scale: 7, precision: 8, logical: 10 };
const LOGICAL = {
  string: 1, decimal: 5, date: 6, time: 7, timestamp: 8, integer: 10, json: 12, uuid: 14, float16: 15,
} as const;
const CONVERTED = {
  text: 0, decimal: 5, date: 6, timeMillis: 7, timeMicros: 8, millis: 9, micros: 10, uint8: 11, int64: 18, json: 19,
} as const;
const UNITS = ['m', 'u', 'n'];
const INTEGERS = ['C', 'S', 'I', 'L', 'c', 's', 'i', 'l'];

/**
 * The Arrow fields of flat columns, as parquet-wasm tells them where a file has no Arrow schema of its own, which may
 * say more; null where a column is not one of the common ones.
 */
export function arrowFields(elements: readonly ThriftStruct[]): ArrowField[] | null {
  const fields: ArrowField[] = [];
  for (const element of elements.slice(1)) {
    const format = formatOf(element);
    const name = element[ELEMENT.name];
    const repetition = element[ELEMENT.repetition];
    if (format === null || !(name instanceof Uint8Array) || (repetition !== 0 && repetition !== 1)) return null;
    fields.push({
      name: new TextDecoder().decode(name), format, nullable: repetition === 1, children: [], dictionary: null,
    });
  }
  return fields.length > 0 ? fields : null;
}

function formatOf(element: ThriftStruct): string | null {
  const logical = element[ELEMENT.logical];
  const converted = element[ELEMENT.converted];
  const isPlain = logical === undefined && converted === undefined;
  switch (element[ELEMENT.type]) {
    case PHYSICAL.boolean: return isPlain ? 'b' : null;
    case PHYSICAL.float: return isPlain ? 'f' : null;
    case PHYSICAL.double: return isPlain ? 'g' : null;
    case PHYSICAL.int96: return isPlain ? 'tsn:' : null;
    case PHYSICAL.int32:
      if (isPlain) return 'i';
      return decimalOf(element, 9) ?? integerOf(element, 'CSIcsi')
        ?? (kindOf(logical, converted, LOGICAL.date, CONVERTED.date) ? 'tdD' : timeOf(element, PHYSICAL.int32));
    case PHYSICAL.int64:
      if (isPlain) return 'l';
      return decimalOf(element, 18) ?? integerOf(element, 'Ll') ?? timeOf(element, PHYSICAL.int64);
    case PHYSICAL.bytes:
      if (isPlain) return 'z';
      if (kindOf(logical, converted, LOGICAL.string, CONVERTED.text)) return 'u';
      return kindOf(logical, converted, LOGICAL.json, CONVERTED.json) ? 'u' : decimalOf(element, 38);
    case PHYSICAL.fixed: {
      const length = element[ELEMENT.length];
      if (typeof length !== 'number' || length < 1) return null;
      if (isPlain || (unionOf(logical)?.[LOGICAL.uuid] && length === 16)) return `w:${length}`;
      if (unionOf(logical)?.[LOGICAL.float16] && length === 2) return 'e';
      const most = Math.floor(Math.log10(2) * (8 * Math.min(length, 16) - 1));
      return decimalOf(element, Math.min(38, most));
    }
    default: return null;
  }
}

function unionOf(value: Thrift | undefined): ThriftStruct | null {
  const isStruct = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
  return isStruct ? value : null;
}

/** Whether the newer annotation says so, or, where there is none, the older one. */
function kindOf(logical: Thrift | undefined, converted: Thrift | undefined, newer: number, older: number): boolean {
  return logical === undefined ? converted === older : unionOf(logical)?.[newer] !== undefined;
}

function decimalOf(element: ThriftStruct, most: number): string | null {
  if (!kindOf(element[ELEMENT.logical], element[ELEMENT.converted], LOGICAL.decimal, CONVERTED.decimal)) return null;
  const precision = element[ELEMENT.precision];
  const scale = element[ELEMENT.scale] ?? 0;
  const fits = typeof precision === 'number' && typeof scale === 'number'
    && precision >= 1 && precision <= most && scale >= 0 && scale <= precision;
  return fits ? `d:${precision},${scale}` : null;
}

/** One of the allowed formats of integers. */
function integerOf(element: ThriftStruct, allowed: string): string | null {
  const logical = element[ELEMENT.logical];
  const converted = element[ELEMENT.converted];
  let format: string | undefined;
  if (logical === undefined) {
    if (typeof converted === 'number' && converted >= CONVERTED.uint8 && converted <= CONVERTED.int64) {
      format = INTEGERS[converted - CONVERTED.uint8];
    }
  } else {
    const integer = unionOf(unionOf(logical)?.[LOGICAL.integer]);
    const place = [8, 16, 32, 64].indexOf(Number(integer?.[1]));
    if (integer && place >= 0) format = INTEGERS[place + (integer[2] === true ? 4 : 0)];
  }
  return format !== undefined && allowed.includes(format) ? format : null;
}

function timeOf(element: ThriftStruct, physical: number): string | null {
  const logical = element[ELEMENT.logical];
  const narrow = physical === PHYSICAL.int32;
  if (logical === undefined) {
    switch (element[ELEMENT.converted]) {
      case CONVERTED.timeMillis: return narrow ? 'ttm' : null;
      case CONVERTED.timeMicros: return narrow ? null : 'ttu';
      case CONVERTED.millis: return narrow ? null : 'tsm:UTC';
      case CONVERTED.micros: return narrow ? null : 'tsu:UTC';
      default: return null;
    }
  }
  const time = unionOf(unionOf(logical)?.[LOGICAL.time]);
  const timestamp = unionOf(unionOf(logical)?.[LOGICAL.timestamp]);
  const unitOf = (of: ThriftStruct) => UNITS[Object.keys(unionOf(of[2]) ?? {}).map(Number)[0]! - 1];
  if (time) {
    const unit = unitOf(time);
    return unit !== undefined && narrow === (unit === 'm') ? `tt${unit}` : null;
  }
  if (!timestamp || narrow) return null;
  const unit = unitOf(timestamp);
  return unit === undefined ? null : `ts${unit}:${timestamp[1] === true ? 'UTC' : ''}`;
}
