import { matchDatasets } from '../comparison/dataset-match.js';
import { defineAnalyzer } from './define.js';
import { failed, hasColumn } from './preconditions.js';
import { ofDataset } from './shapes.js';
import type { Bind } from './contract.js';

/** Names of columns of one table and of those that they answer to in the other. */
export type ColumnMapping =
  | ReadonlyMap<string, string>
  | readonly (readonly [string, string])[]
  | Readonly<Record<string, string>>;

/** Options of a DatasetMatchAnalyzer. */
export interface DatasetMatchOptions {
  /** The columns that are compared; default: all that are no keys, by name. */
  readonly matchColumnMappings?: ColumnMapping | undefined;
}

const complete = (ratio: number) => ratio === 1;

/** Part of the rows that another table has too: equal in key columns and in compared columns. */
export const DatasetMatchAnalyzer = defineAnalyzer({
  name: 'DatasetMatchAnalyzer',
  doc: 'Part of the rows that another table has too, found by key columns.',
  params: {
    dfToCompare: { kind: 'dataset', doc: 'The other table: data, or the name that `withSource` gave it.' },
    columnMappings: { kind: 'mapping', doc: 'Key columns and their names in the other table.' },
    assertion: { kind: 'function', doc: 'What a check expects of the metric.' },
    matchColumnMappings: { kind: 'optional-mapping', doc: 'Compared columns and their names in the other table.' },
  },
  create: (
    dfToCompare: unknown,
    columnMappings: ColumnMapping,
    assertion: (ratio: number) => boolean = complete,
    options?: DatasetMatchOptions,
  ) => ({
    dfToCompare,
    columnMappings: pairsOf(columnMappings),
    assertion,
    matchColumnMappings: options?.matchColumnMappings === undefined ? null : pairsOf(options.matchColumnMappings),
  }),
  metric: () => ofDataset('DataSynchronization', ''),
  requires: () => [],
  query: async (p, run) => {
    const other = await (typeof p.dfToCompare === 'string' ? run.open(p.dfToCompare) : run.openData(p.dfToCompare));
    const keys = p.columnMappings;
    const compared = p.matchColumnMappings ?? remaining(run.bind, keys);
    const pairs = [...keys, ...compared];
    for (const [left] of pairs) hasColumn(left)(run.bind.schema);
    for (const [, right] of pairs) hasColumn(right)(other.bind.schema);
    const side = (bind: Bind, i: 0 | 1, list: readonly Pair[]) => list.map((pair) => bind.column(pair[i]));
    const match = await matchDatasets(
      { source: run.source, keys: side(run.bind, 0, keys), values: side(run.bind, 0, compared) },
      { source: other.source, keys: side(other.bind, 1, keys), values: side(other.bind, 1, compared) },
      run.bind.zone,
      run.options,
    );
    return 'unmatchable' in match ? failed('RuntimeException', match.unmatchable) : match.matched / match.total;
  },
});

type Pair = readonly [string, string];

function pairsOf(mapping: ColumnMapping): readonly Pair[] {
  if (mapping instanceof Map) return [...mapping] as Pair[];
  return Array.isArray(mapping) ? (mapping as Pair[]) : Object.entries(mapping as Record<string, string>);
}

/** The columns that are no keys, under their own names; names may hold anything. */
function remaining(bind: Bind, keys: readonly Pair[]): Pair[] {
  const named = new Set(keys.map(([left]) => left));
  return bind.schema.fields
    .filter((f) => !named.has(f.name) && !named.has(`\`${f.name}\``))
    .map((f) => [`\`${f.name}\``, `\`${f.name}\``] as const);
}
