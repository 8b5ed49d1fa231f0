import { AssayError } from '../base/errors.js';
import { sqlTypeName } from '../data/types.js';
import type { OpenSource } from '../data/source.js';
import { execute } from '../engine/execute.js';
import type { EngineAsk, RunOptions } from '../engine/plan.js';
import { openBinder, type Binder } from '../expression/binder.js';
import type { Bound } from '../expression/bound.js';
import { widerType } from '../expression/coerce.js';
import type { Fold, KeyValue, TableSpec } from '../states/contract.js';
import { groups } from '../states/groups.js';

/** One of two tables: columns that identify a row and columns that are compared, in the order of the other side's. */
export interface MatchSide {
  readonly source: OpenSource;
  readonly keys: readonly Bound[];
  readonly values: readonly Bound[];
}

/** How many rows of the left table are the same on the right; or why the tables cannot be compared. */
export type Match = { readonly matched: number; readonly total: number } | { readonly unmatchable: string };

/**
 * Counts the rows of the left table for which the right one has a row of equal keys and values; null equals nothing.
 * Keys must be unique on both sides and both must have as many rows. The left rows are held as texts.
 */
export async function matchDatasets(
  left: MatchSide,
  right: MatchSide,
  zone: string,
  options: RunOptions,
): Promise<Match> {
  const binder = openBinder({ zone });
  const [l, r] = aligned(binder, left, right);
  const known = new Set<string>();
  const first = await readSide(l, known, (tuple, set) => set.add(tuple), options);
  const second = await readSide(r, { matched: 0 }, (tuple, found) => {
    if (known.has(tuple)) ++found.matched;
  }, options);
  if (!first.unique || !second.unique) {
    const side = first.unique ? 'table to compare with' : 'table';
    return { unmatchable: `The key columns are not unique in the ${side}.` };
  }
  if (first.rows !== second.rows) {
    return { unmatchable: `The row counts of the two tables do not match: ${first.rows} and ${second.rows}.` };
  }
  return { matched: second.found.matched, total: first.rows };
}

/** Both sides with every pair of columns in one type. */
function aligned(binder: Binder, left: MatchSide, right: MatchSide): [MatchSide, MatchSide] {
  const pair = (a: readonly Bound[], b: readonly Bound[]) => a.map((x, i) => commonType(binder, x, b[i]!));
  const keys = pair(left.keys, right.keys);
  const values = pair(left.values, right.values);
  const side = ({ source }: MatchSide, i: 0 | 1) => ({
    source, keys: keys.map((k) => k[i]), values: values.map((v) => v[i]),
  });
  return [side(left, 0), side(right, 1)];
}

function commonType(binder: Binder, a: Bound, b: Bound): [Bound, Bound] {
  const type = widerType([a.type, b.type]);
  if (!type) {
    throw new AssayError('WRONG_TYPE', `${sqlTypeName(a.type)} and ${sqlTypeName(b.type)} cannot be compared`);
  }
  return [binder.cast(a, type), binder.cast(b, type)];
}

interface Keys {
  rows: number;
  unique: boolean;
}

const uniqueKeys: Fold<Keys> = {
  name: 'unique-keys',
  needs: 'counts',
  empty: () => ({ rows: 0, unique: true }),
  add(result, view) {
    view.counts.forEach((count, i) => {
      result.rows += count * view.groups[i]!;
      if (count > 1) result.unique = false;
    });
    result.rows += view.allNull;
    if (view.allNull > 1) result.unique = false;
    return result;
  },
};

/** One reading of a side: whether its keys are unique, and its complete rows as texts. */
async function readSide<F>(
  side: MatchSide,
  start: F,
  add: (tuple: string, found: F) => void,
  options: RunOptions,
): Promise<Keys & { found: F }> {
  const columns = [...side.keys, ...side.values];
  const tuples: Fold<F> = {
    name: 'tuples',
    needs: 'keys',
    empty: () => start,
    add(found, view) {
      for (let i = 0; i < view.size; ++i) {
        const parts = columns.map((_, part) => view.key(i, part));
        if (!parts.includes(null)) add(parts.map(partText).join('\0'), found);
      }
      return found;
    },
  };
  const asks: EngineAsk[] = [foldOver(groups, uniqueKeys, side.keys), foldOver(groups, tuples, columns)];
  const { signal, threads, memoryLimit } = options;
  const { answers } = await execute(asks, side.source, { signal, threads, memoryLimit });
  for (const answer of answers) if (!answer.ok) throw answer.error;
  const [keys, found] = answers.map((a) => (a.ok ? a.value : null)) as [Keys, F];
  return { ...keys, found };
}

function foldOver(spec: TableSpec<any>, fold: Fold<any>, inputs: readonly Bound[]): EngineAsk {
  return { kind: 'fold', spec, fold, request: { state: spec.name, inputs, where: null, options: null } };
}

/** Equal for equal values of one type, free of the separator. */
function partText(value: KeyValue): string {
  if (typeof value === 'string') return value.replaceAll('\\', '\\\\').replaceAll('\0', '\\0');
  if (value instanceof Uint8Array) return Array.from(value, (b) => b.toString(16).padStart(2, '0')).join('');
  return Object.is(value, -0) ? '0' : String(value);
}
