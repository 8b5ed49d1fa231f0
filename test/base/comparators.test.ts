import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  above, and, atLeast, atMost, below, between, comparatorText, equals, holds, isComparator, not, oneOf, or,
  type Comparator,
} from '../../src/base/comparators.js';

const number = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constantFrom(NaN, Infinity, -Infinity, -0));
const real = fc.double({ noNaN: true });

const { comparator } = fc.letrec<{ comparator: Comparator }>((tie) => ({
  comparator: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.tuple(fc.constantFrom(atLeast, atMost, above, below, equals), number).map(([make, x]) => make(x)),
    fc.tuple(real, real).map(([a, b]) => between(Math.min(a, b), Math.max(a, b))),
    fc.array(number, { maxLength: 4 }).map((values) => oneOf(...values)),
    tie('comparator').map(not),
    fc.array(tie('comparator'), { maxLength: 3 }).map((of) => and(...of)),
    fc.array(tie('comparator'), { maxLength: 3 }).map((of) => or(...of)),
  ),
}));

/** A law over comparators and numbers. */
function law(name: string, holdsFor: (a: Comparator, b: Comparator, x: number) => boolean): void {
  it(name, () => fc.assert(fc.property(comparator, comparator, number, holdsFor)));
}

describe('comparators', () => {
  it('compare as they say', () => {
    expect([4, 5, 6].map((x) => holds(atLeast(5), x))).toEqual([false, true, true]);
    expect([4, 5, 6].map((x) => holds(atMost(5), x))).toEqual([true, true, false]);
    expect([4, 5, 6].map((x) => holds(above(5), x))).toEqual([false, false, true]);
    expect([4, 5, 6].map((x) => holds(below(5), x))).toEqual([true, false, false]);
    expect([4, 5, 6].map((x) => holds(equals(5), x))).toEqual([false, true, false]);
    expect([0, 1, 2, 3].map((x) => holds(between(1, 2), x))).toEqual([false, true, true, false]);
    expect([0, 1, 2, 3].map((x) => holds(oneOf(1, 3), x))).toEqual([false, true, false, true]);
  });

  it('but for not and or, hold for no NaN', () => {
    const plain = [atLeast(0), atMost(0), above(0), below(0), equals(NaN), between(-1, 1), oneOf(NaN, 1)];
    expect(plain.map((c) => holds(c, NaN))).toEqual(plain.map(() => false));
    expect(holds(not(equals(NaN)), NaN)).toBe(true);
    expect(holds(equals(0), -0)).toBe(true);
  });

  law('not(not(c)) is c', (c, _, x) => holds(not(not(c)), x) === holds(c, x));
  law('a comparator or its negation holds, never both', (c, _, x) => holds(c, x) !== holds(not(c), x));
  law('De Morgan', (a, b, x) => holds(not(and(a, b)), x) === holds(or(not(a), not(b)), x));
  law('and, or are those of JavaScript', (a, b, x) =>
    holds(and(a, b), x) === (holds(a, x) && holds(b, x)) && holds(or(a, b), x) === (holds(a, x) || holds(b, x)));
  law('JSON keeps them, but for special numbers', (c, _, x) => {
    const text = JSON.stringify(c);
    if (text.includes('null')) return true;
    const back: unknown = JSON.parse(text);
    return isComparator(back) && holds(back, x) === holds(c, x) && JSON.stringify(back) === text;
  });
  law('are recognised and print', (c) => isComparator(c) && comparatorText(c).length > 0);
  it('bounds are those of between', () => fc.assert(fc.property(real, real, number, (a, b, x) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    return holds(between(low, high), x) === holds(and(atLeast(low), atMost(high)), x);
  })));

  it('print for people', () => {
    expect(comparatorText(atLeast(0.95))).toBe('>= 0.95');
    expect(comparatorText(atMost(5), String)).toBe('<= 5');
    expect(comparatorText(between(1, 2.5), String)).toBe('between 1 and 2.5');
    expect(comparatorText(oneOf(1, 2))).toBe('one of 1.0, 2.0');
    expect(comparatorText(and(above(1), not(equals(3))), String)).toBe('(> 1) and (not (= 3))');
    expect(comparatorText(or(below(1), above(3)), String)).toBe('(< 1) or (> 3)');
    expect([and(), or()].map((c) => comparatorText(c))).toEqual(['anything', 'nothing']);
  });

  it('are frozen', () => expect([atLeast(1), oneOf(1), and(), not(or())].every(Object.isFrozen)).toBe(true));

  it('refuse what is no number, no comparator, no interval', () => {
    const misuse = { code: 'INVALID_ARGUMENT' };
    expect(() => atLeast('1' as never)).toThrow(expect.objectContaining(misuse));
    expect(() => oneOf(1, 2n as never)).toThrow(expect.objectContaining(misuse));
    expect(() => between(2, 1)).toThrow(/lower bound first/);
    expect(() => between(NaN, 1)).toThrow(expect.objectContaining(misuse));
    expect(() => not(((x: number) => x > 1) as never)).toThrow(/takes comparators/);
    expect(() => and(atLeast(1), true as never)).toThrow(/takes comparators/);
  });

  it.each([
    null, 'atLeast', {}, { op: 'atLeast' }, { op: 'atLeast', value: '1' }, { op: 'toString', value: 1 },
    { op: 'between', low: 1 }, { op: 'oneOf', values: ['a'] }, { op: 'not', of: 1 }, { op: 'and', of: [{}] },
  ])('are not %j', (value) => expect(isComparator(value)).toBe(false));
});
