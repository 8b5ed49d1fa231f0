// Writes the reviews to a path: node write.mjs <path> [rows]
import { generateReviews, ROWS } from './generate.mjs';

const [path, rows = String(ROWS)] = process.argv.slice(2);
await generateReviews(path, { rows: Number(rows), onRows: (n) => process.send?.(n) });
process.disconnect?.();
