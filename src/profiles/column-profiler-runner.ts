import { AssayError } from '../base/errors.js';
import { momentOf, type AnalysisOptions } from '../analysis/analysis-runner.js';
import { failIfLacking, reusing, saving, storedResults, usingRepository } from '../analysis/history.js';
import { bindTo } from '../analyzers/bind.js';
import type { Bind } from '../analyzers/contract.js';
import type { DataTypeName } from '../analyzers/data-type.js';
import type { KLLParameters } from '../analyzers/params.js';
import type { OpenSource } from '../data/source.js';
import { execute, explain } from '../engine/execute.js';
import type { Explanation, RunOptions } from '../engine/plan.js';
import { analyzerContext } from '../repository/analyzer-context.js';
import { mergedContexts } from '../repository/contexts.js';
import type { MetricsRepository } from '../repository/metrics-repository.js';
import type { ResultKey } from '../repository/result-key.js';
import { toSource } from '../sources/open.js';
import { matches } from '../states/matches.js';
import { Questions } from './answers.js';
import { planColumn, profileColumn, wantedNumbers, type ColumnPlan } from './column.js';
import { columnGroups, groupsNote, progressOf } from './groups.js';
import { columnProfiles, type ColumnProfiles } from './column-profiles.js';
import type { NumericAsks } from './numeric.js';
import type { ColumnProfile } from './profile.js';
import { firstReading, type Quartiles } from './quartiles.js';
import { askCorrelations, askMissingness } from './relations.js';
import { DEFAULTS, checkedCount, checkedTypes, chosenFields, type OpenSettings, type Settings } from './settings.js';
import { metricsOf, storedProfiles } from './stored.js';

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
  /** The history that `reuseExistingResultsForKey` reads and `saveOrAppendResult` writes. */
  useRepository(repository: MetricsRepository): ColumnProfilerRunBuilder;
  /**
   * Makes the profiles of the metrics that are stored under the key, without reading the table; what metrics do not
   * hold, such as top values, is null in them. If a metric is missing the table is read, once, for everything.
   *
   * @param failIfResultsMissing whether the run fails then, instead of reading
   */
  reuseExistingResultsForKey(resultKey: ResultKey, failIfResultsMissing?: boolean): ColumnProfilerRunBuilder;
  /**
   * Adds the metrics in the profiles to those that are stored under the key; of one analyzer, the new metric counts.
   */
  saveOrAppendResult(resultKey: ResultKey): ColumnProfilerRunBuilder;
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
  const { history } = choice;
  const settings: Settings = { ...choice, kll: choice.kll === 'off' ? 'off' : choice.kllParameters };
  return Object.freeze<ColumnProfilerRunBuilder>({
    onData: (data, options) => also({ data: toSource(data, options?.name) }),
    restrictToColumns: (columns) => also({ columns: [...columns] }),
    withLowCardinalityHistogramThreshold: (n) => also({ threshold: checkedCount('the threshold', n, 0, 2 ** 23) }),
    withKLLProfiling: () => also({ kll: null }),
    setKLLParameters: (kllParameters) => also({ kllParameters }),
    setPredefinedTypes: (types) =>
      also({ types: checkedTypes(Symbol.iterator in types ? types : Object.entries(types)) }),
    withTopValues: (n) => also({ topValues: checkedCount('the number of top values', n, 0, 256) }),
    withCorrelationMatrix: () => also({ correlations: true }),
    withMissingnessPattern: () => also({ missingness: true }),
    useRepository: (repository) => also({ history: usingRepository(history, repository) }),
    reuseExistingResultsForKey: (key, failIfResultsMissing = false) =>
      also({ history: reusing(history, key, failIfResultsMissing) }),
    saveOrAppendResult: (key) => also({ history: saving(history, key) }),
    run: (options) => run(settings, options),
    explain: (options) => explained(settings, options),
  });
}

/** What a profile asks of a source in one reading: of all columns, or of some where there are many. */
interface Plan {
  readonly questions: Questions;
  readonly columns: readonly ColumnPlan[];
}

/** Everything that a profile asks of a source; the questions about the whole table stand with the first columns. */
function plan(chosen: Settings, source: OpenSource, timeZone: string | undefined) {
  const bind = bindTo(source.schema, momentOf(timeZone));
  const settings: OpenSettings = { ...chosen, replayable: source.replayable };
  const fields = chosenFields(source.schema, settings);
  const whole = new Questions();
  const size = whole.ask(bind.state(matches, { inputs: [] }));
  const correlations = settings.correlations ? askCorrelations(fields, bind, whole) : null;
  const missingness = settings.missingness ? askMissingness(fields, bind, whole) : null;
  const plans = columnGroups(fields, source).map((group, i): Plan => {
    const questions = i === 0 ? whole : new Questions();
    return { questions, columns: group.map((field) => planColumn(field, settings, bind, questions)) };
  });
  return { settings, bind, plans, whole, size, correlations, missingness };
}

async function run(chosen: Settings, { timeZone, ...options }: AnalysisOptions = {}): Promise<ColumnProfiles> {
  return opened(chosen, options.signal, async (source) => {
    const stored = await reusable(chosen, source);
    const { repository, save } = chosen.history;
    if (stored.profiles) {
      if (save) await repository!.append(save, stored.metrics!);
      return reused(stored.profiles, source, options);
    }
    const { settings, bind, plans, whole, size, correlations, missingness } = plan(chosen, source, timeZone);
    const progress = progressOf(options.onProgress, plans.length);
    const profiles: ColumnProfile[] = [];
    const again: string[] = [];
    let explanation: Explanation | null = null;
    let table: Pick<ColumnProfiles, 'numRecords' | 'correlations' | 'missingness'> | null = null;
    for (const [i, { questions, columns }] of plans.entries()) {
      const execution = await execute(questions.asks, source, { ...options, onProgress: progress(i) });
      questions.settle(execution);
      explanation ??= execution.explanation;
      const found = await findQuartiles(columns, questions, bind, source, options);
      again.push(...found.again);
      profiles.push(...columns.map((column) => profileColumn(column, settings, bind.zone, questions, found.quartiles)));
      if (i === 0) {
        const numRecords = whole.get(size).rows;
        table = { numRecords, correlations: correlations?.() ?? null, missingness: missingness?.(numRecords) ?? null };
      }
      questions.forget();
    }
    const found = columnProfiles({
      profiles: new Map(profiles.map((p) => [p.name, p])),
      ...table!,
      explanation: noted(wholeExplanation(plans, explanation!, source, options), again.length === 0 ? [] : [
        `read again for exact quartiles, between bounds of the first reading: ${again.join(', ')}`,
      ]),
    });
    if (save) {
      const metrics = analyzerContext(metricsOf(found.profiles.values(), found.numRecords, settings));
      await repository!.append(save, stored.metrics ? mergedContexts(stored.metrics, metrics) : metrics);
    }
    return found;
  });
}

/** What was read for all columns together. */
function wholeExplanation(
  plans: readonly Plan[], first: Explanation, source: OpenSource, options: RunOptions,
): Explanation {
  if (plans.length === 1) return first;
  const columns = plans.reduce((sum, p) => sum + p.columns.length, 0);
  return noted(explain(plans.flatMap((p) => p.questions.asks), source, options), [groupsNote(columns, plans.length)]);
}

/** What is stored under the key to reuse, and the profiles that can be made of it; null: the table must be read. */
async function reusable(settings: Settings, source: OpenSource) {
  const metrics = await storedResults(settings.history);
  if (!settings.history.reuse) return { metrics, profiles: null };
  const made = storedProfiles(chosenFields(source.schema, settings), settings, metrics);
  failIfLacking(settings.history, made.lacking ?? []);
  const relations = [settings.correlations && 'correlation matrix', settings.missingness && 'missingness pattern'];
  const unstored = relations.filter((what) => what !== false);
  if (unstored.length > 0 && settings.history.reuse.failIfResultsMissing) {
    const remedy = 'read the table for it, without failIfResultsMissing';
    throw new AssayError('INVALID_ARGUMENT', `no history holds a ${unstored.join(' or a ')}: ${remedy}`);
  }
  return { metrics, profiles: made.lacking || unstored.length > 0 ? null : made };
}

const REUSED = 'every metric is stored under the key: nothing is read';

function reused(
  { profiles, numRecords }: { readonly profiles: readonly ColumnProfile[]; readonly numRecords: number },
  source: OpenSource, options: RunOptions,
): ColumnProfiles {
  return columnProfiles({
    profiles: new Map(profiles.map((p) => [p.name, p])),
    numRecords,
    correlations: null,
    missingness: null,
    explanation: noted(explain([], source, options), [REUSED]),
  });
}

/** The exact quartiles of columns of numbers: of some in a second reading, if their numbers were too many to keep. */
async function findQuartiles(
  columns: readonly ColumnPlan[], questions: Questions, bind: Bind, source: OpenSource, options: RunOptions,
): Promise<{ quartiles: Map<NumericAsks, Quartiles | null>; again: readonly string[] }> {
  const quartiles = new Map<NumericAsks, Quartiles | null>();
  const second = new Questions();
  const pending: { asks: NumericAsks; name: string; quartiles: () => Quartiles }[] = [];
  for (const column of columns) {
    const asks = wantedNumbers(column, questions);
    if (!asks) continue;
    const first = firstReading(asks.quartiles, questions);
    if ('quartiles' in first) quartiles.set(asks, first.quartiles);
    else pending.push({ asks, name: column.field.name, quartiles: first.again(bind, second) });
  }
  if (pending.length === 0) return { quartiles, again: [] };
  second.settle(await execute(second.asks, source, options));
  for (const { asks, quartiles: of } of pending) quartiles.set(asks, of());
  return { quartiles, again: pending.map((p) => p.name) };
}

const KEPT = 'exact quartiles: numbers near them are kept in memory, up to four fifths of memoryLimit; columns of which '
  + 'these turn out not to be enough are read again, between bounds that the first reading finds';
const TABLED = 'exact quartiles: the source can be read once only, so numbers go to tables, and past memoryLimit to '
  + 'disk';

async function explained(chosen: Settings, { timeZone, ...options }: AnalysisOptions = {}): Promise<Explanation> {
  return opened(chosen, options.signal, async (source) => {
    if ((await reusable(chosen, source)).profiles) return noted(explain([], source, options), [REUSED]);
    const { plans } = plan(chosen, source, timeZone);
    const numeric = plans.some(({ columns }) => columns.some((c) => Object.keys(c.numbers).length > 0));
    const explanation = wholeExplanation(plans, explain(plans[0]!.questions.asks, source, options), source, options);
    return noted(explanation, numeric ? [source.replayable ? KEPT : TABLED] : []);
  });
}

/** An explanation with what the engine does not know. */
function noted(explanation: Explanation, notes: readonly string[]): Explanation {
  if (notes.length === 0) return explanation;
  const text = `${explanation.toString()}\n${notes.map((note) => `- ${note}`).join('\n')}`;
  return { ...explanation, notes: [...explanation.notes, ...notes], toString: () => text };
}

async function opened<T>(
  { data }: Settings, signal: AbortSignal | undefined, use: (source: OpenSource) => Promise<T>,
): Promise<T> {
  if (!data) throw new AssayError('INVALID_ARGUMENT', 'no table to profile: call onData(…) before run()');
  const source = await data.open(signal ? { signal } : {});
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}
