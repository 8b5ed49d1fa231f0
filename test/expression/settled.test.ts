import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOOLEAN, DOUBLE, INT, LONG, type DataType } from '../../src/data/types.js';
import type { Mask } from '../../src/expression/batch-view.js';
import type { Bound, BoundColumn } from '../../src/expression/bound.js';
import { openView } from '../../src/expression/view.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import { batchOf, columnOf, smallKernels, type Generated } from './evaluate/batches.js';

const call = (fn: string, ...args: Bound[]): Bound => ({ kind: 'call', fn, args, type: BOOLEAN });
const literal = (type: DataType, value: null | boolean | number | string): Bound => ({ kind: 'literal', type, value });
const asDouble = (x: Bound): Bound => (x.type.kind === 'double' ? x : { kind: 'call', fn: 'cast', args: [x], type: DOUBLE });
const TYPES = [DOUBLE, INT, LONG];
const COMPARISONS = ['=', '<', '<=', '>', '>='];

/** Columns whose values lie close together, some of them with nulls and NaN. */
const tables: fc.Arbitrary<Generated> = fc.record({
  base: fc.constantFrom(-5, 0, 5),
  odd: fc.constantFrom<null | number | undefined>(null, NaN, -0, Infinity, undefined),
  rows: fc.array(fc.array(fc.tuple(fc.nat(3), fc.nat(9)), { minLength: 3, maxLength: 3 }), { maxLength: 150 }),
  dictionary: fc.boolean(),
}).map(({ base, odd, rows, dictionary }) => ({
  types: TYPES,
  rows: rows.map((row) => row.map(([value, dice], k) => {
    if (dice === 0 && odd !== undefined) return k === 0 ? odd : null;
    return TYPES[k]!.kind === 'long' ? BigInt(base + value) : base + value;
  })),
  placing: TYPES.map(() => ({ home: 'memory' as const, shift: 0, dictionary })),
}));

/** Conditions over one column. */
function conditions(column: BoundColumn): fc.Arbitrary<Bound> {
  const x = asDouble(column);
  const leaf = fc.oneof(
    fc.tuple(fc.constantFrom(...COMPARISONS), fc.constantFrom(-6, -5, -2, 0, 3, 5, 8, 9, '-0.0', 'NaN', 'Infinity', null))
      .map(([fn, limit]) => call(fn, x, literal(DOUBLE, limit))),
    fc.constantFrom(call('isnotnull', x), call('isnull', x), call('isnan', x), literal(BOOLEAN, true), literal(BOOLEAN, null)),
    fc.constant(call('in', x, literal(DOUBLE, 1), literal(DOUBLE, 2))),
  );
  return fc.letrec<{ e: Bound }>((tie) => ({
    e: fc.oneof(
      { maxDepth: 3 },
      leaf,
      tie('e').map((a) => call('not', a)),
      fc.tuple(fc.constantFrom('and', 'or', 'coalesce'), tie('e'), tie('e')).map(([fn, a, b]) => call(fn, a, b)),
      fc.tuple(tie('e'), tie('e'), tie('e')).map(([a, b, c]) => call('case', a, b, c)),
    ),
  })).e;
}

function opened<T>(g: Generated, look: (view: ReturnType<typeof openView>, kernels: Kernels) => T): T {
  const kernels = smallKernels();
  const view = openView(batchOf(g, kernels), kernels);
  try {
    return look(view, kernels);
  } finally {
    view.close();
  }
}

function rowsOf({ bits, count }: Mask, rows: number, { memory }: Kernels): number[] {
  const all = Array.from({ length: rows }, (_, i) => i);
  const bytes = new Uint8Array(memory.buffer, bits);
  const set = bits === 0 ? all : all.filter((i) => (bytes[i >> 3]! >> (i & 7)) & 1);
  expect(count).toBe(set.length);
  return set;
}

describe('a condition over a column whose extremes are known', () => {
  it('is what it is where they are not', () => {
    const columns = TYPES.map((_, k) => columnOf({ types: TYPES }, k));
    const all = fc.tuple(...columns.map(conditions));
    fc.assert(fc.property(tables, fc.nat(2), all, (g, k, of) => {
      const [column, e, where] = [columns[k]!, of[k]!, of[(k + 1) % 3]!];
      const found = [false, true].map((settling) => opened(g, (view, kernels) => {
        if (settling && view.known(column, null).count > 0) view.extremes(column, null);
        return [null, where].flatMap((filter) => [view.truths(e, filter), view.known(e, filter)])
          .map((mask) => rowsOf(mask, g.rows.length, kernels));
      }));
      expect(found[1]).toEqual(found[0]);
    }), { numRuns: 100 });
  });

  it('is told without a look at the values: its rows are those that have one', () => {
    const rows = [[1, 1, 1n], [null, null, null], [3, 3, 3n]];
    const g: Generated = { types: TYPES, rows, placing: TYPES.map(() => ({ home: 'memory', shift: 0, dictionary: false })) };
    opened(g, (view) => {
      for (const k of [0, 1, 2]) {
        const column = columnOf(g, k);
        const x = asDouble(column);
        view.extremes(column, null);
        const present = view.known(column, null).bits;
        const atLeast = call('and', call('not', call('isnan', x)), call('>=', x, literal(DOUBLE, 1)));
        const verdict = call('case', call('isnotnull', x), k === 0 ? atLeast : atLeast.kind === 'call' ? atLeast.args[1]! : x, literal(BOOLEAN, null));
        expect(view.truths(verdict, null).bits).toBe(present);
        expect(view.known(verdict, null).bits).toBe(present);
        expect(view.truths(call('coalesce', verdict, literal(BOOLEAN, true)), null).bits).toBe(0);
        expect(view.truths(call('>', x, literal(DOUBLE, 1)), null).bits).not.toBe(present);
      }
    });
  });
});
