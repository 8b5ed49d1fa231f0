export { parquet, type ParquetInput, type ParquetOptions } from './sources/parquet/source.js';
