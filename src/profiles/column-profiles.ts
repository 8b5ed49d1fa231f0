import type { Explanation } from '../engine/plan.js';
import { deequJson } from './deequ-json.js';
import { plainJson } from './plain-json.js';
import { printProfiles } from './print.js';
import type { ColumnProfile, CorrelationMatrix, Missingness } from './profile.js';

/** What a table holds, column by column. */
export interface ColumnProfiles {
  /** By the name in the schema, in its order. */
  readonly profiles: ReadonlyMap<string, ColumnProfile>;
  readonly numRecords: number;
  /** Only on request. */
  readonly correlations: CorrelationMatrix | null;
  /** Only on request. */
  readonly missingness: Missingness | null;
  readonly explanation: Explanation;
  /** Deequ's JSON text, `ColumnProfiles.toJson`; special numbers stand in it as `NaN` and `Infinity`, as Deequ writes them. */
  asJson(): string;
  /** Everything as plain JSON; special numbers are texts. */
  toJSON(): unknown;
  /** Tables for a terminal, with histograms as sparklines. */
  toString(): string;
}

/** A profile with its texts. */
export function columnProfiles(found: Omit<ColumnProfiles, 'asJson' | 'toJSON' | 'toString'>): ColumnProfiles {
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
