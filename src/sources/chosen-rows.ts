import { AssayError } from '../base/errors.js';
import type { Batch, Bits, Column } from '../data/column.js';
import { bufferOf, regionOf } from '../data/region.js';
import type { Facet, Split, Wanted } from '../data/source.js';

/** Splits of which only some rows are seen: how many are left, and what is in them, is known after reading only. */
export function splitsWithoutFacts(splits: readonly Split[]): Split[] {
  return splits.map((split) => ({ ...split, summary: split.summary.bytes === undefined ? {} : { bytes: split.summary.bytes } }));
}

/**
 * What is asked of the source of a batch of which some rows are chosen: from hashes of values, and from extremes without
 * values, none can be chosen.
 */
export function choosable(wanted: Wanted): Wanted {
  const isWhole = (facet: Facet) => facet === 'hashes' || facet === 'extrema';
  return new Map([...wanted].map(([name, facets]) => [name, facets.some(isWhole) ? ['values'] : facets]));
}

/** Some rows of a batch, in their order: its columns become dictionaries, and the rows are indices into them; nothing else is copied. */
export function chosenRows(batch: Batch, rows: Int32Array<ArrayBuffer>): Batch {
  if (rows.length === batch.rows) return batch;
  const made = new Map<string, Column>();
  return {
    rows: rows.length,
    column(name) {
      let column = made.get(name);
      if (!column) made.set(name, (column = chosenOf(batch.column(name), rows)));
      return column;
    },
    ...(batch.release && { release: () => batch.release!() }),
  };
}

function chosenOf(column: Column, rows: Int32Array<ArrayBuffer>): Column {
  const { type, validity } = column;
  const head = { type, rows: rows.length, validity: validity && chosenBits(validity, rows) };
  if (type.kind === 'null' || type.kind === 'unsupported') return head;
  if (!column.dictionary) return { ...head, indices: regionOf(rows), dictionary: { ...column, validity: null } };
  if (!column.indices) throw new AssayError('INTERNAL', 'a dictionary column without indices');
  const { at, bytes } = column.indices;
  const through = new Int32Array(bufferOf(column.indices), at, bytes >>> 2);
  return { ...head, indices: regionOf(rows.map((row) => through[row]!)), dictionary: column.dictionary };
}

function chosenBits({ region, offset }: Bits, rows: Int32Array): Bits {
  const from = new Uint8Array(bufferOf(region), region.at, region.bytes);
  const bits = new Uint8Array((rows.length + 7) >>> 3);
  for (let i = 0; i < rows.length; ++i) {
    const bit = offset + rows[i]!;
    if ((from[bit >>> 3]! >>> (bit & 7)) & 1) bits[i >>> 3]! |= 1 << (i & 7);
  }
  return { region: regionOf(bits), offset: 0 };
}
