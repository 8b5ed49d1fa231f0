import { hexValue, type PatternText } from './pattern-text.js';

const isOctal = (c: number) => c >= 48 && c <= 55;

/** The character of `\0n`, `\0nn`, `\0nnn`, the reading position being behind the 0. */
export function octalEscape(text: PatternText): number {
  const n = text.read();
  if (!isOctal(n)) throw text.error('illegal octal escape sequence');
  let value = n - 48;
  for (let more = n <= 51 ? 2 : 1; more > 0; more--) {
    const before = text.at;
    const c = text.read();
    if (!isOctal(c)) {
      text.at = before;
      break;
    }
    value = value * 8 + c - 48;
  }
  return value;
}

/** The character of `\xhh` or `\x{h…}`. */
export function hexEscape(text: PatternText): number {
  const first = text.read();
  if (hexValue(first) >= 0) {
    const second = hexValue(text.read());
    if (second >= 0) return hexValue(first) * 16 + second;
  } else if (first === 123 && hexValue(text.peek()) >= 0) {
    let value = 0;
    let c: number;
    while (hexValue((c = text.read())) >= 0) {
      value = value * 16 + hexValue(c);
      if (value > 0x10ffff) throw text.error('hexadecimal code point is too big');
    }
    if (c !== 125) throw text.error('unclosed hexadecimal escape sequence');
    return value;
  }
  throw text.error('illegal hexadecimal escape sequence');
}

function fourDigits(text: PatternText): number {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const digit = hexValue(text.read());
    if (digit < 0) throw text.error('illegal Unicode escape sequence');
    value = value * 16 + digit;
  }
  return value;
}

/** The character of `\uhhhh`, or of two of them that are a surrogate pair. */
export function unicodeEscape(text: PatternText): number {
  const high = fourDigits(text);
  if (high >= 0xd800 && high <= 0xdbff) {
    const before = text.at;
    if (text.read() === 92 && text.read() === 117) {
      const low = fourDigits(text);
      if (low >= 0xdc00 && low <= 0xdfff) return 0x10000 + ((high - 0xd800) << 10) + low - 0xdc00;
    }
    text.at = before;
  }
  return high;
}

const SIMPLE: { readonly [letter: string]: number } = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

/**
 * The character of an escape that stands for one, the letter being already taken; undefined: it stands for something
 * else.
 */
export function characterEscape(text: PatternText, letter: number): number | undefined {
  const name = String.fromCodePoint(letter);
  if (Object.hasOwn(SIMPLE, name)) return SIMPLE[name];
  switch (name) {
    case '0':
      return octalEscape(text);
    case 'x':
      return hexEscape(text);
    case 'u':
      return unicodeEscape(text);
    case 'c':
      if (text.atEnd) throw text.error('illegal control escape sequence');
      return text.read() ^ 64;
    case 'N':
      throw text.error('character names (\\N{…}) are not supported: write \\x{…}', 'UNSUPPORTED');
    default:
      return /[A-Za-z0-9]/.test(name) ? undefined : letter;
  }
}
