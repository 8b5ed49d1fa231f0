import type { DataType } from '../../data/types.js';
import type { BoundCall } from '../bound.js';
import { INTEGER_BITS } from './casts.js';
import { fastArithmetic, quotients, shifts } from './arithmetic-columns.js';
import { divideRounded, fitting, power10, rescale } from './decimals.js';
import { strict, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { tryColumn } from './tries.js';
import { unaryColumn, type Unary } from './number-columns.js';
import { rowwise, type RowFunction } from './rowwise.js';
import type { Value } from './values.js';

type Decimal = Extract<DataType, { kind: 'decimal' }>;

/** One operation on integers as bigint before they wrap, and on unscaled decimals with their scales. */
interface Operation {
  /** `bits`: the width in which Java computes it. */
  integers(a: bigint, b: bigint, bits: number): bigint | null;
  decimals?(a: bigint, as: number, b: bigint, bs: number): { unscaled: bigint; scale: number } | null;
}

const DIGITS = 38;
const UNBOUNDED = 256;

function aligned(a: bigint, as: number, b: bigint, bs: number, f: (a: bigint, b: bigint) => bigint) {
  const scale = Math.max(as, bs);
  return { unscaled: f(rescale(a, as, scale), rescale(b, bs, scale)), scale };
}

/** The product rounded to 38 digits, as Spark's math context does before it fits the result. */
function product(a: bigint, as: number, b: bigint, bs: number) {
  const unscaled = a * b;
  const digits = String(unscaled < 0n ? -unscaled : unscaled).length;
  if (digits <= DIGITS) return { unscaled, scale: as + bs };
  return { unscaled: divideRounded(unscaled, power10(digits - DIGITS), 'half-up'), scale: as + bs - (digits - DIGITS) };
}

/** `bits`: where the sum wraps. */
function positive(r: bigint, n: bigint, bits: number): bigint {
  return r < 0n ? BigInt.asIntN(bits, r + n) % n : r;
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  '+': {
    integers: (a, b) => a + b,
    decimals: (a, as, b, bs) => aligned(a, as, b, bs, (x, y) => x + y),
  },
  '-': {
    integers: (a, b) => a - b,
    decimals: (a, as, b, bs) => aligned(a, as, b, bs, (x, y) => x - y),
  },
  '*': { integers: (a, b) => a * b, decimals: product },
  '%': {
    integers: (a, b) => (b === 0n ? null : a % b),
    decimals: (a, as, b, bs) => (b === 0n ? null : aligned(a, as, b, bs, (x, y) => x % y)),
  },
  pmod: {
    integers: (a, b, bits) => (b === 0n ? null : positive(a % b, b, bits)),
    decimals: (a, as, b, bs) => (b === 0n ? null : aligned(a, as, b, bs, (x, y) => positive(x % y, y, UNBOUNDED))),
  },
  bitand: { integers: (a, b) => a & b },
  bitor: { integers: (a, b) => a | b },
  bitxor: { integers: (a, b) => a ^ b },
};

/** An integer in the JS form of its type, wrapped to its width. */
function wrapped(type: DataType, x: bigint): Value {
  if (type.kind === 'interval_ym') return Number(BigInt.asIntN(32, x));
  const bits = INTEGER_BITS[type.kind] ?? 64;
  return bits === 64 ? BigInt.asIntN(64, x) : Number(BigInt.asIntN(bits, x));
}

function unscaledIn(type: Decimal, { unscaled, scale }: { unscaled: bigint; scale: number }): bigint | null {
  return fitting(scale < 0 ? unscaled * power10(type.scale - scale) : rescale(unscaled, scale, type.scale), type.precision);
}

function binary(operation: Operation, onOverflow: 'wrap' | 'null' = 'wrap'): FunctionSpec {
  return rowwise((call): RowFunction => {
    const { type } = call;
    const [a, b] = call.args.map((x) => x.type) as [DataType, DataType];
    if (type.kind === 'decimal' && a.kind === 'decimal' && b.kind === 'decimal') {
      return ([x, y]) => {
        const exact = operation.decimals!(x as bigint, a.scale, y as bigint, b.scale);
        return exact && unscaledIn(type, exact);
      };
    }
    const bits = type.kind === 'long' ? 64 : 32; // Java adds nothing narrower than int
    return ([x, y]) => {
      const exact = operation.integers(BigInt(x as bigint), BigInt(y as bigint), bits);
      if (exact === null) return null;
      const r = wrapped(type, exact);
      return onOverflow === 'null' && BigInt(r as bigint) !== exact ? null : r;
    };
  });
}

/** The kernels where there are, otherwise row by row. */
function fast(fn: string): FunctionSpec {
  const slow = binary(OPERATIONS[fn]!);
  return strict((call, at) => fastArithmetic(call, at) ?? slow.evaluate(call, at));
}

const divide = rowwise((call) => {
  const { type } = call;
  const [a, b] = call.args.map((x) => x.type) as [DataType, DataType];
  if (type.kind !== 'decimal' || a.kind !== 'decimal' || b.kind !== 'decimal') {
    return ([x, y]) => (y === 0 ? null : (x as number) / (y as number));
  }
  const shift = type.scale - a.scale + b.scale; // x·10^-as / (y·10^-bs) = q·10^-s
  return ([x, y]) => {
    if (y === 0n) return null;
    const [over, under] = [(x as bigint) * power10(Math.max(shift, 0)), (y as bigint) * power10(Math.max(-shift, 0))];
    return fitting(divideRounded(over, under, 'half-up'), type.precision);
  };
});

const integralDivide = rowwise((call) => {
  const [a, b] = call.args.map((x) => x.type) as [DataType, DataType];
  const [as, bs] = [a.kind === 'decimal' ? a.scale : 0, b.kind === 'decimal' ? b.scale : 0];
  return ([x, y]) => {
    const [over, under] = [BigInt(x as bigint), BigInt(y as bigint)];
    return under === 0n ? null : BigInt.asIntN(64, (over * power10(bs)) / (under * power10(as)));
  };
});

/** The kernel where there is, otherwise (decimals beyond 64 bits) row by row. */
function unary(fn: Unary, wide: (x: bigint) => bigint): FunctionSpec {
  const slow = rowwise(() => ([x]) => wide(x as bigint));
  return strict((call, at) => unaryColumn(fn, call, at) ?? slow.evaluate(call, at));
}

/** TRY_ADD and its like: null on overflow. */
function attempt(fn: '+' | '-' | '*'): FunctionSpec {
  const slow = binary(OPERATIONS[fn]!, 'null');
  return strict((call, at) => tryColumn(fn, call, at) ?? slow.evaluate(call, at));
}

function scaleInterval(call: BoundCall, divides: boolean): RowFunction {
  const { type } = call;
  const factor = call.args[1]!.type;
  return ([x, y]) => {
    if (factor.kind === 'float' || factor.kind === 'double') {
      if (divides && y === 0) return null;
      const exact = divides ? Number(x) / (y as number) : Number(x) * (y as number);
      if (!Number.isFinite(exact)) return null;
      const size = Math.abs(exact);
      return wrapped(type, BigInt(Math.floor(size) + (size - Math.floor(size) >= 0.5 ? 1 : 0)) * (exact < 0 ? -1n : 1n));
    }
    const scale = power10(factor.kind === 'decimal' ? factor.scale : 0);
    const [months, by] = [BigInt(x as bigint), BigInt(y as bigint)];
    if (divides) return by === 0n ? null : wrapped(type, divideRounded(months * scale, by, 'half-up'));
    return wrapped(type, divideRounded(months * by, scale, 'half-up'));
  };
}

/** Arithmetic: integers wrap, decimals that overflow and divisions by zero are null. */
export const arithmetic: FunctionTable = {
  '+': fast('+'),
  '-': fast('-'),
  '*': fast('*'),
  '%': fast('%'),
  '/': strict((call, at) => fastArithmetic(call, at) ?? divide.evaluate(call, at)),
  pmod: fast('pmod'),
  div: strict((call, at) => quotients(call, at) ?? integralDivide.evaluate(call, at)),
  try_add: attempt('+'),
  try_subtract: attempt('-'),
  try_multiply: attempt('*'),
  negate: unary('negate', (x) => -x),
  abs: unary('abs', (x) => (x < 0n ? -x : x)),
  bitand: fast('bitand'),
  bitor: fast('bitor'),
  bitxor: fast('bitxor'),
  bitnot: unary('bitnot', (x) => ~x),
  shiftleft: strict(shifts),
  shiftright: strict(shifts),
  shiftrightunsigned: strict(shifts),
  multiply_interval: rowwise((call) => scaleInterval(call, false)),
  divide_interval: rowwise((call) => scaleInterval(call, true)),
};
