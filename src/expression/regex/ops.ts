import type { SetTable } from './set-table.js';

/**
 * Instructions of the backtracking matcher; operands follow in the same array. Its switch repeats the numbers, since
 * only literals make a jump table.
 */
export const Op = {
  Match: 0,
  Accept: 1, // the end of what is matched as a whole
  Byte: 2, // byte
  Set: 3, // set
  Later: 4, // target: tried when what follows fails
  Jump: 5, // target
  Local: 6, // local, value: negative is the place
  Tail: 7, // local, group
  At: 8, // place
  LineBreak: 9,
  Reference: 10, // group, fold
  Run: 11, // set, min, max, mode
  Enter: 12, // kind, next
  Behind: 13, // negative, min, max, next, least
  Curly: 14, // count, min, max, mode, out; CurlyEnter follows
  CurlyEnter: 15, // next
  CurlyNext: 16, // count, min, mode, group, out, top, whether turns without a character are all the same
  CurlyOut: 17, // count, min, group
  Loop: 18, // count, begin, min, max, lazy, out, memo; Again follows
  Again: 19, // count, body
} as const;

/** What is matched as a whole, and what becomes of it. */
export const Whole = { Atomic: 0, Ahead: 1, NotAhead: 2, Optional: 3 } as const;

/** How a repetition proceeds. */
export const Repeat = { Greedy: 0, Lazy: 1, Possessive: 2 } as const;

/** A pattern for the backtracking matcher. */
export interface Program {
  readonly source: string;
  readonly code: Int32Array;
  readonly sets: readonly SetTable[];
  readonly groups: number;
  readonly locals: number;
  readonly memos: number;
  /** Whether a repetition in one go writes its group once more when all is matched. */
  readonly rewrites: boolean;
  /** Whether a failed try may leave a group behind, as Java does, so that no try may be left out. */
  readonly leaks: boolean;
}
