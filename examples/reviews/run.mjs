// The worked example: makes the reviews once, prints the metrics of seven analyzers and the verdict of the Review Check.
//   npm run example [-- --rows 100000 --threads 2 --file .data/reviews.parquet]
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import {
  AnalysisRunner, ApproxCountDistinct, Check, CheckLevel, Completeness, Compliance, Correlation, Mean, Size, VerificationSuite,
} from 'assay';
import { parquet } from 'assay/node';
import { ROWS } from './generate.mjs';
import { progressBar } from './progress.mjs';
import { reviewsFile } from './file.mjs';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: String(ROWS) }, threads: { type: 'string' }, file: { type: 'string' } },
});
const rows = Number(values.rows);
const path = values.file ?? await reviewsFile(rows);
const options = values.threads === undefined ? {} : { threads: Number(values.threads) };
const count = new Intl.NumberFormat('en-US');
const seconds = (ms) => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`);

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
