// What verdicts on rows cost: the same verification with and without them, in turns, by CPU time of all threads.
//   node benchmarks/row-verdicts.mjs [--rounds 5] [--threads 2] [--only review]
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Check, CheckLevel, VerificationSuite, atLeast, equals } from 'assay';
import { parquet } from 'assay/node';
import { textTable } from '../dist/base/text-table.js';
import { mixedCheck, reviewCheck, wideCheck } from './asks.mjs';
import { pathOf } from './data.mjs';

/** The Review Check without functions. */
const declared = () =>
  Check(CheckLevel.Error, 'Review Check')
    .hasSize(atLeast(3_000_000))
    .hasMin('star_rating', equals(1))
    .hasMax('star_rating', equals(5))
    .isComplete('review_id')
    .isUnique('review_id')
    .isComplete('marketplace')
    .isContainedIn('marketplace', ['US', 'UK', 'DE', 'JP', 'FR'])
    .isNonNegative('year');

const TARGET = 1.5;
const CASES = [
  { name: 'review check, functions', check: reviewCheck },
  { name: 'review check, comparators', check: declared },
  { name: 'mixed, 16 constraints', check: mixedCheck, data: 'mixed-1m' },
  { name: 'mixed 10m, 16 constraints', check: mixedCheck, data: 'mixed-10m' },
  { name: 'wide, 226 constraints', check: wideCheck, data: 'mixed-80c' },
];

/** Milliseconds of the processors over all threads. */
async function cpuOf(call) {
  const before = process.cpuUsage();
  await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const median = (xs) => [...xs].sort((a, b) => a - b)[xs.length >> 1];
const ms = (x) => `${x.toFixed(0)} ms`;

/** Times every case and prints the table; returns how many miss the target. */
export async function benchRowVerdicts({ rounds = 5, threads = 2, only } = {}) {
  const table = [];
  let missed = 0;
  for (const c of CASES) {
    if (only && !c.name.includes(only)) continue;
    const path = await pathOf(c);
    const suite = () => VerificationSuite().onData(parquet(path)).addCheck(c.check());
    const [without, including] = [[], []];
    for (let i = -1; i < rounds; ++i) { // one round to warm up
      const a = await cpuOf(() => suite().run({ threads }));
      const b = await cpuOf(() => suite().withRowLevelResults().run({ threads }));
      if (i < 0) continue;
      without.push(a);
      including.push(b);
    }
    const ratio = median(including) / median(without);
    if (ratio > TARGET) ++missed;
    table.push([c.name, ms(median(without)), ms(median(including)), ratio.toFixed(2), `≤ ${TARGET}`]);
  }
  console.log(`row verdicts, against without: ${threads} threads, ${availableParallelism()} cores, ${rounds} rounds in turns, CPU time of all threads`);
  const heads = ['without (median)', 'with verdicts', 'ratio', 'target'];
  console.log(textTable([{ head: 'case' }, ...heads.map((head) => ({ head, align: 'right' }))], table));
  return missed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, threads: { type: 'string', default: '2' }, only: { type: 'string' } } });
  const missed = await benchRowVerdicts({ rounds: Number(values.rounds), threads: Number(values.threads), only: values.only });
  if (missed > 0) console.log(`${missed} above target`);
  process.exit(0);
}
