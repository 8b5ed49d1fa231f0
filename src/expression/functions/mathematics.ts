import { BOOLEAN, DOUBLE, INT, LONG, decimal, isIntegral, sqlTypeName, type DataType } from '../../data/types.js';
import { literalInteger, type Binder } from '../binder.js';
import type { Bound } from '../bound.js';
import { boundedDecimal, widerTypeWithoutStrings, wrongType } from '../coerce.js';
import type { FunctionSpec } from './contract.js';
import { arithmetic, negate, type Arithmetic } from './operators.js';

const plain = (name: string, doc: string, ...aliases: string[]): FunctionSpec =>
  ({ name, aliases, takes: [DOUBLE], gives: DOUBLE, doc, example: `${name}(x)` });
const pair = (name: string, doc: string, ...aliases: string[]): FunctionSpec =>
  ({ name, aliases, takes: [DOUBLE, DOUBLE], gives: DOUBLE, doc, example: `${name}(x, y)` });
const constant = (name: string, value: number, doc: string): FunctionSpec =>
  ({ name, takes: [], bind: (_, b) => b.literal(DOUBLE, value), doc, example: `${name}()` });

/** FLOOR and CEIL: long, of decimals a decimal without places; with a number of digits a decimal of everything. */
const rounded = (name: string, doc: string, ...aliases: string[]): FunctionSpec => ({
  name, aliases, takes: ['any', INT], optional: 1,
  bind([x, digits], b) {
    const e = b.coerce(x!, digits === undefined ? [DOUBLE, 'decimal', LONG] : 'decimal');
    if (e === null) throw wrongType(`${name}() takes a number, not ${sqlTypeName(x!.type)}; CAST it`);
    const { type } = e;
    if (digits !== undefined) {
      const scale = literalDigits(name, digits);
      return b.call(name, [e, b.int(scale)], roundedType(type, scale));
    }
    if (type.kind !== 'decimal') return b.call(name, [e], LONG);
    return type.scale === 0 ? e : b.call(name, [e], boundedDecimal(type.precision - type.scale + 1, 0));
  },
  doc, example: `${name}(price)`,
});

function literalDigits(name: string, digits: Bound): number {
  const scale = literalInteger(digits);
  if (scale === null) throw wrongType(`the second argument of ${name}() must be a whole number, not an expression`);
  return scale;
}

const round = (name: string, doc: string): FunctionSpec => ({
  name, takes: ['numeric', INT], optional: 1,
  bind([x, digits], b) {
    const scale = digits === undefined ? 0 : literalDigits(name, digits);
    return b.call(name, [x!, b.int(scale)], roundedType(x!.type, scale));
  },
  doc, example: `${name}(price, 1)`,
});

function roundedType(type: DataType, scale: number): DataType {
  if (type.kind !== 'decimal') return type;
  const whole = type.precision - type.scale + 1; // 9.99 rounds to one more digit
  if (scale < 0) return decimal(Math.min(Math.max(whole, -scale + 1), 38), 0);
  const places = Math.min(type.scale, scale);
  return decimal(Math.min(whole + places, 38), places);
}

const extreme = (name: string, doc: string): FunctionSpec => ({
  name, takes: ['any', 'any'], variadic: true,
  bind(args, b) {
    const type = widerTypeWithoutStrings(args.map((e) => e.type));
    if (type === null) {
      const types = [...new Set(args.map((e) => sqlTypeName(e.type)))].join(', ');
      throw wrongType(`${name}() takes values of one type, not ${types}; CAST them to one`);
    }
    return b.call(name, args.map((e) => b.cast(e, type)), type);
  },
  doc, example: `${name}(a, b)`,
});

const operator = (name: string, op: Arithmetic, doc: string): FunctionSpec =>
  ({ name, takes: ['any', 'any'], bind: ([x, y], b) => arithmetic(op, x!, y!, b), doc, example: `${name}(a, b)` });

const tried = (name: string, op: '+' | '-' | '*', doc: string): FunctionSpec => ({
  name, takes: ['any', 'any'],
  bind([x, y], b) {
    const e = arithmetic(op, x!, y!, b);
    return e.kind === 'call' && e.fn === op && isIntegral(e.type) ? b.call(name, e.args, e.type) : e;
  },
  doc, example: `${name}(a, b)`,
});

const shift = (name: string, doc: string): FunctionSpec =>
  ({ name, takes: [[INT, LONG], INT], doc, example: `${name}(flags, 2)` });

/** NANVL(a, b): both double, or both float where they are. */
function bindNanvl([x, y]: readonly Bound[], b: Binder): Bound {
  const type = x!.type.kind === 'float' && y!.type.kind === 'float' ? x!.type : DOUBLE;
  return b.call('nanvl', [b.cast(x!, type), b.cast(y!, type)], type);
}

/** Numbers. */
export const mathematics: readonly FunctionSpec[] = [
  { name: 'abs', takes: [['numeric', 'interval']], doc: 'The absolute value.', example: 'abs(balance)' },
  {
    name: 'negative', takes: [['numeric', 'interval']], bind: ([x], b) => negate(x!, b),
    doc: 'The value with the other sign.',
    example: 'negative(x)',
  },
  {
    name: 'positive', takes: [['numeric', 'interval']], bind: ([x]) => x!,
    doc: 'The value itself.',
    example: 'positive(x)',
  },
  plain('signum', 'The sign: -1, 0 or 1 as double.', 'sign'),
  rounded('floor', 'The greatest whole number that is not greater.'),
  rounded('ceil', 'The least whole number that is not less.', 'ceiling'),
  round('round', 'The value rounded half away from zero.'),
  round('bround', 'The value rounded half to even.'),
  plain('rint', 'The nearest whole number as double, half to even.'),
  plain('sqrt', 'The square root.'), plain('cbrt', 'The cube root.'),
  plain('exp', "Euler's number to the power of x."), plain('expm1', "Euler's number to the power of x, minus 1."),
  plain('ln', 'The natural logarithm.'),
  plain('log10', 'The logarithm to base 10.'),
  plain('log2', 'The logarithm to base 2.'),
  plain('log1p', 'The natural logarithm of 1 + x.'),
  {
    name: 'log', takes: [DOUBLE, DOUBLE], optional: 1, gives: DOUBLE,
    bind: (args, b) => b.call(args.length === 1 ? 'ln' : 'log', args, DOUBLE),
    doc: 'The logarithm to a base, of one argument the natural one.', example: 'log(10, x)',
  },
  pair('pow', 'The first value to the power of the second.', 'power'), pair('atan2', 'The angle of the point (y, x).'),
  pair('hypot', 'The root of the sum of both squares.'),
  plain('sin', 'The sine.'), plain('cos', 'The cosine.'), plain('tan', 'The tangent.'),
  plain('asin', 'The inverse sine.'), plain('acos', 'The inverse cosine.'), plain('atan', 'The inverse tangent.'),
  plain('sinh', 'The hyperbolic sine.'),
  plain('cosh', 'The hyperbolic cosine.'),
  plain('tanh', 'The hyperbolic tangent.'),
  plain('degrees', 'An angle in degrees.'), plain('radians', 'An angle in radians.'),
  constant('pi', Math.PI, 'The number π.'), constant('e', Math.E, "Euler's number."),
  operator('pmod', 'pmod', 'The remainder, never negative for a positive divisor.'),
  operator('mod', '%', 'The remainder with the sign of the dividend.'),
  operator('try_divide', '/', 'The quotient, null where the divisor is 0.'),
  tried('try_add', '+', 'The sum, null on overflow.'), tried('try_subtract', '-', 'The difference, null on overflow.'),
  tried('try_multiply', '*', 'The product, null on overflow.'),
  shift('shiftleft', 'Bits moved to the left.'), shift('shiftright', 'Bits moved to the right, keeping the sign.'),
  shift('shiftrightunsigned', 'Bits moved to the right, zeros following.'),
  extreme('greatest', 'The greatest of the values, nulls left out.'),
  extreme('least', 'The least of the values, nulls left out.'),
  {
    name: 'isnan', takes: [[DOUBLE, { kind: 'float' }]], gives: BOOLEAN,
    doc: 'Whether the value is NaN; false on null.',
    example: 'isnan(x)',
  },
  {
    name: 'nanvl', takes: [[DOUBLE, { kind: 'float' }], [DOUBLE, { kind: 'float' }]], bind: bindNanvl,
    doc: 'The first value unless it is NaN, then the second.',
    example: 'nanvl(x, 0)',
  },
];
