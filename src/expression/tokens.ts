import { AssayError } from '../base/errors.js';

/** A piece of expression text: a word keeps its spelling, a quoted word and a string are unescaped. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'number' | 'string' | 'punctuation' | 'end';
  readonly text: string;
  /** The word in lower case; of a number its suffix in upper case; otherwise the text. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

const SPACE = /[\s\u00a0]+/y;
const WORD = /[A-Za-z0-9_]+/y;
const NUMBER = /(?:(\d+\.\d*|\.\d+)|\d+)(?:[eE][+-]?\d+)?(BD|[LSYDF])?/iy;
const PUNCTUATION = /<=>|<=|>=|<>|!=|!<|!>|==|\|\||->|[-+*/%&|^~!=<>()[\].,;:]/y;
const SPELLINGS: Readonly<Record<string, string>> = { '==': '=', '!=': '<>', '!>': '<=', '!<': '>=' };

/** The tokens of a text, comments and white space left out, `end` last. Throws SYNTAX at what is no token. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const push = (kind: Token['kind'], value: string, end: number, key = value) => {
    tokens.push({ kind, text: value, key, start: at, end });
    at = end;
  };
  while (at < text.length) {
    const c = text[at]!;
    const space = match(SPACE);
    if (space !== null) at += space[0].length;
    else if (c === '-' && text[at + 1] === '-') at = endOfLine(text, at);
    else if (c === '/' && text[at + 1] === '*') at = endOfComment(text, at);
    else if (c === '`') {
      const end = endOfQuoted(text, at);
      push('quoted', text.slice(at + 1, end - 1).replaceAll('``', '`'), end);
    } else if (c === "'" || c === '"') {
      const end = endOfString(text, at, at);
      push('string', unescape(text.slice(at + 1, end - 1)), end);
    } else if ((c === 'r' || c === 'R') && (text[at + 1] === "'" || text[at + 1] === '"')) {
      const close = text.indexOf(text[at + 1]!, at + 2);
      if (close < 0) throw syntaxError(text, at, text.length, 'the string is not closed');
      push('string', text.slice(at + 2, close), close + 1);
    } else {
      const number = match(NUMBER);
      const word = match(WORD);
      if (number !== null && isNumber(text, at, number, word)) {
        const suffix = number[2] ?? '';
        const end = at + number[0].length;
        push('number', text.slice(at, end - suffix.length), end, suffix.toUpperCase());
      } else if (word !== null) push('word', word[0], at + word[0].length, word[0].toLowerCase());
      else {
        const mark = match(PUNCTUATION);
        if (mark === null) throw strange(text, at);
        push('punctuation', SPELLINGS[mark[0]] ?? mark[0], at + mark[0].length);
      }
    }
  }
  push('end', 'the end of the text', text.length);
  return tokens;
}

/** Whether a match is a number: `1st` is a word, and `1.5x` is no decimal. */
function isNumber(text: string, at: number, number: RegExpExecArray, word: RegExpExecArray | null): boolean {
  if (word !== null && word[0].length > number[0].length) return false;
  return number[1] === undefined || !/[A-Za-z0-9_]/.test(text[at + number[0].length] ?? '');
}

function endOfLine(text: string, at: number): number {
  const end = text.slice(at).search(/[\r\n]/);
  return end < 0 ? text.length : at + end;
}

/** Comments may hold comments. */
function endOfComment(text: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let m = marks.exec(text); m !== null; m = marks.exec(text)) {
    depth += m[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  throw syntaxError(text, start, text.length, 'the comment is not closed');
}

function endOfQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; ++at) {
    if (text[at] !== '`') continue;
    if (text[at + 1] !== '`') {
      if (at === start + 1) throw syntaxError(text, start, at + 1, 'the name in backticks is empty');
      return at + 1;
    }
    ++at;
  }
  throw syntaxError(text, start, text.length, 'the backtick is not closed');
}

function endOfString(text: string, start: number, quote: number): number {
  for (let at = quote + 1; at < text.length; ++at) {
    if (text[at] === '\\') ++at;
    else if (text[at] === text[quote]) return at + 1;
  }
  throw syntaxError(text, start, text.length, 'the string is not closed');
}

const ESCAPES: Readonly<Record<string, string>> = {
  0: '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\x1a', '%': '\\%', _: '\\_', // LIKE resolves the last two itself
};

/** Resolves the escapes of a Spark string: \n, \', \u0041, \101 and so on; any other escaped character is itself. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([01][0-7]{2})|([^]))/g, (_, u, U, octal, c) => {
    if (u !== undefined) return String.fromCharCode(parseInt(u as string, 16));
    if (octal !== undefined) return String.fromCharCode(parseInt(octal as string, 8));
    if (U === undefined) return ESCAPES[c as string] ?? (c as string);
    const point = parseInt(U as string, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  });
}

function strange(text: string, at: number): AssayError {
  const letter = String.fromCodePoint(text.codePointAt(at)!);
  const hint = /\p{L}/u.test(letter) ? '; a name with such letters must stand in backticks' : '';
  return syntaxError(text, at, at + letter.length, `unexpected character '${letter}'${hint}`);
}

/** An error that shows its place: line, column and the line with carets below. */
export function syntaxError(text: string, start: number, end: number, problem: string): AssayError {
  return new AssayError('SYNTAX', located(text, start, end, problem));
}

/** A message with its place in a text. */
export function located(text: string, start: number, end: number, problem: string): string {
  const before = text.slice(0, start).split(/\r\n|[\r\n]/);
  const column = before.at(-1)!.length;
  const rest = text.slice(start).split(/[\r\n]/, 1)[0]!;
  // A long line is cut to what surrounds the place.
  const from = Math.max(0, column - 60);
  const line = (before.at(-1)! + rest).slice(from, from + 120);
  const carets = '^'.repeat(Math.max(1, Math.min(end - start, line.length - (column - from))));
  const indent = line.slice(0, column - from).replace(/[^\t]/g, ' ');
  return `${shortened(problem)} (line ${before.length}, column ${column + 1})\n  ${line}\n  ${indent}${carets}`;
}

/** A message without the middle of what is too long to read, as a name of a megabyte is. */
function shortened(problem: string): string {
  return problem.length <= 600 ? problem : `${problem.slice(0, 200)}…${problem.slice(-300)}`;
}
