import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../../src/expression/regex/regex.js';
import { matchTexts } from './rows.js';

/** Texts of up to 24 characters out of a few, the same for everybody. */
function someTexts(n: number, alphabet: string): string[] {
  let seed = 12345;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  const letters = [...alphabet];
  return Array.from({ length: n }, () => Array.from({ length: next(25) }, () => letters[next(letters.length)]!).join(''));
}

describe('many short texts, four at a time', () => {
  const patterns = ['^[a-z0-9._]+@[a-z0-9.]+\\.[a-z]{2,}$', 'a.*b|^$', '(ab|ba){2}', '^a?b*@$', 'é+@', '[^@]@[^@]', '@{3,5}a$', 'ab.ab.ab.ab'];
  const texts = someTexts(1030, 'ab@.é9');
  const mask = texts.map((_, i) => i % 5 !== 2);
  for (const pattern of patterns) {
    it(pattern, () => {
      for (const mode of ['find', 'full'] as const) {
        const js = new RegExp(mode === 'find' ? pattern : `^(?:${pattern})$`, 'u');
        const expected = texts.map((text) => js.test(text));
        for (const rows of [256, 257, 1023, 1030]) {
          const regex = compileRegex(pattern);
          expect(matchTexts(regex, mode, texts.slice(0, rows))).toEqual(expected.slice(0, rows));
          const masked = matchTexts(regex, mode, texts.slice(0, rows), mask.slice(0, rows));
          expect(masked).toEqual(expected.slice(0, rows).map((found, i) => found && mask[i]!));
        }
      }
    });
  }

  it('and one long one among them', () => {
    const some = [...texts.slice(0, 600)];
    some[301] = `${'a'.repeat(5000)}@b.ab`;
    const js = /^[a-z0-9._]+@[a-z0-9.]+\.[a-z]{2,}$/;
    expect(matchTexts(compileRegex(js.source), 'find', some)).toEqual(some.map((text) => js.test(text)));
    expect(js.test(some[301]!)).toBe(true);
  });
});
