import type { OpenSource, Source } from '../data/source.js';
import type { Bound } from '../expression/bound.js';
import { readerOf } from '../expression/evaluate/values.js';
import { facetsOf } from '../expression/facets.js';
import { jsValue, type JsValue } from '../expression/js-values.js';
import { openView } from '../expression/view.js';
import { openKernels } from '../kernels/kernels.js';

/** Some values of a column, as numbers that stand for them. */
export interface SampledColumn {
  /** Per row the place of its value in `values`; -1: null. */
  readonly codes: Int32Array;
  /** The different values. */
  readonly values: readonly JsValue[];
}

/** Some rows of a table, the same ones for all columns. */
export interface Sample {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, SampledColumn>;
}

/** From so many parts of a table rows are taken, if it has as many. */
const PARTS = 8;

/** The first rows of some splits, which lie evenly in the data: at most `most` of them altogether. */
export async function sampleOf(
  data: Source, names: readonly string[], most: number, signal: AbortSignal | undefined,
): Promise<Sample> {
  const source = await data.open(signal ? { signal } : {});
  try {
    const fields = names.map((name) => source.schema.fields.find((f) => f.name === name)!);
    const inputs = fields.map(({ name, type }): Bound => ({ kind: 'column', name, type }));
    const collectors = fields.map(() => collector(most));
    const splits = spread(source.splits, PARTS);
    let rows = 0;
    for (const [i, split] of splits.entries()) {
      const due = Math.ceil((most - rows) / (splits.length - i));
      let left = due;
      for await (const batch of source.read(split, facetsOf(inputs), { signal })) {
        const taken = Math.min(left, batch.rows);
        take(source, batch, inputs, taken, rows, collectors);
        rows += taken;
        left -= taken;
        if (left === 0) break;
      }
    }
    const taken = collectors.map(({ codes, values }) => ({ codes: codes.subarray(0, rows), values }));
    return { rows, columns: new Map(taken.map((column, i) => [names[i]!, column])) };
  } finally {
    await source.close();
  }
}

function spread<T>(all: readonly T[], count: number): readonly T[] {
  if (all.length <= count) return all;
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
}

function take(
  source: OpenSource, batch: Parameters<typeof openView>[0], inputs: readonly Bound[], rows: number, at: number,
  collectors: readonly Collector[],
): void {
  const kernels = openKernels(source.memory);
  const view = openView(batch, kernels);
  try {
    inputs.forEach((input, i) => {
      const read = readerOf(kernels, view.vector(input));
      for (let row = 0; row < rows; ++row) collectors[i]!.add(at + row, jsValue(input.type, read(row), 'UTC'));
    });
  } finally {
    view.close();
    batch.release?.();
  }
}

interface Collector extends SampledColumn {
  readonly values: JsValue[];
  add(row: number, value: JsValue): void;
}

function collector(most: number): Collector {
  const codes = new Int32Array(most);
  const values: JsValue[] = [];
  const places = new Map<JsValue, number>();
  return {
    codes,
    values,
    add(row, value) {
      let code = value === null ? -1 : places.get(value);
      if (code === undefined) places.set(value, (code = values.push(value) - 1));
      codes[row] = code;
    },
  };
}
