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
  const heads = columns.map((column) => column.head);
  const body = rows.map((row) => columns.map((column, i) => oneLine(row[i] ?? '', column.widest ?? 72)));
  const widths = heads.map((head, i) => body.reduce((width, row) => Math.max(width, textWidth(row[i]!)), textWidth(head)));
  const rule = (ends: string) => ends[0] + widths.map((width) => '─'.repeat(width + 2)).join(ends[1]) + ends[2];
  const cell = (text: string, i: number) => ` ${padded(text, widths[i]!, columns[i]!.align)} `;
  const line = (cells: readonly string[]) => `│${cells.map(cell).join('│')}│`;
  const middle = body.length > 0 ? [rule('├┼┤')] : [];
  return [rule('┌┬┐'), line(heads), ...middle, ...body.map(line), rule('└┴┘')].join('\n');
}

function padded(cell: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(width - textWidth(cell));
  return align === 'left' ? cell + blanks : blanks + cell;
}
