import { quoteName, stripBackticks } from '../../base/names.js';

/** One column or several. */
export type Names<N extends string = string> = N | readonly N[];

/** One column or several, as a list. */
export function listOf(columns: Names): readonly string[] {
  return typeof columns === 'string' ? [columns] : columns;
}

/** The column that a parameter names, in the backticks of a predicate; those that the caller gave are kept. */
export function quoted(column: string): string {
  return /^`([^`]|``)*`$/.test(column) ? column : quoteName(stripBackticks(column));
}

/** The same as Deequ writes it into comparisons: a plain identifier as it is. */
export function escaped(column: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(column) && !isWord(column) ? column : quoted(column);
}

/** The same with as few backticks as a predicate needs, those of the caller included. */
export function bare(column: string): string {
  const name = stripBackticks(column);
  return /^\w+$/.test(name) && !isNumber(name) && !isWord(name) ? name : quoted(column);
}

function isNumber(name: string): boolean {
  return /^\d+(e\d+)?(l|s|y|d|f|bd)?$/i.test(name);
}

/** Words that an expression never reads as a column. */
const WORDS = new Set(['and', 'between', 'case', 'false', 'in', 'interval', 'is', 'not', 'null', 'or', 'true']);

function isWord(name: string): boolean {
  return WORDS.has(name.toLowerCase());
}
