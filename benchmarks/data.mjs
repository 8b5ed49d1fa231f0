// The tables of the cases; each is written once.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generateReviews } from '../examples/reviews/generate.mjs';
import { connect } from './duckdb.mjs';
import { generateMixed } from './mixed.mjs';

/** The reviews once more, with pages that are packed with Zstandard; whether they were written. */
async function packReviews(path) {
  if (existsSync(path)) return false;
  const db = await connect(2);
  await db.run(`COPY (SELECT * FROM '${await pathOf({})}') TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
  db.close();
  return true;
}

const WRITERS = {
  reviews: generateReviews,
  'reviews-zstd': packReviews,
  'mixed-1m': (path) => generateMixed(path, 1_000_000),
  'mixed-10m': (path) => generateMixed(path, 10_000_000),
  'mixed-80c': (path) => generateMixed(path, 1_000_000, 70),
};

/** The path of a case's table, which is written if it is not there. */
export async function pathOf({ data = 'reviews' }) {
  const path = fileURLToPath(new URL(`../.data/${data}.parquet`, import.meta.url));
  if (await WRITERS[data](path)) console.log(`wrote .data/${data}.parquet`);
  return path;
}
