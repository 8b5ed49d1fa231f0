import type { Schema } from './types.js';

/** A RecordBatch of apache-arrow, as far as its shape is promised here. */
export interface ArrowBatch {
  readonly numRows: number;
  readonly numCols: number;
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  getChild(name: string): { readonly length: number; get(row: number): unknown; toArray(): unknown } | null;
}

/** Rows as batches in the order of the data; each iteration reads them anew. */
export interface RowStream extends AsyncIterable<ArrowBatch> {
  /** The columns of the batches. */
  readonly schema: Schema;
}
