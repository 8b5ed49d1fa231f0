// One case in a process of its own, for cold times and peak memory: node one.mjs <case> <assay|duckdb> <path> <threads>
import { cases } from './cases.mjs';

const [name, engine, path, threads] = process.argv.slice(2);
const chosen = cases.find((c) => c.name === name);
if (engine === 'assay') {
  const result = await chosen.assay(path, { threads: Number(threads) });
  if (!result) throw new Error('no result');
} else {
  const { connect } = await import('./duckdb.mjs');
  const { run, close } = await connect(Number(threads));
  for (const statement of chosen.sql(`'${path}'`)) await run(statement);
  close();
}
process.send?.({ peak: process.resourceUsage().maxRSS * 1024, inside: performance.now() });
