import { AssayError } from '../base/errors.js';
import { isNested, sqlTypeName, type DataType } from '../data/types.js';
import type { BatchView } from '../expression/batch-view.js';
import { allNumbers } from '../expression/evaluate/dense.js';
import { defineState } from './contract.js';
import { countsWithout } from './counts.js';

/** How many values look like what, as text; Deequ's DataType. */
export interface Classes {
  /** Rows in scope without a value. */
  readonly null: number;
  readonly fractional: number;
  readonly integral: number;
  readonly boolean: number;
  readonly string: number;
  /** Rows outside the scope, which Deequ counts as unknown. */
  readonly outside: number;
}

type Class = 'fractional' | 'integral' | 'boolean' | 'string';

const ROOM = 64;

/**
 * Classes of the texts of values. A string or binary input is read; of the other types every value has one class,
 * that of its text in Spark: `1.0` and `1.0E7` are fractional, `NaN` and `Infinity`, dates and times are strings.
 */
export const classes = defineState<null, Classes>({
  name: 'classes',
  version: 1,
  law: 'exact',
  fields: {
    null: 'count', fractional: 'count', integral: 'count', boolean: 'count', string: 'count', outside: 'count',
  },
  open({ inputs, where }, { fn, heap, memory }) {
    const x = inputs[0]!;
    const { type } = x;
    if (isNested(type)) throw new AssayError('UNSUPPORTED', `values of type ${sqlTypeName(type)} have no class`);
    const one = classOf(type);
    const out = heap.alloc(ROOM);
    new Uint8Array(memory.buffer, out, ROOM).fill(0);
    let rows = 0, scope = 0, known = 0, odd = 0;
    const nonFinite = (batch: BatchView): number => {
      const { dictionary, layout } = batch.vector(x);
      if (dictionary && dictionary.rows <= batch.rows) {
        const entries = allNumbers(batch.kernels, type, { layout, values: dictionary.values, count: dictionary.rows });
        if (fn.countNonFinite(entries, dictionary.rows) === 0) return 0;
      }
      const { values, count } = batch.numbers(x, where);
      return fn.countNonFinite(values, count);
    };
    return {
      add(batch) {
        const here = batch.known(x, where).count;
        rows += batch.rows;
        scope += batch.scope(where).count;
        known += here;
        if (here === 0) return;
        if (one === null && batch.sharesTexts(x, where)) {
          const read = batch.texts(x, where);
          const counts = new BigUint64Array(memory.buffer, out, 4);
          [read.fractional, read.integral, read.boolean, read.string].forEach((n, i) => (counts[i]! += BigInt(n)));
        } else if (one === null) {
          const { vector, mask, weights } = batch.weighted(x, where);
          fn.classesUtf8(vector.values, vector.bytes, mask.bits, weights, vector.rows, out);
        } else if (type.kind === 'float' || type.kind === 'double') {
          odd += nonFinite(batch);
        }
      },
      finish() {
        const counts = { fractional: 0, integral: 0, boolean: 0, string: odd };
        if (one !== null) {
          counts[one] += known - odd;
        } else {
          const [fractional, integral, boolean, string] = new BigUint64Array(memory.buffer, out, 4);
          counts.fractional = Number(fractional);
          counts.integral = Number(integral);
          counts.boolean = Number(boolean);
          counts.string = Number(string);
        }
        return { null: scope - known, ...counts, outside: rows - scope };
      },
      bytes: ROOM,
      close: () => heap.free(out, ROOM),
    };
  },
  subtract: countsWithout,
  merge: (a, b) => ({
    null: a.null + b.null,
    fractional: a.fractional + b.fractional,
    integral: a.integral + b.integral,
    boolean: a.boolean + b.boolean,
    string: a.string + b.string,
    outside: a.outside + b.outside,
  }),
  texts: ({ inputs: [x] }) => (x!.type.kind === 'string' ? x! : null),
  summary(splits, { inputs: [x], where }) {
    if (x?.kind !== 'column' || where) return undefined;
    const nullsOf = splits.column(x.name)?.nulls;
    const one = classOf(x.type);
    if (!nullsOf || one === null || x.type.kind === 'float' || x.type.kind === 'double') return undefined;
    const told = new Uint8Array(splits.rows.length);
    let found = 0, nulls = 0, known = 0;
    for (let i = 0; i < told.length; ++i) {
      const rows = splits.rows[i]!, here = nullsOf[i]!;
      if (rows < 0 || here < 0) continue;
      nulls += here;
      known += rows - here;
      told[i] = 1;
      ++found;
    }
    if (found === 0) return undefined;
    return { state: { fractional: 0, integral: 0, boolean: 0, string: 0, outside: 0, null: nulls, [one]: known }, splits: told };
  },
});

/** The class of every (finite) value of a type; null: it depends on the value. */
function classOf(type: DataType): Class | null {
  switch (type.kind) {
    case 'string': case 'binary':
      return null;
    case 'byte': case 'short': case 'int': case 'long':
      return 'integral';
    case 'float': case 'double':
      return 'fractional';
    case 'decimal':
      return type.scale === 0 ? 'integral' : 'fractional';
    case 'boolean':
      return 'boolean';
    default:
      return 'string';
  }
}
