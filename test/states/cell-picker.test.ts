import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openKernels } from '../../src/kernels/kernels.js';
import { cellOfNumber, isWithin, rangesOf } from '../../src/sketches/cells.js';
import { CellPicker } from '../../src/states/cell-picker.js';

const numbers = fc.array(fc.oneof(fc.double(), fc.constantFrom(0, -0, NaN, Infinity, -Infinity), fc.integer()), { maxLength: 40 });

test('law: the numbers in some cells are those of all runs, in their order', () => {
  let found = 0;
  fc.assert(fc.property(fc.array(numbers, { maxLength: 4 }), fc.array(fc.nat(159), { maxLength: 6 }), (lists, chosen) => {
    const runs = lists.map((list) => Float64Array.from(list));
    const all = runs.flatMap((run) => [...run]);
    const cells = all.length === 0 ? [] : chosen.map((i) => cellOfNumber(all[i % all.length]!));
    const ranges = rangesOf(cells.map((cell) => [cell, cell]));
    const picker = new CellPicker(openKernels(), ranges);
    const within = picker.within(runs).flatMap((run) => [...run]);
    picker.close();
    found += within.length;
    expect(within).toEqual(all.filter((x) => isWithin(ranges, cellOfNumber(x))));
  }));
  expect(found).toBeGreaterThan(100);
});

test('runs of more numbers than are looked at at a time', () => {
  const run = Float64Array.from({ length: 50_000 }, (_, i) => i % 1000);
  const ranges = rangesOf([[cellOfNumber(3), cellOfNumber(3)], [cellOfNumber(700), cellOfNumber(700)]]);
  const picker = new CellPicker(openKernels(), ranges);
  const within = picker.within([run, run.subarray(0, 5)]).flatMap((part) => [...part]);
  picker.close();
  expect(within).toEqual([...run, ...run.subarray(0, 5)].filter((x) => isWithin(ranges, cellOfNumber(x))));
});
