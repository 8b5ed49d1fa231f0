import { AssayError } from '../base/errors.js';
import type { AnalyzerFactory } from '../analyzers/define.js';
import { folderStorage } from '../storage/folder.js';
import type { Storage } from '../storage/storage.js';
import { analyzerContext, type AnalyzerContext } from './analyzer-context.js';
import { chosenMetrics, mergedContexts } from './contexts.js';
import { readResults, writeResults, type ResultTextOptions } from './deequ-json.js';
import type { MetricsRepository } from './metrics-repository.js';
import { metricsQuery } from './query.js';
import { passes, type AnalysisResult } from './result.js';
import type { ResultKey } from './result-key.js';

/** How a repository reads and writes results. */
export interface FileRepositoryOptions extends ResultTextOptions {
  /** Analyzers of your own that results may name. */
  readonly analyzers?: readonly AnalyzerFactory<never>[] | undefined;
}

/**
 * A metrics repository in one JSON file that Deequ reads and writes, too (its FileSystemMetricsRepository). Every
 * save writes the whole file anew; a result that is saved again moves to its end. Several processes may save: who
 * was too late reads again and repeats. For long histories use the log repository.
 *
 * @param path of the file; it is made by the first save
 */
export function FileMetricsRepository(path: string, options: FileRepositoryOptions = {}): MetricsRepository {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  const folder = cut < 0 ? '.' : path.slice(0, cut) || '/';
  return storedFile(folderStorage(folder), path.slice(cut + 1), options);
}

type Results = ReadonlyMap<string, AnalysisResult>;

/** A metrics repository in one object of a storage. */
export function storedFile(storage: Storage, name: string, options: FileRepositoryOptions): MetricsRepository {
  const place = storage.place(name);
  let cached: { version: string; results: Results } | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const read = async (): Promise<{ version: string | null; results: Results }> => {
    for (;;) {
      const before = await storage.stat(name);
      if (!before) return { version: null, results: new Map() };
      if (cached?.version === before.version) return cached;
      const bytes = await storage.read(name);
      if (!bytes || (await storage.stat(name))?.version !== before.version) continue; // replaced meanwhile
      const list = readResults(textOf(bytes, place), place, options.analyzers);
      const results = new Map<string, AnalysisResult>();
      for (const r of list) put(results, r);
      return (cached = { version: before.version, results });
    }
  };

  const change = (work: (results: Map<string, AnalysisResult>) => boolean): Promise<boolean> => {
    const next = turn.then(async () => {
      for (let tries = 0; ; ++tries) {
        const { version, results: before } = await read();
        const results = new Map(before);
        if (!work(results)) return false;
        const kept = options.deequOnly ? [...results.values()].map(withoutFailures) : [...results.values()];
        const bytes = new TextEncoder().encode(writeResults(kept, options));
        const written = await storage.write(
          name, bytes, version === null ? { ifAbsent: true } : { ifVersion: version },
        );
        if (written !== null) {
          cached = options.deequOnly ? undefined : { version: written, results };
          return true;
        }
        if (tries === MOST_TRIES) throw new AssayError('CONFLICT', `'${place}' is written by others all the time`);
      }
    });
    turn = next.catch(() => {});
    return next;
  };

  return Object.freeze<MetricsRepository>({
    async save(resultKey, context) {
      await change((results) => put(results, resultOf(resultKey, context)));
    },
    async append(resultKey, context) {
      await change((results) => {
        const before = results.get(resultKey.key)?.analyzerContext;
        return put(results, resultOf(resultKey, before ? mergedContexts(before, context) : context));
      });
    },
    loadByKey: async (resultKey) => (await read()).results.get(resultKey.key)?.analyzerContext ?? null,
    load: () => metricsQuery(async (filter) =>
      [...(await read()).results.values()].filter((r) => passes(r.resultKey, filter)).map((r) => chosenMetrics(r, filter))),
    delete: (resultKey) => change((results) => results.delete(resultKey.key)),
  });
}

const MOST_TRIES = 1000;

/** A result that was there moves to the end. */
function put(results: Map<string, AnalysisResult>, result: AnalysisResult): true {
  results.delete(result.resultKey.key);
  results.set(result.resultKey.key, result);
  return true;
}

function resultOf(resultKey: ResultKey, context: AnalyzerContext): AnalysisResult {
  return Object.freeze({ resultKey, analyzerContext: analyzerContext(context.entries) });
}

/** Deequ's repositories leave failed metrics out. */
function withoutFailures({ resultKey, analyzerContext: { entries } }: AnalysisResult): AnalysisResult {
  return { resultKey, analyzerContext: analyzerContext(entries.filter(([, metric]) => metric.value.ok)) };
}

function textOf(bytes: Uint8Array, place: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AssayError('SYNTAX', `${place}: not UTF-8`, { cause });
  }
}
