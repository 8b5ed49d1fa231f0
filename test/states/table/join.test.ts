import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONG, STRING, type DataType } from '../../../src/data/types.js';
import { PARTITIONS, type TablePart } from '../../../src/states/contract.js';
import { groups } from '../../../src/states/groups.js';
import { joinParts } from '../../../src/states/table/join.js';
import { keyPartsOf } from '../../../src/states/table/key-parts.js';
import { openKeySet } from '../../../src/states/table/key-set.js';
import { HEADER } from '../../../src/states/table/part.js';
import { viewOf, type Value } from './batches.js';
import { addColumn, kernels, requestOf, roomy } from './tables.js';

const seed = [1, 2, 3, 4];

/** The partitions of some values, in several parts each. */
function partsOf(type: DataType, values: readonly Value[]): TablePart[][] {
  const parts: TablePart[][] = Array.from({ length: PARTITIONS }, () => []);
  for (const some of [values.filter((_, i) => i % 2 === 0), values.filter((_, i) => i % 2 === 1)]) {
    const table = groups.open(requestOf([type]), kernels, { ...roomy(), seed }, 'parts');
    addColumn(table, type, some);
    for (let p = 0; p < PARTITIONS; p++) parts[p]!.push(...table.take(p));
    table.close();
  }
  return parts;
}

const kindOf = (type: DataType) => ({ shape: keyPartsOf(requestOf([type])).shape, measured: false, keepsKeys: false });

describe('the join of two tables', () => {
  const texts = fc.array(fc.option(fc.constantFrom('', 'a', 'b', 'fifteen bytes..', 'sixteen bytes...', 'sixteen bytes..,')), { maxLength: 60 });

  it('counts what both have, in any number of passes', () => {
    fc.assert(fc.property(texts, texts, fc.constantFrom(64, 2 ** 20), (left, right, passBytes) => {
      const total = { leftKeys: 0, rightKeys: 0, keys: 0, rows: 0, pairs: 0, leftNulls: 0, rightNulls: 0 };
      const [l, r] = [partsOf(STRING, left), partsOf(STRING, right)];
      for (let p = 0; p < PARTITIONS; p++) {
        const found = joinParts(l[p]!, r[p]!, kindOf(STRING), kernels, passBytes);
        for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += found[name];
      }
      const known = (all: typeof left) => all.filter((x) => x !== null);
      const here = new Set(known(left));
      const there = new Set(known(right));
      const matched = known(left).filter((x) => there.has(x));
      expect(total).toEqual({
        leftKeys: here.size, rightKeys: there.size, keys: new Set(matched).size, rows: matched.length,
        pairs: matched.reduce((sum, x) => sum + right.filter((y) => y === x).length, 0),
        leftNulls: left.length - known(left).length, rightNulls: right.length - known(right).length,
      });
    }), { numRuns: 30 });
  });

  it('refuses other tables, other seeds and records that are none', () => {
    const [values] = partsOf(LONG, [1n, 2n, 3n]).filter((parts) => parts.length > 0);
    expect(() => joinParts(values!, values!, kindOf(STRING), kernels)).toThrow(/groups by other types/);
    const bytes = (values![0] as { bytes: ArrayBuffer }).bytes.slice(0);
    new Uint8Array(bytes)[HEADER + 15] = 0;
    expect(() => joinParts([{ bytes }], [], kindOf(LONG), kernels)).toThrow(/corrupt at byte 64: not a record/);
    const set = () => openKeySet([{ partition: 0, parts: values! }], requestOf([LONG]).inputs, [9, 9, 9, 9]);
    expect(set).toThrow(/fingerprints of another run/);
  });
});

describe('a set of keys', () => {
  it('knows its keys, whichever partitions it has', () => {
    const longs = fc.array(fc.option(fc.bigInt(-20n, 20n)), { maxLength: 80 });
    fc.assert(fc.property(longs, longs, fc.nat(PARTITIONS), (left, right, from) => {
      const partitions = partsOf(LONG, right).map((parts, partition) => ({ partition, parts }));
      const there = new Set(right.filter((x) => x !== null));
      const seen = left.map(() => false);
      for (const some of [partitions.slice(0, from), partitions.slice(from)]) {
        const view = viewOf(kernels, [{ type: LONG, values: left, dictionary: from % 2 === 0 }], left.length);
        const bits = openKeySet(some.filter(({ parts }) => parts.length > 0), requestOf([LONG]).inputs, seed).has(view);
        const bytes = new Uint8Array(kernels.memory.buffer, bits, (left.length + 7) >> 3);
        left.forEach((_, i) => (seen[i] ||= ((bytes[i >> 3]! >> (i & 7)) & 1) === 1));
        view.close();
      }
      expect(seen).toEqual(left.map((x) => x !== null && there.has(x)));
    }), { numRuns: 30 });
  });
});
