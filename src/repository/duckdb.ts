import { AssayError } from '../base/errors.js';
import { parseJson, writeJson } from '../base/lossless-json.js';
import type { Analyzer } from '../analyzers/contract.js';
import type { AnalyzerFactory } from '../analyzers/define.js';
import type { Metric } from '../metrics/metric.js';
import { analyzerContext, type AnalyzerContext } from './analyzer-context.js';
import { readAnalyzer, writeAnalyzer } from './deequ-analyzers.js';
import { readMetric, writeMetric } from './deequ-metrics.js';
import type { MetricsRepository } from './metrics-repository.js';
import { metricsQuery } from './query.js';
import { ResultKey, dateOf } from './result-key.js';
import { passes, type AnalysisResult, type ResultFilter } from './result.js';

/** A connection of `@duckdb/node-api`, as far as it is used. */
export interface DuckDBSession {
  run(sql: string, values?: any): Promise<unknown>;
  runAndReadAll(sql: string, values?: any): Promise<{ getRowsJS(): readonly (readonly unknown[])[] }>;
}

/** How metrics are kept in a table. */
export interface DuckDBOptions {
  /** The name of the table, which is made if it is not there; default `metrics`. */
  readonly table?: string | undefined;
  /** Analyzers of your own that results may name. */
  readonly analyzers?: readonly AnalyzerFactory<never>[] | undefined;
}

/**
 * A metrics repository in a table of DuckDB, one row per metric, which SQL can read, too: `result_key`,
 * `dataset_date`, `tags` (JSON pairs), `saved` (the order of results), `position`, and of each metric `analyzer_key`,
 * `analyzer` and `metric` (Deequ's JSON), `entity`, `instance`, `name`, and `value` where it is one number. The row
 * without an analyzer stands for the result itself. Changes are transactions. Needs the peer `@duckdb/node-api`.
 *
 * @param database the path of a database, which stays open as long as the process, or a connection of your own that
 * nobody else uses meanwhile
 */
export function DuckDBMetricsRepository(
  database: string | DuckDBSession, { table = 'metrics', analyzers: own = [] }: DuckDBOptions = {},
): MetricsRepository {
  const name = `"${table.replaceAll('"', '""')}"`;
  const place = typeof database === 'string' ? `'${database}', table ${name}` : `table ${name} of DuckDB`;
  const only = (session: DuckDBSession): Shared => ({ session: async () => session, turn: Promise.resolve() });
  const shared = typeof database === 'string' ? databaseAt(database) : only(database);
  let opened: Promise<DuckDBSession> | undefined;
  const open = () => (opened ??= (async () => {
    const session = await shared.session();
    await session.run(`CREATE TABLE IF NOT EXISTS ${name} (
      result_key VARCHAR NOT NULL, dataset_date BIGINT NOT NULL, tags VARCHAR NOT NULL, saved BIGINT NOT NULL,
      position INTEGER NOT NULL, analyzer_key VARCHAR, analyzer VARCHAR, metric VARCHAR, entity VARCHAR,
      instance VARCHAR, name VARCHAR, value DOUBLE, PRIMARY KEY (result_key, position))`);
    return session;
  })().catch((thrown: unknown) => {
    opened = undefined;
    throw unable('open', thrown);
  }));
  const unable = (what: string, thrown: unknown): AssayError => {
    if (thrown instanceof AssayError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new AssayError('STORAGE', `cannot ${what} ${place}: ${message}`, { cause: thrown });
  };
  /** One piece of work at a time: a connection has one transaction. */
  const inTurn = <T>(what: string, work: (session: DuckDBSession) => Promise<T>): Promise<T> => {
    const next = shared.turn.then(open).then(work).catch((thrown: unknown) => {
      throw unable(what, thrown);
    });
    shared.turn = next.catch(() => {});
    return next;
  };

  /** Everything or nothing; again if somebody else changed the same. */
  const change = <T>(work: (session: DuckDBSession) => Promise<T>): Promise<T> => inTurn('write', async (session) => {
    for (let tries = 0; ; ++tries) {
      await session.run('BEGIN TRANSACTION');
      try {
        const result = await work(session);
        await session.run('COMMIT');
        return result;
      } catch (thrown) {
        await session.run('ROLLBACK').catch(() => {}); // a failed COMMIT has rolled back already
        const conflict = thrown instanceof Error && /conflict|constraint/i.test(thrown.message);
        if (!conflict || tries === MOST_TRIES) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * 2 ** Math.min(6, tries)));
      }
    }
  });

  const put = async (session: DuckDBSession, key: ResultKey, entries: AnalyzerContext['entries']): Promise<void> => {
    await session.run(`DELETE FROM ${name} WHERE result_key = $1`, [key.key]);
    const [[saved]] = (
      await session.runAndReadAll(`SELECT coalesce(max(saved), 0) + 1 FROM ${name}`)
    ).getRowsJS() as [[bigint]];
    const tags = JSON.stringify([...key.tags]);
    const head = [key.key, BigInt(key.dataSetDate), tags, BigInt(saved)];
    const metrics = entries.map(([a, metric], i) => [...head, i + 1, ...rowOf(a, metric)]);
    const rows = [[...head, 0, ...Array<null>(7).fill(null)], ...metrics];
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      const some = rows.slice(from, from + ROWS_AT_ONCE);
      const marks = some.map(
        (row, r) => `(${row.map((_, c) => `$${r * row.length + c + 1}${c === 4 ? '::INTEGER' : ''}`).join(',')})`,
      );
      await session.run(`INSERT INTO ${name} VALUES ${marks.join(',')}`, some.flat());
    }
  };

  const select = async (session: DuckDBSession, filter: ResultFilter, only?: ResultKey): Promise<AnalysisResult[]> => {
    const values: (string | bigint)[] = [];
    const mark = (value: string | bigint) => `$${values.push(value)}`;
    const tests = ['TRUE'];
    if (only) tests.push(`result_key = ${mark(only.key)}`);
    if (filter.after !== undefined) tests.push(`dataset_date >= ${mark(BigInt(filter.after))}`);
    if (filter.before !== undefined) tests.push(`dataset_date <= ${mark(BigInt(filter.before))}`);
    if (filter.analyzers) {
      const keys = filter.analyzers.map((a) => mark(a.key));
      tests.push(
        keys.length === 0 ? 'analyzer_key IS NULL' : `(analyzer_key IS NULL OR analyzer_key IN (${keys.join(', ')}))`,
      );
    }
    const rows = (await session.runAndReadAll(
      `SELECT dataset_date, tags, analyzer, metric FROM ${name} WHERE ${tests.join(' AND ')}
       ORDER BY saved, result_key, position`,
      values,
    )).getRowsJS() as [bigint, string, string | null, string | null][];
    return resultsOf(rows, filter);
  };
  const known = new Map<string, Analyzer>();
  const resultsOf = (
    rows: readonly [bigint, string, string | null, string | null][], filter: ResultFilter,
  ): AnalysisResult[] => {
    const found: { resultKey: ResultKey; entries: (readonly [Analyzer, Metric])[] }[] = [];
    for (const [date, tags, analyzer, metric] of rows) {
      if (analyzer === null) {
        found.push({ resultKey: ResultKey(dateOf(date), JSON.parse(tags) as [string, string][]), entries: [] });
        continue;
      }
      let read = known.get(analyzer);
      if (!read) known.set(analyzer, (read = readAnalyzer(parseJson(analyzer, place), own)));
      found.at(-1)!.entries.push([read, readMetric(parseJson(metric!, place))]);
    }
    return found.filter((r) => passes(r.resultKey, filter))
      .map(({ resultKey, entries }) => Object.freeze({ resultKey, analyzerContext: analyzerContext(entries) }));
  };

  return Object.freeze<MetricsRepository>({
    save: (resultKey, { entries }) => change((session) => put(session, resultKey, entries)),
    append: (resultKey, { entries }) => change(async (session) => {
      const [before] = await select(session, {}, resultKey);
      const all = new Map(before?.analyzerContext.entries.map((entry) => [entry[0].key, entry]));
      for (const entry of entries) all.set(entry[0].key, entry);
      await put(session, resultKey, [...all.values()]);
    }),
    loadByKey: (resultKey) => inTurn(
      'read', async (session) => (await select(session, {}, resultKey))[0]?.analyzerContext ?? null,
    ),
    load: () => metricsQuery((filter) => inTurn('read', (session) => select(session, filter))),
    delete: (resultKey) => change(async (session) => {
      const [found] = (
        await session.runAndReadAll(`SELECT 1 FROM ${name} WHERE result_key = $1`, [resultKey.key])
      ).getRowsJS();
      if (found) await session.run(`DELETE FROM ${name} WHERE result_key = $1`, [resultKey.key]);
      return found !== undefined;
    }),
  });
}

const MOST_TRIES = 100;
const ROWS_AT_ONCE = 500;

/** What a row says of a metric. */
function rowOf(analyzer: Analyzer, metric: Metric): (string | number | null)[] {
  const { kind, value, entity, instance, name } = metric;
  const number = kind === 'double' && value.ok ? (value.value as number) : null;
  const texts = [writeJson(writeAnalyzer(analyzer, true)), writeJson(writeMetric(metric))];
  return [analyzer.key, ...texts, entity, instance, name, number];
}

/** A database and whose turn it is in it. */
interface Shared {
  session(): Promise<DuckDBSession>;
  turn: Promise<unknown>;
}

/** One connection per database: DuckDB lets one process alone write to a file. */
const databases = new Map<string, Shared>();

function databaseAt(path: string): Shared {
  let shared = databases.get(path);
  if (!shared) {
    let session: Promise<DuckDBSession> | undefined;
    databases.set(path, (shared = {
      session: () => (session ??= connect(path).catch((thrown: unknown) => {
        session = undefined;
        throw thrown;
      })),
      turn: Promise.resolve(),
    }));
  }
  return shared;
}

async function connect(path: string): Promise<DuckDBSession> {
  const duckdb = await import('@duckdb/node-api').catch((cause: unknown) => {
    const remedy = 'npm install @duckdb/node-api';
    throw new AssayError('UNSUPPORTED', `a repository in DuckDB needs the package @duckdb/node-api: ${remedy}`, { cause });
  });
  return (await duckdb.DuckDBInstance.fromCache(path)).connect();
}
