/** One column or several. */
export type Names = string | readonly string[];

/** One column or several, as a list. */
export function listOf(columns: Names): readonly string[] {
  return typeof columns === 'string' ? [columns] : columns;
}

/** A column's name in backticks, those inside doubled; a pair that the caller gave is kept. */
export function quoted(column: string): string {
  return isQuoted(column) ? column : `\`${column.replaceAll('`', '``')}\``;
}

/** A column's name as Deequ writes it into comparisons: a plain identifier as it is, others in backticks. */
export function escaped(column: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(column) && !speaks(column) ? column : quoted(column);
}

/** A column's name with as few backticks as a predicate needs, those of the caller included. */
export function bare(column: string): string {
  const name = isQuoted(column) ? column.slice(1, -1) : column;
  return /^\w+$/.test(name) && !/^\d+(e\d+)?(l|s|y|d|f|bd)?$/i.test(name) && !speaks(name) ? name : quoted(column);
}

function isQuoted(column: string): boolean {
  return column.length >= 2 && column.startsWith('`') && column.endsWith('`');
}

/** Words that an expression does not read as a column. */
const WORDS = new Set([
  'case', 'cast', 'current_catalog', 'current_database', 'current_date', 'current_timestamp', 'current_timezone',
  'current_user', 'exists', 'false', 'interval', 'not', 'null', 'true', 'user',
]);

function speaks(name: string): boolean {
  return WORDS.has(name.toLowerCase());
}
