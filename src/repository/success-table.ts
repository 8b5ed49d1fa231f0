import { importArrow } from './metrics-arrow.js';
import type { AnalysisResult } from './result.js';

/** A value in a table of success metrics: numbers and dates, texts, or null for a tag that a result lacks. */
export type SuccessCell = string | number | bigint | null;

/** Success metrics of several results: Deequ's columns, and one per tag. */
export interface SuccessTable {
  /** `entity`, `instance`, `name`, `value`, `dataset_date`, and the tags in the order in which they first occur. */
  readonly columns: readonly string[];
  /** One value per column. */
  readonly rows: readonly (readonly SuccessCell[])[];
}

const COLUMNS = Object.freeze(['entity', 'instance', 'name', 'value', 'dataset_date']);

/** The numbers of the successful metrics of results; with these tags only, if there are any. */
export function successTable(results: readonly AnalysisResult[], withTags: Iterable<string> = []): SuccessTable {
  const wanted = new Set(withTags);
  const columns = [...COLUMNS];
  const place = new Map(columns.map((name, i) => [name, i]));
  const rows: SuccessCell[][] = [];
  for (const { resultKey: { dataSetDate, tags }, analyzerContext } of results) {
    const values = new Map<number, string>();
    const taken = new Set(COLUMNS);
    for (const [tag, value] of tags) {
      if (wanted.size > 0 && !wanted.has(tag)) continue;
      const name = columnOf(tag, taken);
      taken.add(name);
      let i = place.get(name);
      if (i === undefined) {
        place.set(name, (i = columns.length));
        columns.push(name);
      }
      values.set(i, value);
    }
    for (const { entity, instance, name, value } of analyzerContext.successMetrics()) {
      const row: SuccessCell[] = [entity, instance, name, value, dataSetDate];
      for (const [i, tag] of values) {
        while (row.length <= i) row.push(null);
        row[i] = tag;
      }
      rows.push(row);
    }
  }
  for (const row of rows) while (row.length < columns.length) row.push(null);
  return { columns, rows };
}

/** The column of a tag: letters, digits and `_` in lower case; with a number behind it where the name is taken. */
function columnOf(tag: string, taken: ReadonlySet<string>): string {
  const name = tag.replace(/[^A-Za-z0-9_]/g, '').toLowerCase();
  if (!taken.has(name)) return name;
  for (let i = 2; ; ++i) if (!taken.has(`${name}_${i}`)) return `${name}_${i}`;
}

/** A table as a JSON array of objects, without tags that no row has; special numbers are texts. */
export function tableToJson({ columns, rows }: SuccessTable): string {
  const shown = columns.flatMap((name, i) =>
    (i < COLUMNS.length || rows.some((row) => row[i] !== null) ? [{ name: JSON.stringify(name), i }] : []));
  const text = (cell: SuccessCell) =>
    typeof cell === 'bigint' ? String(cell)
    : typeof cell === 'number' && !Number.isFinite(cell) ? JSON.stringify(String(cell))
    : Object.is(cell, -0) ? '-0.0'
    : JSON.stringify(cell);
  const objects = rows.map((row) => `{${shown.map(({ name, i }) => `${name}:${text(row[i]!)}`).join(',')}}`);
  return `[${objects.join(',')}]`;
}

/** A table in Arrow: texts, `value` as float64, `dataset_date` as int64. */
export async function tableToArrow({ columns, rows }: SuccessTable): Promise<unknown> {
  const arrow = await importArrow();
  const vectors = columns.map((name, i) => {
    const cells = rows.map((row) => row[i]!);
    if (name === 'value' && i === 3) return arrow.vectorFromArray(cells, new arrow.Float64());
    if (i === 4) return arrow.vectorFromArray(cells.map((cell) => BigInt(cell as number)), new arrow.Int64());
    return arrow.vectorFromArray(cells, new arrow.Utf8());
  });
  const fields = columns.map((name, i) => arrow.Field.new({ name, type: vectors[i]!.type, nullable: i > 4 }));
  const struct = new arrow.Struct(fields);
  const children = vectors.map((vector) => vector.data[0]!);
  const data = arrow.makeData({ type: struct, length: rows.length, nullCount: 0, children });
  return new arrow.Table(new arrow.Schema(fields), new arrow.RecordBatch(new arrow.Schema(fields), data));
}
