import { EVERYTHING, negate, type CharSet } from './char-set.js';
import { characterEscape } from './escapes.js';
import { noFlags, setFlag, type Flags } from './flags.js';
import { EMPTY, UNLIMITED, type Mode, type Node, type Parsed, type Place } from './nodes.js';
import { character, parseClass, parseProperty } from './parse-class.js';
import { isAlnum, isDigit, PatternText } from './pattern-text.js';
import { predefinedClass } from './properties.js';
import { measure } from './study.js';

const DEEPEST = 500;
const DOT: CharSet = negate([10, 10, 13, 13, 0x85, 0x85, 0x2028, 0x2029]);
const UNIX_DOT: CharSet = negate([10, 10]);

/**
 * Parses the syntax of java.util.regex.Pattern (Java 17); throws a SYNTAX or UNSUPPORTED error that shows the place.
 */
export function parseRegex(source: string): Parsed {
  const parser = new Parser(source);
  const root = parser.choice();
  parser.expectEnd();
  return { source, root, groups: parser.groups, names: parser.names, hasReference: parser.hasReference };
}

class Parser {
  groups = 0;
  readonly names = new Map<string, number>();
  hasReference = false;
  #text: PatternText;
  #flags: Flags = noFlags();
  #depth = 0;

  constructor(source: string) {
    this.#text = new PatternText(source);
  }

  expectEnd(): void {
    if (this.#text.at === this.#text.length) return;
    this.#text.at = Math.min(this.#text.at + 1, this.#text.length);
    const closing = this.#text.raw(-1) === 41;
    throw this.#text.error(closing ? 'unmatched closing parenthesis' : 'unescaped trailing backslash');
  }

  choice(): Node {
    const text = this.#text;
    const first = this.#sequence();
    if (text.peek() !== 124) return first;
    const nodes = [first];
    while (text.peek() === 124) {
      text.next();
      nodes.push(this.#sequence());
    }
    return { kind: 'choice', nodes };
  }

  #sequence(): Node {
    const text = this.#text;
    const nodes: Node[] = [];
    for (;;) {
      const ch = text.peek();
      if (ch === 124 || ch === 41 || (ch === 0 && text.atEnd)) break;
      if (ch === 40) {
        const group = this.#group();
        if (group) nodes.push(group);
      } else {
        nodes.push(this.#quantified(this.#atom(ch)));
      }
    }
    return nodes.length === 1 ? nodes[0]! : nodes.length === 0 ? EMPTY : { kind: 'sequence', nodes };
  }

  #atom(ch: number): Node {
    const text = this.#text;
    const flags = this.#flags;
    switch (ch) {
      case 91: // [
        return { kind: 'set', set: parseClass(text, flags, true, 0) };
      case 92: // backslash
        return this.#escape();
      case 94: // ^
        text.next();
        return place(!flags.multiline ? 'begin' : flags.unixLines ? 'unixLineBegin' : 'lineBegin');
      case 36: // $
        text.next();
        if (flags.unixLines) return place(flags.multiline ? 'unixLineEnd' : 'unixDollar');
        return place(flags.multiline ? 'lineEnd' : 'dollar');
      case 46: // .
        text.next();
        return { kind: 'set', set: flags.dotAll ? EVERYTHING : flags.unixLines ? UNIX_DOT : DOT };
      case 63: // ?
      case 42: // *
      case 43: // +
        text.next();
        throw text.error(`dangling meta character '${String.fromCharCode(ch)}'`);
      case 123: // { repeats nothing, if it is a quantifier at all
        return EMPTY;
      default:
        text.next();
        return { kind: 'set', set: character(ch, flags) };
    }
  }

  #escape(): Node {
    const text = this.#text;
    const flags = this.#flags;
    if (text.raw(1) === 112 || text.raw(1) === 80) {
      text.at++;
      return { kind: 'set', set: parseProperty(text, flags) };
    }
    const letter = text.skip();
    if (text.at > text.length) throw text.error('unescaped trailing backslash');
    const c = characterEscape(text, letter);
    if (c !== undefined) return { kind: 'set', set: character(c, flags) };
    const name = String.fromCharCode(letter);
    if (isDigit(letter)) return this.#reference(letter - 48);
    if (/[dDsSwWhHvV]/.test(name)) return { kind: 'set', set: predefinedClass(name, flags.unicodeClasses) };
    switch (name) {
      case 'A':
        return place('begin');
      case 'z':
        return place('end');
      case 'Z':
        return place(flags.unixLines ? 'unixDollar' : 'dollar');
      case 'G':
        return place('lastMatch');
      case 'R':
        return { kind: 'lineBreak' };
      case 'B':
        return place(flags.unicodeClasses ? 'unicodeNoBoundary' : 'noBoundary');
      case 'b':
        if (text.peek() === 123 && text.raw(1) === 103) throw text.error('\\b{g} is not supported', 'UNSUPPORTED');
        return place(flags.unicodeClasses ? 'unicodeBoundary' : 'boundary');
      case 'X':
        throw text.error('grapheme clusters (\\X) are not supported', 'UNSUPPORTED');
      case 'k': {
        if (text.read() !== 60) throw text.error("\\k is not followed by '<' for a named group");
        const group = this.#groupName();
        const number = this.names.get(group);
        if (number === undefined) throw text.error(`named group <${group}> does not exist`);
        return this.#referenceTo(number);
      }
      default:
        throw text.error(`illegal escape sequence \\${name}`);
    }
  }

  #reference(first: number): Node {
    const text = this.#text;
    let number = first;
    while (isDigit(text.peek())) {
      const longer = number * 10 + text.peek() - 48;
      if (longer > this.groups) break; // digits belong to it as long as there is such a group
      number = longer;
      text.read();
    }
    return this.#referenceTo(number);
  }

  #referenceTo(group: number): Node {
    this.hasReference = true;
    const { ignoreCase, unicodeCase } = this.#flags;
    return { kind: 'reference', group, fold: !ignoreCase ? 'none' : unicodeCase ? 'unicode' : 'ascii' };
  }

  #groupName(): string {
    const text = this.#text;
    let c = text.read();
    if (!isAlnum(c) || isDigit(c)) throw text.error('the name of a group does not start with a Latin letter');
    let name = '';
    do {
      name += String.fromCharCode(c);
      c = text.read();
    } while (isAlnum(c));
    if (c !== 62) throw text.error("the name of a group lacks its '>'");
    return name;
  }

  /** A parenthesis and its quantifier; null: flags only. */
  #group(): Node | null {
    const text = this.#text;
    if (++this.#depth > DEEPEST) throw text.error(`groups nested deeper than ${DEEPEST}`);
    const saved = this.#flags;
    this.#flags = { ...saved };
    let node: Node;
    if (text.next() !== 63) {
      const index = ++this.groups;
      node = { kind: 'group', index, body: this.choice() };
    } else {
      const kind = text.skip();
      switch (kind) {
        case 58: // (?:
          node = { kind: 'group', index: 0, body: this.choice() };
          break;
        case 61: // (?=
        case 33: // (?!
          node = { kind: 'ahead', negative: kind === 33, body: this.choice() };
          break;
        case 62: // (?>
          node = { kind: 'atomic', body: this.choice() };
          break;
        case 60: // (?<
          node = this.#angle();
          break;
        default: {
          text.at--;
          if (kind === 36 || kind === 64) throw text.error('unknown group type');
          if (this.#readFlags()) {
            this.#depth--;
            return null; // they hold to the end of the group around: nothing to restore
          }
          node = { kind: 'group', index: 0, body: this.choice() };
        }
      }
    }
    if (text.read() !== 41) throw text.error('unclosed group');
    this.#flags = saved;
    this.#depth--;
    this.#applyFlags();
    return this.#quantified(node);
  }

  #angle(): Node {
    const text = this.#text;
    const ch = text.peek();
    if (ch === 61 || ch === 33) {
      text.read();
      const body = this.choice();
      const { min, max, bounded } = measure(body);
      if (!bounded) throw text.error('look-behind group does not have an obvious maximum length');
      return { kind: 'behind', negative: ch === 33, body, min, max };
    }
    const name = this.#groupName();
    if (this.names.has(name)) throw text.error(`named group <${name}> is already defined`);
    const index = ++this.groups;
    this.names.set(name, index);
    return { kind: 'group', index, body: this.choice() };
  }

  /** Flags after `(?`; true: the parenthesis holds nothing else. */
  #readFlags(): boolean {
    const text = this.#text;
    let on = true;
    for (let ch = text.peek(); ; ch = text.next()) {
      const letter = String.fromCodePoint(ch);
      if (letter === 'c') throw text.error('canonical equivalence (?c) is not supported', 'UNSUPPORTED');
      if (letter === '-' && on) on = false;
      else if (!setFlag(this.#flags, letter, on)) break;
      this.#applyFlags();
    }
    const ch = text.read();
    if (ch !== 41 && ch !== 58) throw text.error('unknown inline modifier');
    return ch === 41;
  }

  #applyFlags(): void {
    this.#text.comments = this.#flags.comments;
    this.#text.unixLines = this.#flags.unixLines;
  }

  #quantified(body: Node): Node {
    const text = this.#text;
    switch (text.peek()) {
      case 63:
        return { kind: 'repeat', body, min: 0, max: 1, mode: this.#mode() };
      case 42:
        return { kind: 'repeat', body, min: 0, max: UNLIMITED, mode: this.#mode() };
      case 43:
        return { kind: 'repeat', body, min: 1, max: UNLIMITED, mode: this.#mode() };
      case 123:
        return this.#counted(body);
      default:
        return body;
    }
  }

  #mode(): Mode {
    const text = this.#text;
    const ch = text.next();
    if (ch !== 63 && ch !== 43) return 'greedy';
    text.next();
    return ch === 63 ? 'lazy' : 'possessive';
  }

  #counted(body: Node): Node {
    const text = this.#text;
    let ch = text.skip();
    if (!isDigit(ch)) throw text.error('illegal repetition');
    const number = () => {
      let n = 0;
      for (; isDigit(ch); ch = text.read()) {
        n = n * 10 + ch - 48;
        if (n > UNLIMITED) throw text.error('illegal repetition range');
      }
      return n;
    };
    const min = number();
    let max = min;
    if (ch === 44) {
      ch = text.read();
      max = ch === 125 ? UNLIMITED : number();
    }
    if (ch !== 125) throw text.error('unclosed counted closure');
    if (max < min) throw text.error('illegal repetition range');
    text.at--;
    return { kind: 'repeat', body, min, max, mode: this.#mode() };
  }
}

function place(name: Place): Node {
  return { kind: 'place', place: name };
}
