import { charSet, EVERYTHING, intersect, negate, union, type CharSet } from './char-set.js';
import { characterEscape } from './escapes.js';
import type { Flags } from './flags.js';
import { characterIgnoringCase, rangeIgnoringCase } from './letter-case.js';
import type { PatternText } from './pattern-text.js';
import { javaProperty, predefinedClass } from './properties.js';

const CLOSE = 93;
const OPEN = 91;
const AND = 38;
const CARET = 94;
const BACKSLASH = 92;

/** Parses `\p{…}` from the p on; the reading position ends behind it. */
export function parseProperty(text: PatternText, flags: Flags): CharSet {
  const complement = text.raw() === 80;
  let name: string;
  if (text.next() === 123) {
    const close = text.points.indexOf(125, text.at);
    if (close < 0) throw text.error('unclosed character family');
    name = String.fromCodePoint(...text.points.slice(text.at + 1, Math.min(close, text.at + 101)));
    text.at = close + 1;
    if (name === '') throw text.error('empty character family');
  } else {
    if (text.atEnd) throw text.error('character property without a name');
    name = String.fromCodePoint(text.read());
  }
  const set = javaProperty(name, flags.ignoreCase, flags.unicodeClasses);
  if (!set) throw text.error(`unknown character property {${name}}`);
  return complement ? negate(set) : set;
}

/** One character under the flags. */
export function character(c: number, flags: Flags): CharSet {
  return flags.ignoreCase && (flags.unicodeCase || c < 128) ? characterIgnoringCase(c, flags.unicodeCase) : [c, c];
}

/**
 * What a class has gathered. Java adds single characters below U+0100 to one bit set that lives as long as the class,
 * so that those before `&&`
 * come back with one behind it: the value is `fixed` and, of the bits, those in `through`.
 */
interface Gathered {
  pairs: number[];
  through: CharSet;
  bits: number[];
  /** Whether anything but pending bits is there. */
  some: boolean;
  pendingBits: boolean;
  /** The operand that came last, which `&&` without a right side takes again; 'bits' are the bits themselves. */
  last: CharSet | 'bits' | null;
}

/**
 * Parses a class, the reading position being at its `[`, or before its first character where none is (a right side of
 * `&&`).
 */
export function parseClass(text: PatternText, flags: Flags, consume: boolean, depth: number): CharSet {
  if (depth > 200) throw text.error('character classes nested too deep');
  const got: Gathered = { pairs: [], through: [], bits: [], some: false, pendingBits: false, last: null };
  let negative = false;
  let ch = text.next();
  if (ch === CARET && text.raw(-1) === OPEN) {
    ch = text.next();
    negative = true;
  }
  for (;;) {
    if (ch === OPEN) {
      add(got, parseClass(text, flags, true, depth + 1));
      ch = text.peek();
      continue;
    }
    if (ch === AND) {
      ch = text.next();
      if (ch === AND) {
        ch = text.next();
        let right: CharSet | null = null;
        while (ch !== CLOSE && ch !== AND) {
          if (ch !== OPEN) text.at--;
          const part = parseClass(text, flags, ch === OPEN, depth + 1);
          right = right ? union(right, part) : part;
          ch = text.peek();
        }
        meet(got, right, text);
        continue;
      }
      text.at--;
    } else if (ch === 0 && text.atEnd) {
      throw text.error('unclosed character class');
    } else if (ch === CLOSE && (got.some || got.pendingBits)) {
      if (consume) text.next();
      if (got.pendingBits) takeBits(got);
      const value = union(charSet(got.pairs), intersect(charSet(got.bits), got.through));
      return negative ? negate(value) : value;
    }
    parseRange(text, flags, got);
    ch = text.peek();
  }
}

function add(got: Gathered, set: CharSet): void {
  for (const bound of set) got.pairs.push(bound);
  got.last = set;
  got.some = true;
}

function takeBits(got: Gathered): void {
  if (!got.some) got.last = 'bits';
  got.through = EVERYTHING;
  got.some = true;
  got.pendingBits = false;
}

function meet(got: Gathered, right: CharSet | null, text: PatternText): void {
  if (got.pendingBits) takeBits(got);
  if (right) got.last = right;
  if (!got.some) {
    if (!right) throw text.error('bad class syntax');
    add(got, right);
    return;
  }
  if (got.last === null) throw text.error('bad intersection syntax');
  const fixed = charSet(got.pairs);
  if (got.last === 'bits') {
    got.through = union(fixed, got.through);
    got.pairs = [];
  } else {
    got.pairs = [...intersect(fixed, got.last)];
    got.through = intersect(got.through, got.last);
  }
}

// Below U+0100, and yet equal to a character beyond where case is ignored.
const FOLDED_FROM_AFAR = [0xff, 0xb5, 0x49, 0x69, 0x53, 0x73, 0x4b, 0x6b, 0xc5, 0xe5];

function single(got: Gathered, c: number, flags: Flags): void {
  const set = character(c, flags);
  const own = flags.ignoreCase && flags.unicodeCase && FOLDED_FROM_AFAR.includes(c);
  if (c < 256 && !own) {
    got.bits.push(...set);
    got.pendingBits = true;
    got.last = null;
  } else {
    add(got, set);
  }
}

/** One character, range, predefined class or property inside of a class. */
function parseRange(text: PatternText, flags: Flags, got: Gathered): void {
  let low = text.peek();
  if (low === BACKSLASH) {
    const letter = text.raw(1);
    if (letter === 112 || letter === 80) {
      text.at++;
      return add(got, parseProperty(text, flags));
    }
    const beforeRange = text.raw(2) === 45;
    const value = classEscape(text, flags, beforeRange);
    if (typeof value !== 'number') return add(got, value);
    low = value;
  } else {
    text.next();
  }
  if (text.peek() !== 45 || text.raw(1) === CLOSE || text.raw(1) === OPEN) return single(got, low, flags);
  text.next();
  let high = text.peek();
  if (high === BACKSLASH) {
    const value = classEscape(text, flags, true);
    high = typeof value === 'number' ? value : -1;
  } else {
    text.next();
  }
  if (high < low) throw text.error('illegal character range');
  add(got, flags.ignoreCase ? rangeIgnoringCase(low, high, flags.unicodeCase) : [low, high]);
}

function classEscape(text: PatternText, flags: Flags, inRange: boolean): number | CharSet {
  const letter = text.skip();
  if (letter === 118 && inRange) return 11;
  const c = characterEscape(text, letter);
  if (c !== undefined) return c;
  const name = String.fromCharCode(letter);
  if (/[dDsSwWhHvV]/.test(name)) return predefinedClass(name, flags.unicodeClasses);
  throw text.error('illegal escape sequence in a character class');
}
