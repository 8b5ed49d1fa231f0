import { describe, expect, it } from 'vitest';
import type { Batch, Column } from '../../../src/data/column.js';
import { regionOf } from '../../../src/data/region.js';
import { DOUBLE, LONG, STRING } from '../../../src/data/types.js';
import { openView } from '../../../src/expression/view.js';
import type { Bound } from '../../../src/expression/bound.js';
import { groups } from '../../../src/states/groups.js';
import { kernels, mergeAll, readAll, roomy } from './tables.js';

const bitsOf = (known: boolean[]) => ({
  region: regionOf(Uint8Array.from({ length: Math.ceil(known.length / 8) }, (_, b) => known.slice(b * 8, b * 8 + 8).reduce((s, k, i) => s | (Number(k) << i), 0))),
  offset: 0,
});

/** A batch of a dictionary column with nulls, a double column and a long column. */
function batchOf(rows: number): Batch {
  const words = ['US', 'a key longer than fifteen', '', 'US'];
  const bytes = new TextEncoder().encode(words.join(''));
  const offsets = new Int32Array(words.length + 1);
  words.forEach((w, i) => (offsets[i + 1] = offsets[i]! + w.length));
  const dictionary: Column = { type: STRING, rows: words.length, validity: null, offsets: regionOf(offsets), values: regionOf(bytes) };
  const columns: Record<string, Column> = {
    word: {
      type: STRING, rows, dictionary, indices: regionOf(Int32Array.from({ length: rows }, (_, i) => i % 4)),
      validity: bitsOf(Array.from({ length: rows }, (_, i) => i % 5 !== 0)),
    },
    number: {
      type: DOUBLE, rows, validity: bitsOf(Array.from({ length: rows }, (_, i) => i % 3 !== 0)),
      values: regionOf(Float64Array.from({ length: rows }, (_, i) => [NaN, -0, 0, 1.5][i % 4]!)),
    },
    measure: { type: LONG, rows, validity: null, values: regionOf(BigInt64Array.from({ length: rows }, (_, i) => BigInt(i))) },
  };
  return { rows, column: (name) => columns[name]! };
}

const column = (name: string, type: Bound['type']): Bound => ({ kind: 'column', name, type });

describe('groups over batches of the library', () => {
  const rows = 1_000;
  const values = Array.from({ length: rows }, (_, i) => ({
    word: i % 5 === 0 ? 'null' : `string:${['US', 'a key longer than fifteen', '', 'US'][i % 4]}`,
    number: i % 3 === 0 ? 'null' : ['nNaN', 'n0', 'n0', 'n1.5'][i % 4]!,
    measure: BigInt(i),
  }));
  for (const inputs of [['word'], ['number'], ['word', 'number']] as const) {
    for (const measure of [false, true]) {
      it(`counts ${inputs.join(' and ')}${measure ? ' with a measure' : ''}`, () => {
        const types = { word: STRING, number: DOUBLE };
        const bound = inputs.map((name) => column(name, types[name]));
        const request = {
          state: 'groups', where: null, options: { measure }, inputs: measure ? [...bound, column('measure', LONG)] : bound,
        };
        const table = groups.open(request, kernels, roomy(), 'keys');
        for (let k = 0; k < 2; k++) {
          const view = openView(batchOf(rows), kernels);
          table.add(view);
          view.close();
        }
        const expected = new Map<string, { count: number; sum: bigint | null }>();
        for (const row of [...values, ...values]) {
          const key = inputs.map((name) => row[name]).join('|');
          const group = expected.get(key) ?? { count: 0, sum: null };
          expected.set(key, { count: group.count + 1, sum: measure ? (group.sum ?? 0n) + row.measure : null });
        }
        expect(readAll(mergeAll([table], request, 'keys'), request)).toEqual(expected);
        table.close();
      });
    }
  }
});
