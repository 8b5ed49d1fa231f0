// The mixed table of the benchmarks, written once to .data/: node mixed-table.mjs [rows] [columns]
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connect } from './duckdb.mjs';


/** A uniform number from 0 to 1 that depends on the row and a salt alone: every run writes the same table. */
const unit = (salt) => `((hash(i * 97 + ${salt}) >> 11) / 9007199254740992.0)`;
const below = (salt, n) => `CAST(floor(${unit(salt)} * ${n}) AS INTEGER)`;
const one = (salt, values) => `[${values.map((v) => `'${v}'`).join(', ')}][${below(salt, values.length)} + 1]`;
const sometimes = (salt, share, value) => `CASE WHEN ${unit(salt)} < ${share} THEN NULL ELSE ${value} END`;

const NAMES = ['anna', 'bob.miller', 'c_lopez', 'd-wong', 'erika.muster+news', 'f1000', 'grace', 'hong.li'];
const HOSTS = ['example.org', 'mail.example.com', 'shop-24.de', 'a.co', 'university.example.edu', 'post.fr'];
const EMAIL = `CASE WHEN ${unit(40)} < 0.02 THEN 'no mail, ring ' || i WHEN ${unit(40)} < 0.03 THEN ${one(41, NAMES)} || '@nowhere'
  ELSE ${one(41, NAMES)} || ${below(42, 100000)} || '@' || ${one(43, HOSTS)} END`;

/** Unique id, five categories, three statuses, a mail address, whole and fractional numbers; more doubles if wanted. */
function select(rows, columns) {
  const more = Array.from({ length: Math.max(0, columns - 10) }, (_, k) => `${sometimes(1000 + k, 0.01, `${unit(2000 + k)} * ${k + 1}`)} AS x${k + 1}`);
  return `SELECT 'ORD-' || lpad(to_base(CAST(hash(i) & 68719476735 AS BIGINT), 16), 9, '0') || '-' || lpad(CAST(i AS VARCHAR), 9, '0') AS id,
    ${one(10, ['books', 'games', 'garden', 'music', 'tools'])} AS category, ${one(20, ['open', 'paid', 'sent'])} AS status,
    ${sometimes(30, 0.01, EMAIL)} AS email, ${sometimes(50, 0.01, `round(${unit(51)} * 1000 - 5, 2)`)} AS amount,
    ${below(60, 100)} + 1 AS quantity, ${sometimes(70, 0.05, `${unit(71)} * 101`)} AS score, ${below(80, 5)} + 1 AS rating,
    ${unit(90)} * 500 AS price, round(${unit(95)} * 0.5, 2) AS discount${more.map((m) => `, ${m}`).join('')}
    FROM range(${rows}) t(i)`;
}

/** The path of the table with so many rows and columns, at least 10; written if it is not there. */
export async function mixedTable(rows = 10_000_000, columns = 10) {
  const folder = fileURLToPath(new URL('../.data/', import.meta.url));
  const path = `${folder}mixed-${rows}-${columns}.parquet`;
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${path}.${process.pid}.tmp`;
  const { run, close } = await connect(1);
  try {
    const group = Math.max(122_880, Math.ceil(rows / 64 / 2048) * 2048);
    await run(`COPY (${select(rows, columns)}) TO '${unfinished.replaceAll("'", "''")}'
      (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${group})`);
    renameSync(unfinished, path);
  } finally {
    close();
    rmSync(unfinished, { force: true });
  }
  console.log(`wrote ${path}`);
  return path;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await mixedTable(Number(process.argv[2] ?? 10_000_000), Number(process.argv[3] ?? 10));
  process.exit(0);
}
