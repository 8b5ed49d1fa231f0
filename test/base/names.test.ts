import { describe, expect, test } from 'vitest';
import { nearestName } from '../../src/base/names.js';

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
