// The tables of the cases; each is written once.
import { fileURLToPath } from 'node:url';
import { generateReviews } from '../examples/reviews/generate.mjs';
import { generateMixed } from './mixed.mjs';

const WRITERS = {
  reviews: generateReviews,
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
