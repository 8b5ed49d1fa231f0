import { AssayError } from '../base/errors.js';
import type { Schema } from '../data/types.js';
import type { Analyzer } from '../analyzers/contract.js';
import { specOf } from '../analyzers/define.js';
import { hasFrequencies } from '../analyzers/frequencies.js';
import { MEMORY_LIMIT } from '../engine/budgets.js';
import type { RunOptions } from '../engine/plan.js';
import { TableRoom } from '../states/saved-blocks.js';
import type { AnalyzerContext } from '../repository/analyzer-context.js';
import type { LoadedStates } from '../repository/state-provider.js';
import { commonSchema } from '../repository/state-set.js';
import { failedMetric, failureOf } from './questions.js';
import type { AnalyzerRun } from './run-analyzers.js';
import type { Pass, StateUse, States } from './pass.js';
import { isAbsence, mergingPass, storedPass, type Kept } from './states-pass.js';

/** What a run holds of stored tables in memory, beside its own; a part of its `memoryLimit`. */
const ROOM_SHARE = 0.5;

function openKept({ memoryLimit = MEMORY_LIMIT }: Pick<RunOptions, 'memoryLimit'>): Kept {
  return { states: new Map(), asks: new Map(), room: new TableRoom(memoryLimit * ROOM_SHARE) };
}

/** Of a run over a table. */
export async function withStates({ aggregateWith, saveStatesWith }: StateUse, options: RunOptions): Promise<States> {
  const before = aggregateWith && await aggregateWith.load();
  const kept = openKept(options);
  return {
    pass: mergingPass(before, kept),
    merged: before !== null,
    async save(schema, found) {
      const stored = before ? before.rows : 0;
      const rows = stored === null || found.rows === null ? null : stored + found.rows;
      const columns = before?.schema ? commonSchema(before.schema, schema, aggregateWith!.place) : schema;
      const { states, asks } = kept;
      await saveStatesWith?.save({ schema: columns, rows, analyzers: askers(found), states, asks });
    },
    close: () => kept.room.close(),
  };
}

/** Of a run over stores alone. */
export async function fromStores(
  { stores, schema, aggregateWith, saveStatesWith }: StateUse, options: RunOptions,
): Promise<States & { schema: Schema }> {
  const loaded: LoadedStates[] = [];
  let columns = schema;
  for (const provider of aggregateWith ? [aggregateWith, ...stores!] : stores!) {
    const states = await provider.load();
    if (!states) throw new AssayError('STATE', `${provider.place} is empty: nothing was ever stored there`);
    if (states.schema) columns = columns ? commonSchema(columns, states.schema, provider.place) : states.schema;
    loaded.push(states);
  }
  if (!columns) {
    if (loaded.length === 0) columns = { fields: [] };
    else throw new AssayError(
      'INVALID_ARGUMENT', 'these stores do not know the columns of the table: give onStates(…, { schema })',
    );
  }
  const kept = openKept(options);
  const rows = loaded.reduce<number | null>((sum, s) => (sum === null || s.rows === null ? null : sum + s.rows), 0);
  return {
    schema: columns,
    pass: storedPass(loaded, kept),
    merged: true,
    storedRows: rows,
    async save(known, found) {
      const { states, asks } = kept;
      await saveStatesWith?.save({ schema: known, rows, analyzers: askers(found), states, asks });
    },
    close: () => kept.room.close(),
  };
}

/** The analyzers whose questions states answer. */
function askers(found: AnalyzerContext): Analyzer[] {
  return found.entries.map(([a]) => a).filter((a) => !specOf(a).query);
}

/** Whether Deequ has a state although nothing was counted: frequencies always, a completeness if there were rows. */
function isStateOfNothing(analyzer: Analyzer, rows: number | null): boolean {
  return hasFrequencies(analyzer) || (rows !== 0 && analyzer.analyzer === 'Completeness');
}

/** Runs analyzers with what is stored: those that read tables themselves have none. */
export async function runWithStates(
  analyzers: readonly Analyzer[],
  run: (analyzers: readonly Analyzer[], pass: Pass) => Promise<AnalyzerRun>,
  { pass, storedRows }: States,
): Promise<AnalyzerRun> {
  const readers = analyzers.filter((a) => specOf(a).query);
  const result = await run(analyzers.filter((a) => !specOf(a).query), pass);
  if (storedRows !== undefined) {
    const entries = result.entries.filter(([analyzer, { value }]) => value.ok || (!isAbsence(value.failure.cause) &&
      (value.failure.exception !== 'EmptyStateException' || isStateOfNothing(analyzer, storedRows))));
    return { ...result, entries };
  }
  const found = new Map(result.entries.map((entry) => [entry[0], entry]));
  for (const a of readers) {
    const message = `${String(a)} has no state: its value for stored rows and new ones together cannot be computed`;
    found.set(a, [a, failedMetric(a, failureOf(new AssayError('STATE', message)))]);
  }
  return { ...result, entries: analyzers.map((a) => found.get(a)!) };
}
