import { describe, expect, test } from 'vitest';
import { nearestName, quoteName, stripBackticks } from '../../src/base/names.js';

test('stripBackticks undoes quoteName, and leaves alone what is not quoted', () => {
  for (const name of ['a', 'we`ird', '`', '``', 'a b', '']) expect(stripBackticks(quoteName(name))).toBe(name);
  for (const name of ['a', '`', 'a`b', '`a']) expect(stripBackticks(name)).toBe(name);
  expect(stripBackticks('`we`ird`')).toBe('we`ird'); // as Deequ: one pair, whatever is inside
});

describe('nearestName', () => {
  test('is the candidate with the fewest slips, whatever its case', () => {
    expect(nearestName('pric', ['id', 'price', 'prize'])).toBe('price');
    expect(nearestName('PRICE', ['price'])).toBe('price');
    expect(nearestName('pirce', ['price', 'piece'])).toBe('price'); // two neighbours swapped are one slip
  });

  test('is null where nothing is near: of one letter only the other case', () => {
    expect(nearestName('x', ['a', 'y', 'z'])).toBeNull();
    expect(nearestName('x', ['a', 'X'])).toBe('X');
    expect(nearestName('review', ['price', 'year'])).toBeNull();
    expect(nearestName('', ['a'])).toBeNull();
  });
});
