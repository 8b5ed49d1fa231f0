import { AssayError } from '../base/errors.js';
import { scalaList } from '../base/scala-text.js';
import { bindTo, type Moment } from '../analyzers/bind.js';
import type { Analyzer } from '../analyzers/contract.js';
import { isAnalyzer, notAnAnalyzer } from '../analyzers/define.js';
import type { Source } from '../data/source.js';
import { explain } from '../engine/execute.js';
import type { Explanation, RunOptions } from '../engine/plan.js';
import { toSource } from '../sources/open.js';
import { analyzerContext, type AnalyzerContext } from './analyzer-context.js';
import { explained } from './notes.js';
import { engineAsks, questionOf } from './questions.js';
import { runAnalyzers } from './run-analyzers.js';

/** How a run is done. */
export interface AnalysisOptions extends Omit<RunOptions, 'verdicts'> {
  /** The time zone of timestamps in predicates and texts; default UTC. */
  readonly timeZone?: string | undefined;
}

/** Collects analyzers for one table; every call returns a new builder. */
export interface AnalysisRunBuilder {
  /** The table under analysis: a source, an Arrow table, record batches, rows. */
  onData(data: unknown, options?: { readonly name?: string }): AnalysisRunBuilder;
  /** Another table, for analyzers that read several. */
  withSource(name: string, data: unknown): AnalysisRunBuilder;
  addAnalyzer(analyzer: Analyzer): AnalysisRunBuilder;
  addAnalyzers(analyzers: Iterable<Analyzer>): AnalysisRunBuilder;
  run(options?: AnalysisOptions): Promise<AnalyzerContext>;
  /** What a run would read and compute, without reading the data. */
  explain(options?: AnalysisOptions): Promise<Explanation>;
}

interface Settings {
  readonly data: Source | null;
  readonly others: ReadonlyMap<string, Source>;
  readonly analyzers: readonly Analyzer[];
}

/** Begins an analysis: computes the metrics of analyzers over a table. */
export function AnalysisRunner(): AnalysisRunBuilder {
  return builder({ data: null, others: new Map(), analyzers: [] });
}

function builder(settings: Settings): AnalysisRunBuilder {
  const { others, analyzers } = settings;
  return Object.freeze<AnalysisRunBuilder>({
    onData: (data, options) => builder({ ...settings, data: named(toSource(data, options?.name), options?.name) }),
    withSource: (name, data) => builder({ ...settings, others: new Map([...others, [name, toSource(data, name)]]) }),
    addAnalyzer: (analyzer) => builder({ ...settings, analyzers: [...analyzers, checked(analyzer)] }),
    addAnalyzers: (more) => builder({ ...settings, analyzers: [...analyzers, ...[...more].map(checked)] }),
    run: (options) => run(settings, options),
    explain: (options) => explainRun(settings, options),
  });
}

async function run(settings: Settings, { timeZone, ...options }: AnalysisOptions = {}): Promise<AnalyzerContext> {
  const data = dataOf(settings);
  rejectDuplicates(settings.analyzers);
  const moment = momentOf(timeZone);
  const source = await data.open(options.signal ? { signal: options.signal } : {});
  try {
    const tables = { name: data.name, others: settings.others, moment };
    const { entries, execution, explanation } = await runAnalyzers(settings.analyzers, source, tables, moment, options);
    return analyzerContext(entries, { rows: execution?.rows ?? null, explanation });
  } finally {
    await source.close();
  }
}

async function explainRun(settings: Settings, { timeZone, ...options }: AnalysisOptions = {}): Promise<Explanation> {
  const data = dataOf(settings);
  rejectDuplicates(settings.analyzers);
  const source = await data.open(options.signal ? { signal: options.signal } : {});
  try {
    const bind = bindTo(source.schema, momentOf(timeZone));
    const questions = settings.analyzers.map((a) => questionOf(a, bind));
    const planned = explain(questions.flatMap((q) => (q.kind === 'asks' ? engineAsks(q.asks) : [])), source, options);
    return explained(planned, questions);
  } finally {
    await source.close();
  }
}

/** What the predicates of a run share: its time zone, and `now`. */
export function momentOf(timeZone = 'UTC'): Moment {
  return { zone: timeZone, now: Date.now() };
}

/** Throws if an analyzer was added twice. */
export function rejectDuplicates(analyzers: readonly Analyzer[]): void {
  const seen = new Set<string>();
  const twice = analyzers.filter((a) => seen.size === seen.add(a.key).size);
  if (twice.length > 0) {
    throw new AssayError('DUPLICATE', `requirement failed: Duplicate analyzers found: ${scalaList(twice.map(String))}`);
  }
}

/** A source under the name that the run gives it. */
function named(source: Source, name: string | undefined): Source {
  return name === undefined || name === source.name ? source : { name, open: (options) => source.open(options) };
}

function dataOf({ data }: Settings): Source {
  if (!data) throw new AssayError('INVALID_ARGUMENT', 'no table to analyze: call onData(…) before run()');
  return data;
}

function checked(analyzer: Analyzer): Analyzer {
  if (!isAnalyzer(analyzer)) throw notAnAnalyzer(analyzer);
  return analyzer;
}
