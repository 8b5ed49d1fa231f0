import { s3Storage, type S3Place } from '../storage/s3.js';
import { storedFile, type FileRepositoryOptions } from './file.js';
import { storedLog, type LogOptions, type LogRepository } from './log-repository.js';
import type { MetricsRepository } from './metrics-repository.js';
import { storedStates, type FileStateOptions, type StateProvider } from './state-provider.js';

/** An object in S3 by its name below the prefix. */
export interface S3Object extends S3Place {
  /** The name, e.g. `2026-11-21.states`. */
  readonly name: string;
}

/**
 * A metrics repository in S3: every save is an object that is never changed, so any number of processes may write and
 * read at once. `compact()` puts many objects into one. As `LogMetricsRepository` in a folder.
 */
export function S3MetricsRepository(place: S3Place, options: LogOptions = {}): LogRepository {
  return storedLog(s3Storage(place), options);
}

/**
 * A metrics repository in one object in S3, in Deequ's format; as `FileMetricsRepository`. Who saves too late, by the
 * object's ETag, reads again and repeats.
 */
export function S3FileRepository(object: S3Object, options: FileRepositoryOptions = {}): MetricsRepository {
  return storedFile(s3Storage(object), object.name, options);
}

/** Keeps states in one object in S3, in the format of `FileStateProvider`. */
export function S3StateProvider(object: S3Object, options: FileStateOptions = {}): StateProvider {
  return storedStates(s3Storage(object), object.name, options);
}
