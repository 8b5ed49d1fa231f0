// The worked example: makes the reviews once, prints the metrics of seven analyzers and the verdict of the Review Check.
//   npm run example [-- --rows 100000 --threads 2 --file .data/reviews.parquet]
import { fork } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  AnalysisRunner, ApproxCountDistinct, Check, CheckLevel, Completeness, Compliance, Correlation, Mean, Size, VerificationSuite,
} from 'assay';
import { parquet } from 'assay/node';
import { ROWS } from './generate.mjs';
import { progressBar } from './progress.mjs';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: String(ROWS) }, threads: { type: 'string' }, file: { type: 'string' } },
});
const rows = Number(values.rows);
const path = values.file ?? fileURLToPath(new URL(`../../.data/${rows === ROWS ? 'reviews' : `reviews-${rows}`}.parquet`, import.meta.url));
const options = values.threads === undefined ? {} : { threads: Number(values.threads) };
const count = new Intl.NumberFormat('en-US');
const seconds = (ms) => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`);

if (!existsSync(path) && values.file === undefined) await generate();
console.log(`${basename(path)}: ${(statSync(path).size / 1e6).toFixed(0)} MB\n`);

const analysis = AnalysisRunner().onData(parquet(path)).addAnalyzers([
  Size(), Completeness('review_id'), ApproxCountDistinct('review_id'), Mean('star_rating'), Compliance('top star_rating', 'star_rating >= 4.0'),
  Correlation('total_votes', 'star_rating'), Correlation('total_votes', 'helpful_votes'),
]);
console.log(`1. Seven metrics in one pass\n${await timed('metrics', (o) => analysis.run(o))}\n`);

const verification = VerificationSuite().onData(parquet(path)).addCheck(
  Check(CheckLevel.Error, 'Review Check')
    .hasSize((n) => n >= Math.min(rows, 3_000_000))
    .hasMin('star_rating', (v) => v === 1)
    .hasMax('star_rating', (v) => v === 5)
    .isComplete('review_id')
    .isUnique('review_id')
    .isComplete('marketplace')
    .isContainedIn('marketplace', ['US', 'UK', 'DE', 'JP', 'FR'])
    .isNonNegative('year'));
console.log(`2. The Review Check\n${await timed('verdict', (o) => verification.run(o))}`);

/** Runs with a progress bar and appends what it took. */
async function timed(what, run) {
  const bar = progressBar(what);
  const start = performance.now();
  let read = 0;
  const result = await run({
    ...options,
    onProgress: (p) => {
      read = p.rows;
      bar.update(p.splits === 0 ? 1 : p.splitsDone / p.splits, `${count.format(p.rows)} rows`);
    },
  });
  const ms = performance.now() - start;
  bar.end();
  return `${result}\n${count.format(read)} rows in ${seconds(ms)}`;
}

/** Writes the file in a process of its own, whose memory is given back. */
async function generate() {
  const bar = progressBar('writing reviews');
  const start = performance.now();
  const child = fork(fileURLToPath(new URL('write.mjs', import.meta.url)), [path, String(rows)]);
  child.on('message', (done) => bar.update(done / rows, `${count.format(done)} of ${count.format(rows)} rows`));
  const code = await new Promise((resolve) => child.on('exit', resolve));
  bar.end();
  if (code !== 0) throw new Error(`writing ${basename(path)} ended with exit code ${code}`);
  console.log(`wrote ${count.format(rows)} reviews in ${seconds(performance.now() - start)}`);
}
