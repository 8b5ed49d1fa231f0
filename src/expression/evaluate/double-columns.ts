import { DOUBLE } from '../../data/types.js';
import type { Pointer } from '../batch-view.js';
import type { Bound } from '../bound.js';
import { strict, type Evaluation, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { unaryColumn, type Unary } from './number-columns.js';
import { literalOf } from './values.js';
import { bitmap, bothKnown, plain } from './vectors.js';

type One = (x: Float64Array, to: Float64Array) => void;
type Two = (x: Float64Array, y: Float64Array, to: Float64Array) => void;

// A loop each: one loop that calls a function it is given would box every number.
const ONE = {
  cbrt(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.cbrt(x[i]!); },
  exp(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.exp(x[i]!); },
  expm1(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.expm1(x[i]!); },
  ln(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.log(x[i]!); },
  log10(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.log10(x[i]!); },
  log2(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.log2(x[i]!); },
  log1p(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.log1p(x[i]!); },
  sin(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.sin(x[i]!); },
  cos(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.cos(x[i]!); },
  tan(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.tan(x[i]!); },
  asin(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.asin(x[i]!); },
  acos(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.acos(x[i]!); },
  atan(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.atan(x[i]!); },
  sinh(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.sinh(x[i]!); },
  cosh(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.cosh(x[i]!); },
  tanh(x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.tanh(x[i]!); },
  degrees(x, to) { for (let i = 0; i < to.length; ++i) to[i] = x[i]! * (180 / Math.PI); },
  radians(x, to) { for (let i = 0; i < to.length; ++i) to[i] = x[i]! * (Math.PI / 180); },
} satisfies Record<string, One>;

const TWO = {
  log(base, x, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.log(x[i]!) / Math.log(base[i]!); },
  pow(x, y, to) { for (let i = 0; i < to.length; ++i) to[i] = x[i]! ** y[i]!; },
  atan2(y, x, to) { // Spark adds 0.0, so that -0.0 is 0.0
    for (let i = 0; i < to.length; ++i) to[i] = Math.atan2(y[i]! + 0, x[i]! + 0);
  },
  hypot(x, y, to) { for (let i = 0; i < to.length; ++i) to[i] = Math.hypot(x[i]!, y[i]!); },
} satisfies Record<string, Two>;

/** A function of doubles; `above`: null for arguments that are not more than this (NaN is). */
function column(run: Two, above: number | null = null): FunctionSpec {
  return strict((call, at) => {
    const vectors = call.args.map((e) => at.flat(e));
    let known: Pointer = 0;
    call.args.forEach((e, k) => {
      known = bothKnown(at.kernels, at.rows, known, vectors[k]!.validity);
      if (above !== null) known = bothKnown(at.kernels, at.rows, known, moreThan(e, above, at));
    });
    const out = at.kernels.scratch.alloc(at.rows * 8);
    const { buffer } = at.kernels.memory; // after the last allocation
    const [x, y = x] = vectors.map((v) => new Float64Array(buffer, v.values, at.rows));
    run(x!, y!, new Float64Array(buffer, out, at.rows));
    return plain(DOUBLE, at.rows, out, known);
  });
}

const one = (run: One, above: number | null = null): FunctionSpec => column((x, _, to) => run(x, to), above);

/** The rows with more than a limit; 0: all have. */
function moreThan(e: Bound, limit: number, at: Evaluation): Pointer {
  const { fn } = at.kernels;
  const v = at.flat(e);
  const than = at.one(literalOf(DOUBLE, limit)!);
  const out = bitmap(at.kernels, at.rows);
  fn.compareF64(2, v.values, than.values, 1, at.rows, 0, out);
  return fn.bitsCount(out, at.rows) === at.rows ? 0 : out;
}

const kernel = (fn: Unary): FunctionSpec => strict((call, at) => unaryColumn(fn, call, at)!);

/** Functions of floating-point numbers. */
export const doubleFunctions: FunctionTable = {
  signum: kernel('signum'), sqrt: kernel('sqrt'), rint: kernel('rint'),
  cbrt: one(ONE.cbrt), exp: one(ONE.exp), expm1: one(ONE.expm1),
  ln: one(ONE.ln, 0), log10: one(ONE.log10, 0), log2: one(ONE.log2, 0), log1p: one(ONE.log1p, -1),
  sin: one(ONE.sin), cos: one(ONE.cos), tan: one(ONE.tan),
  asin: one(ONE.asin), acos: one(ONE.acos), atan: one(ONE.atan),
  sinh: one(ONE.sinh), cosh: one(ONE.cosh), tanh: one(ONE.tanh), degrees: one(ONE.degrees), radians: one(ONE.radians),
  log: column(TWO.log, 0), pow: column(TWO.pow), atan2: column(TWO.atan2), hypot: column(TWO.hypot),
};
