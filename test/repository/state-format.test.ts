import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import {
  AnalysisRunner, ApproxCountDistinct, ApproxQuantile, Completeness, Correlation, CountDistinct, DataType, Histogram, Kurtosis, Maximum, Mean, Minimum, Size, Sum,
} from '../../src/index.js';
import { FileStateProvider } from '../../src/node.js';
import { isStorable } from '../../src/repository/storable.js';
import { stateSpecs } from '../../src/states/index.js';

const folder = mkdtempSync(join(tmpdir(), 'format-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const reader = fileURLToPath(new URL('read_states.py', import.meta.url));
const python = (() => {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('the reader of states in Python is not tested: there is no python3');
    return false;
  }
})();

const path = join(folder, 'a.states');
const analyzers = [
  Size(), Completeness('x'), Mean('x'), Sum('id'), Minimum('id'), Maximum('x'), Kurtosis('x'), Correlation('x', 'y'), ApproxCountDistinct('s'),
  ApproxQuantile('x', 0.5), DataType('s'), CountDistinct(['s', 'id']), Histogram('s'),
];

describe.skipIf(!python)('the format of stored states', () => {
  it('is described well enough for another reader', async () => {
    const data = [{ id: 2n ** 60n, s: 'ä', x: 1.5, y: 1 }, { id: 2n ** 60n, s: null, x: 2.5, y: 2 }, { id: -1n, s: 'b', x: 5, y: 4 }];
    await AnalysisRunner().onData(data).addAnalyzers(analyzers).saveStatesWith(FileStateProvider(path)).run({ threads: 0 });
    const read = JSON.parse(execFileSync('python3', [reader, path], { encoding: 'utf8' }).replace(/(?<=: )-?\d{16,}/g, '"$&"'));
    expect(read.rows).toBe(3);
    expect(read.columns).toEqual(['id', 's', 'x', 'y']);
    expect(read.analyzers).toEqual(analyzers.map((a) => a.analyzer));
    const value = (state: string, input: string) => read.states.find((s: { state: string; inputs: string[] }) => s.state === state && s.inputs[0] === input)?.value;
    expect(value('sums', 'x')).toEqual({ n: 3, exact: 0, double: 9 });
    expect(value('sums', 'id')).toEqual({ n: 3, exact: String(2n ** 61n - 1n), double: 0 });
    expect(value('extrema', 'id')).toEqual({ n: 3, min: -1, max: String(2n ** 60n) });
    expect(value('moments', 'x')).toMatchObject({ n: 3, mean: 3 });
    expect(value('comoments', 'x')).toMatchObject({ n: 3, xAvg: 3 });
    expect(value('classes', 's')).toEqual({ null: 1, fractional: 0, integral: 0, boolean: 0, string: 2, outside: 0 });
    expect(read.states.find((s: { state: string }) => s.state === 'hll')).toMatchObject({ family: 'xxh64-42', value: { registers: expect.stringMatching(/^[0-9a-f]{1024}$/) } });
    const table = read.states.find((s: { state: string; inputs: string[] }) => s.state === 'groups' && s.inputs.length === 2)?.value;
    if (table === null) console.log('groupings are not read in Python: there is no pyarrow');
    else expect(table).toContainEqual([String(2n ** 60n), null, '1']);
  });

  it('lets the reader see damage', () => {
    const bytes = readFileSync(path);
    for (const at of [2, 13, 60, bytes.length - 30]) {
      const broken = Uint8Array.from(bytes);
      broken[at]! ^= 4;
      writeFileSync(join(folder, 'b.states'), broken);
      expect(() => execFileSync('python3', [reader, join(folder, 'b.states')], { stdio: 'pipe' })).toThrow();
    }
  });

  it('names every state in its description', () => {
    const text = readFileSync(new URL('../../docs/state-format.md', import.meta.url), 'utf8');
    expect([...stateSpecs.values()].filter(isStorable).map((spec) => spec.name).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
