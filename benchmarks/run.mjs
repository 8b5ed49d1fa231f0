// Times Assay against hand-written DuckDB SQL in the same run: npm run bench [-- --rounds 7 --only 'review check' --threads 2]
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { textTable } from '../dist/base/text-table.js';
import { ask } from './asks.mjs';
import { cases } from './cases.mjs';
import { coldStart, coldStartLine } from './cold-start.mjs';
import { pathOf } from './data.mjs';
import { connect } from './duckdb.mjs';
import { benchPredicates } from './predicates.mjs';
import { benchRowVerdicts } from './row-verdicts.mjs';
import { timeLines } from './time.mjs';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, only: { type: 'string' }, threads: { type: 'string', default: '2' }, 'no-cold': { type: 'boolean', default: false },
    'no-predicates': { type: 'boolean', default: false } },
});
const rounds = Number(options.rounds);
const threads = Number(options.threads);

/** Milliseconds of a call: of the clock, and of the processors over all threads. */
async function time(call) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await call();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - start, cpu: (user + system) / 1000 };
}

/** A fresh process: time from its start to its answer, of the clock and of the processors, and its peak memory. */
function cold(name, engine, path) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = fork(fileURLToPath(new URL('one.mjs', import.meta.url)), [name, engine, path, String(threads)]);
    let answer;
    child.on('message', (m) => (answer = { ms: performance.now() - start, cpu: m.cpu, peak: m.peak }));
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
  const path = await pathOf(c);
  const statements = c.sql(`'${path}'`);
  const ours = [];
  const theirs = [];
  for (let i = -2; i < rounds; ++i) { // two rounds to warm up, then in turns
    const a = await time(() => ask(c, path, { threads }));
    const b = await time(async () => {
      for (const s of statements) await duckdb.run(s);
    });
    if (i >= 0) {
      ours.push(a);
      theirs.push(b);
    }
  }
  const [[a, aCpu], [b, bCpu]] = [ours, theirs].map((list) => ['wall', 'cpu'].map((what) => list.map((t) => t[what])));
  const ratio = Math.min(...a) / Math.min(...b);
  const cpu = Math.min(...aCpu) / Math.min(...bCpu);
  if (c.target && ratio > c.target) ++missed;
  const [coldOurs, coldTheirs] = options['no-cold'] ? [] : [await cold(c.name, 'assay', path), await cold(c.name, 'duckdb', path)];
  table.push([
    c.name, `${ms(Math.min(...a))} (median ${ms(median(a))})`, `${ms(Math.min(...b))} (median ${ms(median(b))})`, ratio.toFixed(2), cpu.toFixed(2), c.target ? `≤ ${c.target}` : '',
    coldOurs ? ms(coldOurs.ms) : '', coldTheirs ? ms(coldTheirs.ms) : '', coldOurs ? (coldOurs.ms / coldTheirs.ms).toFixed(2) : '',
    coldOurs ? (coldOurs.cpu / coldTheirs.cpu).toFixed(2) : '', coldOurs ? mb(coldOurs.peak) : '', coldTheirs ? mb(coldTheirs.peak) : '',
  ]);
}
duckdb.close();
console.log(`${threads} threads each, ${availableParallelism()} cores, ${rounds} rounds in turns, Node ${process.version}`);
const heads = ['warm assay', 'warm duckdb', 'ratio (best)', 'cpu ratio', 'target', 'cold assay', 'cold duckdb', 'cold ratio', 'cold cpu ratio', 'peak assay', 'peak duckdb'];
console.log(textTable([{ head: 'case' }, ...heads.map((head) => ({ head, align: 'right' }))], table));
if (!options['no-cold'] && !options.only) {
  const start = coldStart();
  console.log(coldStartLine(start));
  if (start.ratio > 5) ++missed;
}
if (!options['no-predicates'] && !options.only) missed += await benchPredicates({ rounds, threads });
if (!options.only || options.only === 'time') for (const line of await timeLines()) console.log(line);
if (!options.only) missed += await benchRowVerdicts({ rounds, threads });
if (missed > 0) console.log(`${missed} above target`);
process.exit(0);
