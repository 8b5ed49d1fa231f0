// One case in a process of its own, which loads one engine alone, for cold times and peak memory: node one.mjs <case> <assay|duckdb> <path> <threads>
import { cases } from './cases.mjs';

const [name, engine, path, threads] = process.argv.slice(2);
const chosen = cases.find((c) => c.name === name);
if (engine === 'assay') {
  const { ask } = await import('./asks.mjs');
  const result = await ask(chosen, path, { threads: Number(threads) });
  if (!result) throw new Error('no result');
} else {
  const { connect } = await import('./duckdb.mjs');
  const { run, close } = await connect(Number(threads));
  for (const statement of chosen.sql(`'${path}'`)) await run(statement);
  close();
}
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.send?.({ peak: maxRSS * 1024, cpu: (userCPUTime + systemCPUTime) / 1000 });
