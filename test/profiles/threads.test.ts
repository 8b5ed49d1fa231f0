import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// Worker threads are plain JavaScript, so these tests run the built package.
const dist = new URL('../../dist/', import.meta.url).href;
const built = existsSync(new URL('../../dist/engine/worker.js', import.meta.url));
const load = async <M>(file: string) => (await import(`${dist}${file}`)) as M;
const ROWS = 1500;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'profile-threads-'));
  for (let file = 0; file < 8; ++file) {
    const lines = Array.from({ length: ROWS }, (_, i) => {
      const n = file * ROWS + i;
      const word = n % 11 === 0 ? '' : `word ${(n * 7919) % 5003}`;
      const day = `2024-01-${String(1 + n % 28).padStart(2, '0')}`;
      return `${n},${(n * 37) % 101},${((n * 7919) % 32_003) / 8},${word},${['a', 'b', 'true'][n % 3]},${day}`;
    });
    writeFileSync(join(folder, `part-${file}.csv`), ['id,small,real,word,flag,day', ...lines, ''].join('\n'));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.runIf(built)('profiles', () => {
  test('are the same to the last digit for any number of threads', async () => {
    const { ColumnProfilerRunner } = await load<typeof import('../../src/index.js')>('index.js');
    const { csv } = await load<typeof import('../../src/node.js')>('node.js');
    const runner = ColumnProfilerRunner().onData(csv(join(folder, '*.csv'))).withKLLProfiling()
      .withCorrelationMatrix().withMissingnessPattern();
    for (const [memoryLimit, counts] of [[undefined, [1, 3]], [1_000_000, [2]]] as const) {
      const run = (threads: number) => runner.run({ threads, ...(memoryLimit ? { memoryLimit } : {}) });
      const alone = await run(0);
      const expected = JSON.stringify(alone);
      expect(alone.numRecords).toBe(8 * ROWS);
      for (const threads of counts) {
        let together = await run(threads);
        // While threads start, the calling thread reads everything.
        for (let i = 0; i < 40 && together.explanation.threads === 0; ++i) together = await run(threads);
        expect(together.explanation.threads).toBeGreaterThan(0);
        expect(JSON.stringify(together)).toBe(expected);
        expect(together.asJson()).toBe(alone.asJson());
      }
    }
  });
});
