import { AnalysisRunner, Histogram, defineAnalyzer, empty, states } from 'assay';
import type { Analyzer, AnalyzerFactory, Bind, Metric } from 'assay';
import { holds, type Same } from './same.js';

interface Params {
  readonly column: string;
  readonly where: string | null;
}

/** Root of the mean of squares, by the states that the library has: what they answer is typed without a word of ours. */
export const Rms = defineAnalyzer({
  name: 'Rms',
  doc: 'Root of the mean of the squares of a numeric column.',
  params: { column: { kind: 'column', doc: 'The column.' }, where: { kind: 'where', doc: 'A filter.' } },
  create: (column: string, where?: string): Params => ({ column, where: where ?? null }),
  metric: (p) => ({ entity: 'Column', instance: p.column, name: 'Rms' }),
  requires: (p) => [(schema) => void schema.fields.find((field) => field.name === p.column)],
  ask: (p, bind) => {
    holds<Same<typeof p, Params>>();
    holds<Same<typeof bind, Bind>>();
    return {
      spread: bind.state(states.moments, { inputs: [bind.column(p.column)], where: bind.where(p.where), options: { order: 2 } }),
      rows: bind.state(states.matches, { inputs: [] }),
    };
  },
  answer: ({ spread, rows }) => {
    holds<Same<typeof spread.mean, number>>();
    holds<Same<typeof rows.rows, number>>();
    // @ts-expect-error -- no such field in the state
    spread.kurtosis;
    return spread.n === 0 ? empty : Math.sqrt(spread.mean ** 2 + spread.m2 / spread.n);
  },
});

holds<Same<typeof Rms, AnalyzerFactory<[column: string, where?: string], 'double'>>>();
const one: Analyzer<'double'> = Rms('price', 'price > 0');
// @ts-expect-error -- a column is a text
Rms(1);
// @ts-expect-error -- another kind of metric
export const other: Analyzer<'histogram'> = one;

export async function run(): Promise<Metric<'double'> | undefined> {
  const context = await AnalysisRunner().onData([{ price: 1 }]).addAnalyzers([one, Histogram('price')]).run();
  return context.metric(one);
}

defineAnalyzer({
  name: 'Wrong',
  doc: 'Answers with a text, which is no metric.',
  params: {},
  create: () => ({}),
  metric: () => ({ entity: 'Dataset', instance: '*', name: 'Wrong' }),
  requires: () => [],
  ask: (_p, bind) => ({ one: bind.constant(1) }),
  // @ts-expect-error -- a metric of kind double is a number
  answer: () => 'many',
});

defineAnalyzer({
  name: 'Half',
  doc: 'Describes one of its two parameters.',
  // @ts-expect-error -- a parameter without a description
  params: { column: { kind: 'column', doc: 'The column.' } },
  create: (column: string, limit: number) => ({ column, limit }),
  metric: (p) => ({ entity: 'Column', instance: p.column, name: 'Half' }),
  requires: () => [],
  ask: (_p, bind) => ({ one: bind.constant(1) }),
  answer: () => 1,
});
