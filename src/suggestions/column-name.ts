import type { ColumnProfile } from '../profiles/profile.js';

/** What methods of checks call a column: as in texts, but a name with backticks in it stands as it is. */
export function checkedName({ name, column }: Pick<ColumnProfile, 'name' | 'column'>): string {
  return name.includes('`') ? name : column;
}

/** A column in predicates: always in backticks. */
export function predicateName({ column }: Pick<ColumnProfile, 'column'>): string {
  return column.startsWith('`') ? column : `\`${column}\``;
}
