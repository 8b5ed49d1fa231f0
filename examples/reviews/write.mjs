// Writes the reviews to a path: node write.mjs <path> [rows] [seed]
import { generateReviews, ROWS } from './generate.mjs';

const [path, rows = String(ROWS), seed = '1'] = process.argv.slice(2);
await generateReviews(path, { rows: Number(rows), seed: Number(seed), onRows: (n) => process.send?.(n) });
process.disconnect?.();
