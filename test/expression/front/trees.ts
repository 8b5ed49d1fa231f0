import fc from 'fast-check';
import { BOOLEAN, DATE, INT, LONG, STRING, decimal } from '../../../src/data/types.js';
import { node, type Ast, type Bare } from '../../../src/expression/ast.js';

/** A syntax tree without places, so that two texts of one tree compare equal. */
export function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'span').map(([key, v]) => [key, withoutSpans(v)]));
}

const make = <N extends Ast>(bare: Bare<N>): Ast => node(bare, [0, 0]);
const word = fc.oneof(fc.constantFrom('a', 'b', 'Col_1', 'select', 'case', 'interval', 'date', 'x', 'r', '1st', 'a b', 'q`', 'not', 'ö'), fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }));
const leaf: fc.Arbitrary<Ast> = fc.oneof(
  fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => make({ kind: 'name', parts })),
  fc.tuple(fc.constantFrom('0', '1', '-7', '1.5', '.5', '12e3', '-1.0'), fc.constantFrom('' as const, 'D' as const, 'F' as const, 'BD' as const))
    .map(([text, suffix]) => make({ kind: 'number', text, suffix })),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((value) => make({ kind: 'string', value })),
  fc.constantFrom(null, true, false).map((value) => make({ kind: 'constant', value })),
  fc.tuple(fc.constantFrom('date' as const, 'timestamp' as const, 'binary' as const, 'timestamp_ntz' as const), fc.string({ maxLength: 8 }))
    .map(([type, value]) => make({ kind: 'typed', type, value })),
  fc.tuple(fc.constantFrom('month' as const, 'day' as const, 'microsecond' as const), fc.integer({ min: -1e8, max: 1e8 }))
    .map(([unit, n]) => make({ kind: 'interval', unit, amount: String(n) })),
);
/** Syntax trees of every kind. */
export const { tree } = fc.letrec<{ tree: Ast }>((tie) => {
  const t = tie('tree');
  const not = fc.boolean();
  return {
    tree: fc.oneof({ depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.tuple(fc.constantFrom('-' as const, '+' as const, '~' as const, 'not' as const), t).map(([op, operand]) => make({ kind: 'unary', op, operand })),
      fc.tuple(fc.constantFrom('=' as const, '<>' as const, '<=>' as const, '<' as const, '+' as const, '-' as const, '*' as const, '/' as const, '%' as const, 'div' as const, '&' as const, '|' as const, '^' as const, '||' as const), t, t)
        .map(([op, left, right]) => make({ kind: 'binary', op, left, right })),
      fc.tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(t, { minLength: 2, maxLength: 4 })).map(([op, operands]) => make({ kind: 'logic', op, operands })),
      fc.tuple(fc.constantFrom('null' as const, 'true' as const, 'false' as const, 'unknown' as const), not, t).map(([test, n, operand]) => make({ kind: 'is', test, not: n, operand, other: null })),
      fc.tuple(not, t, t).map(([n, operand, other]) => make({ kind: 'is', test: 'distinct', not: n, operand, other })),
      fc.tuple(not, t, t, t).map(([n, operand, low, high]) => make({ kind: 'between', not: n, operand, low, high })),
      fc.tuple(not, t, fc.array(t, { minLength: 1, maxLength: 3 })).map(([n, operand, items]) => make({ kind: 'in', not: n, operand, items })),
      fc.tuple(fc.constantFrom('like' as const, 'ilike' as const), not, t, t, fc.option(fc.constantFrom('/', "'", '\\'))).map(([op, n, operand, pattern, escape]) => make({ kind: 'like', op, not: n, operand, pattern, escape })),
      fc.tuple(not, t, t).map(([n, operand, pattern]) => make({ kind: 'like', op: 'rlike', not: n, operand, pattern, escape: null })),
      fc.tuple(fc.option(t), fc.array(fc.record({ when: t, then: t }), { minLength: 1, maxLength: 2 }), fc.option(t)).map(([operand, branches, otherwise]) => make({ kind: 'case', operand, branches, otherwise })),
      fc.tuple(fc.boolean(), t, fc.constantFrom(INT, LONG, STRING, BOOLEAN, DATE, decimal(10, 2), { kind: 'array', element: INT, containsNull: true } as const)).map(([tries, operand, type]) => make({ kind: 'cast', tries, operand, type })),
      fc.tuple(fc.constantFrom('length', 'coalesce', 'concat', 'if', 'date', 'left', 'replace', 'extract', 'position', 'exists', 'trim', 'substring', 'cast'), fc.array(t, { maxLength: 3 })).map(([name, args]) => make({ kind: 'call', name, distinct: false, star: false, args })),
      fc.tuple(t, t).map(([operand, index]) => make({ kind: 'index', operand, index })),
      fc.tuple(t.filter((e) => e.kind !== 'name'), word).map(([operand, name]) => make({ kind: 'field', operand, name })),
    ),
  };
});
