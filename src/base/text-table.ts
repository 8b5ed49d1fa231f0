import { oneLine, textWidth } from './text-width.js';

/** A column of a table for a reader. */
export interface TextColumn {
  readonly head: string;
  readonly align?: 'left' | 'right';
  /** Longer cells are cut with an ellipsis; default 72. */
  readonly widest?: number;
}

/** Rows as an aligned table for a terminal, without colours; a cell is one line. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const body = rows.map((row) => columns.map((column, i) => oneLine(row[i] ?? '', column.widest ?? 72)));
  const widths = columns.map(({ head }, i) => Math.max(textWidth(head), ...body.map((row) => textWidth(row[i]!))));
  const rule = (left: string, middle: string, right: string) => left + widths.map((w) => '─'.repeat(w + 2)).join(middle) + right;
  const line = (cells: readonly string[]) => `│${cells.map((cell, i) => ` ${padded(cell, widths[i]!, columns[i]!.align)} `).join('│')}│`;
  const head = [rule('┌', '┬', '┐'), line(columns.map((column) => column.head))];
  return [...head, ...(body.length > 0 ? [rule('├', '┼', '┤')] : []), ...body.map(line), rule('└', '┴', '┘')].join('\n');
}

function padded(cell: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(width - textWidth(cell));
  return align === 'left' ? cell + blanks : blanks + cell;
}
