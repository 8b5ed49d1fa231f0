/** One column or several. */
export type Names = string | readonly string[];

/** One column or several, as a list. */
export function listOf(columns: Names): readonly string[] {
  return typeof columns === 'string' ? [columns] : columns;
}

/** A column's name in backticks, those inside doubled; a pair that the caller gave is kept. */
export function quoted(column: string): string {
  const given = column.length >= 2 && column.startsWith('`') && column.endsWith('`');
  return given ? column : `\`${column.replaceAll('`', '``')}\``;
}

/** A column's name as it may stand in a predicate: a plain identifier as it is, others in backticks. */
export function escaped(column: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(column) ? column : quoted(column);
}
