import type { Explanation } from '../engine/plan.js';
import { deequJson } from './deequ-json.js';
import { plainJson } from './plain-json.js';
import { printProfiles } from './print.js';
import type { TableProfile } from './profile.js';

/** The profile of a table, and what was read for it. */
export interface ColumnProfiles extends TableProfile {
  readonly explanation: Explanation;
  /**
   * Deequ's JSON text, `ColumnProfiles.toJson`; special numbers stand in it as `NaN` and `Infinity`, as Deequ writes
   * them.
   */
  asJson(): string;
  /** Everything as plain JSON; special numbers are texts. */
  toJSON(): unknown;
  /** Tables for a terminal, with histograms as sparklines. */
  toString(): string;
}

/** A profile with its texts. */
export function columnProfiles(found: TableProfile & { readonly explanation: Explanation }): ColumnProfiles {
  return Object.freeze({
    ...found,
    asJson: () => deequJson(found.profiles.values()),
    toJSON: () => plainJson({
      numRecords: found.numRecords,
      columns: [...found.profiles.values()],
      ...(found.correlations ? { correlations: found.correlations } : {}),
      ...(found.missingness ? { missingness: found.missingness } : {}),
    }),
    toString: () => printProfiles(found),
  });
}
