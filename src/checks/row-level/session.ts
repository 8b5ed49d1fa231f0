import type { AnalyzerContext } from '../../repository/analyzer-context.js';
import type { Companion, Place, Wishes } from '../../analysis/companion.js';
import { literal } from '../../analyzers/lower.js';
import { AssayError } from '../../base/errors.js';
import { unpackBits } from '../../data/packed-bits.js';
import type { OpenSource, Source } from '../../data/source.js';
import { BOOLEAN, type Schema } from '../../data/types.js';
import { MEMORY_LIMIT } from '../../engine/budgets.js';
import { execute } from '../../engine/execute.js';
import type { Answer, Execution, FoldAsk, KeptKeys, KeyJudge, RunOptions, SplitVerdicts } from '../../engine/plan.js';
import type { Bound } from '../../expression/bound.js';
import { columnsOf } from '../../expression/facets.js';
import { askRepeats, judgeHashed, type FilteredRows, type KeysOfRule, type Repeats } from './hashed-keys.js';
import { judgeOf, type Judge } from './judge.js';
import { Keeping, keptOf, type Kept } from './kept.js';
import { readViews } from './reading.js';
import { askRepeated, type Fingerprints } from './repeated-keys.js';
import {
  leavesOf, rowRules, standingOf, type GroupRule, type Resolved, type RowRules, type Standing,
} from './rules.js';

/** What a verification leaves for questions about single rows. */
export interface RowSession {
  readonly data: Source;
  readonly schema: Schema;
  readonly splits: number;
  readonly replayable: boolean;
  readonly rules: RowRules;
  /** Of each leaf of the rules. */
  readonly standings: readonly Standing[];
  /** Null: the data is read again. */
  readonly kept: Kept | null;
  /** Why nothing can be said of rows; null: it can. */
  readonly refusal: AssayError | null;
  readonly limits: Pick<RunOptions, 'threads' | 'memoryLimit'>;
  /** The time zone of the run. */
  readonly zone: string;
}

/** A companion that answers questions about rows afterwards. */
export interface RowCompanion extends Companion {
  session(): Promise<RowSession>;
}

/** Whether a constraint says anything of rows. */
export function speaks({ rules, standings }: RowSession, constraint: number): boolean {
  return leavesOf(rules.constraints[constraint]!.verdict).every((leaf) => standings[leaf] !== 'absent');
}

/** The constraints that say something of rows. */
export function speakers(session: RowSession): number[] {
  return session.rules.constraints.flatMap((_, i) => (speaks(session, i) ? [i] : []));
}

/** Of the memory limit: what verdicts and what keys that are repeated may take each. */
const SHARE = 1 / 4;

/** What a verification leaves behind that kept no verdicts: the data is read again for them. */
export function laterSession(checks: Resolved, place: Place, context: AnalyzerContext): RowSession {
  const rules = rowRules(checks, place.bind);
  return { ...placeOf(place), rules, standings: standingsOf(rules, context), kept: null, refusal: null };
}

function placeOf({ data, source, bind, options: { threads, memoryLimit } }: Place) {
  const { schema, replayable } = source;
  return { data, schema, splits: source.splits.length, replayable, zone: bind.zone, limits: { threads, memoryLimit } };
}

function standingsOf({ leaves }: RowRules, context: AnalyzerContext): Standing[] {
  return leaves.map((leaf) => standingOf(leaf, context));
}

/** Takes part in a verification: verdicts on rows are found in its pass and kept. */
export function rowLevelCompanion(checks: () => Resolved): RowCompanion {
  let rules: RowRules;
  let observed: Keeping | null = null;
  let hashed: HashedGroups | null = null;
  let session: RowSession | undefined;
  const ids = (kind: string) => rules.judgements.flatMap((j, i) => (j.kind === kind ? [i] : []));
  return {
    wishes(place): Wishes {
      rules = rowRules(checks(), place.bind);
      if (rules.constraints.length === 0) return { asks: [], notes: [] };
      const { source, options } = place;
      const functions = ids('value');
      const here = source.portable === null || options.threads === 0;
      const limit = limitOf(options);
      if (here && functions.length > 0) {
        observed = new Keeping(functions.map((j) => judgeOf(rules.judgements[j]!, undefined)), limit);
      }
      const verdicts = rules.judgements.flatMap((j) => (j.kind === 'expression' ? [j.verdict] : []));
      const groups = groupsOf(rules);
      hashed = groups.length > 0 && fits(source, groups.length, limit) ? new HashedGroups(rules, limit) : null;
      const all = [...verdicts, ...groups.map((g) => g.where ?? literal(BOOLEAN, true))];
      return {
        verdicts: all.length > 0 ? all : [literal(BOOLEAN, true)], // which counts the rows of each split
        verdictLimit: limit,
        ...(hashed && { kept: hashed }),
        ...(observed && { observer: observerOf(rules, functions, observed) }),
        asks: hashed?.asks ?? askAll(rules, options),
        notes: notesOn(rules, source, here, hashed !== null),
      };
    },
    async finish(place, context, answers, execution) {
      const standings = standingsOf(rules, context);
      const known = await conclude(place, standings, answers, execution);
      session = { ...placeOf(place), rules, standings, ...known };
    },
    session: async () => session!,
  };

  async function conclude(
    { source, options }: Place,
    standings: readonly Standing[],
    answers: readonly Answer[],
    execution: Execution | null,
  ): Promise<Pick<RowSession, 'kept' | 'refusal'>> {
    if (!execution || rules.constraints.length === 0) return { kept: null, refusal: null };
    const used = new Set(rules.leaves.flatMap((leaf, i) => (standings[i] === 'judged' ? [leaf.judgement!] : [])));
    const groups = ids('group').filter((j) => used.has(j));
    const { verdicts } = execution;
    if (!verdicts) return { kept: null, refusal: null };
    const told = groups.filter((j) => hashed?.packed.has(j));
    const untold = groups.filter((j) => !told.includes(j));
    if (!source.replayable && untold.length > 0) {
      return { kept: null, refusal: unrepeatable(rules, untold[0]!) };
    }
    const repeated = await repeatedKeys(source, untold, answers, options);
    const refusal = refusalOf(repeated, untold);
    if (refusal) return { kept: null, refusal };
    const left = [...(observed ? [] : ids('value').filter((j) => used.has(j))), ...untold];
    const judges = left.map((j) => judgeOf(rules.judgements[j]!, repeated.get(j)));
    const second = await secondReading(source, judges, verdicts, options);
    const first = observed?.finish();
    if (second === null || first === null) return { kept: null, refusal: null };
    const expressions = ids('expression');
    const parts = [
      { judgements: expressions, broken: execution.verdictErrors },
      ...(observed ? [{ judgements: ids('value'), broken: observed.errors() }] : []),
      ...(judges.length > 0 ? [{ judgements: left, broken: judges.map((j) => j.error) }] : []),
      ...told.map((j) => ({ judgements: [j], broken: [null] })),
    ];
    const nothing = new Uint8Array();
    const splits = verdicts.map((found, s) => ({
      rows: found.rows,
      packed: [
        found.packed,
        ...(first ? [first.get(found.split)?.packed[0] ?? nothing] : []),
        ...(judges.length > 0 ? [second.get(found.split)?.packed[0] ?? nothing] : []),
        ...told.map((j) => hashed!.packed.get(j)![s]!),
      ],
    }));
    return { kept: keptOf(splits, parts), refusal: null };
  }

  /** The keys that do not pass: the pass has found them, unless hashes were to tell. */
  async function repeatedKeys(
    source: OpenSource,
    used: readonly number[],
    answers: readonly Answer[],
    options: RunOptions,
  ): Promise<Repeated> {
    if (!hashed) return repeatedOf(ids('group'), answers);
    const only = { ...rules, judgements: used.map((j) => rules.judgements[j]!) };
    const asks = askAll(only, options);
    return repeatedOf(used, asks.length === 0 ? [] : (await execute(asks, source, options)).answers);
  }
}

function groupsOf({ judgements }: RowRules): GroupRule[] {
  return judgements.filter((j): j is GroupRule => j.kind === 'group');
}

/** Whether a hash of every row can be kept, as far as is known beforehand. */
function fits({ splits }: OpenSource, groups: number, limit: number): boolean {
  return splits.reduce((bytes, { summary }) => bytes + (summary.rows ?? 0) * 8 * groups, 0) <= limit;
}

/** Judges rows by the hashes of their keys, while these are there. */
class HashedGroups implements KeyJudge {
  /** Verdicts packed split by split, by the number of the judgement, as far as the hashes tell. */
  readonly packed = new Map<number, readonly Uint8Array[]>();
  readonly asks: readonly FoldAsk[];
  readonly #rules: RowRules;
  readonly #limit: number;

  constructor(rules: RowRules, limit: number) {
    this.#rules = rules;
    this.#limit = limit;
    this.asks = groupsOf(rules).map((g) => askRepeats(g, limit));
  }

  async judge(answers: readonly Answer[], splits: readonly SplitVerdicts[], keys: KeptKeys): Promise<void> {
    const { judgements } = this.#rules;
    const expressions = judgements.filter((j) => j.kind === 'expression').length;
    this.packed.clear();
    let group = 0;
    for (const [j, rule] of judgements.entries()) {
      if (rule.kind !== 'group') continue;
      const table = group++;
      const answer = answers[table]!;
      if (!answer.ok) continue;
      const bitmap = 2 * (expressions + table); // of its filter, which stands behind the verdicts
      const rows = splits.map(({ split, rows, packed }): FilteredRows => {
        const bits = rule.where && unpackBits(packed, rows, [bitmap, bitmap + 1]);
        return { split, rows, where: bits && { truth: bits.get(bitmap)!, known: bits.get(bitmap + 1)! } };
      });
      const kept: KeysOfRule = {
        rowsWithout: (hashes, nulls) => keys.rowsWithout(table, hashes, nulls),
        hashesOf: (some) => keys.hashesOf(table, some),
      };
      const judged = await judgeHashed(rows, rule, answer.value as Repeats, kept, this.#limit);
      if (judged) this.packed.set(j, judged);
    }
  }
}

/** Bytes for each of what is kept of rows. */
export function limitOf({ memoryLimit = MEMORY_LIMIT }: Pick<RunOptions, 'memoryLimit'>): number {
  return memoryLimit * SHARE;
}

/** Asks for the repeated keys of all judgements by groups. */
export function askAll({ judgements }: RowRules, options: Pick<RunOptions, 'memoryLimit'>) {
  return judgements.flatMap((j) => (j.kind === 'group' ? [askRepeated(j, limitOf(options))] : []));
}

type Repeated = ReadonlyMap<number, Fingerprints | AssayError>;

/** The answers to `askAll` by the number of the judgement. */
export function repeatedOf(groups: readonly number[], answers: readonly Answer[]): Repeated {
  return new Map(groups.flatMap((j, i) => {
    const answer = answers[i];
    return answer ? [[j, answer.ok ? (answer.value as Fingerprints) : answer.error] as const] : [];
  }));
}

/** Why keys are not known that are needed. */
export function refusalOf(repeated: Repeated, used: readonly number[]): AssayError | null {
  for (const j of used) {
    const found = repeated.get(j);
    if (found instanceof AssayError) return found;
  }
  return null;
}

function observerOf({ judgements }: RowRules, functions: readonly number[], keeping: Keeping) {
  const reads = functions.flatMap((j) => judgeOf(judgements[j]!, undefined).reads);
  return { reads, look: keeping.look.bind(keeping) };
}

/** Reads only what some judges need; none of them reads anything: nothing is read. */
async function secondReading(
  source: OpenSource,
  judges: readonly Judge[],
  splits: readonly SplitVerdicts[],
  options: RunOptions,
) {
  const keeping = new Keeping(judges, limitOf(options));
  if (judges.every((j) => j.same !== undefined)) {
    for (const { rows, split } of splits) keeping.take(rows, split);
    return keeping.finish();
  }
  const reads = judges.flatMap((j) => j.reads);
  const look = ({ view, split }: { view: Parameters<Keeping['look']>[0]; split: number }) => keeping.look(view, split);
  for await (const _ of readViews(source, source.splits, reads, look, options.signal)) {
    if (keeping.splits === null) break;
  }
  return keeping.finish();
}

function unrepeatable({ leaves }: RowRules, judgement: number): AssayError {
  const { constraint } = leaves.find((leaf) => leaf.judgement === judgement)!;
  const remedy = 'pass an array of batches, a Table or a file instead of an iterator';
  const message = `the rows of ${constraint.name} are found by a second reading, and the source can be read only once`;
  return new AssayError('SOURCE', `${message}; ${remedy}`);
}

/** What `explain` says of the verdicts on rows. */
function notesOn(rules: RowRules, source: OpenSource, here: boolean, hashing: boolean): string[] {
  const { judgements } = rules;
  const names = (reads: readonly Bound[]) => [...new Set(reads.flatMap((e) => [...columnsOf(e)]))].join(', ');
  const notes: string[] = [];
  const values = judgements.flatMap((j) => (j.kind === 'value' ? [j.value] : []));
  const groups = groupsOf(rules);
  const expressions = judgements.length - values.length - groups.length;
  notes.push(`verdicts on rows: ${expressions} of ${judgements.length} in the same pass`);
  if (values.length > 0) {
    const when = here ? 'in the same pass' : 'in a second reading';
    notes.push(`assertions that are functions are applied to rows on the calling thread ${when}: ${names(values)}`);
  }
  if (groups.length > 0) {
    const columns = names(groups.flatMap((g) => g.keys));
    const again = source.replayable
      ? 'are found by a second reading of the key columns alone, if there are any'
      : 'cannot be found: the source can be read only once, and that needs a second reading';
    const found = hashing ? 'are found by the hashes of all keys; past the memory limit they' : '';
    notes.push(`rows whose keys are repeated ${found} ${again}: ${columns}`.replace('  ', ' '));
  }
  return notes;
}
