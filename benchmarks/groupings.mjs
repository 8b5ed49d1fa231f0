// What stored groupings of many keys hold in memory: node benchmarks/groupings.mjs [keys]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AnalysisRunner, CountDistinct, Uniqueness } from 'assay';
import { FileStateProvider } from 'assay/node';

const analyzers = [CountDistinct(['id']), Uniqueness(['id'])];
const BATCH = 100_000;
const MEMORY_LIMIT = 64 * 2 ** 20;

/** Texts such as `customer-0001234`, in an order of their own. */
async function* customers(from, keys) {
  const arrow = await import('apache-arrow');
  for (let at = 0; at < keys; at += BATCH) {
    const n = Math.min(BATCH, keys - at);
    const id = Array.from({ length: n }, (_, i) => `customer-${String(from + ((at + i) * 7919) % keys).padStart(8, '0')}`);
    for (const batch of new arrow.Table({ id: arrow.vectorFromArray(id, new arrow.Utf8()) }).batches) yield batch;
  }
}

const STEPS = {
  /** Reads rows alone. */
  async scan(folder, keys) {
    return (await AnalysisRunner().onData(customers(0, keys)).addAnalyzers(analyzers).run({ threads: 0, memoryLimit: MEMORY_LIMIT })).metric(analyzers[0]);
  },
  /** Reads rows and stores their states. */
  async save(folder, keys) {
    return (await AnalysisRunner().onData(customers(0, keys)).addAnalyzers(analyzers).saveStatesWith(FileStateProvider(join(folder, 'a.states')))
      .run({ threads: 0, memoryLimit: MEMORY_LIMIT })).metric(analyzers[0]);
  },
  /** Metrics from what is stored. */
  async load(folder) {
    return (await AnalysisRunner().onStates([FileStateProvider(join(folder, 'a.states'))]).addAnalyzers(analyzers).run({ memoryLimit: MEMORY_LIMIT })).metric(analyzers[0]);
  },
  /** Metrics from two stores, and both stored as one. */
  async merge(folder) {
    const a = FileStateProvider(join(folder, 'a.states'));
    return (await AnalysisRunner().onStates([a, a]).addAnalyzers(analyzers).saveStatesWith(FileStateProvider(join(folder, 'b.states')))
      .run({ memoryLimit: MEMORY_LIMIT })).metric(analyzers[0]);
  },
};

/** Each step in a process of its own: megabytes at most, and seconds of CPU. */
export function groupings(keys = 5_000_000) {
  const folder = mkdtempSync(join(tmpdir(), 'groupings-'));
  try {
    const steps = Object.keys(STEPS).map((step) => {
      const args = ['--max-old-space-size=12000', fileURLToPath(import.meta.url), String(keys), step, folder];
      return { step, ...JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) };
    });
    return { keys, bytes: statSync(join(folder, 'a.states')).size, steps };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , keys = '5000000', step, folder] = process.argv;
  if (step) {
    const metric = await STEPS[step](folder, Number(keys));
    if (metric.value.value !== Number(keys)) throw new Error(`${step}: ${JSON.stringify(metric.value)}`);
    const { user, system } = process.cpuUsage();
    console.log(JSON.stringify({ peak: Math.round(process.resourceUsage().maxRSS / 1024), seconds: (user + system) / 1e6 }));
  } else {
    const { bytes, steps } = groupings(Number(keys));
    console.log(`${keys} keys, ${(bytes / 2 ** 20).toFixed(0)} MB stored, memoryLimit ${MEMORY_LIMIT / 2 ** 20} MB`);
    for (const s of steps) console.log(`${s.step}: peak ${s.peak} MB, ${s.seconds.toFixed(1)} s of CPU`);
  }
}
