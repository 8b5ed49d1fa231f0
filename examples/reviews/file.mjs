// The file of reviews, written once and kept in .data.
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROWS } from './generate.mjs';
import { progressBar } from './progress.mjs';

/** The path of so many reviews; other seeds are other reviews of the same kind. */
export async function reviewsFile(rows = ROWS, seed = 1) {
  const name = `reviews${rows === ROWS ? '' : `-${rows}`}${seed === 1 ? '' : `-seed-${seed}`}.parquet`;
  const path = fileURLToPath(new URL(`../../.data/${name}`, import.meta.url));
  if (!existsSync(path)) await write(path, rows, seed);
  return path;
}

/** Writes the file in a process of its own, whose memory is given back. */
async function write(path, rows, seed) {
  const count = new Intl.NumberFormat('en-US');
  const bar = progressBar('writing reviews');
  const start = performance.now();
  const child = fork(fileURLToPath(new URL('write.mjs', import.meta.url)), [path, String(rows), String(seed)]);
  child.on('message', (done) => bar.update(done / rows, `${count.format(done)} of ${count.format(rows)} rows`));
  const code = await new Promise((resolve) => child.on('exit', resolve));
  bar.end();
  if (code !== 0) throw new Error(`writing ${basename(path)} ended with exit code ${code}`);
  console.log(`wrote ${count.format(rows)} reviews in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
