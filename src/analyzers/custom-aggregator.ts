import { AssayError } from '../base/errors.js';
import { defineAnalyzer } from './define.js';
import type { OpenSource } from '../data/source.js';
import { failed } from './preconditions.js';
import { readRows } from './row-reading.js';
import type { Batch } from '../data/column.js';

/** What a custom aggregation counted. */
export interface AggregatedMetricState {
  readonly counts: ReadonlyMap<string, number> | Readonly<Record<string, number>>;
  readonly total: number;
}

/** The table as a custom aggregation reads it. */
export interface AggregatedData {
  /** The rows as objects. */
  rows(): AsyncIterable<Record<string, unknown>>;
  /** The batches with all columns. */
  batches(): AsyncIterable<Batch>;
}

/** A function that counts something of a table. */
export type Aggregation = (data: AggregatedData) => AggregatedMetricState | Promise<AggregatedMetricState>;

/** Parts per key that a function of the user's counts; it reads the table itself, on the main thread. */
export const CustomAggregator = defineAnalyzer({
  name: 'CustomAggregator',
  doc: 'Parts per key that a function of the user counts; it reads the table itself.',
  kind: 'attributes',
  params: {
    aggregation: { kind: 'function', doc: 'Counts keys of a table.' },
    metricName: { kind: 'text', doc: 'The name of the metric.' },
    instance: { kind: 'text', default: 'Dataset', doc: 'What the metric is about.' },
  },
  create: (aggregation: Aggregation, metricName: string, instance = 'Dataset') => ({
    aggregation, metricName, instance,
  }),
  metric: (p) => ({ entity: 'Column', instance: p.instance, name: p.metricName }),
  requires: () => [],
  query: async (p, run) => {
    const data: AggregatedData = {
      rows: () => readRows(run.source, run.bind.zone, run.signal),
      batches: () => readBatches(run.source, run.signal),
    };
    let state: AggregatedMetricState;
    try {
      state = await p.aggregation(data);
    } catch (cause) {
      if (run.signal?.aborted || (cause instanceof AssayError && cause.code === 'SOURCE')) throw cause;
      return failed('RuntimeException', 'Metric computation failed', cause);
    }
    const counts = state.counts instanceof Map ? state.counts : new Map(Object.entries(state.counts));
    return new Map([...counts].map(([key, n]) => [key, n / state.total] as const));
  },
});

async function* readBatches(source: OpenSource, signal: AbortSignal | undefined): AsyncIterable<Batch> {
  const wanted = new Map(source.schema.fields.map((f) => [f.name, ['values'] as const]));
  for (const split of source.splits) yield* source.read(split, wanted, { signal });
}
