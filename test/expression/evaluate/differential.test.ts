import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BOOLEAN, BYTE, DATE, DOUBLE, FLOAT, INT, LONG, STRING, TIMESTAMP, decimal, isNumeric, sameType, type DataType } from '../../../src/data/types.js';
import type { Bound, BoundLiteral } from '../../../src/expression/bound.js';
import { foldConstants } from '../../../src/expression/evaluate/fold.js';
import { literalOf, readerOf, type Value } from '../../../src/expression/evaluate/values.js';
import { printBound } from '../../../src/expression/unbind.js';
import { openView } from '../../../src/expression/view.js';
import { functions } from '../every-function.js';
import { SIGNATURES, OTHER_TYPES, type Made } from './signatures.js';
import { arbitraryValue, batches, batchOf, columnOf, smallKernels, type Generated } from './batches.js';
import { evaluateRow } from './reference.js';

// RUNS batches a type, each with PER expressions over it: RUNS=500 makes more than 100,000.
const RUNS = Number(process.env['RUNS'] ?? 12);
const PER = 16;
const MONEY = decimal(10, 2);
const WIDE = decimal(30, 4);
// two columns of each type, so that some are a dictionary and others not
const TYPES: readonly DataType[] = [BOOLEAN, INT, LONG, FLOAT, DOUBLE, STRING, DATE, TIMESTAMP, MONEY, WIDE];
const COLUMNS = [...TYPES, ...TYPES];

const call = (fn: string, type: DataType, ...args: Bound[]): Bound => ({ kind: 'call', fn, args, type });

function literal(type: DataType): fc.Arbitrary<BoundLiteral> {
  return arbitraryValue(type).map((v) => literalOf(type, type.kind === 'float' && v !== null ? Math.fround(v as number) : v)!);
}

const made = new Map<string, fc.Arbitrary<Bound>>();

/** Expressions of a type over the columns. */
function expression(type: DataType, depth: number): fc.Arbitrary<Bound> {
  const key = `${JSON.stringify(type)} ${depth}`;
  let arbitrary = made.get(key);
  if (arbitrary === undefined) made.set(key, (arbitrary = generated(type, depth)));
  return arbitrary;
}

/** Calls of the table of signatures that give a type. */
function signed(type: DataType, inner: (t: DataType) => fc.Arbitrary<Bound>, most = Infinity): fc.Arbitrary<Bound>[] {
  const key = JSON.stringify(type);
  return SIGNATURES.filter((s) => JSON.stringify(s.gives) === key).slice(0, most).map((s) =>
    fc.tuple(...s.takes.map((t: Made) => ('kind' in t ? inner(t) : t))).map((args): Bound => ({
      kind: 'call', fn: s.fn, args, type, ...(s.zoned ? { zone: 'UTC' } : {}),
    })));
}

function generated(type: DataType, depth: number): fc.Arbitrary<Bound> {
  if (OTHER_TYPES.some((t) => sameType(t, type))) { // they are no columns
    const inner = (t: DataType) => expression(t, Math.max(0, depth - 1));
    return fc.oneof(...signed(type, inner, depth <= 0 ? 1 : Infinity)); // the first is over columns
  }
  const column = fc.constantFrom(...COLUMNS.map((t, i) => [t, i] as const).filter(([t]) => sameType(t, type))).map(([, i]) => columnOf({ types: COLUMNS }, i));
  if (depth === 0) return fc.oneof({ weight: 3, arbitrary: column as fc.Arbitrary<Bound> }, literal(type));
  const inner = (t: DataType) => expression(t, depth - 1);
  const general: fc.Arbitrary<Bound>[] = [
    column,
    fc.tuple(inner(type), inner(type)).map(([a, b]) => call('coalesce', type, a, b)),
    fc.tuple(inner(BOOLEAN), inner(type), inner(type)).map(([c, a, b]) => call('case', type, c, a, b)),
  ];
  return fc.oneof(...general, ...particular(type, inner), ...signed(type, inner));
}

function particular(type: DataType, inner: (t: DataType) => fc.Arbitrary<Bound>): fc.Arbitrary<Bound>[] {
  const binary = (...fns: string[]) => fc.tuple(fc.constantFrom(...fns), inner(type), inner(type)).map(([fn, a, b]) => call(fn, type, a, b));
  const castFrom = (...from: DataType[]) => fc.constantFrom(...from).chain(inner).map((x) => call('cast', type, x));
  switch (type.kind) {
    case 'boolean': {
      const any = fc.constantFrom(...TYPES);
      const test = (...fns: string[]) => any.chain((t) =>
        fc.tuple(fc.constantFrom(...fns), inner(t), fc.oneof(inner(t), literal(t))).map(([fn, a, b]) => call(fn, BOOLEAN, a, b)));
      const texts = (...fns: string[]) =>
        fc.tuple(fc.constantFrom(...fns), inner(STRING), fc.oneof(inner(STRING), literal(STRING))).map(([fn, a, b]) => call(fn, BOOLEAN, a, b));
      const pattern = fc.string({ unit: fc.constantFrom('%', '_', 'a', 'b', ' ', 'é', '日', '😀'), maxLength: 6 })
        .map((value): Bound => ({ kind: 'literal', type: STRING, value }));
      return [
        test('=', '<', '<=', '>', '>=', '<=>'),
        fc.tuple(inner(BOOLEAN), inner(BOOLEAN), inner(BOOLEAN)).map((xs) => call('and', BOOLEAN, ...xs)),
        fc.tuple(inner(BOOLEAN), inner(BOOLEAN)).map((xs) => call('or', BOOLEAN, ...xs)),
        inner(BOOLEAN).map((x) => call('not', BOOLEAN, x)),
        fc.tuple(fc.constantFrom('isnull', 'isnotnull'), any.chain(inner)).map(([fn, x]) => call(fn, BOOLEAN, x)),
        inner(DOUBLE).map((x) => call('isnan', BOOLEAN, x)),
        any.chain((t) => fc.tuple(inner(t), fc.array(literal(t), { minLength: 1, maxLength: 20 })).map(([x, xs]) => call('in', BOOLEAN, x, ...xs))),
        texts('startswith', 'endswith', 'contains'),
        fc.tuple(inner(STRING), pattern).map(([s, p]) => call('like', BOOLEAN, s, p, { kind: 'literal', type: STRING, value: '\\' })),
      ];
    }
    case 'int':
      return [binary('+', '-', '*', '%', 'greatest', 'least'), inner(STRING).map((s) => call('length', INT, s)),
        inner(STRING).map((s) => call('octet_length', INT, s)), castFrom(LONG, DOUBLE, BOOLEAN, MONEY, STRING),
        fc.constantFrom(INT, LONG, DOUBLE).chain(inner).map((x) => call('cast', INT, call('cast', BYTE, x)))];
    case 'long': return [binary('+', '-', '*', '%'), castFrom(INT, DOUBLE, FLOAT, WIDE, STRING)];
    case 'float': return [binary('+', '-', '*', '/'), castFrom(INT, DOUBLE)];
    case 'double': return [binary('+', '-', '*', '/', '%', 'greatest'), castFrom(INT, LONG, FLOAT, MONEY, WIDE, STRING)];
    case 'decimal':
      if (sameType(type, WIDE)) return [castFrom(INT, LONG, DOUBLE, MONEY)];
      return [castFrom(INT, LONG, WIDE, DOUBLE), fc.tuple(inner(MONEY), inner(MONEY)).map(([a, b]) => call('cast', MONEY, call('+', decimal(11, 2), a, b)))];
    case 'string': {
      const number = fc.integer({ min: -4, max: 6 }).map((value): Bound => ({ kind: 'literal', type: INT, value }));
      return [
        fc.tuple(fc.constantFrom('upper', 'lower', 'trim', 'ltrim', 'rtrim'), inner(STRING)).map(([fn, s]) => call(fn, STRING, s)),
        fc.array(inner(STRING), { minLength: 1, maxLength: 3 }).map((parts) => call('concat', STRING, ...parts)),
        fc.tuple(inner(STRING), number, number).map((args) => call('substring', STRING, ...args)),
        castFrom(INT, LONG, DOUBLE, FLOAT, MONEY, BOOLEAN, DATE),
      ];
    }
    default: return [];
  }
}

function compared(g: Generated, es: Bound | readonly Bound[]): void {
  const kernels = smallKernels();
  const view = openView(batchOf(g, kernels), kernels);
  try {
    for (const e of Array.isArray(es) ? (es as readonly Bound[]) : [es as Bound]) {
      const wanted = g.rows.map((r) => evaluateRow(e, (name) => {
        const k = Number(name.slice(1));
        return g.types[k]!.kind === 'float' && r[k] !== null ? Math.fround(r[k] as number) : r[k]!;
      }));
      for (const flat of [false, true]) {
        const read = readerOf(kernels, view.vector(e, flat));
        const got: Value[] = g.rows.map((_, i) => read(i));
        if (!alike(got, wanted)) expect({ e: printBound(e), values: got.map(canonical) }).toStrictEqual({ e: printBound(e), values: wanted.map(canonical) });
      }
    }
  } finally {
    view.close();
  }
}

function alike(a: Value, b: Value): boolean {
  if (Object.is(canonical(a), canonical(b))) return true;
  return typeof a === 'object' && a !== null && typeof b === 'object' && b !== null
    && (a as readonly Value[]).length === (b as readonly Value[]).length && (a as readonly Value[]).every((x, i) => alike(x, (b as readonly Value[])[i]!));
}

/** Zeros of either sign are the same number. */
function canonical(v: Value): Value {
  return v === 0 ? 0 : v;
}

let compiled = 0;
const seen = new Set<string>();
function note(e: Bound): void {
  if (e.kind !== 'call') return;
  seen.add(e.fn);
  e.args.forEach(note);
}

test.each([...TYPES, ...OTHER_TYPES])('expressions of type %o are those of the reference', (type) => {
  const many = fc.array(expression(type, 2), { minLength: PER, maxLength: PER });
  fc.assert(fc.property(batches(COLUMNS, 16), many, (g, es) => {
    compiled += es.length;
    es.forEach(note);
    compared(g, es);
  }), { numRuns: RUNS * (type.kind === 'boolean' ? 2 : 1) });
}, 600_000);

test('every function takes part, save those that are listed', () => {
  console.log(`${compiled} generated expressions, ${seen.size} functions`);
  for (const type of [...TYPES, ...OTHER_TYPES]) fc.sample(expression(type, 2), { numRuns: 400, seed: 1 }).forEach(note);
  const missing = Object.keys(functions).filter((name) => !seen.has(name));
  // Structs and maps are no columns of the batches; test/expression/evaluate/nested.test.ts has them. No text names the cast of profiles.
  expect(missing.filter((name) => !['field', 'map_keys', 'map_values', 'cast_if_numbers'].includes(name))).toEqual([]);
});

test('comparisons with a literal through casts and defaults are those of the reference', () => {
  const numeric = [INT, LONG, FLOAT, DOUBLE, MONEY, WIDE];
  const cases = fc.constantFrom(...numeric).chain((from) =>
    fc.constantFrom<DataType>(decimal(20, 10), decimal(5, 1), DOUBLE, decimal(38, 0)).chain((to) =>
      fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), fc.boolean(), fc.boolean(), literal(to), near(to)).map(([fn, filled, mirrored, lit, c]) => {
        const column = columnOf({ types: numeric }, numeric.indexOf(from));
        const same = from.kind === to.kind && from.kind === 'double';
        const x = same ? column : call('cast', to, column);
        const value = filled ? call('coalesce', to, x, lit) : x;
        return mirrored ? call(fn, BOOLEAN, c, value) : call(fn, BOOLEAN, value, c);
      })));
  fc.assert(fc.property(batches(numeric, 30), cases, compared), { numRuns: 3 * RUNS });
}, 600_000);

/** Literals around zero and around the limits. */
function near(type: DataType): fc.Arbitrary<BoundLiteral> {
  const few = type.kind === 'decimal' ? fc.bigInt(-3n * 10n ** BigInt(type.scale), 3n * 10n ** BigInt(type.scale)) : fc.constantFrom(0, 1.5, -1, 0.1);
  return fc.oneof((few as fc.Arbitrary<Value>).map((v) => literalOf(type, v)!), literal(type).filter((l) => l.value !== null));
}

test('constants fold to what they evaluate to', () => {
  const constant = (type: DataType): fc.Arbitrary<Bound> => fc.tuple(literal(type), literal(type), literal(BOOLEAN)).chain(([a, b, c]) =>
    fc.constantFrom(call('coalesce', type, a, b), call('case', type, c, a, b), ...(isNumeric(type) && type.kind !== 'decimal' ? [call('+', type, a, b)] : [])));
  fc.assert(fc.property(fc.constantFrom(...TYPES).chain(constant), (e) => {
    const folded = foldConstants(e);
    expect(folded.kind).toBe('literal');
    expect(canonical(evaluateRow(folded, () => null))).toStrictEqual(canonical(evaluateRow(e, () => null)));
  }), { numRuns: 60 });
});

test('texts become numbers as the reference reads them', () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom('0', '1', '9', '.', '-', '+', 'e', 'E', ' ', 'd', 'x', 'N', 'a', 'é', '\t'), maxLength: 8 }),
    fc.double().map(String), fc.bigInt(-(2n ** 64n), 2n ** 64n).map(String), fc.integer({ min: -40_000, max: 40_000 }).map((n) => String(n / 100)),
    fc.constantFrom('NaN', 'nan', 'Infinity', '-inf', '+Infinity', '-NaN', '1e400', '2147483648', '-2147483648', '9223372036854775807', '.', '-.5', '128'),
  );
  const rows = fc.array(text.map((t) => [t] as const), { maxLength: 60 });
  fc.assert(fc.property(rows, fc.constantFrom(DOUBLE, LONG, INT, BYTE), (texts, to) => {
    const g: Generated = { types: [STRING], rows: texts, placing: [{ home: 'memory', shift: 1, dictionary: false }] };
    compared(g, call('cast', to, columnOf(g, 0)));
  }), { numRuns: 3 * RUNS });
}, 600_000);

test('memory that grows again and again in the middle of a batch corrupts nothing', () => {
  const words = ['', 'a', ' über ', 'Zürich', '日本語', '😀', 'plain text of some length', '12.50', '-7', null];
  const rows = Array.from({ length: 12_000 }, (_, i): Value[] => [words[i % words.length]!, i % 13 === 0 ? null : i - 6_000, (i * 37) / 8, BigInt(i) ** 3n]);
  for (const home of ['memory', 'buffer'] as const) {
    const types = [STRING, INT, DOUBLE, LONG];
    const g: Generated = { types, rows, placing: types.map((_, k) => ({ home, shift: k, dictionary: false })) };
    const [s, i, d, l] = types.map((_, k) => columnOf(g, k)) as [Bound, Bound, Bound, Bound];
    const text = call('concat', STRING, call('upper', STRING, s), call('cast', STRING, i), call('cast', STRING, d), call('cast', STRING, l));
    compared(g, call('case', STRING, call('>', BOOLEAN, call('length', INT, text), { kind: 'literal', type: INT, value: 20 }), text, call('trim', STRING, s)));
    compared(g, call('+', DOUBLE, call('cast', DOUBLE, s), call('*', DOUBLE, d, call('cast', DOUBLE, l))));
  }
}, 600_000);
