import { pairsOf, type ColumnMapping } from '../comparison/columns.js';
import { matchDatasets } from '../comparison/dataset-match.js';
import { limitsOf } from '../comparison/tables.js';
import { defineAnalyzer } from './define.js';
import { failed } from './preconditions.js';
import { ofDataset } from './shapes.js';

export type { ColumnMapping } from '../comparison/columns.js';

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
    const columns = { keys: p.columnMappings, compared: p.matchColumnMappings };
    const match = await matchDatasets(run.source, other.source, columns, run.bind.zone, limitsOf(run.options));
    return 'error' in match ? failed('RuntimeException', match.error) : match.matched / match.total;
  },
});
