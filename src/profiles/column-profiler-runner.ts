import { AssayError } from '../base/errors.js';
import type { AnalysisOptions } from '../analysis/analysis-runner.js';
import { momentOf } from '../analysis/analysis-runner.js';
import { bindTo } from '../analyzers/bind.js';
import type { DataTypeName } from '../analyzers/data-type.js';
import type { KLLParameters } from '../analyzers/params.js';
import type { OpenSource } from '../data/source.js';
import { execute, explain } from '../engine/execute.js';
import type { Explanation } from '../engine/plan.js';
import { toSource } from '../sources/open.js';
import { matches } from '../states/matches.js';
import { Questions } from './answers.js';
import { planColumn, profileColumn } from './column.js';
import { columnProfiles, type ColumnProfiles } from './column-profiles.js';
import { quartilesOf } from './quartiles.js';
import { askCorrelations, askMissingness } from './relations.js';
import { DEFAULTS, checkedCount, checkedTypes, chosenFields, type Settings } from './settings.js';

/** Says what a profile is about; every call returns a new builder. */
export interface ColumnProfilerRunBuilder {
  /** The table to profile: a source, an Arrow table, record batches, rows. */
  onData(data: unknown, options?: { readonly name?: string }): ColumnProfilerRunBuilder;
  /** Only these columns, by their names in the schema; profiles come in the order of the schema. */
  restrictToColumns(columns: Iterable<string>): ColumnProfilerRunBuilder;
  /** Histograms of columns with at most this many distinct values, by the approximate count; default 120. */
  withLowCardinalityHistogramThreshold(threshold: number): ColumnProfilerRunBuilder;
  /** Adds KLL sketches and 99 percentiles of numeric columns. */
  withKLLProfiling(): ColumnProfilerRunBuilder;
  /** Size of the sketches, shrinking factor, number of buckets; only used with KLL profiling. */
  setKLLParameters(parameters: Partial<KLLParameters> | null): ColumnProfilerRunBuilder;
  /** The types of columns, by name, instead of those found: `{ zip: 'String' }`, a Map or pairs. */
  setPredefinedTypes(
    types: Readonly<Record<string, DataTypeName>> | Iterable<readonly [string, DataTypeName]>,
  ): ColumnProfilerRunBuilder;
  /** How many of the most frequent values are reported; default 10, at most 256. */
  withTopValues(count: number): ColumnProfilerRunBuilder;
  /** Adds the correlations of all pairs of numeric columns; at most 100 of them. */
  withCorrelationMatrix(): ColumnProfilerRunBuilder;
  /** Adds which columns lack a value together; at most 200 columns. */
  withMissingnessPattern(): ColumnProfilerRunBuilder;
  run(options?: AnalysisOptions): Promise<ColumnProfiles>;
  /** What a run would read and compute, without reading the data. */
  explain(options?: AnalysisOptions): Promise<Explanation>;
}

interface Choice extends Settings {
  readonly kllParameters: Partial<KLLParameters> | null;
}

/** Begins a profile of the columns of a table. */
export function ColumnProfilerRunner(): ColumnProfilerRunBuilder {
  return builder({ ...DEFAULTS, kllParameters: null });
}

function builder(choice: Choice): ColumnProfilerRunBuilder {
  const also = (more: Partial<Choice>) => builder({ ...choice, ...more });
  const settings: Settings = { ...choice, kll: choice.kll === 'off' ? 'off' : choice.kllParameters };
  return Object.freeze<ColumnProfilerRunBuilder>({
    onData: (data, options) => also({ data: toSource(data, options?.name) }),
    restrictToColumns: (columns) => also({ columns: [...columns] }),
    withLowCardinalityHistogramThreshold: (n) => also({ threshold: checkedCount('the threshold', n, 0, 2 ** 23) }),
    withKLLProfiling: () => also({ kll: null }),
    setKLLParameters: (kllParameters) => also({ kllParameters }),
    setPredefinedTypes: (types) => also({ types: checkedTypes(Symbol.iterator in types ? types : Object.entries(types)) }),
    withTopValues: (n) => also({ topValues: checkedCount('the number of top values', n, 0, 256) }),
    withCorrelationMatrix: () => also({ correlations: true }),
    withMissingnessPattern: () => also({ missingness: true }),
    run: (options) => run(settings, options),
    explain: (options) => explained(settings, options),
  });
}

/** Everything that a profile asks of a source. */
function plan(settings: Settings, source: OpenSource, timeZone: string | undefined) {
  const bind = bindTo(source.schema, momentOf(timeZone));
  const questions = new Questions();
  const fields = chosenFields(source.schema, settings);
  const size = questions.ask(bind.state(matches, { inputs: [] }));
  const columns = fields.map((field) => planColumn(field, settings, bind, questions));
  const correlations = settings.correlations ? askCorrelations(fields, bind, questions) : null;
  const missingness = settings.missingness ? askMissingness(fields, bind, questions) : null;
  return { bind, questions, size, columns, correlations, missingness };
}

async function run(settings: Settings, { timeZone, ...options }: AnalysisOptions = {}): Promise<ColumnProfiles> {
  return opened(settings, options.signal, async (source) => {
    const { bind, questions, size, columns, correlations, missingness } = plan(settings, source, timeZone);
    const execution = await execute(questions.asks, source, options);
    questions.settle(execution);
    const { rows } = questions.get(size);
    const profiles = columns.map((column) => profileColumn(column, settings, bind.zone, questions, (asks) => quartilesOf(questions.get(asks.quartiles))));
    return columnProfiles({
      profiles: new Map(profiles.map((p) => [p.name, p])),
      numRecords: rows,
      correlations: correlations?.() ?? null,
      missingness: missingness?.(rows) ?? null,
      explanation: execution.explanation,
    });
  });
}

async function explained(settings: Settings, { timeZone, ...options }: AnalysisOptions = {}): Promise<Explanation> {
  return opened(settings, options.signal, async (source) => explain(plan(settings, source, timeZone).questions.asks, source, options));
}

async function opened<T>({ data }: Settings, signal: AbortSignal | undefined, use: (source: OpenSource) => Promise<T>): Promise<T> {
  if (!data) throw new AssayError('INVALID_ARGUMENT', 'no table to profile: call onData(…) before run()');
  const source = await data.open(signal ? { signal } : {});
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}
