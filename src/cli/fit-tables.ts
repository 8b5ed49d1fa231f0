import { textTable, type TextColumn } from '../base/text-table.js';
import { textWidth } from '../base/text-width.js';

/** Columns of texts are not made narrower than this many cells. */
const LEAST = 16;

/**
 * A text whose tables fit a terminal of so many cells: columns of texts are cut first, then columns go below each
 * other, with the first one before each part.
 */
export function fitTables(text: string, width: number): string {
  return text.replace(/^┌[^\n]*┐\n(?:[│├][^\n]*\n)*└[^\n]*┘$/gm, (table) => fitted(table, width));
}

interface Columns {
  readonly columns: TextColumn[];
  readonly widths: number[];
  /** By column. */
  readonly cells: readonly (readonly string[])[];
}

function fitted(table: string, width: number): string {
  const top = table.slice(0, table.indexOf('\n'));
  if (top.length <= width) return table;
  const read = columnsOf(table.split('\n').filter((line) => line.startsWith('│')), top);
  if (!read) return table;
  const { columns, widths, cells } = read;
  narrow(columns, widths, top.length - width);
  const parts: number[][] = [];
  let used = Infinity;
  for (const [i, own] of widths.entries()) {
    if (i === 0) continue;
    if (used + own + 3 > width) {
      parts.push([0]);
      used = 1 + widths[0]! + 3;
    }
    parts[parts.length - 1]!.push(i);
    used += own + 3;
  }
  const rows = cells[0]!.map((_, row) => cells.map((column) => column[row]!));
  return parts.map((part) => textTable(
    part.map((i) => ({ ...columns[i]!, widest: widths[i]! })), rows.map((row) => part.map((i) => row[i]!)),
  )).join('\n');
}

/** What stands in the lines of a table; null: some cell holds what looks like an edge. */
function columnsOf(lines: readonly string[], top: string): Columns | null {
  const edges = [...top.matchAll(/[┌┬┐]/g)].map((edge) => edge.index);
  const split = lines.map((line) => (line.length === top.length
    ? edges.slice(1).map((edge, i) => line.slice(edges[i]! + 1, edge)) : line.slice(1, -1).split('│')));
  if (split.some((cells) => cells.length !== edges.length - 1)) return null;
  const byColumn = split[0]!.map((_, i) => split.map((cells) => cells[i]!));
  return {
    columns: byColumn.map(([head, ...cells]): TextColumn => ({
      head: head!.trim(), align: [head!, ...cells].some((cell) => /^ {2}.*\S $/.test(cell)) ? 'right' : 'left',
    })),
    widths: byColumn.map(([head]) => textWidth(head!) - 2),
    cells: byColumn.map(([, ...cells]) => cells.map((cell) => cell.trim())),
  };
}

/** Cuts the widest columns of texts, until so many cells less are left or none can give more. */
function narrow(columns: readonly TextColumn[], widths: number[], excess: number): void {
  for (let left = excess; left > 0; ) {
    const able = widths.map((w, i) => (columns[i]!.align === 'left' && w > Math.max(LEAST, columns[i]!.head.length) ? w : 0));
    const most = Math.max(...able);
    if (most === 0) return;
    --widths[able.indexOf(most)]!;
    --left;
  }
}
