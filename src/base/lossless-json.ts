import { AssayError } from './errors.js';
import { javaDouble } from './number-text.js';

/**
 * A value of a JSON text in which nothing is lost: objects keep every key in order, integers beyond 2^53 are bigints.
 * When written, numbers are doubles as Java prints them and bigints are integers.
 */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

const DEEPEST = 200;
const NUMBER = /-?(?:(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)|NaN/y;
const BLANKS = /(?:[\s\ufeff]+|\/\/[^\n]*|#[^\n]*|\/\*[^]*?\*\/)*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', "'": "'",
};

/**
 * Reads JSON, and what Gson reads beside it: comments, `NaN`, `Infinity`, `-Infinity`.
 *
 * @param what names the text in errors, e.g. its path
 * @throws SYNTAX with the offset of what is wrong
 */
export function parseJson(text: string, what = 'JSON'): Json {
  let at = 0;
  const wrong = (message: string) => {
    const line = text.slice(0, at).split('\n').length;
    return new AssayError('SYNTAX', `${what}: ${message} at offset ${at} (line ${line})`);
  };
  const skip = () => {
    BLANKS.lastIndex = at;
    BLANKS.test(text);
    at = BLANKS.lastIndex;
  };
  const expect = (sign: string) => {
    if (text[at] !== sign) throw wrong(at < text.length ? `'${sign}' expected, not '${text[at]!}'` : `the text ends where '${sign}' is expected`);
    ++at;
  };
  const word = <T>(token: string, value: T): T => {
    if (!text.startsWith(token, at)) throw wrong(at < text.length ? `unexpected '${text[at]!}'` : 'the text ends too early');
    at += token.length;
    return value;
  };
  const string = (): string => {
    expect('"');
    let out = '';
    for (;;) {
      const start = at;
      let code = text.charCodeAt(at);
      while (code !== 34 && code !== 92 && at < text.length) code = text.charCodeAt(++at);
      if (at >= text.length) throw wrong('the text ends inside of a string');
      out += text.slice(start, at);
      if (text[at++] === '"') return out;
      const escape = text[at++] ?? '';
      if (escape === 'u') {
        const hex = text.slice(at, at + 4);
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw wrong(`'\\u${hex}' is no character`);
        out += String.fromCharCode(parseInt(hex, 16));
        at += 4;
      } else {
        const plain = ESCAPES[escape];
        if (plain === undefined) throw wrong(`unknown escape '\\${escape}'`);
        out += plain;
      }
    }
  };
  const number = (): number | bigint => {
    NUMBER.lastIndex = at;
    const token = NUMBER.exec(text)?.[0];
    if (token === undefined) return word('a value', 0);
    at += token.length;
    const value = Number(token);
    return !Number.isSafeInteger(value) && /^-?\d+$/.test(token) ? BigInt(token) : value;
  };
  const value = (depth: number): Json => {
    if (depth > DEEPEST) throw wrong(`more than ${DEEPEST} levels`);
    skip();
    switch (text[at]) {
      case '{': return object(depth);
      case '[': return array(depth);
      case '"': return string();
      case 't': return word('true', true);
      case 'f': return word('false', false);
      case 'n': return word('null', null);
      default: return number();
    }
  };
  const object = (depth: number): JsonObject => {
    ++at;
    const map = new Map<string, Json>();
    for (skip(); text[at] !== '}'; skip()) {
      if (map.size > 0) {
        expect(',');
        skip();
      }
      const key = string();
      skip();
      expect(':');
      map.set(key, value(depth + 1));
    }
    ++at;
    return map;
  };
  const array = (depth: number): Json[] => {
    ++at;
    const items: Json[] = [];
    for (skip(); text[at] !== ']'; skip()) {
      if (items.length > 0) expect(',');
      items.push(value(depth + 1));
    }
    ++at;
    return items;
  };
  const all = value(0);
  skip();
  if (at < text.length) throw wrong(`'${text[at]!}' behind the end`);
  return all;
}

/**
 * JSON as Gson writes it: doubles as Java prints them, special ones bare; `< > & = '` and what is no character escaped.
 *
 * @param indent blanks per level; 0: one line
 */
export function writeJson(value: Json, indent = 0): string {
  const out: string[] = [];
  write(value, out, indent > 0 ? '\n' : '', ' '.repeat(indent), indent > 0 ? ': ' : ':');
  return out.join('');
}

function write(value: Json, out: string[], line: string, step: string, colon: string): void {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') out.push(String(value));
  else if (typeof value === 'number') out.push(javaDouble(value));
  else if (typeof value === 'string') out.push(quoted(value));
  else {
    const isObject = value instanceof Map;
    const items = isObject ? [...(value as JsonObject)] : (value as readonly Json[]);
    const inner = line + step;
    out.push(isObject ? '{' : '[');
    items.forEach((item, i) => {
      out.push(i > 0 ? ',' : '', inner);
      if (isObject) out.push(quoted((item as [string, Json])[0]), colon);
      write(isObject ? (item as [string, Json])[1] : (item as Json), out, inner, step, colon);
    });
    if (items.length > 0) out.push(line);
    out.push(isObject ? '}' : ']');
  }
}

const UNSAFE = /["\\<>&='\u0000-\u001f\u2028\u2029]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t',
};

function quoted(text: string): string {
  const safe = text.replace(UNSAFE, (c) => SHORT[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${safe}"`;
}
