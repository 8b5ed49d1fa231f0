import Table from 'cli-table3';

/** A column of a table for a reader. */
export interface TextColumn {
  readonly head: string;
  readonly align?: 'left' | 'right';
  /** Longer cells are cut with an ellipsis; default 72. */
  readonly widest?: number;
}

/** Rows as an aligned table for a terminal, without colours; a cell is one line. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: columns.map((c) => c.head),
    colAligns: columns.map((c) => c.align ?? 'left'),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(row.map((cell, i) => oneLine(cell, columns[i]?.widest ?? 72)));
  return table.toString();
}

function oneLine(text: string, widest: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= widest ? line : `${line.slice(0, widest - 1)}…`;
}
