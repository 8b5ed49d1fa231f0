import type { BoundCall } from '../bound.js';

/** Engines other than the own one, to which expressions can be handed over as SQL. */
export type SqlEngine = 'duckdb' | 'spark';

/**
 * How an engine spells a call, from the spelled arguments; null: not this call, its types or arguments are among those
 * that are computed here.
 */
export type Spelling = (args: readonly string[], call: BoundCall) => string | null;

/** Why a function is not left to an engine: it would answer differently. */
export interface ComputedHere {
  readonly here: string;
}

/** Whether a function is never spelled. */
export const isHere = (entry: Spelling | ComputedHere): entry is ComputedHere => typeof entry !== 'function';

/** One entry per function of bound expressions. */
export type SpellingTable = Readonly<Record<string, Spelling | ComputedHere>>;
