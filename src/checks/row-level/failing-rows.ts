import { plainValue } from '../../analyzers/row-reading.js';
import { AssayError } from '../../base/errors.js';
import { readerOf } from '../../expression/evaluate/values.js';
import type { Constraint } from '../constraint.js';
import { falseBits, hasBit } from './bits.js';
import { chosenFields } from './columns.js';
import { judgedRows, type JudgedRows } from './rows.js';
import { speaks, type RowSession } from './session.js';

/** For `failingRows`. */
export interface FailingRowsOptions {
  /** How many rows at most; default 100. */
  readonly limit?: number | undefined;
  /** The columns that tell which rows they are; default: all columns. */
  readonly keyColumns?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The first rows that fail a constraint: numbers, texts and booleans as they are; int64 as a number where it is exact,
 * otherwise as a bigint; dates, times, decimals and nested values as Spark prints them.
 */
export async function failingRows(
  session: RowSession,
  constraint: Constraint,
  options: FailingRowsOptions,
): Promise<Record<string, unknown>[]> {
  const at = placeOf(session, constraint);
  const { limit = 100 } = options;
  if (!(Number.isInteger(limit) && limit >= 0)) {
    throw new AssayError('INVALID_ARGUMENT', `limit is ${limit}: give a whole number of rows`);
  }
  const fields = chosenFields(session.schema, options.keyColumns);
  const found: Record<string, unknown>[] = [];
  if (limit === 0) return found;
  const question = {
    constraints: [at],
    reads: fields.map(({ name, type }) => ({ kind: 'column' as const, name, type })),
    skips: (split: JudgedRows) => falseBits(split.of(at)!).every((byte) => byte === 0),
    signal: options.signal,
  };
  const pieces = judgedRows(session, question, ({ rows, view, of }) => {
    const failing = falseBits(of(at)!);
    if (failing.every((byte) => byte === 0)) return;
    const vectors = question.reads.map((read) => view!.vector(read));
    const readers = vectors.map((v) => readerOf(view!.kernels, v)); // last: loading a column may grow the memory
    for (let row = 0; row < rows && found.length < limit; ++row) {
      if (!hasBit(failing, row)) continue;
      const values = fields.map(({ name, type }, c) => [name, plainValue(type, readers[c]!(row), session.zone)]);
      found.push(Object.fromEntries(values) as Record<string, unknown>);
    }
  });
  for await (const _ of pieces) if (found.length === limit) break;
  return found;
}

function placeOf(session: RowSession, constraint: Constraint): number {
  const { rules } = session;
  const at = rules.constraints.findIndex((c) => c.constraint === constraint);
  if (at >= 0 && speaks(session, at)) return at;
  const name = String((constraint as Partial<Constraint> | undefined)?.name ?? constraint);
  const speaking = rules.constraints.map((c) => c.constraint.name).join(', ');
  const why = at >= 0
    ? 'could not be computed or had nothing in scope'
    : 'says nothing of single rows, or is not of this run';
  throw new AssayError('INVALID_ARGUMENT', `${name} ${why}; constraints on rows: ${speaking || 'none'}`);
}
