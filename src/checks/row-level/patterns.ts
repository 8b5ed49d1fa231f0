import { AssayError } from '../../base/errors.js';
import type { Constraint } from '../constraint.js';
import { falseBits, hasBit } from './bits.js';
import { judgedRows } from './rows.js';
import { speakers, type RowSession } from './session.js';

/** Constraints that fail together on the same rows. */
export interface FailurePattern {
  readonly constraints: readonly Constraint[];
  /** How many rows fail exactly these. */
  readonly rows: number;
}

const MOST = 100_000;

/** Which constraints fail together and on how many rows, most rows first; rows that fail nothing have no pattern. */
export async function failurePatterns(session: RowSession, signal?: AbortSignal): Promise<FailurePattern[]> {
  const { constraints } = session.rules;
  const present = speakers(session);
  const counts = new Map<string, number>();
  const question = { constraints: present, reads: [], signal };
  const pieces = judgedRows(session, question, (rows) =>
    patternsOf(present.map((c) => falseBits(rows.of(c)!)), rows.rows));
  for await (const found of pieces) {
    for (const [pattern, n] of found) counts.set(pattern, (counts.get(pattern) ?? 0) + n);
    if (counts.size <= MOST) continue;
    throw new AssayError('MEMORY_LIMIT', `the constraints fail in more than ${MOST} different combinations`);
  }
  const patterns = [...counts].map(([key, rows]) => ({
    rows,
    constraints: Object.freeze(key.split(',').map((i) => constraints[present[Number(i)]!]!.constraint)),
  }));
  return patterns.sort((a, b) => b.rows - a.rows);
}

/** Rows per list of the bitmaps in which they are set, none left out but the empty list. */
export function patternsOf(bitmaps: readonly Uint8Array[], rows: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let byte = 0; byte < (rows + 7) >> 3; ++byte) {
    const involved = bitmaps.flatMap((bits, i) => (bits[byte] === 0 ? [] : [i]));
    if (involved.length === 0) continue;
    for (let row = byte * 8; row < Math.min(rows, byte * 8 + 8); ++row) {
      const failing = involved.filter((i) => hasBit(bitmaps[i]!, row));
      if (failing.length > 0) counts.set(failing.join(), (counts.get(failing.join()) ?? 0) + 1);
    }
  }
  return counts;
}
