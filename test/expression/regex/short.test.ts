import { describe, expect, it } from 'vitest';
import { Patterns } from '../../../src/expression/regex/patterns.js';
import { compileRegex } from '../../../src/expression/regex/regex.js';
import { matchTexts } from './rows.js';

/** Numbers below a limit, the same for everybody. */
function numbers(): (below: number) => number {
  let seed = 12345;
  return (below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
}

/** Texts of up to 24 characters out of a few. */
function someTexts(n: number, alphabet: string): string[] {
  const next = numbers();
  const letters = [...alphabet];
  return Array.from({ length: n }, () => Array.from({ length: next(25) }, () => letters[next(letters.length)]!).join(''));
}

describe('many texts, by pairs of bytes', () => {
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

  describe('answer as few do, which go byte by byte', () => {
    const next = numbers();
    const pick = <T>(from: readonly T[]): T => from[next(from.length)]!;
    const some = (n: number, from: string) => Array.from({ length: n }, () => pick([...from])).join('');
    const seeds = [
      () => `${some(next(12), 'ab9._-')}@${some(next(12), 'ab9.')}.${some(next(4), 'ab1')}`,
      () => `${pick(['219', '078', '666', '000', '912', '123'])}-${some(2, '01')}-${some(4, '09')}`,
      () => `${pick(['4', '51', '37'])}${some(3, '0123')}${pick([' ', '-', ''])}${some(12, '0123456789 -')}`,
      () => `${some(next(9), 'xyé ')}${pick(['http', 'https', 'ftp', 'htp'])}://${some(next(60), 'ab/.? ')}`,
      () => some(next(70), 'ab @.9é\u{1F600}\n'),
      () => `${'x'.repeat(next(400))}${pick(['a@b.cc', '4111111111111111', '', '219-09-9999'])}${'x '.repeat(next(90))}`,
    ];
    const encoder = new TextEncoder();
    const texts = Array.from({ length: 1500 }, () => {
      const text = encoder.encode(pick(seeds)());
      // here and there a byte that no text should hold, at the end or elsewhere
      if (text.length > 0 && next(8) === 0) {
        text[next(2) ? text.length - 1 : next(text.length)] = pick([0xff, 0xfe, 0x80, 0]);
      }
      return text;
    });
    const patterns = [
      ...Object.values(Patterns),
      '^[a-z0-9._]+@[a-z0-9.]+\\.[a-z]{2,}$', '\\b\\w{3}\\b', '(?<![a-z])x', 'x(?= )', '\\p{L}+ é',
      '[^a]$', '.*@.*\\..*', '^$', '(?s)^.{30,60}$', '\\x{1F600}',
    ];
    it.each(patterns)('%s', (pattern) => {
      const regex = compileRegex(pattern);
      let matching = 0;
      for (const mode of ['find', 'full', 'nonEmptyFind'] as const) {
        const few: boolean[] = [];
        for (let i = 0; i < texts.length; i += 100) few.push(...matchTexts(regex, mode, texts.slice(i, i + 100)));
        for (let turn = 0; turn < 3; ++turn) {
          expect(matchTexts(regex, mode, texts)).toEqual(few);
          expect(matchTexts(regex, mode, texts.slice(turn, 1001 + turn))).toEqual(few.slice(turn, 1001 + turn));
        }
        matching += few.filter(Boolean).length;
      }
      expect(matching).toBeGreaterThan(0);
    });
  });
});
