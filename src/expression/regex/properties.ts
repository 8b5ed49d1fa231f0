import { blockOf } from './blocks.js';
import { charSet, EVERYTHING, intersect, negate, union, type CharSet } from './char-set.js';

// Characters beyond these ranges are unassigned or for private use, uniformly.
const ASSIGNED = [[0, 0xd7ff], [0xe000, 0x3ffff], [0xe0000, 0xe0fff]] as const;
let texts: string[] | undefined;

/** The characters from one to another, none of them a surrogate, as a text. */
function textOf(first: number, last: number): string {
  const units = new Uint16Array(2 * (last - first + 1));
  let n = 0;
  for (let c = first; c <= last; c++) {
    if (c > 0xffff) units[n++] = 0xd7c0 + (c >> 10);
    units[n++] = c > 0xffff ? 0xdc00 | (c & 0x3ff) : c;
  }
  return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(units.subarray(0, n));
}

/** The first and last characters of the runs in a text of consecutive characters that are in a class. */
function runsOf(text: string, source: string): number[] {
  const pairs: number[] = [];
  for (const { 0: run, index } of text.matchAll(new RegExp(`${source}+`, 'gu'))) {
    const end = index + run.length;
    const last = text.codePointAt(end - 2)! > 0xffff ? text.codePointAt(end - 2)! : text.charCodeAt(end - 1);
    pairs.push(text.codePointAt(index)!, last);
  }
  return pairs;
}

/** The code points from one to another that a class of ECMAScript's regular expressions holds. */
export function charactersWithin(source: string, low: number, high: number): CharSet {
  const pairs: number[] = [];
  for (const [first, last] of ASSIGNED) {
    const [from, to] = [Math.max(low, first), Math.min(high, last)];
    if (from <= to) pairs.push(...runsOf(textOf(from, to), source));
  }
  return charSet(pairs);
}

const known = new Map<string, CharSet | undefined>();

/**
 * The code points with a property of ECMAScript's regular expressions, `gc=Lu` or `Alphabetic`; undefined: no such
 * property.
 */
export function unicodeProperty(property: string): CharSet | undefined {
  if (known.has(property)) return known.get(property);
  let set: CharSet | undefined;
  if (/^[A-Za-z0-9_]+(?:=[A-Za-z0-9_]+)?$/.test(property)) {
    try {
      const pairs: number[] = [];
      texts ??= ASSIGNED.map(([first, last]) => textOf(first, last));
      for (const text of texts) pairs.push(...runsOf(text, `\\p{${property}}`));
      const one = new RegExp(`\\p{${property}}`, 'u');
      if (one.test('\u{40000}')) pairs.push(0x40000, 0xdffff, 0xe1000, 0xeffff);
      if (one.test('\u{f0000}')) pairs.push(0xf0000, 0xffffd, 0x100000, 0x10fffd);
      if (one.test('\u{fffff}')) pairs.push(0xffffe, 0xfffff, 0x10fffe, 0x10ffff);
      set = charSet(pairs);
    } catch {
      set = undefined; // the engine does not know the name
    }
  }
  known.set(property, set);
  return set;
}

function category(...names: string[]): CharSet {
  return names.map((name) => unicodeProperty(`gc=${name}`)!).reduce(union);
}

/** Letters and decimal digits of all scripts. */
export const lettersAndDigits = (): CharSet => category('L', 'Nd');
/** Marks that take no room of their own. */
export const nonSpacingMarks = (): CharSet => category('Mn');

const CASED = ['Lu', 'Ll', 'Lt'];
const POSIX: { readonly [name: string]: CharSet } = {
  ASCII: [0, 127],
  Alnum: [48, 57, 65, 90, 97, 122],
  Alpha: [65, 90, 97, 122],
  Blank: [9, 9, 32, 32],
  Cntrl: [0, 31, 127, 127],
  Digit: [48, 57],
  Graph: [33, 126],
  Lower: [97, 122],
  Print: [32, 126],
  Punct: [33, 47, 58, 64, 91, 96, 123, 126],
  Space: [9, 13, 32, 32],
  Upper: [65, 90],
  XDigit: [48, 57, 65, 70, 97, 102],
};

const ignorable = (): CharSet => union([0, 8, 14, 27, 127, 159], category('Cf'));
const javaCased = (): CharSet =>
  union(union(unicodeProperty('Lowercase')!, unicodeProperty('Uppercase')!), category('Lt'));

const JAVA: { readonly [name: string]: () => CharSet } = {
  javaLowerCase: () => unicodeProperty('Lowercase')!,
  javaUpperCase: () => unicodeProperty('Uppercase')!,
  javaTitleCase: () => category('Lt'),
  javaAlphabetic: () => unicodeProperty('Alphabetic')!,
  javaIdeographic: () => unicodeProperty('Ideographic')!,
  javaDigit: () => category('Nd'),
  javaDefined: () => negate(category('Cn')),
  javaLetter: () => category('L'),
  javaLetterOrDigit: lettersAndDigits,
  javaJavaIdentifierStart: () => category('L', 'Nl', 'Sc', 'Pc'),
  javaJavaIdentifierPart: () => union(category('L', 'Nl', 'Sc', 'Pc', 'Nd', 'Mn', 'Mc'), ignorable()),
  javaUnicodeIdentifierStart: () => unicodeProperty('ID_Start')!,
  javaUnicodeIdentifierPart: () => union(unicodeProperty('ID_Continue')!, ignorable()),
  javaIdentifierIgnorable: ignorable,
  javaSpaceChar: () => category('Z'),
  javaWhitespace: () =>
    union([9, 13, 28, 31], intersect(category('Z'), negate([0xa0, 0xa0, 0x2007, 0x2007, 0x202f, 0x202f]))),
  javaISOControl: () => [0, 31, 127, 159],
  javaMirrored: () => unicodeProperty('Bidi_Mirrored')!,
};

/** `\p{name}` of a general category, an ASCII class or a `java…` method. */
export function generalProperty(name: string, ignoreCase: boolean): CharSet | undefined {
  if (name === 'all') return EVERYTHING;
  if (name === 'L1') return [0, 255];
  if (name === 'LD') return lettersAndDigits();
  if (name === 'LC' || (ignoreCase && CASED.includes(name))) return category(...CASED);
  if (ignoreCase && (name === 'Lower' || name === 'Upper')) return POSIX['Alpha'];
  if (Object.hasOwn(POSIX, name)) return POSIX[name];
  if (ignoreCase && /^java(?:Lower|Upper|Title)Case$/.test(name)) return javaCased();
  if (Object.hasOwn(JAVA, name)) return JAVA[name]!();
  return /^(?:[CLMNPSZ]|[A-Z][a-z])$/.test(name) ? unicodeProperty(`gc=${name}`) : undefined;
}

const HEX_DIGITS = [48, 57, 65, 70, 97, 102, 0xff10, 0xff19, 0xff21, 0xff26, 0xff41, 0xff46];
const graph = (): CharSet => negate(category('Zs', 'Zl', 'Zp', 'Cc', 'Cs', 'Cn'));
const blank = (): CharSet => union([9, 9], category('Zs'));
const cased = (name: string) => (ignoreCase: boolean): CharSet => (ignoreCase ? javaCased() : JAVA[name]!());

const POSIX_UNICODE: { readonly [name: string]: (ignoreCase: boolean) => CharSet } = {
  ALPHA: () => unicodeProperty('Alphabetic')!,
  LOWER: cased('javaLowerCase'),
  UPPER: cased('javaUpperCase'),
  SPACE: () => union([9, 13, 0x85, 0x85], category('Z')),
  PUNCT: () => category('P'),
  XDIGIT: () => union(category('Nd'), charSet(HEX_DIGITS)),
  ALNUM: () => union(unicodeProperty('Alphabetic')!, category('Nd')),
  CNTRL: () => category('Cc'),
  DIGIT: () => category('Nd'),
  BLANK: blank,
  GRAPH: graph,
  PRINT: () => intersect(union(graph(), blank()), negate(category('Cc'))),
};

const BINARY: { readonly [name: string]: (ignoreCase: boolean) => CharSet } = {
  ALPHABETIC: POSIX_UNICODE['ALPHA']!,
  ASSIGNED: () => negate(category('Cn')),
  CONTROL: () => category('Cc'),
  HEXDIGIT: POSIX_UNICODE['XDIGIT']!,
  HEX_DIGIT: POSIX_UNICODE['XDIGIT']!,
  IDEOGRAPHIC: () => unicodeProperty('Ideographic')!,
  JOINCONTROL: () => [0x200c, 0x200d],
  JOIN_CONTROL: () => [0x200c, 0x200d],
  LETTER: () => category('L'),
  LOWERCASE: cased('javaLowerCase'),
  UPPERCASE: cased('javaUpperCase'),
  TITLECASE: cased('javaTitleCase'),
  NONCHARACTERCODEPOINT: () => unicodeProperty('Noncharacter_Code_Point')!,
  NONCHARACTER_CODE_POINT: () => unicodeProperty('Noncharacter_Code_Point')!,
  PUNCTUATION: () => category('P'),
  WHITESPACE: POSIX_UNICODE['SPACE']!,
  WHITE_SPACE: POSIX_UNICODE['SPACE']!,
  WORD: () =>
    union(union(unicodeProperty('Alphabetic')!, category('Mn', 'Me', 'Mc', 'Nd', 'Pc')), [0x200c, 0x200d]),
};

/** An ASCII class where classes are Unicode's: `(?U)\p{Alpha}`, in any case of letters. */
export function posixUnicode(name: string, ignoreCase: boolean): CharSet | undefined {
  const upper = name.toUpperCase();
  return Object.hasOwn(POSIX_UNICODE, upper) ? POSIX_UNICODE[upper]!(ignoreCase) : undefined;
}

function script(name: string): CharSet | undefined {
  const words = name.toLowerCase().split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const proper = /^signwriting$/i.test(name) ? 'SignWriting' : words.join('_');
  return unicodeProperty(`Script=${proper}`);
}

/** The code points of `\p{…}`; undefined: Java knows no such property. */
export function javaProperty(text: string, ignoreCase: boolean, unicodeClasses: boolean): CharSet | undefined {
  const equals = text.indexOf('=');
  if (equals >= 0) {
    const value = text.slice(equals + 1);
    switch (text.slice(0, equals).toLowerCase()) {
      case 'sc':
      case 'script':
        return script(value);
      case 'blk':
      case 'block':
        return blockOf(value);
      case 'gc':
      case 'general_category':
        return generalProperty(value, ignoreCase);
      default:
        return undefined;
    }
  }
  if (text.startsWith('In')) return blockOf(text.slice(2));
  if (text.startsWith('Is')) {
    const name = text.slice(2);
    const upper = name.toUpperCase();
    if (Object.hasOwn(BINARY, upper)) return BINARY[upper]!(ignoreCase);
    return posixUnicode(name, ignoreCase) ?? generalProperty(name, ignoreCase) ?? script(name);
  }
  return (unicodeClasses ? posixUnicode(text, ignoreCase) : undefined) ?? generalProperty(text, ignoreCase);
}

const DIGITS: CharSet = [48, 57];
const SPACES: CharSet = [9, 13, 32, 32];
const WORDS: CharSet = [48, 57, 65, 90, 95, 95, 97, 122];
const HORIZONTAL: CharSet = [
  9, 9, 32, 32, 0xa0, 0xa0, 0x1680, 0x1680, 0x180e, 0x180e, 0x2000, 0x200a, 0x202f, 0x202f, 0x205f, 0x205f,
  0x3000, 0x3000,
];
const VERTICAL: CharSet = [10, 13, 0x85, 0x85, 0x2028, 0x2029];

/** The class of a letter after a backslash, one of `dDsSwWhHvV`. */
export function predefinedClass(letter: string, unicodeClasses: boolean): CharSet {
  const lower = letter.toLowerCase();
  const set =
    lower === 'd' ? (unicodeClasses ? category('Nd') : DIGITS)
    : lower === 's' ? (unicodeClasses ? BINARY['WHITE_SPACE']!(false) : SPACES)
    : lower === 'w' ? (unicodeClasses ? BINARY['WORD']!(false) : WORDS)
    : lower === 'h' ? HORIZONTAL
    : VERTICAL;
  return letter === lower ? set : negate(set);
}

/** What `\b` counts as a word, before marks are looked at. */
export function wordCharacters(unicodeClasses: boolean): CharSet {
  return unicodeClasses ? BINARY['WORD']!(false) : union(lettersAndDigits(), [95, 95]);
}
