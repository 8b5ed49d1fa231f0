import type { DataType } from '../data/types.js';
import { valueText } from '../expression/evaluate/value-text.js';
import type { KeyValue } from '../states/contract.js';

/** What a binning function is given: numbers, texts, booleans; int64 as bigint; other types as Spark prints them. */
export type BinValue = null | boolean | number | bigint | string | Uint8Array;

/** A group's key as a binning function sees it. */
export function keyValue(type: DataType, key: KeyValue, zone: string): BinValue {
  if (key === null) return null;
  switch (type.kind) {
    case 'boolean': case 'byte': case 'short': case 'int': case 'long': case 'float': case 'double':
    case 'string': case 'binary':
      return key;
    default: return valueText(type, key, zone);
  }
}
