import { AssayError } from '../../base/errors.js';
import { sliceBits } from '../../data/packed-bits.js';
import type { OpenSource } from '../../data/source.js';
import { execute } from '../../engine/execute.js';
import type { BatchView } from '../../expression/batch-view.js';
import type { Bound } from '../../expression/bound.js';
import { bothBits, eitherBits, oppositeBits, sameBits, type Bits } from './bits.js';
import { judgeOf, type Judge } from './judge.js';
import type { Kept } from './kept.js';
import { readViews } from './reading.js';
import { leavesOf, type RowVerdict } from './rules.js';
import { askAll, refusalOf, repeatedOf, speaks, type RowSession } from './session.js';

const PIECE = 65_536;

/** Some rows in their order, and what is said of them. */
export interface JudgedRows {
  readonly rows: number;
  /** Their values; null where none were asked for. Valid until the function that is given it returns. */
  readonly view: BatchView | null;
  /** The verdicts of a constraint, by its number; null: it says nothing of rows. */
  of(constraint: number): Bits | null;
}

/** What is looked at. */
export interface RowQuestion {
  /** The constraints whose verdicts are wanted. */
  readonly constraints: readonly number[];
  /** The values that are wanted. */
  readonly reads: readonly Bound[];
  /** Whether a split need be read, by what is kept of it; default: every one. */
  readonly skips?: ((split: JudgedRows) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What `work` makes of all rows of a verification, in their order. */
export async function* judgedRows<T>(
  session: RowSession,
  question: RowQuestion,
  work: (rows: JudgedRows) => T,
): AsyncGenerator<T> {
  if (session.refusal) throw session.refusal;
  const { kept } = session;
  if (kept && question.reads.length === 0) {
    for (let split = 0; split < kept.splits.length; ++split) {
      question.signal?.throwIfAborted();
      const { rows } = kept.splits[split]!;
      const bits = kept.bits(split, judgementsOf(session, question));
      for (let first = 0; first < rows; first += PIECE) {
        const n = Math.min(PIECE, rows - first);
        yield work(judged(session, n, null, (j) => (n === rows ? bits.get(j)! : cut(bits.get(j)!, first, n)), kept));
      }
    }
    return;
  }
  const source = await reopened(session, question.signal);
  try {
    yield* kept ? fromKept(session, kept, source, question, work) : fromData(session, source, question, work);
  } finally {
    await source.close();
  }
}

/** The data is read for its values; the verdicts are known. */
async function* fromKept<T>(
  session: RowSession,
  kept: Kept,
  source: OpenSource,
  question: RowQuestion,
  work: (rows: JudgedRows) => T,
): AsyncGenerator<T> {
  const wanted = judgementsOf(session, question);
  for (const split of source.splits) {
    const { rows } = kept.splits[split.index]!;
    const bits = kept.bits(split.index, wanted);
    if (question.skips?.(judged(session, rows, null, (j) => bits.get(j)!, kept))) continue;
    let read = 0;
    yield* readViews(source, [split], question.reads, ({ view, first }) => {
      read = first + view.rows;
      if (read > rows) throw changed(session);
      return work(judged(session, view.rows, view, (j) => cut(bits.get(j)!, first, view.rows), kept));
    }, question.signal);
    if (read !== rows) throw changed(session);
  }
}

/** The data is read for verdicts too. */
async function* fromData<T>(
  session: RowSession,
  source: OpenSource,
  question: RowQuestion,
  work: (rows: JudgedRows) => T,
): AsyncGenerator<T> {
  const { rules, limits } = session;
  const wanted = judgementsOf(session, question);
  const groups = wanted.filter((j) => rules.judgements[j]!.kind === 'group');
  const only = { ...rules, judgements: groups.map((j) => rules.judgements[j]!) };
  const asks = askAll(only, limits);
  const { signal } = question;
  const answers = asks.length === 0 ? [] : (await execute(asks, source, { ...limits, signal })).answers;
  const repeated = repeatedOf(groups, answers);
  const refusal = refusalOf(repeated, groups);
  if (refusal) throw refusal;
  const judges = new Map(wanted.map((j): [number, Judge] => [j, judgeOf(rules.judgements[j]!, repeated.get(j))]));
  const reads = [...question.reads, ...[...judges.values()].flatMap((j) => j.reads)];
  yield* readViews(source, source.splits, reads, ({ view }) => {
    const found = new Map<number, Bits>();
    return work(judged(session, view.rows, view, (j) => {
      let bits = found.get(j);
      if (!bits) found.set(j, (bits = judges.get(j)!.judge(view)));
      return bits;
    }, null));
  }, signal);
}

function judgementsOf({ rules, standings }: RowSession, { constraints }: RowQuestion): number[] {
  const leaves = constraints.flatMap((c) => leavesOf(rules.constraints[c]!.verdict));
  return [...new Set(leaves.filter((l) => standings[l] === 'judged').map((l) => rules.leaves[l]!.judgement!))];
}

function judged(
  session: RowSession,
  rows: number,
  view: BatchView | null,
  bits: (judgement: number) => Bits,
  kept: Kept | null,
): JudgedRows {
  const { rules, standings } = session;
  const ofLeaf = (leaf: number): Bits => {
    if (standings[leaf] !== 'judged') return sameBits(rows, false);
    const judgement = rules.leaves[leaf]!.judgement!;
    const broken = kept?.error(judgement) && rules.judgements[judgement]!.kind === 'expression';
    return broken ? sameBits(rows, false) : bits(judgement);
  };
  const of = (verdict: RowVerdict): Bits => {
    if (typeof verdict === 'number') return ofLeaf(verdict);
    const parts = verdict.of.map(of);
    if (verdict.combine !== 'not') return parts.reduce(verdict.combine === 'and' ? bothBits : eitherBits);
    // What could not be computed stays a failure.
    const broken = leavesOf(verdict).some((leaf) => standings[leaf] === 'false');
    return broken ? sameBits(rows, false) : oppositeBits(parts[0]!);
  };
  return { rows, view, of: (c) => (speaks(session, c) ? of(rules.constraints[c]!.verdict) : null) };
}

function cut({ truth, known }: Bits, first: number, rows: number): Bits {
  return { truth: sliceBits(truth, first, rows), known: sliceBits(known, first, rows) };
}

async function reopened(session: RowSession, signal: AbortSignal | undefined): Promise<OpenSource> {
  if (!session.replayable) {
    const why = session.kept
      ? 'the values of rows need a second reading, and the source can be read only once; ask for { columns: [] }'
      : 'the rows of a verification are judged by another reading, and the source can be read only once; '
        + 'ask for withRowLevelResults() before the run';
    throw new AssayError('SOURCE', why);
  }
  const source = await session.data.open(signal ? { signal } : {});
  const sameSchema = JSON.stringify(source.schema) === JSON.stringify(session.schema);
  const same = sameSchema && source.splits.length === session.splits;
  if (same) return source;
  await source.close();
  throw changed(session);
}

function changed({ data }: RowSession): AssayError {
  return new AssayError('SOURCE', `'${data.name}' has changed since the verification: run it again`);
}
