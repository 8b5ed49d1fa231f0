import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { AnalysisRunner, ResultKey, Size, Uniqueness } from '../../src/index.js';
import { DeequStateProvider, FileMetricsRepository, FileStateProvider, LogMetricsRepository } from '../../src/node.js';

const folder = mkdtempSync(join(tmpdir(), 'faults-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** How much longer than usual processes save before they are killed: `FAULTS=20 npx vitest run test/repository/faults.test.ts`. */
const times = Number(process.env.FAULTS ?? 1);
const saver = fileURLToPath(new URL('fixtures/saver.mjs', import.meta.url));

/** Processes that save until they are killed in the midst of it, each twice; what each said that it saved. */
async function killed(kind: string, path: string, processes: number, ms: number, meanwhile: () => Promise<void>): Promise<number[][]> {
  const done = new AbortController();
  const said = Array.from({ length: processes }, (_, who) => new Promise<number[]>((resolve, reject) => {
    const child = spawn(process.execPath, [saver, kind, path, String(who)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [text, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      if (text === '') setTimeout(() => child.kill('SIGKILL'), ms * (0.5 + Math.random()));
      text += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('exit', (_code, signal) => {
      if (signal === 'SIGKILL') resolve(text.split('\n').slice(0, -1).map(Number));
      else reject(new Error(errors));
    });
  }));
  const reading = (async () => {
    while (!done.signal.aborted) {
      await meanwhile();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  try {
    return await Promise.all(said);
  } finally {
    done.abort();
    await reading;
  }
}

describe('processes that are killed while they save', () => {
  it('lose no result of a log that was saved, and leave nothing that cannot be read', async () => {
    const path = join(folder, 'log');
    const reader = LogMetricsRepository(path);
    let before = 0;
    const saved = await killed('log', path, 3, 1500 * times, async () => {
      const now = (await reader.load().get()).length;
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    });
    const fresh = LogMetricsRepository(path);
    for (const repository of [reader, fresh]) {
      const keys = new Set((await repository.load().get()).map((r) => r.resultKey.key));
      for (const [who, list] of saved.entries()) {
        for (const i of list) expect(keys.has(ResultKey(i, { who: String(who) }).key), `${who}: ${i}`).toBe(true);
      }
    }
    const { results } = await fresh.compact();
    expect(results).toBeGreaterThanOrEqual(saved.flat().length);
    expect((await LogMetricsRepository(path).load().forAnalyzers([Size()]).get()).length).toBe(results);
    console.log(`log: ${saved.flat().length} results saved by 3 processes before they were killed, none lost`);
  }, 300_000 + 10_000 * times);

  it('lose no result of a file', async () => {
    const path = join(folder, 'metrics.json');
    const reader = FileMetricsRepository(path);
    const saved = await killed('file', path, 3, 800 * times, async () => void (await reader.load().get()));
    const keys = new Set((await FileMetricsRepository(path).load().get()).map((r) => r.resultKey.key));
    for (const [who, list] of saved.entries()) for (const i of list) expect(keys.has(ResultKey(i, { who: String(who) }).key), `${who}: ${i}`).toBe(true);
    console.log(`file: ${saved.flat().length} results saved by 3 processes before they were killed, none lost`);
  }, 300_000 + 10_000 * times);

  it('leave a file of states that is that of one save', async () => {
    const path = join(folder, 'day.states');
    const read = async () => {
      const store = FileStateProvider(path);
      if (!(await store.load())) return;
      const context = await AnalysisRunner().onStates([store]).addAnalyzers([Size(), Uniqueness('id')]).run();
      expect(context.allMetrics.map((m) => m.value.ok)).toEqual([true, true]);
    };
    const saved = await killed('states', path, 3, 800 * times, read);
    await read();
    expect(readdirSync(folder)).toContain('day.states');
    console.log(`states: ${saved.flat().length} saves by 3 processes before they were killed, each whole`);
  }, 300_000 + 10_000 * times);

  it("leave Deequ's frequencies that are those of one save", async () => {
    const path = join(folder, 'deequ', 's');
    const schema = { fields: [{ name: 'id', type: { kind: 'long' as const }, nullable: true }] };
    let reads = 0;
    const read = async () => {
      const context = await AnalysisRunner().onStates([DeequStateProvider(path)], { schema }).addAnalyzer(Uniqueness('id')).run();
      const value = context.metric(Uniqueness('id'))?.value;
      if (value) expect(value.ok ? value.value : value.failure.message).toBe(1);
      if (value) ++reads;
    };
    const saved = await killed('frequencies', path, 3, 800 * times, read);
    await read();
    expect(reads).toBeGreaterThan(0);
    console.log(`frequencies: ${saved.flat().length} saves by 3 processes before they were killed, ${reads} times read`);
  }, 300_000 + 10_000 * times);
});
