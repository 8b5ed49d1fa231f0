import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssayError } from '../../../src/base/errors.js';
import { BINARY, DOUBLE, INT, LONG, STRING, decimal, type DataType } from '../../../src/data/types.js';
import { openKernels } from '../../../src/kernels/kernels.js';
import { groups } from '../../../src/states/groups.js';
import type { TablePart } from '../../../src/states/contract.js';
import { keyPartsOf } from '../../../src/states/table/key-parts.js';
import { mergeParts } from '../../../src/states/table/merge.js';
import { HEADER, NO_NULLS, readHeader, writeHeader } from '../../../src/states/table/part.js';
import { viewOf, type Value } from './batches.js';
import { addColumn, countsOfValues, kernels, mergeAll, readAll, requestOf, roomy } from './tables.js';

const strings = requestOf([STRING]);

/** A part with one record of kind 18 per key, all under the same hash. */
function colliding(keys: readonly string[]): TablePart {
  const size = keys.reduce((sum, k) => sum + 16 + Math.ceil(k.length / 16) * 16, 0);
  const bytes = new ArrayBuffer(HEADER + size);
  writeHeader(bytes, {
    aggregated: false, measured: false, keepsKeys: true, shape: keyPartsOf(strings).shape, seed: 0, nulls: NO_NULLS, recordBytes: size,
  });
  const view = new DataView(bytes);
  let at = HEADER;
  for (const key of keys) {
    view.setBigUint64(at, 0x123456789n, true);
    view.setUint32(at + 8, key.length, true);
    view.setUint32(at + 12, 18 << 24, true);
    new Uint8Array(bytes, at + 16, key.length).set(new TextEncoder().encode(key));
    at += 16 + Math.ceil(key.length / 16) * 16;
  }
  return { bytes };
}

describe('hostile keys', () => {
  it('tells keys apart whose hashes meet, in one pass and in several', () => {
    const keys = Array.from({ length: 300 }, (_, i) => `a key of the same length ${String(i % 200).padStart(3, '0')}`);
    for (const passBytes of [2 ** 27, 1000]) {
      const kind = { shape: keyPartsOf(strings).shape, measured: false, keepsKeys: true };
      const merged = mergeParts([colliding(keys), colliding(keys.slice(0, 50))], kind, kernels, passBytes);
      expect(readAll([merged], strings)).toEqual(countsOfValues([...keys, ...keys.slice(0, 50)], STRING));
    }
  });

  it('counts keys that all fall into one partition', () => {
    const request = requestOf([LONG]);
    const finder = groups.open(request, kernels, roomy(), 'keys');
    addColumn(finder, LONG, Array.from({ length: 300_000 }, (_, i) => BigInt(i)));
    const found = groups.read(groups.merge(finder.take(9), request, kernels, 'keys'), request);
    const values = Array.from({ length: found.size }, (_, i) => found.key(i, 0) as bigint);
    finder.close();
    expect(values.length).toBeGreaterThan(4_000);
    const table = groups.open(request, kernels, roomy(), 'keys');
    for (let k = 0; k < 5; k++) addColumn(table, LONG, values.slice(k * 100));
    for (let p = 0; p < 64; p++) if (p !== 9) expect(table.take(p)).toEqual([]);
    const groupsFound = readAll([groups.merge(table.take(9), request, kernels, 'keys')], request);
    expect(groupsFound).toEqual(countsOfValues([0, 1, 2, 3, 4].flatMap((k) => values.slice(k * 100)), LONG));
    table.close();
  });

  it('refuses to merge fingerprints of two runs, other types, and counts with keys', () => {
    const long = 'longer than fifteen bytes';
    const [a, b] = [[1, 2, 3, 4], [5, 6, 7, 8]].map((seed) => {
      const table = groups.open(strings, kernels, { ...roomy(), seed }, 'counts');
      addColumn(table, STRING, [long]);
      const parts = Array.from({ length: 64 }, (_, p) => table.take(p)).flat();
      table.close();
      return parts[0]!;
    });
    const refused = (text: string) => expect.objectContaining({ code: 'STATE', message: expect.stringContaining(text) });
    expect(() => groups.merge([a!, b!], strings, kernels, 'counts')).toThrow(refused('another run'));
    expect(() => groups.merge([a!, a!], strings, kernels, 'keys')).toThrow(refused('keeps counts'));
    expect(() => groups.merge([a!], requestOf([INT]), kernels, 'counts')).toThrow(refused('other types'));
    expect(() => groups.counts(a!, strings)).toThrow(refused('was not merged'));
    const merged = groups.merge([a!, a!], strings, kernels, 'counts');
    expect(groups.counts(merged, strings)).toEqual({ counts: [2], groups: [1], allNull: 0 });
    expect(() => groups.read(merged, strings)).toThrow(refused('counts only'));
  });
});

describe('corrupt parts', () => {
  const types: readonly DataType[] = [STRING, LONG, decimal(38, 2)];
  const samples: { request: typeof strings; part: ArrayBuffer; types: readonly DataType[] }[] = [
    sample([STRING], ['a', 'b', 'a', 'longer than fifteen bytes', 'longer than fifteen bytes', 'fifteen bytes..', 'fifteen bytes..', null]),
    sample([DOUBLE], [1, 2, 2, NaN]),
    sample([BINARY], [new Uint8Array(40), new Uint8Array(3)]),
    sample(types, ['x', null, 'something longer'], [1n, null, 3n], [null, null, 10n ** 30n]),
  ];

  function sample(of: readonly DataType[], ...columns: Value[][]) {
    const request = requestOf(of);
    const table = groups.open(request, kernels, roomy(), 'keys');
    const view = viewOf(kernels, of.map((type, i) => ({ type, values: columns[i]! })), columns[0]!.length);
    table.add(view);
    view.close();
    const [first, ...rest] = Array.from({ length: 64 }, (_, p) => table.take(p)).flat().map((part) => (part as { bytes: ArrayBuffer }).bytes);
    table.close();
    // all partitions in one: what a part holds is the engine's to say
    const all = new Uint8Array(rest.reduce((sum, b) => sum + b.byteLength - HEADER, first!.byteLength));
    all.set(new Uint8Array(first!));
    let at = first!.byteLength;
    for (const bytes of rest) {
      all.set(new Uint8Array(bytes, HEADER), at);
      at += bytes.byteLength - HEADER;
    }
    const { nulls, ...header } = readHeader(new DataView(first!), first!.byteLength, 'sample');
    writeHeader(all.buffer, { ...header, nulls: nulls.rows > 0 ? nulls : NO_NULLS, recordBytes: all.length - HEADER });
    return { request, part: all.buffer, types: of };
  }

  it('end as AssayErrors or as other counts, never otherwise', () => {
    let refused = 0;
    let read = 0;
    fc.assert(fc.property(
      fc.nat(samples.length - 1), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.nat(40), fc.boolean(),
      (which, changes, cut, several) => {
        const { request, part, types } = samples[which]!;
        const bytes = new Uint8Array(part.slice(0, cut < 30 ? part.byteLength : cut * 3));
        for (const [at, value] of changes) bytes[(at * 7) % bytes.length] = value;
        const held = kernels.heap.used;
        try {
          const kind = { shape: keyPartsOf(request).shape, measured: false, keepsKeys: true };
          const merged = mergeParts([{ bytes: bytes.buffer }], kind, kernels, several ? 64 : 2 ** 27);
          groups.counts(merged, request);
          const view = groups.read(merged, request);
          for (let i = 0; i < view.size; i++) types.forEach((_, c) => view.key(i, c));
          read++;
        } catch (error) {
          if (!(error instanceof AssayError) || error.code !== 'STATE') throw error;
          refused++;
        }
        expect(kernels.heap.used).toBe(held);
      },
    ), { numRuns: 1500 });
    expect(refused).toBeGreaterThan(100);
    expect(read).toBeGreaterThan(100);
  });
});

describe('memory', () => {
  it('works beyond 2 GiB', () => {
    const high = openKernels(new WebAssembly.Memory({ initial: 33_500 })); // 2.05 GiB that nothing touches
    const request = requestOf([STRING]);
    const table = groups.open(request, high, { limit: 2 ** 30, spill: null }, 'keys');
    expect(high.heap.alloc(16)).toBeGreaterThan(2 ** 31);
    const values = Array.from({ length: 30_000 }, (_, i) => `${'key '.repeat(i % 6)}${i % 20_000}`);
    for (let k = 0; k < 3; k++) addColumn(table, STRING, values, high);
    const merged = Array.from({ length: 64 }, (_, p) => table.take(p)).filter((p) => p.length > 0).map((p) => groups.merge(p, request, high, 'keys'));
    expect(readAll(merged, request)).toEqual(countsOfValues([...values, ...values, ...values], STRING));
    table.close();
  });

  it('holds a million distinct keys in 16 bytes each and little besides', () => {
    const request = requestOf([LONG]);
    const table = groups.open(request, kernels, roomy(), 'counts');
    for (let at = 0; at < 1_000_000; at += 100_000) addColumn(table, LONG, Array.from({ length: 100_000 }, (_, i) => BigInt(at + i)));
    expect(table.bytes).toBeLessThan(1_000_000 * 16 + 64 * 16_384 + 200_000);
    const counts = mergeAll([table], request, 'counts').map((part) => groups.counts(part, request));
    expect(counts.every((c) => c.counts.length === 1 && c.counts[0] === 1)).toBe(true);
    expect(counts.reduce((sum, c) => sum + c.groups[0]!, 0)).toBe(1_000_000);
    table.close();
  });

  it('does not grow with rows where few keys are hot', () => {
    const request = requestOf([STRING]);
    const table = groups.open(request, kernels, roomy(), 'keys');
    const hot = ['US', 'UK', 'DE', 'JP', 'FR'];
    const before = table.bytes;
    for (let k = 0; k < 10; k++) addColumn(table, STRING, Array.from({ length: 10_000 }, (_, i) => hot[(i * 7 + k) % 5]!));
    expect(table.bytes).toBe(before);
    const many = Array.from({ length: 20_000 }, (_, i) => `value ${(i * 7919) % 10_000}`); // more than the cache holds
    for (let k = 0; k < 20; k++) addColumn(table, STRING, many);
    expect(table.bytes).toBeLessThan(10_005 * 32 + 64 * (128 << 10));
    const found = readAll(mergeAll([table], request, 'keys'), request);
    expect(found.size).toBe(10_005);
    expect(found.get('string:US')!.count).toBe(20_000);
    expect(found.get('string:value 7')!.count).toBe(40);
    table.close();
  });

  it('gives everything back', () => {
    kernels.scratch.close();
    const held = kernels.heap.used;
    const table = groups.open(strings, kernels, roomy(), 'keys');
    addColumn(table, STRING, Array.from({ length: 20_000 }, (_, i) => `a string of some length ${i}`));
    table.take(3);
    table.close();
    table.close();
    kernels.scratch.close();
    expect(kernels.heap.used).toBe(held);
    expect(table.bytes).toBe(0);
  });
});
