import type { Fold, GroupView, KeyValue } from '../states/contract.js';

/** Counts of pairs of known values, and of each side alone. */
export interface JointCounts {
  rows: number;
  readonly first: Map<string, number>;
  readonly second: Map<string, number>;
  /** Keys of both sides and their count, three entries a pair. */
  readonly pairs: (string | number)[];
}

/** Reads a grouping by two columns as counts of pairs; pairs with a null do not count. */
export const jointCounts: Fold<JointCounts> = {
  name: 'joint-counts',
  needs: 'keys',
  empty: () => ({ rows: 0, first: new Map(), second: new Map(), pairs: [] }),
  add(result, view: GroupView) {
    for (let i = 0; i < view.size; ++i) {
      const [a, b] = [view.key(i, 0), view.key(i, 1)];
      if (a === null || b === null) continue;
      const count = view.count(i);
      const [x, y] = [keyText(a), keyText(b)];
      result.rows += count;
      result.first.set(x, (result.first.get(x) ?? 0) + count);
      result.second.set(y, (result.second.get(y) ?? 0) + count);
      result.pairs.push(x, y, count);
    }
    return result;
  },
};

function keyText(key: Exclude<KeyValue, null>): string {
  if (!(key instanceof Uint8Array)) return Object.is(key, -0) ? '0' : String(key);
  let text = '';
  for (const byte of key) text += String.fromCharCode(byte);
  return text;
}

/** Mutual information of the two sides, in nats. */
export function mutualInformation({ rows, first, second, pairs }: JointCounts): number {
  // Sorted terms: the order of pairs depends on how the table was partitioned, the sum must not.
  const terms = new Float64Array(pairs.length / 3);
  for (let i = 0; i < pairs.length; i += 3) {
    const count = pairs[i + 2] as number;
    const apart = first.get(pairs[i] as string)! * second.get(pairs[i + 1] as string)!;
    terms[i / 3] = (count / rows) * Math.log((count * rows) / apart);
  }
  return terms.sort().reduce((sum, term) => sum + term, 0);
}
