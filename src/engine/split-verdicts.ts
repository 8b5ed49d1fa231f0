import type { KnownColumn, KnownSplits } from '../data/known-splits.js';
import { BitPacker } from '../data/packed-bits.js';
import type { Bound, BoundColumn } from '../expression/bound.js';
import { soleColumn } from '../expression/evaluate/sole-column.js';
import { columnsOf } from '../expression/facets.js';
import { knowledgeOf, knowledgeOfAll, knownVerdict } from '../expression/known-verdict.js';

/**
 * What a verdict is on the rows of a split before they are read: TRUE, FALSE or null on all of them; small letters: the
 * same, if the source finds the extremes of a column to be as it claims; `?`: that is a matter of the rows.
 */
export type Letter = 'T' | 'F' | 'N' | 't' | 'f' | 'n' | '?';

/** Whether a verdict is told before anything is read. */
export function isTold(letter: string): boolean {
  return letter === 'T' || letter === 'F' || letter === 'N';
}

/** Whether it is told if extremes are as claimed. */
export function isClaimed(letter: string): boolean {
  return letter === 't' || letter === 'f' || letter === 'n';
}

/** The letters of conditions: of each one for all splits, or one by one. */
export function lettersOf(conditions: readonly Bound[], splits: KnownSplits): readonly (Letter | readonly Letter[])[] {
  if (conditions.length === 0) return [];
  const all = knowledgeOfAll(splits);
  const believed = knowledgeOfAll(splits, true);
  return conditions.map((e) => {
    const onAll = letterOf(knownVerdict(e, all));
    if (onAll !== '?') return onAll;
    const column = extremesColumn(e);
    const areClaimed = column?.type.kind === 'double' && Boolean(splits.column(column.name)?.claimed);
    const claimed = areClaimed ? claimedLetterOf(knownVerdict(e, believed)) : '?';
    if (claimed !== '?') return claimed;
    if (splits.total >= 0 && [...columnsOf(e)].every((name) => isAlike(splits.column(name)))) return '?';
    return Array.from(splits.rows, (_, at): Letter => {
      const letter = letterOf(knownVerdict(e, knowledgeOf(splits, at)));
      return letter !== '?' || !areClaimed ? letter : claimedLetterOf(knownVerdict(e, knowledgeOf(splits, at, true)));
    });
  });
}

/** The column whose extremes may settle a condition; null: there is none. */
export function extremesColumn(condition: Bound): BoundColumn | null {
  return condition.kind === 'call' ? soleColumn(condition) : null;
}

/** Whether no more is known of a column in one split than in another: of no columns, or but that nothing is null. */
function isAlike(column: KnownColumn | undefined): boolean {
  return !column || (column.total === 0 && !column.claimed && !column.hasExtremes.includes(1));
}

function letterOf(verdict: boolean | null | undefined): Letter {
  return verdict === undefined ? '?' : verdict === null ? 'N' : verdict ? 'T' : 'F';
}

function claimedLetterOf(verdict: boolean | null | undefined): Letter {
  return letterOf(verdict).toLowerCase() as Letter;
}

/** Packs verdicts on all rows of a split that are told. */
export function packedLetters(letters: string, rows: number): Uint8Array {
  const packer = new BitPacker(letters.length * 2);
  packer.batch(rows);
  for (const letter of letters) addLetter(packer, letter);
  return packer.finish();
}

/** Packs a verdict that is the same on all rows of a batch. */
export function addLetter(packer: BitPacker, letter: string): void {
  packer.addSame(letter === 'T' || letter === 't');
  packer.addSame(letter !== 'N' && letter !== 'n');
}
