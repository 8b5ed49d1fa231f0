import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '\uffff', '\ud83d\ude00', '\u{10ffff}', '\ue000'), maxLength: 4 });
    fc.assert(fc.property(text, text, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }));
  });
});
