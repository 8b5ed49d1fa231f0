// Times Assay against hand-written DuckDB SQL in the same run: npm run bench [-- --rounds 7 --only 'review check' --threads 2]
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { textTable } from '../dist/base/text-table.js';
import { generateReviews } from '../examples/reviews/generate.mjs';
import { cases } from './cases.mjs';
import { coldStart, coldStartLine } from './cold-start.mjs';
import { connect } from './duckdb.mjs';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, only: { type: 'string' }, threads: { type: 'string', default: '2' }, 'no-cold': { type: 'boolean', default: false } },
});
const rounds = Number(options.rounds);
const threads = Number(options.threads);
const path = fileURLToPath(new URL('../.data/reviews.parquet', import.meta.url));
if (await generateReviews(path)) console.log('wrote .data/reviews.parquet');

/** Milliseconds of a call. */
async function time(call) {
  const start = performance.now();
  await call();
  return performance.now() - start;
}

/** A fresh process: wall time from its start to its answer, and its peak memory. */
function cold(name, engine) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = fork(fileURLToPath(new URL('one.mjs', import.meta.url)), [name, engine, path, String(threads)]);
    let answer;
    child.on('message', (m) => (answer = { ms: performance.now() - start, peak: m.peak }));
    child.on('exit', (code) => (answer ? resolve(answer) : reject(new Error(`${engine} ${name} exited with ${code}`))));
  });
}

const median = (xs) => [...xs].sort((a, b) => a - b)[xs.length >> 1];
const ms = (x) => `${x.toFixed(0)} ms`;
const mb = (x) => `${(x / 1e6).toFixed(0)} MB`;

const duckdb = await connect(threads);
const table = [];
let missed = 0;
for (const c of cases) {
  if (options.only && c.name !== options.only) continue;
  const statements = c.sql(`'${path}'`);
  const ours = [];
  const theirs = [];
  for (let i = -2; i < rounds; ++i) { // two rounds to warm up, then in turns
    const a = await time(() => c.assay(path, { threads }));
    const b = await time(async () => {
      for (const s of statements) await duckdb.run(s);
    });
    if (i >= 0) {
      ours.push(a);
      theirs.push(b);
    }
  }
  const ratio = Math.min(...ours) / Math.min(...theirs);
  if (c.target && ratio > c.target) ++missed;
  const [coldOurs, coldTheirs] = options['no-cold'] ? [] : [await cold(c.name, 'assay'), await cold(c.name, 'duckdb')];
  table.push([
    c.name, `${ms(Math.min(...ours))} (median ${ms(median(ours))})`, `${ms(Math.min(...theirs))} (median ${ms(median(theirs))})`, ratio.toFixed(2), c.target ? `≤ ${c.target}` : '',
    coldOurs ? ms(coldOurs.ms) : '', coldTheirs ? ms(coldTheirs.ms) : '', coldOurs ? mb(coldOurs.peak) : '', coldTheirs ? mb(coldTheirs.peak) : '',
  ]);
}
duckdb.close();
console.log(`reviews.parquet, ${threads} threads each, ${availableParallelism()} cores, ${rounds} rounds in turns, Node ${process.version}`);
const heads = ['warm assay', 'warm duckdb', 'ratio (best)', 'target', 'cold assay', 'cold duckdb', 'peak assay', 'peak duckdb'];
console.log(textTable([{ head: 'case' }, ...heads.map((head) => ({ head, align: 'right' }))], table));
if (!options['no-cold'] && !options.only) {
  const start = coldStart();
  console.log(coldStartLine(start));
  if (start.ratio > 5) ++missed;
}
if (missed > 0) console.log(`${missed} above target`);
process.exit(0);
