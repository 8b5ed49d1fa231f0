import { AssayError } from '../base/errors.js';
import { scalaList } from '../base/scala-text.js';
import { bindTo, type Moment } from '../analyzers/bind.js';
import type { Analyzer } from '../analyzers/contract.js';
import { isAnalyzer, notAnAnalyzer } from '../analyzers/define.js';
import type { Source } from '../data/source.js';
import { zoneOf } from '../expression/evaluate/zones.js';
import type { Schema } from '../data/types.js';
import { explain } from '../engine/execute.js';
import type { Explanation, RunOptions } from '../engine/plan.js';
import { analyzerContext, type AnalyzerContext } from '../repository/analyzer-context.js';
import { mergedContexts } from '../repository/contexts.js';
import type { MetricsRepository } from '../repository/metrics-repository.js';
import type { ResultKey } from '../repository/result-key.js';
import type { StateProvider } from '../repository/state-provider.js';
import { toSource } from '../sources/open.js';
import type { Companion, Place, Wishes } from './companion.js';
import { lacking, NO_HISTORY, reusing, saving, storedResults, usingRepository, type History } from './history.js';
import { explained, withNotes } from './notes.js';
import { engineAsks, failedMetric, failureOf, questionOf } from './questions.js';
import { runAnalyzers } from './run-analyzers.js';
import { NO_STATES, plainStates, providerOf, withoutRows, type Pass, type StateUse } from './pass.js';

/** How a run is done. */
export interface AnalysisOptions extends Omit<RunOptions, 'verdicts' | 'seed' | 'kept' | 'verdictLimit' | 'observer'> {
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
  /** Analyzers that depend on the columns of the table; those that were added already are left out. */
  addAnalyzersFor(choose: (schema: Schema) => Iterable<Analyzer>): AnalysisRunBuilder;
  /** Analyzers that depend on what the others found; the table is read again for them alone. `why` is for `explain`. */
  followUp(choose: (found: AnalyzerContext) => Iterable<Analyzer>, why: string): AnalysisRunBuilder;
  /** The history that `reuseExistingResultsForKey` reads and `saveOrAppendResult` writes. */
  useRepository(repository: MetricsRepository): AnalysisRunBuilder;
  /**
   * Takes the metrics that are stored under the key, those that failed excepted, instead of computing them. The
   * result has all metrics of the key.
   *
   * @param failIfResultsMissing whether the run fails if a metric would have to be computed
   */
  reuseExistingResultsForKey(resultKey: ResultKey, failIfResultsMissing?: boolean): AnalysisRunBuilder;
  /** Adds the metrics of the run to those that are stored under the key; of one analyzer, the new metric counts. */
  saveOrAppendResult(resultKey: ResultKey): AnalysisRunBuilder;
  /** Merges what is stored there before the rows of the run: the metrics are those of both together. */
  aggregateWith(states: StateProvider): AnalysisRunBuilder;
  /** Stores the states of the run, with those that `aggregateWith` merged, in place of what is there. */
  saveStatesWith(states: StateProvider): AnalysisRunBuilder;
  /**
   * Computes metrics from stored states alone, in the order of the stores; no data is read. Analyzers without any
   * state, or whose states are empty, have no metric; groupings without groups and a completeness of no rows fail.
   *
   * @param options `schema`: the columns, where the stores do not know them
   */
  onStates(stores: Iterable<StateProvider>, options?: { readonly schema?: Schema }): AnalysisRunBuilder;
  run(options?: AnalysisOptions): Promise<AnalyzerContext>;
  /** What a run would read and compute, without reading the data. */
  explain(options?: AnalysisOptions): Promise<Explanation>;
}

interface FollowUp {
  readonly why: string;
  choose(found: AnalyzerContext): Iterable<Analyzer>;
}

interface Settings {
  readonly data: Source | null;
  readonly others: ReadonlyMap<string, Source>;
  readonly analyzers: readonly Analyzer[];
  readonly late: readonly ((schema: Schema) => Iterable<Analyzer>)[];
  readonly next: readonly FollowUp[];
  readonly history: History;
  readonly states: StateUse;
}

/** Begins an analysis: computes the metrics of analyzers over a table. */
export function AnalysisRunner(): AnalysisRunBuilder {
  return builder(
    { data: null, others: new Map(), analyzers: [], late: [], next: [], history: NO_HISTORY, states: NO_STATES },
  );
}

function builder(settings: Settings): AnalysisRunBuilder {
  const { others, analyzers, history, states } = settings;
  const changed = (more: Partial<Settings>) => builder({ ...settings, ...more });
  const built = Object.freeze<AnalysisRunBuilder>({
    onData: (data, options) => changed({ data: named(toSource(data, options?.name), options?.name) }),
    withSource: (name, data) => changed({ others: new Map([...others, [name, toSource(data, name)]]) }),
    addAnalyzer: (analyzer) => changed({ analyzers: [...analyzers, checked(analyzer)] }),
    addAnalyzers: (more) => changed({ analyzers: [...analyzers, ...[...more].map(checked)] }),
    addAnalyzersFor: (choose) => changed({ late: [...settings.late, choose] }),
    followUp: (choose, why) => changed({ next: [...settings.next, { choose, why }] }),
    useRepository: (repository) => changed({ history: usingRepository(history, repository) }),
    reuseExistingResultsForKey: (resultKey, failIfResultsMissing = false) =>
      changed({ history: reusing(history, resultKey, failIfResultsMissing) }),
    saveOrAppendResult: (resultKey) => changed({ history: saving(history, resultKey) }),
    aggregateWith: (provider) => changed({ states: { ...states, aggregateWith: providerOf(provider) } }),
    saveStatesWith: (provider) => changed({ states: { ...states, saveStatesWith: providerOf(provider) } }),
    onStates: (stores, options) =>
      changed({ states: { ...states, stores: [...stores].map(providerOf), schema: options?.schema ?? null } }),
    run: (options) => run(settings, options),
    explain: (options) => explainRun(settings, options),
  });
  allSettings.set(built, settings);
  return built;
}

const allSettings = new WeakMap<AnalysisRunBuilder, Settings>();

/** Runs an analysis together with somebody else who asks in the same pass. */
export function runTogether(
  builder: AnalysisRunBuilder,
  companion: Companion,
  options?: AnalysisOptions,
): Promise<AnalyzerContext> {
  return run(allSettings.get(builder)!, options, companion);
}

/** Explains such a run. */
export function explainTogether(
  builder: AnalysisRunBuilder,
  companion: Companion,
  options?: AnalysisOptions,
): Promise<Explanation> {
  return explainRun(allSettings.get(builder)!, options, companion);
}

async function run(
  settings: Settings,
  options: AnalysisOptions = {},
  companion: Companion | null = null,
): Promise<AnalyzerContext> {
  rejectDuplicates(settings.analyzers);
  const { history, analyzers, late, next } = settings;
  const stored = await storedResults(history);
  const all = stored !== null && late.length === 0 && next.length === 0 &&
    lacking(history, stored, analyzers).length === 0;
  const context = all ? stored : await compute(settings, stored, options, companion);
  if (history.save) await history.repository!.append(history.save, context);
  return context;
}

async function compute(
  settings: Settings,
  stored: AnalyzerContext | null,
  { timeZone, ...options }: AnalysisOptions,
  companion: Companion | null,
): Promise<AnalyzerContext> {
  const moment = momentOf(timeZone);
  const { data, source, via } = await opened(settings, options);
  try {
    const tables = { name: data.name, others: settings.others, moment };
    const ask = async (some: readonly Analyzer[], wishes: Wishes | null) => {
      const work = (those: readonly Analyzer[], pass: Pass) =>
        runAnalyzers(those, source, tables, moment, options, wishes, pass);
      return via.merged ? (await stateUse()).runWithStates(some, work, via) : work(some, via.pass);
    };
    const analyzers = lacking(settings.history, stored, analyzersFor(settings, source.schema));
    const place: Place = { data, source, bind: bindTo(source.schema, moment), options };
    const wishes = companion?.wishes(place) ?? null;
    const { entries, execution, explanation, answers } = await ask(analyzers, wishes);
    let found = analyzerContext(entries, { rows: execution?.rows ?? null, explanation });
    if (stored) found = mergedContexts(stored, found);
    for (const { choose, why } of settings.next) {
      const more = withoutKnown(choose(found), found.entries.map(([a]) => a));
      if (more.length === 0) continue;
      const again = source.replayable || execution === null
        ? (await ask(more, null)).entries
        : more.map((a) => [a, failedMetric(a, failureOf(readOnce()))] as const);
      const said = found.explanation && withNotes(found.explanation, [`${why}: ${more.map(String).join(', ')}`]);
      found = analyzerContext([...found.entries, ...again], { rows: found.rows, explanation: said });
    }
    await via.save(source.schema, found);
    await companion?.finish(place, found, answers, execution);
    return found;
  } finally {
    via.close();
    await source.close();
  }
}

/** Most runs have nothing to do with stored states. */
const stateUse = () => import('./state-use.js');

/** What a run reads: the table, or only what is known of it from stored states. */
async function opened(settings: Settings, options: RunOptions) {
  const { states } = settings;
  if (states.stores) {
    const via = await (await stateUse()).fromStores(states, options);
    const source = withoutRows(via.schema);
    return { data: { name: 'stored states', open: async () => source }, source, via };
  }
  const data = dataOf(settings);
  const source = await data.open(options.signal ? { signal: options.signal } : {});
  try {
    if (!states.aggregateWith && !states.saveStatesWith) return { data, source, via: plainStates };
    return { data, source, via: await (await stateUse()).withStates(states, options) };
  } catch (thrown) {
    await source.close();
    throw thrown;
  }
}

async function explainRun(
  settings: Settings,
  { timeZone, ...options }: AnalysisOptions = {},
  companion: Companion | null = null,
): Promise<Explanation> {
  rejectDuplicates(settings.analyzers);
  const stored = await storedResults(settings.history);
  const { data, source } = await opened(settings, options);
  try {
    const bind = bindTo(source.schema, momentOf(timeZone));
    const missing = lacking(settings.history, stored, analyzersFor(settings, source.schema));
    const questions = missing.map((a) => questionOf(a, bind));
    const { asks = [], notes, ...wishes } = companion?.wishes({ data, source, bind, options }) ?? {};
    const asked = [...questions.flatMap((q) => (q.kind === 'asks' ? engineAsks(q.asks) : [])), ...asks];
    const planned = explain(asked, source, { ...options, ...wishes });
    return withNotes(explained(planned, questions, notes), settings.next.map((f) => f.why));
  } finally {
    await source.close();
  }
}

/** The analyzers of a run, now that the columns are known. */
function analyzersFor({ analyzers, late }: Settings, schema: Schema): readonly Analyzer[] {
  return late.reduce((known, choose) => [...known, ...withoutKnown(choose(schema), known)], analyzers);
}

function withoutKnown(more: Iterable<Analyzer>, known: readonly Analyzer[]): readonly Analyzer[] {
  const keys = new Set(known.map((a) => a.key));
  return [...more].filter((a) => keys.size < keys.add(checked(a).key).size);
}

function readOnce(): AssayError {
  return new AssayError(
    'SOURCE', 'the source can be read only once, and this analyzer follows from what was found in it',
  );
}

/** What the predicates of a run share: its time zone, which must be one, and `now`. */
export function momentOf(timeZone = 'UTC'): Moment {
  zoneOf(timeZone);
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
