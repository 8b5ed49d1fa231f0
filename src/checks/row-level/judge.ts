import { asAssayError, type AssayError } from '../../base/errors.js';
import type { BatchView } from '../../expression/batch-view.js';
import type { Bound } from '../../expression/bound.js';
import { AssertedValues } from './asserted-values.js';
import { copiedBits, sameBits, type Bits } from './bits.js';
import { judgeGroups, readsOfGroups, type Fingerprints } from './repeated-keys.js';
import type { Judgement } from './rules.js';

/** Judges rows as they are read. One that fails does not spoil the others: its rows are FALSE. */
export interface Judge {
  /** What it evaluates. */
  readonly reads: readonly Bound[];
  /** The verdict on all rows, whatever they hold; undefined: it must look at them. */
  readonly same?: boolean;
  /** Why some rows could not be judged; null: all could so far. */
  readonly error: AssayError | null;
  judge(view: BatchView): Bits;
}

/** A judge by a judgement; `repeated`: the keys that do not pass, or why they are not known. */
export function judgeOf(judgement: Judgement, repeated: Fingerprints | AssayError | undefined): Judge {
  switch (judgement.kind) {
    case 'expression': {
      const { verdict } = judgement;
      return guarded([verdict], (view) => ({
        truth: copiedBits(view, view.truths(verdict, null).bits),
        known: copiedBits(view, view.known(verdict, null).bits),
      }));
    }
    case 'value': {
      const values = new AssertedValues(judgement);
      const { value, where } = judgement;
      return guarded(where ? [value, where] : [value], (view) => values.judge(view), () => values.error);
    }
    case 'group': {
      if (!repeated || repeated instanceof Error) return brokenJudge(repeated ?? null);
      const reads = readsOfGroups(judgement, repeated);
      const judge = guarded(reads, (view) => judgeGroups(view, judgement, repeated));
      return reads.length === 0 ? { ...judge, same: true } : judge;
    }
  }
}

/** Nothing can be said: every row is FALSE. */
export function brokenJudge(error: AssayError | null): Judge {
  return { reads: [], same: false, error, judge: (view) => sameBits(view.rows, false) };
}

function guarded(reads: readonly Bound[], judge: (view: BatchView) => Bits, own?: () => AssayError | null): Judge {
  let error: AssayError | null = null;
  return {
    reads,
    get error() {
      return error ?? own?.() ?? null;
    },
    judge(view) {
      try {
        return judge(view);
      } catch (thrown) {
        error ??= asAssayError(thrown, 'EVALUATION');
        return sameBits(view.rows, false);
      }
    },
  };
}
