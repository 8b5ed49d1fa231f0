import type { ColumnProfiles } from './column-profiles.js';
export function printProfiles(found: Pick<ColumnProfiles, 'profiles' | 'numRecords'>): string {
  return String(found.numRecords);
}
