import { AssayError } from '../base/errors.js';
import type { AnalyzerFactory } from '../analyzers/define.js';
import { folderStorage } from '../storage/folder.js';
import type { Storage } from '../storage/storage.js';
import { decodeEntry, encodeEntry } from './log/entry.js';
import { openClock, timeOf } from './log/ids.js';
import {
  apply, clearAt, entriesOf, isThere, resultOf, resultsOf, type Log, type Merged, type Operation,
} from './log/merge.js';
import { encodeSegment, openSegment, type Segment } from './log/segment.js';
import type { MetricsRepository } from './metrics-repository.js';
import { metricsQuery } from './query.js';
import { historyOf, type KeyedMetrics, type MetricHistory } from './series.js';
import { passes, type AnalysisResult, type ResultFilter } from './result.js';
import { dateOf, keyText, type DateLike } from './result-key.js';

/** How a log is kept. */
export interface LogOptions {
  /** Analyzers of your own that results may name. */
  readonly analyzers?: readonly AnalyzerFactory<never>[] | undefined;
}

/** How a log is made compact. */
export interface CompactOptions {
  /** Results of dates before this one are removed. */
  readonly before?: DateLike | undefined;
  /** Milliseconds for which removals are remembered, for writers that are late; default 7 days. */
  readonly rememberRemovals?: number | undefined;
}

/** A metrics repository for many writers and long histories. */
export interface LogRepository extends MetricsRepository {
  /** Stores many results at once, in one file. */
  saveAll(results: Iterable<AnalysisResult>): Promise<void>;
  /**
   * Puts the results of all files into one, and removes what became needless. Others may read and write meanwhile; a
   * process that dies in it loses nothing.
   */
  compact(options?: CompactOptions): Promise<{ readonly results: number; readonly removedFiles: number }>;
}

/**
 * A metrics repository in a folder: every save is a file of its own that is never changed, so any number of processes
 * may write and read at once, and nothing is lost when one of them dies. `compact()` puts many files into one.
 * Of two saves of one key the later one counts, by the clocks of the machines that saved.
 */
export function LogMetricsRepository(folder: string, options: LogOptions = {}): LogRepository {
  return storedLog(folderStorage(folder), options);
}

const WEEK = 7 * 24 * 3600 * 1000;
const ENTRIES = 'entries';
const SEGMENTS = 'segments';
const AT_ONCE = 32;
const MOST_TRIES = 20;

/** A log in a storage. */
export function storedLog(storage: Storage, { analyzers: own = [] }: LogOptions = {}): LogRepository {
  const clock = openClock();
  const log: Log = new Map();
  /** Objects that are in `log` whole. */
  const applied = new Set<string>();
  const segments = new Map<string, Segment>();
  const operations = new Map<string, Operation>();

  const write = async (operation: Omit<Operation, 'id'>): Promise<void> => {
    const id = clock.next();
    const written = { ...operation, id };
    const path = `${ENTRIES}/${id}.json`;
    if ((await storage.write(path, encodeEntry(written), { ifAbsent: true })) === null) {
      throw new AssayError('CONFLICT', `'${storage.place(path)}' is there already`);
    }
  };

  const segmentAt = async (path: string): Promise<Segment | null> => {
    let segment = segments.get(path) ?? null;
    if (!segment && (segment = await openSegment(storage, path, own))) segments.set(path, segment);
    return segment;
  };

  /** Adds objects to a log; false: one of them is gone, because somebody made the log compact. */
  const addAll = async (paths: readonly string[], into: Log, wanted: ReadonlySet<string> | null): Promise<boolean> => {
    for (let from = 0; from < paths.length; from += AT_ONCE) {
      const found = await Promise.all(paths.slice(from, from + AT_ONCE).map(async (path) => {
        if (path.startsWith(`${SEGMENTS}/`)) return (await segmentAt(path))?.addTo(into, wanted) ?? false;
        let operation = operations.get(path);
        if (!operation) {
          const bytes = await storage.read(path);
          if (!bytes) return false;
          operation = decodeEntry(bytes, idOf(path), storage.place(path), own);
          if (wanted) operations.set(path, operation);
        }
        apply(into, operation);
        return true;
      }));
      if (found.includes(false)) return false;
    }
    return true;
  };

  const listed = async (): Promise<string[]> => {
    // Segments last: what was moved into one between the two listings is then seen twice, not never.
    const paths = (await storage.list(ENTRIES)).filter((o) => o.path.endsWith('.json'));
    const all = [...paths, ...(await storage.list(SEGMENTS)).filter((o) => o.path.endsWith('.seg'))].map((o) => o.path);
    for (const path of all) clock.saw(idOf(path));
    return all;
  };

  /** Everything that is stored now. */
  const whole = async (): Promise<readonly string[]> => {
    for (let tries = 0; tries < MOST_TRIES; ++tries) {
      const paths = await listed();
      const news = paths.filter((path) => !applied.has(path));
      if (!(await addAll(news, log, null))) continue;
      applied.clear();
      for (const path of paths) applied.add(path);
      segments.clear(); // their content is in the log
      operations.clear();
      return paths;
    }
    throw new AssayError('CONFLICT', `'${storage.place(ENTRIES)}' is made compact by others all the time`);
  };

  /** What is stored now of some analyzers; blocks of others are not read. */
  const some = async (wanted: ReadonlySet<string>): Promise<Log> => {
    for (let tries = 0; tries < MOST_TRIES; ++tries) {
      const found: Log = new Map();
      if (await addAll(await listed(), found, wanted)) return found;
    }
    throw new AssayError('CONFLICT', `'${storage.place(ENTRIES)}' is made compact by others all the time`);
  };

  const found = async (filter: ResultFilter) => {
    const keys = filter.analyzers ? new Set(filter.analyzers.map((a) => a.key)) : null;
    let source = log;
    if (keys && applied.size === 0) source = await some(keys);
    else await whole();
    return { merged: resultsOf(source).filter((m) => passes(m.resultKey, filter)), keys };
  };
  const read = async (filter: ResultFilter): Promise<AnalysisResult[]> => {
    const { merged, keys } = await found(filter);
    return merged.map((m) => resultOf(m, keys));
  };
  const lean = async (filter: ResultFilter): Promise<MetricHistory> => {
    if (filter.analyzers && applied.size === 0) {
      const history = await columnHistory(filter, new Set(filter.analyzers.map((a) => a.key)));
      if (history) return history;
    }
    const { merged, keys } = await found(filter);
    return historyOf(keyed(merged, keys));
  };

  /**
   * The history out of the columns of the largest segment, and of what came later: a few results. Null where that is
   * not so: there is no segment, other files are as large or not later, or somebody makes the log compact.
   */
  const columnHistory = async (filter: ResultFilter, wanted: ReadonlySet<string>): Promise<MetricHistory | null> => {
    const paths = await listed();
    const opened = await Promise.all(paths.filter((path) => path.startsWith(`${SEGMENTS}/`)).map(segmentAt));
    let base: Segment | null = null;
    for (const segment of opened) {
      if (!segment) return null;
      if (!base || segment.results > base.results) base = segment;
    }
    const later: Log = new Map();
    const others = paths.filter((path) => segments.get(path) !== base);
    if (!base || others.length > base.results || !(await addAll(others, later, wanted))) return null;
    const [names, columns] = await Promise.all([base.keys(), base.columns(wanted)]);
    if (!names || !columns) return null;
    const { dates, tags, tagsText } = names;
    // what was changed since then
    const replaced = new Set<number>();
    if (later.size > 0) {
      const changed = new Set([...later.values()].map((m) => m.resultKey.dataSetDate));
      for (let row = 0; row < dates.length; ++row) {
        if (changed.has(dates[row]!) && later.has(keyText(dates[row]!, tagsText(row)))) replaced.add(row);
      }
      if (replaced.size > 0 && !(await base.addTo(later, wanted, replaced))) return null;
    }
    const results = resultsOf(later);
    if (results.length > 0 && results[0]!.alive <= base.last) return null;
    const { tags: asked = new Map<string, string>(), after, before } = filter;
    const fits = new Map<ReadonlyMap<string, string>, boolean>();
    const has = (row: number): boolean => {
      const date = dates[row]!;
      if ((after !== undefined && date < after) || (before !== undefined && date > before)) return false;
      if (replaced.size > 0 && replaced.has(row)) return false;
      if (asked.size === 0) return true;
      const own = tags(row);
      let fit = fits.get(own);
      if (fit === undefined) fits.set(own, (fit = [...asked].every(([name, value]) => own.get(name) === value)));
      return fit;
    };
    const passing = results.filter((m) => passes(m.resultKey, filter));
    return { columns, date: (row) => dates[row]!, tags, has, results: keyed(passing, wanted) };
  };

  return Object.freeze<LogRepository>({
    save: (resultKey, { entries }) => write({ kind: 'save', resultKey, entries }),
    append: (resultKey, { entries }) => write({ kind: 'append', resultKey, entries }),
    async loadByKey(resultKey) {
      await whole();
      const merged = log.get(resultKey.key);
      return merged && isThere(merged) ? resultOf(merged, null).analyzerContext : null;
    },
    load: () => metricsQuery(read, lean),
    async delete(resultKey) {
      await whole();
      const merged = log.get(resultKey.key);
      if (!merged || !isThere(merged)) return false;
      await write({ kind: 'delete', resultKey, entries: [] });
      return true;
    },
    async saveAll(results) {
      await listed(); // so that the names are later than all there are
      const added: Log = new Map();
      for (const { resultKey, analyzerContext } of results) {
        apply(added, { id: clock.next(), kind: 'save', resultKey, entries: analyzerContext.entries });
      }
      if (added.size > 0) await writeSegment([...added.values()]);
    },
    async compact({ before, rememberRemovals = WEEK } = {}) {
      const paths = await whole();
      if (before !== undefined) {
        const date = dateOf(before);
        for (const merged of log.values()) {
          if (isThere(merged) && merged.resultKey.dataSetDate < date) clearAt(merged, clock.next());
        }
      }
      const since = Date.now() - rememberRemovals;
      const kept = [...log.values()].filter((m) => isThere(m) || timeOf(m.clear) >= since);
      const path = await writeSegment(kept);
      applied.add(path);
      let removedFiles = 0;
      for (let from = 0; from < paths.length; from += AT_ONCE) {
        const removed = await Promise.all(paths.slice(from, from + AT_ONCE).map((p) => storage.remove(p)));
        removedFiles += removed.filter(Boolean).length;
      }
      for (const gone of paths) applied.delete(gone);
      return { results: kept.filter(isThere).length, removedFiles };
    },
  });

  async function writeSegment(merged: readonly Merged[]): Promise<string> {
    const path = `${SEGMENTS}/${clock.next()}.seg`;
    await storage.write(path, encodeSegment(merged), { ifAbsent: true });
    return path;
  }
}

const idOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');

function* keyed(merged: readonly Merged[], keys: ReadonlySet<string> | null): Generator<KeyedMetrics> {
  for (const m of merged) yield { resultKey: m.resultKey, entries: entriesOf(m, keys) };
}
