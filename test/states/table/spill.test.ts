import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOUBLE, LONG, STRING } from '../../../src/data/types.js';
import { openSpillFile } from '../../../src/platform/spill-node.js';
import { groups } from '../../../src/states/groups.js';
import { viewOf, type Value } from './batches.js';
import { addColumn, countsOfValues, kernels, mergeAll, readAll, requestOf, roomy } from './tables.js';

/** Strings of all lengths, repeated and not. */
function someStrings(n: number, distinct: number, seed = 1): string[] {
  return Array.from({ length: n }, (_, i) => {
    const k = Math.imul(i ^ seed, 2654435761) >>> 0;
    const id = (k % distinct).toString(36);
    return id.padStart((k % distinct) % 40, 'x');
  });
}

describe('spilling', () => {
  it('gives the same groups whatever is spilled, with any order of accumulators', () => {
    const request = requestOf([STRING]);
    fc.assert(fc.property(
      fc.integer({ min: 0, max: 600_000 }), fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 1, max: 3 }), fc.boolean(),
      (limit, distinct, threads, reverse) => {
        const values = someStrings(20_000, distinct);
        const files = Array.from({ length: threads }, () => openSpillFile()!);
        const tables = files.map((spill) => groups.open(request, kernels, { limit, spill }, 'keys'));
        for (let at = 0, i = 0; at < values.length; at += 3_000, i++) addColumn(tables[i % threads]!, STRING, values.slice(at, at + 3_000));
        const found = readAll(mergeAll(reverse ? tables.toReversed() : tables, request, 'keys'), request);
        expect(found).toEqual(countsOfValues(values, STRING));
        for (const each of [...tables, ...files]) each.close();
        for (const file of files) expect(existsSync(file.path)).toBe(false);
      },
    ), { numRuns: 5 });
  });

  it('stays below the limit and takes spilled pieces out as places in the file', () => {
    const request = requestOf([LONG]);
    const spill = openSpillFile()!;
    const limit = 2 << 20;
    const table = groups.open(request, kernels, { limit, spill }, 'counts');
    for (let at = 0; at < 400_000; at += 20_000) {
      addColumn(table, LONG, Array.from({ length: 20_000 }, (_, i) => BigInt(at + i)));
      expect(table.bytes).toBeLessThanOrEqual(limit);
    }
    const taken = table.take(5);
    expect(taken.some((part) => 'path' in part && part.path === spill.path)).toBe(true);
    expect(taken.some((part) => 'bytes' in part)).toBe(true);
    const counts = groups.counts(groups.merge(taken, request, kernels, 'counts'), request);
    expect(counts.counts).toEqual([1]);
    expect(counts.groups[0]).toBeGreaterThan(400_000 / 64 / 2);
    expect(table.take(5)).toEqual([]);
    table.close();
    spill.close();
  });

  it('shares the limit between the tables of one budget', () => {
    const spill = openSpillFile()!;
    const budget = { limit: 1 << 20, spill };
    const request = requestOf([STRING]);
    const tables = [0, 1, 2].map(() => groups.open(request, kernels, budget, 'keys'));
    const values = tables.map((_, i) => someStrings(20_000, 15_000, i));
    for (let at = 0; at < 20_000; at += 4_000) {
      tables.forEach((table, i) => addColumn(table, STRING, values[i]!.slice(at, at + 4_000)));
      expect(tables.reduce((sum, t) => sum + t.bytes, 0)).toBeLessThanOrEqual(budget.limit);
    }
    tables.forEach((table, i) => {
      expect(readAll(mergeAll([table], request, 'keys'), request)).toEqual(countsOfValues(values[i]!, STRING));
      table.close();
    });
    spill.close();
  });

  it('says that there is no disk instead of giving a wrong number', () => {
    const table = groups.open(requestOf([LONG]), kernels, { limit: 1 << 20, spill: null }, 'counts');
    expect(() => {
      for (let at = 0; at < 200_000; at += 10_000) addColumn(table, LONG, Array.from({ length: 10_000 }, (_, i) => BigInt(at + i)));
    }).toThrow(expect.objectContaining({ code: 'MEMORY_LIMIT', message: expect.stringContaining('1048576 bytes') }));
    table.close();
  });

  it('says what failed when the disk is full', () => {
    const spill = { write: () => { throw new Error('ENOSPC: no space left'); }, read() {}, path: 'full/disk', close() {} };
    const table = groups.open(requestOf([LONG]), kernels, { limit: 200_000, spill }, 'counts');
    expect(() => addColumn(table, LONG, Array.from({ length: 30_000 }, (_, i) => BigInt(i)))).toThrow(
      expect.objectContaining({ code: 'MEMORY_LIMIT', message: expect.stringMatching(/full\/disk.*ENOSPC/) }),
    );
    table.close();
  });

  it('merges measures through a spill', () => {
    const request = requestOf([DOUBLE], { measure: true });
    const spill = openSpillFile()!;
    const tables = [{ limit: 1, spill }, roomy()].map((budget) => groups.open(request, kernels, budget, 'keys'));
    const keys: Value[] = Array.from({ length: 20_000 }, (_, i) => (i % 7 === 0 ? null : (i * 31) % 3_000));
    const sums: Value[] = keys.map((_, i) => (i % 5 === 0 ? null : BigInt(i) * 2n ** 50n));
    for (const table of tables) {
      for (let at = 0; at < keys.length; at += 5_000) {
        const view = viewOf(kernels, [{ type: DOUBLE, values: keys.slice(at, at + 5_000) }, { type: LONG, values: sums.slice(at, at + 5_000) }], 5_000);
        table.add(view);
        view.close();
      }
    }
    const [spilled, whole] = tables.map((table) => readAll(mergeAll([table], request, 'keys'), request));
    expect(spilled).toEqual(whole);
    expect(spilled!.size).toBe(3_001);
    let total = 0n;
    for (const { sum } of spilled!.values()) total += sum ?? 0n;
    expect(BigInt.asIntN(64, total)).toBe(BigInt.asIntN(64, sums.reduce<bigint>((s, v) => s + ((v as bigint | null) ?? 0n), 0n)));
    for (const each of [...tables, spill]) each.close();
  });
});
