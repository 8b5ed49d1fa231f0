import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { javaDouble, javaFloat } from '../../src/base/number-text.js';
import { scalaCase, scalaList, scalaMap, scalaOption } from '../../src/base/scala-text.js';
import { compareUtf8 } from '../../src/base/utf8-order.js';

describe('texts of Scala', () => {
  it('print options, lists, maps and case classes', () => {
    expect(scalaOption(null)).toBe('None');
    expect(scalaOption('x')).toBe('Some(x)');
    expect(scalaList([])).toBe('List()');
    expect(scalaMap([['a', 'b'], ['c', 'd']])).toBe('Map(a -> b, c -> d)');
    expect(scalaCase('Uniqueness', [scalaList(['a', 'b']), 'None'])).toBe('Uniqueness(List(a, b),None)');
  });
});

describe('the order of UTF-8', () => {
  it('is that of the bytes', () => {
    const unit = fc.constantFrom('a', 'é', '\uffff', '\ud83d\ude00', '\u{10ffff}', '\ue000');
    const text = fc.string({ unit, maxLength: 4 });
    fc.assert(fc.property(text, text, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }));
  });
});

describe('numbers of Java', () => {
  it.each([
    [1, '1.0'], [-0, '-0.0'], [0.001, '0.001'], [0.00099, '9.9E-4'], [9999999, '9999999.0'], [1e7, '1.0E7'],
    [123456.5, '123456.5'],
    [1e100, '1.0E100'], [5e-324, '4.9E-324'], [1e-323, '1.0E-323'], [1.7976931348623157e308, '1.7976931348623157E308'],
    [NaN, 'NaN'], [-Infinity, '-Infinity'], [100, '100.0'], [2e22, '2.0E22'], [0.5, '0.5'],
    [1e23, '9.999999999999999E22'], [2 ** -44, '5.6843418860808015E-14'], [-211504914820821504, '-2.11504914820821504E17'],
    [8123816851272292400, '8.1238168512722924E18'], [2e-323, '2.0E-323'], [9.0000152587890625, '9.000015258789062'],
  ])('%d prints as %s', (x, text) => expect(javaDouble(x)).toBe(text));

  it('prints floats with their own digits', () => {
    expect(javaFloat(Math.fround(0.1))).toBe('0.1');
    expect(javaFloat(Math.fround(1.4e-45))).toBe('1.4E-45');
    expect(javaFloat(Math.fround(3.4028235e38))).toBe('3.4028235E38');
    expect(javaFloat(16777216)).toBe('1.6777216E7');
    expect(javaFloat(2147483648)).toBe('2.14748365E9');
    expect(javaFloat(-3.19457568e8)).toBe('-3.19457568E8');
    expect(javaFloat(4.25390625)).toBe('4.2539062');
    expect(javaFloat(3.14665907e18)).toBe('3.14665907E18');
  });

  it('reads back', () => {
    fc.assert(fc.property(fc.double(), (x) => void expect(Number(javaDouble(x))).toBe(x)));
    fc.assert(fc.property(fc.float(), (x) => void expect(Math.fround(Number(javaFloat(x)))).toBe(x)));
  });
});
