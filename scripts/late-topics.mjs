/**
 * What is loaded late (`late.mjs`), by topics: names of modules below `src`, a star for all names in a folder, `!`
 * before what is not meant. What is called together, and much, belongs into one topic.
 */
export const topics = {
  profiles: ['profiles/*'],
  suggestions: ['suggestions/*', 'suggestions/rules/*', '!suggestions/rules'],
  anomalies: [
    'anomaly/*', '!anomaly/holt-winters', 'repository/backtest', 'repository/history-text', 'base/sparkline',
  ],
  drift: ['comparison/drift/*', 'repository/drift-report'],
  comparison: [
    'comparison/*', '!comparison/data-synchronization', '!comparison/referential-integrity',
    '!comparison/row-count-match', '!comparison/schema-match', '!comparison/aggregate-match',
    '!comparison/row-level-schema-validator', 'states/table/join', 'states/table/key-set',
  ],
  history: [
    'repository/deequ-json', 'repository/deequ-analyzers', 'repository/deequ-metrics', 'repository/stored-distribution',
    'repository/in-memory', 'repository/file', 'repository/log-repository', 'repository/log/*', 'repository/duckdb',
    'repository/query', 'repository/series', 'repository/success-table', 'repository/metric-history',
    'repository/metrics-arrow', 'base/lossless-json', 'analyzers/param-json',
  ],
  'saved-states': [
    'repository/deequ-states', 'repository/deequ-frequencies', 'repository/deequ-results', 'repository/state-file',
    'repository/state-keys', 'repository/state-provider', 'repository/state-set', 'repository/retract',
    'states/saved-*', 'states/table-arrow', 'states/ipc-check', 'analysis/partitioned-dataset', 'analysis/state-tree',
  ],
  rows: [
    'sources/text/*', 'sources/rows', 'data/text-parse', 'data/values', 'data/infer', 'data/rows-in',
    'data/schema-text', 'data/dates',
  ],
  arrow: [
    'sources/arrow', 'data/arrow-in', 'data/arrow-out', 'data/arrow-columns', 'data/arrow-views', 'data/arrow-convert',
    'expression/vector-column',
  ],
  'parquet-library': ['sources/parquet/library-file', 'sources/parquet/library', 'data/arrow-c'],
  parts: ['sources/filtered', 'sources/sampled', 'sources/chosen-rows'],
  json: ['checks/json/*', 'expression/json', 'analysis/expression', 'analyzers/registry'],
  sql: ['expression/select', 'analyzers/sql-aggregates', 'analysis/query-context', 'analyzers/row-reading'],
  verdicts: ['checks/verdict-text', 'checks/result-line', 'base/text-table', 'base/text-width'],
  refining: ['checks/approximation', 'checks/refine'],
  applicability: ['checks/applicability'],
  sketches: ['sketches/kll', 'sketches/gk', 'sketches/gk-samples', 'sketches/frequent', 'states/frequent-table'],
  groups: ['states/table/view', 'states/table/decode', 'analyzers/text-counts', 'analyzers/binning'],
  functions: [
    'expression/evaluate/rare-functions', 'expression/evaluate/varied-patterns', 'expression/evaluate/regex-columns',
    'expression/evaluate/grouped', 'expression/evaluate/nested-texts', 'expression/evaluate/orders',
    'expression/evaluate/like-steps', 'expression/evaluate/pieces', 'expression/evaluate/nested',
    'expression/evaluate/bytes', 'states/table/nested-keys',
  ],
  dates: [
    'expression/evaluate/date-columns', 'expression/evaluate/date-format', 'expression/evaluate/parse-moments',
    'expression/evaluate/print-moments', 'expression/evaluate/parse-iso', 'expression/evaluate/time-columns',
    'expression/interval',
  ],
  casts: [
    'expression/evaluate/cast-columns', 'expression/evaluate/cast-texts', 'expression/evaluate/parse-columns',
    'expression/evaluate/wide-columns', 'expression/evaluate/arithmetic-columns', 'expression/evaluate/round-columns',
    'expression/evaluate/number-columns', 'expression/evaluate/value-text', 'expression/evaluate/parse-values',
  ],
  patterns: ['expression/regex/regex'],
  backtracking: [
    'expression/regex/backtrack', 'expression/regex/run', 'expression/regex/program', 'expression/regex/letter-case',
  ],
  'packed-rows': ['data/packed-bits'],
  packing: ['platform/packing-node'],
  disk: ['platform/disk-node', 'platform/output-node'],
};
