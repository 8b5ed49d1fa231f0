import type { Param } from './params.js';

/** The parameters that many analyzers share. */
export const column: Param = { kind: 'column', doc: 'The column; names with dots in backticks.' };
export const columns: Param = { kind: 'columns', doc: 'One or more columns.' };
export const where: Param = { kind: 'where', doc: 'Only rows on which this predicate is true are looked at.' };
export const rowOptions: Param = {
  kind: 'options',
  json: 'analyzerOptions',
  doc: 'What nulls count as and how filtered rows appear in row-level results.',
};
export const quantile: Param = { kind: 'double', doc: 'The quantile, from 0 to 1.' };
export const relativeError: Param = {
  kind: 'double', default: 0.01, doc: 'The greatest error of the rank, as a part of all rows; 0 is exact.',
};
