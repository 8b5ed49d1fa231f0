import { AssayError } from '../base/errors.js';
import { layoutOf, sqlTypeName, type DataType, type Layout } from '../data/types.js';
import {
  countsOf, frequentFromBytes, frequentToBytes, mergeFrequent, type FrequentEntry,
} from '../sketches/frequent.js';
import { defineState, type KeyValue } from './contract.js';
import { FrequentTable, KEPT } from './frequent-table.js';

/** The most frequent known values in scope with their counts, see `sketches/frequent.ts`. */
export interface Frequent {
  /** Known values in scope. */
  readonly n: number;
  /** How much too low a count may be, and how often a value may occur that is not listed; 0: all is exact. */
  readonly error: number;
  readonly keys: Uint8Array;
  /** Counts of the keys, in their order: greatest first, then by key. */
  readonly counts: Float64Array;
}

export interface FrequentOptions {
  /** Most distinct values that are counted at a time. */
  readonly capacity: number;
}

const KINDS: Partial<Record<Layout, number>> = { bits: 0, i32: 1, i64: 2, f32: 3, f64: 4 };

/**
 * Counts of values: exact while there are at most `capacity` distinct ones, afterwards those of the most frequent within a
 * stated error (Misra & Gries 1982). Zeros of both signs are two values, as their texts are; of a text longer than 4,096
 * bytes these and a hash of all are kept.
 */
export const frequent = defineState<FrequentOptions, Frequent>({
  name: 'frequent',
  version: 1,
  law: 'ordered',
  fields: { n: 'count', error: 'count', keys: 'bytes', counts: 'f64s' },
  open({ inputs, where, options: { capacity } }, kernels) {
    const x = inputs[0]!;
    const layout = layoutOf(x.type);
    const kind = KINDS[layout];
    if (kind === undefined && layout !== 'utf8') {
      throw new AssayError('UNSUPPORTED', `frequent values of type ${sqlTypeName(x.type)} are not counted`);
    }
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > 2 ** 24) {
      throw new AssayError('INVALID_ARGUMENT', `capacity is ${capacity}: give a whole number from 1 to ${2 ** 24}`);
    }
    const { fn } = kernels;
    const table = new FrequentTable(kernels, capacity);
    let n = 0;
    return {
      add(batch) {
        const known = batch.known(x, where);
        if (known.count === 0) return;
        n += known.count;
        const { vector: v, mask, weights } = batch.weighted(x, where);
        // Where nothing can fall out, the order of values does not matter: a dictionary is counted by its entries.
        const byEntries = weights !== 0 && table.held + mask.count <= capacity;
        const { rows, indices } = weights === 0 || byEntries ? { rows: v.rows, indices: 0 } : batch.vector(x);
        const { bits, count } = indices === 0 ? mask : known;
        const times = byEntries ? weights : 0;
        table.reserve(count);
        if (kind !== undefined) return fn.frequentFixed(kind, v.values, indices, bits, times, rows, table.context);
        const { hashes } = batch.hashes(x, where);
        fn.frequentUtf8(v.values, v.bytes, hashes, indices, bits, times, rows, table.context);
        table.keep();
      },
      finish() {
        // What is not exact need not be long: states are many, one for each split.
        const less = table.error === 0 ? 0 : table.excess(capacity >> 2);
        return stateOf({ n, error: table.error + less, entries: table.entries(kind === undefined, less) });
      },
      get bytes() {
        return table.bytes;
      },
      close: () => table.close(),
    };
  },
  merge: (a, b, { options: { capacity } }) => stateOf(mergeFrequent(sketchOf(a), sketchOf(b), capacity)),
  texts: ({ inputs: [x] }) => (x!.type.kind === 'string' ? x! : null),
  check(state, { options: { capacity } }) {
    const { entries } = sketchOf(state);
    const sum = entries.reduce((s, e) => s + e.count, 0);
    if (entries.length > capacity || sum > state.n || (state.error === 0 && sum !== state.n)) {
      throw new AssayError('STATE', `${entries.length} values that occur ${sum} times are not those of ${state.n} rows`);
    }
  },
});

function stateOf({ n, error, entries }: { n: number; error: number; entries: readonly FrequentEntry[] }): Frequent {
  return { n, error, keys: frequentToBytes(entries), counts: countsOf(entries) };
}

function sketchOf({ n, error, keys, counts }: Frequent) {
  return { n, error, entries: frequentFromBytes(keys, counts) };
}

/** A frequent value, in its own type; of a text that was cut, its beginning. */
export interface FrequentValue {
  readonly value: Exclude<KeyValue, null>;
  readonly count: number;
  readonly cut: boolean;
}

/** The values of a state over inputs of a type, the most frequent first. */
export function frequentValues(state: Frequent, type: DataType): FrequentValue[] {
  const read = reader(type);
  return sketchOf(state).entries.map(({ key, length, count }) => ({ value: read(key), count, cut: length > KEPT }));
}

function reader(type: DataType): (key: Uint8Array) => Exclude<KeyValue, null> {
  const word = (key: Uint8Array) => new DataView(key.buffer, key.byteOffset, 8);
  switch (layoutOf(type)) {
    case 'bits': return (key) => key[0] === 1;
    case 'i32': return (key) => word(key).getInt32(0, true);
    case 'i64': return (key) => word(key).getBigInt64(0, true);
    case 'f32': return (key) => word(key).getFloat32(0, true);
    case 'f64': return (key) => word(key).getFloat64(0, true);
    default: {
      if (type.kind === 'binary') return (key) => key.slice(0, KEPT);
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      return (key) => decoder.decode(key.subarray(0, KEPT));
    }
  }
}
