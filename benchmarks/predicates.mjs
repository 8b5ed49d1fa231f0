// Ten typical predicates and the email pattern as compliance, against the same in DuckDB:
//   node benchmarks/predicates.mjs [--rounds 5] [--data mixed-1m] [--only email] [--threads 2]
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AnalysisRunner, Compliance, PatternMatch, Patterns } from 'assay';
import { parquet } from 'assay/node';
import { textTable } from '../dist/base/text-table.js';
import { bindExpression } from '../dist/expression/bind.js';
import { facetsOf } from '../dist/expression/facets.js';
import { openView } from '../dist/expression/view.js';
import { openKernels } from '../dist/kernels/kernels.js';
import { pathOf } from './data.mjs';
import { connect } from './duckdb.mjs';

/** Name, predicate, and the predicate in DuckDB where it is spelled differently. */
const PREDICATES = [
  ['range', 'amount >= 0 AND amount < 990'],
  ['between', 'quantity BETWEEN 1 AND 100'],
  ['arithmetic', 'price * quantity * (1 - discount / 100) >= amount'],
  ['null or in range', 'discount IS NULL OR (discount >= 0 AND discount <= 9.5)'],
  ['in list', "category IN ('books', 'clothing', 'home', 'toys')"],
  ['two categories', "category = 'books' AND status <> 'pending'"],
  ['not null', 'email IS NOT NULL'],
  ['like', "email LIKE '%@%.com'"],
  ['length', 'length(id) = 12'],
  ['prefix and case', "id LIKE 'C%' AND CASE WHEN status = 'active' THEN amount > 0 ELSE rating >= 2 END"],
];
// The same pattern in RE2's words; it refuses nothing of it.
const EMAIL = `regexp_matches(email, '${Patterns.EMAIL.replaceAll("'", "''")}')`;

const metric = (analyzer) => (path, threads) => AnalysisRunner().onData(parquet(path)).addAnalyzer(analyzer).run({ threads });
const CASES = [
  ...PREDICATES.map(([name, predicate]) => ({ name, predicate, target: 1, assay: metric(Compliance(name, predicate)), sql: predicate })),
  { name: 'all ten', target: 1, assay: (path, threads) =>
    AnalysisRunner().onData(parquet(path)).addAnalyzers(PREDICATES.map(([n, p]) => Compliance(n, p))).run({ threads }),
  sql: null },
  { name: 'email pattern', predicate: null, target: 0.7, assay: metric(PatternMatch('email', Patterns.EMAIL)), sql: EMAIL },
];

const median = (xs) => [...xs].sort((a, b) => a - b)[xs.length >> 1];
const ms = (x) => `${x.toFixed(0)} ms`;

/** Milliseconds of the wall clock and of all threads of this process. */
async function time(call) {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  await call();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: performance.now() - wall, cpu: (user + system) / 1000 };
}

/** Milliseconds of CPU on this thread, to decode the columns of a bound predicate and to evaluate it. */
async function apart(path, bind, groups) {
  const source = await parquet(path).open();
  const bound = bind(source.schema);
  const kernels = openKernels(source.memory);
  const spent = { decode: 0, evaluate: 0, rows: 0 };
  let last = process.cpuUsage();
  const since = () => {
    const { user, system } = process.cpuUsage(last);
    last = process.cpuUsage();
    return (user + system) / 1000;
  };
  for (const split of source.splits.slice(0, groups)) {
    for await (const batch of source.read(split, facetsOf([bound]))) {
      spent.decode += since();
      const view = openView(batch, kernels);
      spent.rows += view.truths(bound, null).count;
      view.close();
      batch.release?.();
      spent.evaluate += since();
    }
  }
  await source.close();
  return spent;
}

/** Times every case in turns with DuckDB and prints the table; returns how many miss their targets. */
export async function benchPredicates({ rounds = 5, data = 'mixed-10m', only, threads = 2 } = {}) {
  const path = await pathOf({ data });
  const duckdb = await connect(threads);
  const table = [];
  let missed = 0;
  for (const c of CASES) {
    if (only && !c.name.includes(only)) continue;
    const filters = (c.sql === null ? PREDICATES.map(([, p]) => p) : [c.sql]).map((p) => `count(*) FILTER (WHERE ${p})`);
    const sql = `SELECT count(*), ${filters.join(', ')} FROM '${path}'`;
    const [ours, theirs] = [[], []];
    for (let i = -1; i < rounds; ++i) {
      const a = await time(() => c.assay(path, threads));
      const b = await time(() => duckdb.run(sql));
      if (i < 0) continue;
      ours.push(a);
      theirs.push(b);
    }
    const least = (of, key) => Math.min(...of.map((t) => t[key]));
    const ratio = least(ours, 'cpu') / least(theirs, 'cpu');
    if (ratio > c.target) ++missed;
    const bind = c.sql === EMAIL
      ? (schema) => ({
        kind: 'call', fn: 'regexp_matches', type: { kind: 'boolean' },
        args: [bindExpression('email', schema), { kind: 'literal', type: { kind: 'string' }, value: Patterns.EMAIL }],
      })
      : c.predicate ? (schema) => bindExpression(c.predicate, schema) : null;
    const split = bind && await apart(path, bind, 64);
    table.push([
      c.name, `${ms(least(ours, 'cpu'))} (median ${ms(median(ours.map((t) => t.cpu)))})`,
      `${ms(least(theirs, 'cpu'))} (median ${ms(median(theirs.map((t) => t.cpu)))})`, ratio.toFixed(2), `≤ ${c.target}`,
      split ? ms(split.decode) : '', split ? ms(split.evaluate) : '', (least(ours, 'wall') / least(theirs, 'wall')).toFixed(2),
    ]);
  }
  duckdb.close();
  console.log(`${data}: ${threads} threads each, ${availableParallelism()} cores, ${rounds} rounds in turns, CPU time of all threads`);
  const heads = ['assay', 'duckdb', 'ratio (best)', 'target', 'decode alone', 'evaluation alone', 'ratio (wall)'];
  console.log(textTable([{ head: 'predicate' }, ...heads.map((head) => ({ head, align: 'right' }))], table));
  return missed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: {
    rounds: { type: 'string', default: '5' }, data: { type: 'string', default: 'mixed-10m' }, only: { type: 'string' }, threads: { type: 'string', default: '2' },
  } });
  await benchPredicates({ ...values, rounds: Number(values.rounds), threads: Number(values.threads) });
  process.exit(0);
}
