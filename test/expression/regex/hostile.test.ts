import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssayError } from '../../../src/base/errors.js';
import { parseRegex } from '../../../src/expression/regex/parse.js';
import { compileRegex } from '../../../src/expression/regex/regex.js';
import { matchTexts } from './rows.js';

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (e) {
    if (e instanceof AssayError) return e.code;
    throw e;
  }
}

describe('hostile patterns and texts', () => {
  it('are parsed or refused by name, whatever they are', () => {
    const pieces = fc.constantFrom(
      ...'()[]{}|*+?^$.\\&-,:=!<>#xQEpPkuU0189abn \n'.split(''), '(?', '(?<', '(?<a>', '(?<=', '[^', '&&', '\\p{', '\\x{', '\\Q', '\\E', '{1,', '(?x)', '(?U)', 'é', '😀', '\ud800', '\u0000', '\\k<a>',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        const code = codeOf(() => parseRegex(parts.join('')));
        return code === 'none' || code === 'SYNTAX' || code === 'UNSUPPORTED';
      }),
      { numRuns: 10_000, seed: 7 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => codeOf(() => parseRegex(text)) !== 'INTERNAL'), { numRuns: 3000, seed: 8 });
  });

  it('show the place of an error', () => {
    expect(() => compileRegex('ab(c')).toThrow('regular expression: unclosed group near index 3\n  ab(c\n     ^');
    expect(() => compileRegex('a**')).toThrow(/dangling meta character '\*' near index 2/);
    expect(() => compileRegex('\\X')).toThrow(/not supported/);
    expect(codeOf(() => compileRegex('\\X'))).toBe('UNSUPPORTED');
    expect(codeOf(() => compileRegex('\\p{Nope}'))).toBe('SYNTAX');
  });

  it('nested deeply or very long end soon', () => {
    expect(codeOf(() => compileRegex('('.repeat(10_000) + ')'.repeat(10_000)))).toBe('SYNTAX');
    expect(codeOf(() => compileRegex('['.repeat(10_000)))).toBe('SYNTAX');
    const long = 'a|'.repeat(100_000);
    expect(matchTexts(compileRegex(long), 'find', ['b', 'a'])).toEqual([true, true]);
    const literal = 'x'.repeat(1_000_000);
    expect(matchTexts(compileRegex(literal), 'find', ['xx', literal])).toEqual([false, true]);
    expect(codeOf(() => compileRegex(`[${'一丁'.repeat(20_000)}]`))).toBe('none');
    expect(matchTexts(compileRegex('((a{1,100}){1,100}){1,100}$'), 'find', ['aaab', 'aaa'])).toEqual([false, true]);
  });

  it('of exponential kind take linear time or end at the budget', () => {
    const text = 'a'.repeat(100_000);
    for (const pattern of ['(a+)+$', '^(a|a)*$', '(a|aa)+$', '(.*)*b', '(?:a?){50}a{50}$']) {
      expect(matchTexts(compileRegex(pattern), 'find', [`${text}!`]), pattern).toEqual([false]);
    }
    const hard = compileRegex('(a+)+\\1b');
    expect(hard.isRegular).toBe(false);
    expect(() => matchTexts(hard, 'find', ['a'.repeat(1000)])).toThrow(/step budget exceeded: the pattern \(a\+\)\+\\1b/);
    expect(codeOf(() => hard.exec(new TextEncoder().encode('a'.repeat(1000))))).toBe('EVALUATION');
    expect(matchTexts(hard, 'find', ['aaaab'])).toEqual([true]);
  });

  it('with many states keep within their memory', () => {
    const text = Array.from({ length: 60_000 }, (_, i) => 'ab'[((i * 2_654_435_761) >>> 13) & 1]).join('');
    expect(matchTexts(compileRegex('a.{18}c'), 'find', [text, `${text}a${'b'.repeat(18)}c`])).toEqual([false, true]);
  });

  it('that are not UTF-8 are no characters', () => {
    const texts = [Uint8Array.of(0xff), Uint8Array.of(0x61, 0xed, 0xa0, 0x80), Uint8Array.of(0xc3), Uint8Array.of(0xe4, 0xb8), Uint8Array.of(0xc0, 0x80), Uint8Array.of(0xc3, 0xa9)];
    for (const regex of [compileRegex('[^a]'), compileRegex('(?=[^a]).'), compileRegex('([^a])\\1?+')]) {
      expect(matchTexts(regex, 'find', texts), regex.source).toEqual([false, false, false, false, false, true]);
    }
  });

  it('leave masked rows alone and find in order', () => {
    const regex = compileRegex('b+');
    expect(matchTexts(regex, 'find', ['b', 'b', 'a', 'ab'], [true, false, true, true])).toEqual([true, false, false, true]);
    const bytes = new TextEncoder().encode('abbab');
    expect([...regex.exec(bytes)!]).toEqual([1, 3]);
    expect([...regex.exec(bytes, 3)!]).toEqual([4, 5]);
    expect(regex.exec(bytes, 5)).toBeNull();
    expect([...compileRegex('\\Gb').exec(bytes, 1)!]).toEqual([1, 2]);
    expect(compileRegex('\\Gb').exec(bytes, 2, 1)).toBeNull();
    expect(compileRegex('b+')).toBe(regex);
    for (let i = 0; i < 300; i++) compileRegex(`x${i}`);
    expect(matchTexts(regex, 'find', ['b', 'a'])).toEqual([true, false]); // still works when it has left the cache
  });
});
