export { S3FileRepository, S3MetricsRepository, S3StateProvider, type S3Object } from './repository/s3.js';
export type { S3Place } from './storage/s3.js';
