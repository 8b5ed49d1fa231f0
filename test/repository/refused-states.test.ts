import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnalysisRunner, ApproxCountDistinct, ApproxQuantile, InMemoryStateProvider, KLLSketch, Mean, Size, type Analyzer } from '../../src/index.js';
import { FileStateProvider } from '../../src/node.js';
import { fnv1a } from '../../src/base/checksum.js';
import { mergeStates, type StateValue } from '../../src/repository/state-set.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'refused-states-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = Array.from({ length: 20 }, (_, id) => ({ id, x: id / 4 }));
const asked: Analyzer[] = [Size(), ApproxCountDistinct('id'), Mean('x')];

/** A file of states whose manifest was changed, with the checksum that then is right. */
async function changed(name: string, change: (text: string) => string): Promise<string> {
  const path = join(folder, name);
  await AnalysisRunner().onData(rows).addAnalyzers(asked).saveStatesWith(FileStateProvider(path)).run();
  const bytes = readFileSync(path);
  const length = bytes.readUInt32LE(8);
  const before = bytes.toString('utf8', 16, 16 + length);
  const text = change(before);
  if (text === before) throw new Error('nothing was changed');
  const manifest = Buffer.from(text);
  const head = Buffer.alloc(16 + manifest.length + ((8 - (manifest.length % 8)) % 8));
  bytes.copy(head, 0, 0, 8);
  head.writeUInt32LE(manifest.length, 8);
  manifest.copy(head, 16);
  head.writeUInt32LE(fnv1a(manifest, fnv1a(head.subarray(0, 12))), 12);
  writeFileSync(path, Buffer.concat([head, bytes.subarray(16 + length + ((8 - (length % 8)) % 8))]));
  return path;
}

/** What a run over new rows says of each analyzer: its value, or why there is none. */
async function withNewRows(path: string): Promise<unknown[]> {
  const context = await AnalysisRunner().onData(rows).addAnalyzers(asked).aggregateWith(FileStateProvider(path)).run();
  return asked.map((a) => {
    const { value } = context.metric(a)!;
    return value.ok ? value.value : value.failure.message;
  });
}

describe('states that do not fit are refused by name', () => {
  it('of another family of hash functions', async () => {
    const path = await changed('family.states', (text) => text.replace('"family":"xxh64-42"', '"family":"murmur3-0"'));
    const why = /family\.states: entry \d, state 'hll' at offset \d+.*depends on hash functions 'murmur3-0'; this program's are 'xxh64-42', and the two cannot be merged/;
    expect(await withNewRows(path)).toEqual([40, expect.stringMatching(why), 2.375]);
    const alone = await AnalysisRunner().onStates([FileStateProvider(path)]).addAnalyzers(asked).run();
    expect(alone.metric(ApproxCountDistinct('id'))!.value).toMatchObject({ ok: false, failure: { message: expect.stringMatching(why) } });
  });

  it('of hash functions where none are expected', async () => {
    const path = await changed('none.states', (text) => text.replace('"state":"sums","version":1,"family":null', '"state":"sums","version":1,"family":"x"'));
    expect((await withNewRows(path))[2]).toMatch(/state 'sums'.*hash functions 'x'; this program's are 'none'/);
  });

  it('of another version, or of a name that is not known', async () => {
    const path = await changed('version.states', (text) => text.replace('"state":"hll","version":1', '"state":"hll","version":2'));
    expect((await withNewRows(path))[1]).toMatch(/version\.states: .*state 'hll'.*it has version 2; this program reads version 1/);
    const unknown = await changed('unknown.states', (text) => text.replaceAll('"state":"hll"', '"state":"cpc"'));
    expect((await withNewRows(unknown))[1]).toMatch(/no state 'hll' over id/);
  });

  it('of a file of another version, or with two states of one request', async () => {
    const path = await changed('file.states', (text) => text.replace('{', '{ '));
    const bytes = readFileSync(path);
    bytes.writeUInt16LE(2, 4);
    writeFileSync(path, bytes);
    await expect(withNewRows(path)).rejects.toThrow(/file\.states: it has version 2; this program reads version 1/);
    const twice = await changed('twice.states', (text) => {
      const manifest = JSON.parse(text) as { entries: { state: string; at: number; length: number }[] };
      const last = manifest.entries.at(-1)!;
      manifest.entries.push({ ...last, at: last.at + last.length + ((8 - (last.length % 8)) % 8), length: 0, checksum: fnv1a(new Uint8Array(0)) } as never);
      return JSON.stringify(manifest);
    });
    await expect(withNewRows(twice)).rejects.toThrow(/twice\.states: entry \d+, state '\w+', is there twice/);
  });

  it('whose manifest is of another shape', async () => {
    for (const [i, wrong] of ['"answers":5,', '"answers":[1],', '"request":null,"x":'].entries()) {
      const path = await changed(`shape${i}.states`, (text) => text.replace('"request":', wrong.includes('request') ? wrong : `${wrong}"request":`));
      await expect(withNewRows(path)).rejects.toThrow(/shape\d\.states: its manifest lacks .*one of these is none \(offset 16\)/);
    }
    const path = await changed('null.states', (text) => text.replace('"entries":[', '"entries":[null,'));
    await expect(withNewRows(path)).rejects.toThrow(/null\.states: its manifest lacks/);
  });

  it('of other parameters, when they are merged', async () => {
    const stateOf = async (analyzer: Analyzer): Promise<StateValue> => {
      const store = InMemoryStateProvider();
      await AnalysisRunner().onData(rows).addAnalyzer(analyzer).saveStatesWith(store).run();
      return [...store.set!.states.values()].find((v) => v.request.inputs.length > 0)!;
    };
    const merged = async (a: Analyzer, b: Analyzer) => mergeStates(await stateOf(a), await stateOf(b));
    await expect(merged(KLLSketch('x'), KLLSketch('x', { sketchSize: 64 }))).rejects.toThrow(/parameters: asked for .*2048.* stored .*64/);
    await expect(merged(ApproxQuantile('x', 0.5), ApproxQuantile('x', 0.5, { relativeError: 0.1 }))).rejects.toThrow(/parameters: .*0\.01.*0\.1/);
    await expect(merged(Mean('x'), Mean('id'))).rejects.toThrow(/inputs: asked for x, stored id/);
    await expect(merged(Mean('x'), Mean('x', { where: 'id > 3' }))).rejects.toThrow(/filter: asked for none, stored id > 3/);
    await expect(merged(Mean('x'), ApproxCountDistinct('x'))).rejects.toThrow(/'sums' and 'hll'/);
  });
});
