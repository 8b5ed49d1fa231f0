import { InvalidArgumentError, type Command } from 'commander';
import { resolve } from 'node:path';
import { kindOfPath } from '#platform';
import { AssayError } from '../base/errors.js';
import type { MetricsRepository } from '../repository/metrics-repository.js';
import type { MetricsQuery } from '../repository/query.js';
import { FileMetricsRepository } from '../repository/file.js';
import { LogMetricsRepository } from '../repository/log-repository.js';
import { ResultKey } from '../repository/result-key.js';
import { analyzerOfText } from './analyzer-text.js';

/** Which part of a history is meant. */
export interface HistoryFlags {
  readonly metric?: readonly string[];
  readonly tag?: ReadonlyMap<string, string>;
  readonly after?: Date;
  readonly before?: Date;
}

/** Adds what chooses among the results of a repository. */
export function addHistoryOptions(command: Command): Command {
  return command
    .option('-m, --metric <analyzers...>', "only these metrics, e.g. 'Size' 'Completeness(id)'")
    .option('--tag <name=value>', 'only results with this tag; several times for several tags', tag)
    .option('--after <date>', 'only results of this date or later, e.g. 2026-01-31', date)
    .option('--before <date>', 'only results of this date or earlier', date);
}

/** The repository at a path: a file of Deequ's JSON if it ends in `.json`, otherwise the folder of a log. */
export function repositoryAt(path: string, folder: string): MetricsRepository {
  const place = resolve(folder, path);
  return path.toLowerCase().endsWith('.json') ? FileMetricsRepository(place) : LogMetricsRepository(place);
}

/** The same, of which there must be one already: a name that was misspelt is no empty history. */
export async function storedRepositoryAt(path: string, folder: string): Promise<MetricsRepository> {
  const kind = await kindOfPath(resolve(folder, path));
  if (kind === null) throw new AssayError('INVALID_ARGUMENT', `no history is kept in '${path}': it does not exist`);
  const isFile = path.toLowerCase().endsWith('.json');
  if (isFile !== (kind === 'file')) throw new AssayError(
    'INVALID_ARGUMENT', `'${path}' is no history: give a file of Deequ's JSON (.json) or the folder of a log`,
  );
  return repositoryAt(path, folder);
}

/** The chosen part of a history. */
export function chosenHistory(
  repository: MetricsRepository, { metric, tag: tags, after, before }: HistoryFlags,
): MetricsQuery {
  let query = repository.load();
  if (metric) query = query.forAnalyzers(metric.map(analyzerOfText));
  if (tags) query = query.withTagValues(tags);
  if (after) query = query.after(after);
  return before ? query.before(before) : query;
}

/** The key under which a run is saved, as `2026-01-31,shop=EU`: a date, which may be left out for now, and tags. */
export function resultKey(text: string): ResultKey {
  const [first = '', ...others] = text.split(',');
  const dated = !first.includes('=');
  const tags = (dated ? others : [first, ...others]).reduce(
    (before, part) => tag(part, before), new Map() as ReadonlyMap<string, string>,
  );
  return ResultKey(dated && first !== '' ? date(first) : new Date(), tags);
}

/** One tag more. */
export function tag(text: string, before: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('Tags are written as name=value.');
  return new Map([...before, [name, value!]]);
}

/** A date as ISO 8601 writes it, or milliseconds since 1970. */
export function date(text: string): Date {
  const found = new Date(/^-?\d{9,}$/.test(text) ? Number(text) : text);
  if (Number.isNaN(found.getTime())) throw new InvalidArgumentError(
    'Give a date such as 2026-01-31 or 2026-01-31T12:00Z.',
  );
  return found;
}
