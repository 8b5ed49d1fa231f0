import type { Kernels } from '../../kernels/kernels.js';
import { ThriftRecords, type Wish } from './thrift-records.js';

// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift, by field number
const WISH: Wish = [
  { 1: ['number', 0], 2: ['number', 1], 3: ['number', 2], 5: ['struct', 1], 7: ['struct', 2], 8: ['struct', 3] },
  { 1: ['number', 3], 2: ['number', 4], 3: ['number', 5] },
  { 1: ['number', 6], 2: ['number', 7] },
  { 1: ['number', 8], 4: ['number', 9], 5: ['number', 10], 6: ['number', 11], 7: ['flag', 12] },
];
const SLOTS = 13;

/** What the header of a page says, by slot; NaN: nothing. */
export type Header = Float64Array;

/** The slots of any page, and of each kind of page. */
export const PAGE = { type: 0, unpacked: 1, packed: 2 };
export const V1 = { values: 3, encoding: 4, levels: 5 };
export const DICTIONARY_PAGE = { values: 6, encoding: 7 };
export const V2 = { values: 8, encoding: 9, definition: 10, repetition: 11, isPacked: 12 };

/** What a page is, by number. */
export const PAGE_TYPES = { data: 0, dictionary: 2, dataV2: 3 } as const;

/** Reads headers of pages. */
export function pageHeaders(kernels: Kernels): ThriftRecords {
  return new ThriftRecords(kernels, WISH, SLOTS);
}
