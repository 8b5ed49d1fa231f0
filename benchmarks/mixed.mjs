// Writes the mixed tables: a unique id, two categories, an email, six numbers; and, if asked for, many doubles more.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { connect } from './duckdb.mjs';

export const CATEGORIES = ['electronics', 'books', 'clothing', 'home', 'toys'];
export const STATUSES = ['active', 'inactive', 'pending'];
const GROUPS = 64;

/** The names of the doubles that a wide table has more. */
export const doubles = (n) => Array.from({ length: n }, (_, i) => `m${String(i).padStart(2, '0')}`);

/** Writes a table of so many rows with `more` doubles; gives whether it had to. The same arguments give the same table. */
export async function generateMixed(path, rows, more = 0) {
  if (existsSync(path)) return false;
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.part`;
  const duckdb = await connect(2);
  const text = (list, seed) => `[${list.map((v) => `'${v}'`)}][1 + (hash(i, ${seed}) % ${list.length})::INT]`;
  const unit = (seed) => `(hash(i, ${seed}) >> 11)::DOUBLE / 9007199254740992`;
  const wide = doubles(more).map((name, k) =>
    // Two decimals as money has, or whole numbers; every seventh column has nulls.
    `${k % 7 === 6 ? `CASE WHEN hash(i, ${100 + k}) % 50 = 0 THEN NULL ELSE ` : ''}round(${unit(200 + k)} * ${100 + k}, ${k % 3})${k % 7 === 6 ? ' END' : ''} AS ${name}`);
  try {
    await duckdb.run('SET preserve_insertion_order = true');
    await duckdb.run(`COPY (SELECT 'C' || lpad(i::VARCHAR, 11, '0') AS id, ${text(CATEGORIES, 1)} AS category, ${text(STATUSES, 2)} AS status,
      CASE WHEN hash(i, 3) % 50 = 0 THEN NULL ELSE 'user' || (hash(i, 4) % 1000000) || '@' || ['example.com', 'mail.test', 'shop.example'][1 + (hash(i, 5) % 3)::INT] END AS email,
      round(${unit(6)} * 1000, 2) AS amount, (hash(i, 7) % 100)::INT AS quantity, ${unit(8)} * 100 AS score,
      (1 + hash(i, 9) % 5)::INT AS rating, round(10 + ${unit(10)} * 490, 2) AS price,
      CASE WHEN hash(i, 11) % 10 = 0 THEN NULL ELSE round(${unit(12)} * 10, 2) END AS discount${wide.map((w) => `, ${w}`).join('')}
      FROM range(${rows}) t(i)) TO '${part}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${Math.ceil(rows / GROUPS / 2048) * 2048})`);
    renameSync(part, path);
  } finally {
    duckdb.close();
    rmSync(part, { force: true });
  }
  return true;
}
