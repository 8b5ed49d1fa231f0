// One way of comparing the keys of two Parquet files, in a process of its own: CPU seconds and peak memory as JSON.
// node benchmarks/compare-one.mjs WAY LEFT RIGHT COLUMN
import { DuckDBInstance } from '@duckdb/node-api';
import { DataSynchronization, ReferentialIntegrity } from 'assay';
import { parquet } from 'assay/node';

const [way, left, right, column] = process.argv.slice(2);
const any = () => true;
const memoryLimit = Number(process.env.MEMORY_LIMIT ?? 2 ** 29);

async function duckdb(sql) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`SET threads = 2; SET memory_limit = '${process.env.DUCKDB_LIMIT ?? '20GB'}'`);
  return (await connection.runAndReadAll(sql)).getRowsJson();
}

const WAYS = {
  async subset() {
    return (await ReferentialIntegrity.subsetCheck(parquet(left), [column], parquet(right), [column], any, { memoryLimit })).counts;
  },
  async rows() {
    let [rows, found] = [0, 0];
    const outcomes = await ReferentialIntegrity.subsetCheckRowLevel(parquet(left), [column], parquet(right), [column], { memoryLimit });
    for await (const batch of outcomes) {
      rows += batch.numRows;
      const bits = batch.getChild('outcome').data[0].values;
      for (const byte of bits) for (let b = byte; b !== 0; b &= b - 1) ++found;
    }
    return { rows, found };
  },
  match: () => DataSynchronization.columnMatch(parquet(left), parquet(right), { [column]: column }, any, { memoryLimit }),
  semi: () => duckdb(`SELECT count(*) FROM '${left}' l SEMI JOIN '${right}' r ON l.${column} = r.${column}`),
  anti: () => duckdb(`SELECT count(DISTINCT ${column}) FROM '${left}' l ANTI JOIN '${right}' r ON l.${column} = r.${column}`),
  both: () => duckdb(`SELECT
    (SELECT count(*) FROM '${left}' l SEMI JOIN '${right}' r ON l.${column} = r.${column}),
    (SELECT count(DISTINCT ${column}) FROM '${left}' l ANTI JOIN '${right}' r ON l.${column} = r.${column})`),
  unique: () => duckdb(`SELECT (SELECT count(*) FROM '${left}' l JOIN '${right}' r ON l.${column} = r.${column}),
    (SELECT count(DISTINCT ${column}) FROM '${left}'), (SELECT count(DISTINCT ${column}) FROM '${right}')`),
};

const start = performance.now();
const answer = await WAYS[way]();
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({
  way, cpu: (user + system) / 1e6, seconds: (performance.now() - start) / 1e3,
  memory: `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`, answer,
}, (_, x) => (typeof x === 'bigint' ? Number(x) : x)));
process.exit(0);
