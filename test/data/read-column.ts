import type { Batch, Column } from '../../src/data/column.js';
import { knownRow } from '../../src/data/arrow-columns.js';
import type { OpenSource, Source, Wanted } from '../../src/data/source.js';
import { bufferOf, bytesOf } from '../../src/data/region.js';
import { layoutOf } from '../../src/data/types.js';

/** The values of a column as JS values: bigint for i64 and i128, arrays, objects, arrays of pairs for maps; strict about layouts. */
export function valuesOf(column: Column): unknown[] {
  const known = knownRow(column.validity);
  const read = reader(column);
  return Array.from({ length: column.rows }, (_, i) => (known(i) ? read(i) : null));
}

function reader(column: Column): (row: number) => unknown {
  const { type, rows } = column;
  if (column.indices) {
    const indices = new Int32Array(bufferOf(column.indices), column.indices.at, rows);
    const entries = valuesOf(column.dictionary!);
    return (i) => {
      if (indices[i]! < 0 || indices[i]! >= entries.length) throw new Error(`index ${indices[i]} of ${entries.length}`);
      return entries[indices[i]!];
    };
  }
  const view = <T>(make: new (buffer: ArrayBufferLike, at: number, length: number) => T, scale = 1): T => {
    const region = column.values!;
    const width = (make as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
    if (region.bytes < rows * scale * width) throw new Error(`${region.bytes} bytes for ${rows} rows of ${type.kind}`);
    return new make(bufferOf(region), region.at, rows * scale);
  };
  switch (layoutOf(type)) {
    case 'bits': {
      const bits = knownRow(column.bits!);
      return (i) => bits(i);
    }
    case 'i32': { const v = view(Int32Array); return (i) => v[i]; }
    case 'i64': { const v = view(BigInt64Array); return (i) => v[i]; }
    case 'i128': { const v = view(BigUint64Array, 2); return (i) => BigInt.asIntN(128, v[i * 2]! | (v[i * 2 + 1]! << 64n)); }
    case 'f32': { const v = view(Float32Array); return (i) => v[i]; }
    case 'f64': { const v = view(Float64Array); return (i) => v[i]; }
    case 'utf8': {
      const offsets = new Int32Array(bufferOf(column.offsets!), column.offsets!.at, rows + 1);
      const bytes = bytesOf(column.values!);
      const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
      return (i) => {
        if (offsets[i]! > offsets[i + 1]! || offsets[i + 1]! > bytes.length) throw new Error(`offsets ${offsets[i]} ${offsets[i + 1]} of ${bytes.length}`);
        const part = bytes.slice(offsets[i]!, offsets[i + 1]!);
        return type.kind === 'string' ? decoder.decode(part) : [...part];
      };
    }
    case 'list': {
      const offsets = new Int32Array(bufferOf(column.offsets!), column.offsets!.at, rows + 1);
      const children = column.children!.map(valuesOf);
      return (i) => {
        const items = children.map((child) => child.slice(offsets[i]!, offsets[i + 1]!));
        if (offsets[i + 1]! > children[0]!.length) throw new Error('list ends outside of its elements');
        return items.length === 1 ? items[0] : items[0]!.map((key, k) => [key, items[1]![k]]);
      };
    }
    case 'struct': {
      const fields = (type as { fields: readonly { name: string }[] }).fields;
      const children = column.children!.map(valuesOf);
      return (i) => Object.fromEntries(fields.map((field, k) => [field.name, children[k]![i]]));
    }
    case 'none': return () => '?';
  }
}

/** All columns, or some, wanted for their values. */
export function wanting(open: OpenSource, names = open.schema.fields.map((field) => field.name)): Wanted {
  return new Map(names.map((name) => [name, ['values']]));
}

/** A whole table: per column its values, and the number of rows. */
export async function readAll(source: Source, names?: string[]): Promise<{ rows: number; columns: Record<string, unknown[]>; open: OpenSource }> {
  const open = await source.open();
  const wanted = wanting(open, names);
  const columns: Record<string, unknown[]> = Object.fromEntries([...wanted.keys()].map((name) => [name, []]));
  let rows = 0;
  for (const split of open.splits) {
    for await (const batch of open.read(split, wanted)) {
      rows += batch.rows;
      for (const name of wanted.keys()) columns[name]!.push(...columnValues(batch, name));
    }
  }
  await open.close();
  return { rows, columns, open };
}

function columnValues(batch: Batch, name: string): unknown[] {
  const column = batch.column(name);
  if (column.rows !== batch.rows) throw new Error(`column '${name}' has ${column.rows} rows, the batch ${batch.rows}`);
  return valuesOf(column);
}
