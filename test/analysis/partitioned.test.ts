import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  AnalysisRunner, ApproxCountDistinct, Completeness, CountDistinct, Histogram, InMemoryStateProvider, Maximum, Mean, PartitionedDataset, Size, Sum, Uniqueness,
  retractStates, type StateSet,
} from '../../src/index.js';
import { PartitionedFolder } from '../../src/node.js';
import { stateTree } from '../../src/analysis/state-tree.js';

const folder = mkdtempSync(join(tmpdir(), 'partitions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const analyzers = [Size(), Completeness('x'), Sum('x'), Mean('x'), Maximum('x'), ApproxCountDistinct('x'), CountDistinct(['x']), Histogram('x')];
const rows = (xs: readonly (number | null)[]) => xs.map((x) => ({ x, y: 'a' }));
const schemaRow = { x: 1, y: 'a' };

describe('a table of partitions', () => {
  it.each([['memory', () => PartitionedDataset({ analyzers })], ['a folder', () => PartitionedFolder(join(folder, 't'), { analyzers })]])('in %s has the metrics of all rows', async (_, open) => {
    const table = open();
    const parts = new Map<string, number[]>([['2026-01-01', [1, 2, 2]], ['2026-01-02', [5]], ['2026/01?03', [7, 9, 9, 9]]]);
    for (const [name, xs] of parts) await table.update(name, rows(xs));
    await table.update('2026-01-02', rows([3, 4]));
    parts.set('2026-01-02', [3, 4]);
    const expectWhole = async (context: Awaited<ReturnType<typeof table.metrics>>, xs: number[]) => {
      const whole = await AnalysisRunner().onData(rows(xs)).addAnalyzers(analyzers).run({ threads: 0 });
      for (const a of analyzers) expect(context.metric(a)!.value, String(a)).toEqual(whole.metric(a)!.value);
    };
    await expectWhole(await table.metrics(), [...parts.values()].flat());
    await expectWhole(await table.metrics({ from: '2026-01-02' }), [3, 4, 7, 9, 9, 9]);
    const windows = [];
    for await (const [name, context] of table.windows(2)) windows.push([name, context.metric(Size())!.value]);
    expect(windows).toEqual([['2026-01-02', { ok: true, value: 5 }], ['2026/01?03', { ok: true, value: 6 }]]);
    expect(await table.remove('2026-01-01')).toBe(true);
    expect(await table.remove('2026-01-01')).toBe(false);
    await expectWhole(await table.metrics(), [3, 4, 7, 9, 9, 9]);
    expect(await table.partitions()).toEqual(['2026-01-02', '2026/01?03']);
  });

  it('in a folder is there again', async () => {
    const again = PartitionedFolder(join(folder, 't'), { analyzers });
    expect((await again.metrics()).metric(Size())!.value).toEqual({ ok: true, value: 6 });
    expect(readdirSync(join(folder, 't', 'partitions')).sort()).toEqual(['2026%2F01%3F03.states', '2026-01-02.states']);
    await expect(again.update('', [])).rejects.toThrow(/needs a name/);
    await expect(again.metrics({ from: '3' })).rejects.toThrow(/the partitions from '3' is empty/);
  });
});

describe('a tree of states', () => {
  const numbered = (n: number): StateSet => ({ schema: { fields: [] }, rows: n, analyzers: [], states: new Map() });
  it('replaces one of 10,000 with few merges', () => {
    const tree = stateTree();
    for (let i = 0; i < 10_000; ++i) tree.set(String(i).padStart(5, '0'), numbered(1));
    expect(tree.between()!.rows).toBe(10_000);
    let most = 0;
    for (let i = 0; i < 200; ++i) {
      const before = tree.merges;
      tree.set(String((i * 7919) % 10_000).padStart(5, '0'), numbered(2));
      expect(tree.between()!.rows).toBe(10_001 + i);
      most = Math.max(most, tree.merges - before);
    }
    expect(most).toBeLessThanOrEqual(80); // twice the height of the tree
    expect(tree.between('00100', '00199')!.rows).toBeGreaterThanOrEqual(100);
  });

  it('is what a list would be, whatever happens to it', () => {
    const step = fc.record({ name: fc.constantFrom(...'abcdefgh'), n: fc.nat(9) });
    const joined = stateTree((a, b) => ({ ...a, schema: { fields: [...a.schema.fields, ...b.schema.fields] } }));
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), fc.constantFrom(...'abcdefgh'), fc.constantFrom(...'abcdefgh'), (steps, from, to) => {
      const list = new Map<string, number>();
      for (const name of joined.names()) joined.delete(name);
      for (const { name, n } of steps) {
        if (n === 0) expect(joined.delete(name)).toBe(list.delete(name));
        else {
          list.set(name, n);
          joined.set(name, { ...numbered(n), schema: { fields: [{ name: `${name}${n}`, type: { kind: 'int' }, nullable: true }] } });
        }
      }
      const seen = (set: StateSet | null) => set?.schema.fields.map((f) => f.name) ?? [];
      const sorted = [...list].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(seen(joined.between())).toEqual(sorted.map(([name, n]) => `${name}${n}`));
      expect(seen(joined.between(from, to))).toEqual(sorted.filter(([name]) => name >= from && name <= to).map(([name, n]) => `${name}${n}`));
    }));
  });
});

describe('retraction', () => {
  const setOf = async (xs: readonly (number | null)[], some = analyzers) => {
    const store = InMemoryStateProvider();
    await AnalysisRunner().onData([...rows(xs), schemaRow]).addAnalyzers(some).saveStatesWith(store).run({ threads: 0 });
    return store.set!;
  };
  const exact = [Size(), Completeness('x'), Sum('x'), CountDistinct(['x']), Uniqueness(['x', 'y']), Histogram('x')];

  it('takes out what was added, where states form a group', async () => {
    const a = [1, 2, null, 2];
    const b = [2, 3];
    const whole = await setOf([...a, ...b, schemaRow.x], exact);
    const rest = retractStates(whole, await setOf(b, exact));
    const expected = await setOf(a, exact);
    const show = (set: StateSet) => [...set.states].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, v]) => (v.kind === 'table' ? v.table : v.state));
    expect(show(rest)).toEqual(show(expected));
    expect(rest.rows).toBe(5);
  });

  it('refuses what cannot be taken out, by name', async () => {
    const [whole, part] = [await setOf([1, 2]), await setOf([1])];
    expect(() => retractStates(whole, part)).toThrow(/state '(extrema|hll)' cannot be retracted/);
    expect([...retractStates(whole, part, { leaveOut: true }).states.values()].map((v) => v.spec.name)).not.toContain('hll');
    const other = await setOf([77], exact);
    expect(() => retractStates(part, other, { leaveOut: true })).toThrow(/never added/);
  });
});
