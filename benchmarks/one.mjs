// One case in a process of its own, which loads one engine alone, for cold times and peak memory: node one.mjs <case> <assay|duckdb> <path> <threads>
import { readFileSync } from 'node:fs';
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
const { userCPUTime, systemCPUTime } = process.resourceUsage();
process.send?.({ peak: peakBytes(), cpu: (userCPUTime + systemCPUTime) / 1000 });

/** The most memory that this process had. What `resourceUsage` says begins with that of the process that started this one. */
function peakBytes() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
}
