import { WIDTHS, layoutOf } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { fastArithmetic } from './arithmetic-columns.js';
import type { Evaluation } from './evaluation.js';
import { bitmap, bothKnown, plain } from './vectors.js';

const CODES = { '+': 0, '-': 1, '*': 2 } as const;
const WIDTH_BITS: Readonly<Record<string, number>> = {
  byte: 8, short: 16, int: 32, interval_ym: 32, long: 64, interval_ds: 64,
};

/** A sum, difference or product of columns that is null on overflow. */
export function tryColumn(fn: keyof typeof CODES, call: BoundCall, at: Evaluation): Vector {
  const { type } = call;
  const [x, y] = call.args as [Bound, Bound];
  const width = WIDTH_BITS[type.kind];
  if (width === undefined || x.type.kind === 'null' || y.type.kind === 'null') return fastArithmetic(fn, call, at);
  const size = WIDTHS[layoutOf(type)];
  const [a, b] = [x, y].map((e) => (e.kind === 'literal' && e.value !== null
    ? { ...at.one(e), step: 0 }
    : { ...at.flat(e), step: size })) as [Vector & { step: number }, Vector & { step: number }];
  const { fn: run, scratch } = at.kernels;
  const out = scratch.alloc(at.rows * size);
  const fits = bitmap(at.kernels, at.rows);
  if (width === 64) run.tryI64(CODES[fn], a.values, a.step, b.values, b.step, at.rows, out, fits);
  else {
    const most = 2 ** (width - 1) - 1;
    run.tryI32(CODES[fn], a.values, a.step, b.values, b.step, -most - 1, most, at.rows, out, fits);
  }
  const known = bothKnown(at.kernels, at.rows, a.validity, b.validity);
  return plain(type, at.rows, out, run.bitsCount(fits, at.rows) === at.rows ? known : bothKnown(at.kernels, at.rows, known, fits));
}
