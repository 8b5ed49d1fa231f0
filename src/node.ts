export { parquet, type ParquetInput, type ParquetOptions } from './sources/parquet/source.js';
export { csv, type CsvOptions } from './sources/text/csv.js';
export { ndjson, type NdjsonOptions } from './sources/text/ndjson.js';
export type { TextInput } from './sources/text/source.js';
export { FileMetricsRepository, type FileRepositoryOptions } from './repository/file.js';
export { readResults, writeResults, type ResultTextOptions } from './repository/deequ-json.js';
export { FileStateProvider, type FileStateOptions } from './repository/state-provider.js';
export { LogMetricsRepository, type CompactOptions, type LogOptions, type LogRepository } from './repository/log-repository.js';
