import { AssayError } from '../base/errors.js';
import type { Ast, Bare, Span } from './ast.js';
import { node } from './ast.js';
import { syntaxError, tokenize, type Token } from './tokens.js';

/** How deep expressions may nest: what recurses over them then never exhausts the stack. */
const MAX_DEPTH = 250;

/** The tokens of a text while they are read, and what every part of the parser needs. */
export interface Cursor {
  readonly text: string;
  /** The token `ahead` of the next one; the last one is repeated for ever. */
  peek(ahead?: number): Token;
  next(): Token;
  /** Whether the next token is this unquoted word or this mark. */
  at(key: string, ahead?: number): boolean;
  /** Takes the next token if it is this word or mark. */
  take(key: string): boolean;
  /** Takes this word or mark, or throws. */
  expect(key: string, meaning?: string): Token;
  /** The words or marks in a row, all or none. */
  takeAll(...keys: string[]): boolean;
  /** A node from `start` to the last token that was taken. */
  make<N extends Ast>(start: number, bare: Bare<N>): N;
  /** SYNTAX at the next token. */
  unexpected(wanted: string): AssayError;
  /** SYNTAX at a place. */
  error(span: Span, problem: string): AssayError;
  /** Reads one whole expression. */
  expression(): Ast;
  /** Reads a value: an expression without AND, OR, NOT and predicates. */
  value(): Ast;
  /** Reads something that nests. */
  nested<T>(read: () => T): T;
}

/** A cursor at the start of a text, with the parsers of expressions and of values. */
export function openCursor(
  text: string,
  readExpression: (cursor: Cursor) => Ast,
  readValue: (cursor: Cursor) => Ast,
): Cursor {
  const tokens = tokenize(text);
  let position = 0;
  let depth = 0;
  const peek = (ahead = 0): Token => tokens[Math.min(position + ahead, tokens.length - 1)]!;
  const error = (span: Span, problem: string) => syntaxError(text, span[0], span[1], problem);
  const unexpected = (wanted: string) => {
    const { kind, start, end } = peek();
    const found = kind === 'end' ? 'the end of the text' : `'${text.slice(start, end)}'`;
    return error([start, end], `expected ${wanted}, found ${found}`);
  };
  const at = (key: string, ahead = 0) => {
    const token = peek(ahead);
    return (token.kind === 'word' || token.kind === 'punctuation') && token.key === key;
  };
  const next = () => {
    const token = peek();
    if (position < tokens.length - 1) ++position;
    return token;
  };
  const take = (key: string) => {
    const found = at(key);
    if (found) next();
    return found;
  };
  const cursor: Cursor = {
    text,
    peek,
    next,
    at,
    take,
    expect(key, meaning = `'${key.toUpperCase()}'`) {
      if (!at(key)) throw unexpected(meaning);
      return next();
    },
    takeAll(...keys) {
      const found = keys.every((key, i) => at(key, i));
      if (found) position += keys.length;
      return found;
    },
    make: (start, bare) => node(bare, [start, position === 0 ? start : tokens[position - 1]!.end]),
    unexpected,
    error,
    expression: () => cursor.nested(() => readExpression(cursor)),
    value: () => cursor.nested(() => readValue(cursor)),
    nested(read) {
      if (++depth > MAX_DEPTH) {
        const shown = `${text.slice(0, 60)}…`;
        throw new AssayError('UNSUPPORTED', `expressions nest at most ${MAX_DEPTH} levels deep: ${shown}`);
      }
      const result = read();
      --depth;
      return result;
    },
  };
  return cursor;
}
