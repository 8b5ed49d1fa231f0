// What history and states save: npm run bench -- --only time, or node benchmarks/time.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AnalysisRunner, ApproxCountDistinct, Completeness, InMemoryStateProvider, Maximum, Mean, PartitionedDataset, ResultKey, Size, StandardDeviation, Sum, analyzerContext,
} from 'assay';
import { LogMetricsRepository } from 'assay/node';

const DAYS = 30;
const ROWS = 100_000; // a day
const analyzers = [
  Size(), Completeness('price'), Mean('price'), Sum('quantity'), StandardDeviation('price'), Maximum('quantity'), ApproxCountDistinct('customer'),
];

/** Milliseconds of CPU, threads included, and of the wall clock. */
async function timed(work) {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  const result = await work();
  const used = process.cpuUsage(cpu);
  return { result, cpu: (used.user + used.system) / 1000, wall: performance.now() - wall };
}

const best = async (rounds, work) => {
  let least;
  for (let i = 0; i < rounds; ++i) {
    const now = await timed(work);
    if (!least || now.cpu < least.cpu) least = now;
  }
  return least;
};

/** A day of orders as an Arrow table. */
async function day(d) {
  const arrow = await import('apache-arrow');
  const price = new Float64Array(ROWS);
  const quantity = new Int32Array(ROWS);
  const customer = new Int32Array(ROWS);
  for (let i = 0; i < ROWS; ++i) {
    const x = (i * 7919 + d * 104729) % 1_000_003;
    price[i] = (x % 10_007) / 100;
    quantity[i] = x % 13;
    customer[i] = x % 50_000;
  }
  return arrow.makeTable({ price, quantity, customer });
}

/** A month of which one day is new, against reading it all. */
export async function growingTable() {
  const arrow = await import('apache-arrow');
  const days = await Promise.all(Array.from({ length: DAYS }, (_, d) => day(d)));
  const all = new arrow.Table(days.flatMap((t) => t.batches));
  const before = InMemoryStateProvider();
  await AnalysisRunner().onData(new arrow.Table(days.slice(0, -1).flatMap((t) => t.batches))).addAnalyzers(analyzers).saveStatesWith(before).run({ threads: 0 });
  const rescan = await best(5, () => AnalysisRunner().onData(all).addAnalyzers(analyzers).run({ threads: 0 }));
  const update = await best(5, () => AnalysisRunner().onData(days.at(-1)).addAnalyzers(analyzers).aggregateWith(before).run({ threads: 0 }));
  for (const a of analyzers) {
    const [x, y] = [rescan.result.metric(a).value.value, update.result.metric(a).value.value];
    if (Math.abs(x - y) > 1e-9 * Math.abs(x)) throw new Error(`${a}: ${x} and ${y}`);
  }
  return { rescan: rescan.cpu, update: update.cpu };
}

/** Many partitions, of which one is replaced. */
export async function partitions(count = 10_000) {
  const table = PartitionedDataset({ analyzers });
  const name = (i) => `p${String(i).padStart(6, '0')}`;
  const store = InMemoryStateProvider();
  await AnalysisRunner().onData([{ price: 1.5, quantity: 2, customer: 3 }, { price: null, quantity: 4, customer: 5 }]).addAnalyzers(analyzers).saveStatesWith(store).run({ threads: 0 });
  for (let i = 0; i < count; ++i) await table.put(name(i), store.set);
  const merged = await timed(() => table.metrics());
  if (merged.result.metric(Size()).value.value !== 2 * count) throw new Error('not all partitions');
  const first = table.merges;
  const replaced = await best(20, async () => {
    await table.put(name(Math.floor(Math.random() * count)), store.set);
    return table.metrics();
  });
  return { count, all: merged.cpu, merges: first, replace: replaced.cpu, replaceMerges: (table.merges - first) / 20 };
}

/** A long history, of which the series of one metric is wanted. */
export async function history(results = 100_000) {
  const folder = mkdtempSync(join(tmpdir(), 'history-'));
  try {
    const context = await AnalysisRunner().onData([{ price: 1.5, quantity: 2, customer: 3 }]).addAnalyzers(analyzers).run({ threads: 0 });
    const of = (i) => analyzerContext(context.entries.map(([a, m]) => [a, a.analyzer === 'Size' ? { ...m, value: { ok: true, value: i } } : m]));
    const all = Array.from({ length: results }, (_, i) => ({ resultKey: ResultKey(i * 60_000, { region: ['EU', 'NA'][i % 2] }), analyzerContext: of(i) }));
    await LogMetricsRepository(folder).saveAll(all);
    // in a process of its own, which has read nothing yet and holds nothing else
    const args = [fileURLToPath(import.meta.url), 'series', folder, String(results)];
    return { results, ...JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readSeries(folder, results) {
  const { result, cpu, wall } = await timed(() => LogMetricsRepository(folder).load().forAnalyzers([Size()]).series());
  if (result[0].points.length !== results) throw new Error('not all results');
  return { cpu, wall };
}

/** The results as lines. */
export async function timeLines() {
  const ms = (x) => `${x < 10 ? x.toFixed(2) : x.toFixed(0)} ms`;
  const g = await growingTable();
  const p = await partitions();
  const h = await history();
  return [
    `${DAYS} days of ${ROWS} rows, one of them new: ${ms(g.update)} CPU from states, ${ms(g.rescan)} reading all, ratio ${(g.rescan / g.update).toFixed(1)}`,
    `${p.count} partitions: ${ms(p.all)} CPU to merge all (${p.merges} merges), ${ms(p.replace)} to replace one and merge again (${p.replaceMerges.toFixed(1)} merges)`,
    `${h.results} results of ${analyzers.length} metrics: the series of one in ${ms(h.wall)} (${ms(h.cpu)} CPU), from a repository that was just opened`,
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , what, folder, results] = process.argv;
  if (what === 'series') console.log(JSON.stringify(await readSeries(folder, Number(results))));
  else for (const line of await timeLines()) console.log(line);
}
