import { AssayError } from '../base/errors.js';
import {
  childrenOf,
  type Ast, type BetweenAst, type BinaryAst, type BinaryOp, type InAst, type IsAst, type LikeAst, type LogicAst,
  type UnaryAst,
} from './ast.js';
import { openCursor, type Cursor } from './cursor.js';
import { readPostfix, refuseQuery } from './primary.js';

/** How tightly the operators between values bind; each is left-associative. */
const POWERS: Readonly<Record<string, number>> = {
  '=': 1, '<>': 1, '<=>': 1, '<': 1, '<=': 1, '>': 1, '>=': 1,
  '|': 2, '^': 3, '&': 4, '+': 5, '-': 5, '||': 5, '*': 6, '/': 6, '%': 6, div: 6,
};

/** How deep a tree may be, operators in a row counted: what recurses over it then never exhausts the stack. */
export const MAX_LEVELS = 500;

/** The syntax tree of an expression of Spark SQL; throws SYNTAX with the place, UNSUPPORTED for subqueries. */
export function parseExpression(text: string): Ast {
  const cursor = cursorOver(text);
  if (cursor.peek().kind === 'end') throw cursor.unexpected('an expression');
  const ast = readShallow(cursor);
  if (cursor.peek().kind !== 'end') throw cursor.unexpected('an operator or the end of the text');
  return ast;
}

/** Reads a whole expression; throws UNSUPPORTED if its tree is too deep. */
export function readShallow(cursor: Cursor): Ast {
  const ast = cursor.expression();
  for (let level: readonly Ast[] = [ast], depth = 0; level.length > 0; level = level.flatMap(childrenOf)) {
    if (++depth > MAX_LEVELS) {
      throw new AssayError('UNSUPPORTED', `the expression has more than ${MAX_LEVELS} levels of operators`);
    }
  }
  return ast;
}

/** A cursor that reads expressions of a text. */
export function cursorOver(text: string): Cursor {
  return openCursor(text, readExpression, (cursor) => readValue(cursor, 0));
}

/** An expression of lowest precedence: OR, AND, NOT, then predicates over values. */
function readExpression(cursor: Cursor): Ast {
  return readLogic(cursor, 'or', () => readLogic(cursor, 'and', () => readNot(cursor)));
}

function readLogic(cursor: Cursor, op: 'and' | 'or', readOperand: () => Ast): Ast {
  const start = cursor.peek().start;
  const operands = [readOperand()];
  while (cursor.take(op)) operands.push(readOperand());
  return operands.length === 1 ? operands[0]! : cursor.make<LogicAst>(start, { kind: 'logic', op, operands });
}

function readNot(cursor: Cursor): Ast {
  const { start } = cursor.peek();
  if (cursor.at('exists') && cursor.at('(', 1)) refuseQuery(cursor, 2);
  if (!cursor.at('!') && !(cursor.at('not') && cursor.peek(1).kind !== 'end')) return readPredicate(cursor);
  cursor.next();
  const operand = cursor.nested(() => readNot(cursor));
  return cursor.make<UnaryAst>(start, { kind: 'unary', op: 'not', operand });
}

/** A value and at most one of BETWEEN, IN, LIKE, IS: as in Spark's grammar a second one needs parentheses. */
function readPredicate(cursor: Cursor): Ast {
  const { start } = cursor.peek();
  const operand = readValue(cursor, 0);
  if (cursor.take('is')) return readIs(cursor, start, operand);
  const not = cursor.at('not') && ['between', 'in', 'like', 'ilike', 'rlike', 'regexp'].includes(cursor.peek(1).key);
  if (not) cursor.next();
  if (cursor.take('between')) {
    const low = readValue(cursor, 0);
    cursor.expect('and');
    const high = readValue(cursor, 0);
    return cursor.make<BetweenAst>(start, { kind: 'between', not, operand, low, high });
  }
  if (cursor.take('in')) {
    cursor.expect('(');
    refuseQuery(cursor);
    const items = readList(cursor);
    return cursor.make<InAst>(start, { kind: 'in', not, operand, items });
  }
  for (const op of ['like', 'ilike'] as const) if (cursor.take(op)) return readLike(cursor, start, operand, op, not);
  if (cursor.take('rlike') || cursor.take('regexp')) {
    const pattern = readValue(cursor, 0);
    return cursor.make<LikeAst>(start, { kind: 'like', op: 'rlike', not, operand, pattern, escape: null });
  }
  return operand;
}

function readIs(cursor: Cursor, start: number, operand: Ast): Ast {
  const not = cursor.take('not');
  for (const test of ['null', 'true', 'false', 'unknown'] as const) {
    if (cursor.take(test)) return cursor.make<IsAst>(start, { kind: 'is', test, not, operand, other: null });
  }
  if (!cursor.takeAll('distinct', 'from')) throw cursor.unexpected('NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM');
  const other = readValue(cursor, 0);
  return cursor.make<IsAst>(start, { kind: 'is', test: 'distinct', not, operand, other });
}

/** LIKE with one pattern, or with ANY, SOME or ALL of several, which is a chain of ORs or ANDs. */
function readLike(cursor: Cursor, start: number, operand: Ast, op: 'like' | 'ilike', not: boolean): Ast {
  const all = cursor.at('all');
  if ((all || cursor.at('any') || cursor.at('some')) && cursor.at('(', 1)) {
    cursor.next();
    cursor.next();
    const operands = readList(cursor).map((pattern) =>
      cursor.make<LikeAst>(start, { kind: 'like', op, not, operand, pattern, escape: null }));
    return operands.length === 1
      ? operands[0]!
      : cursor.make<LogicAst>(start, { kind: 'logic', op: all ? 'and' : 'or', operands });
  }
  const pattern = readValue(cursor, 0);
  let escape: string | null = null;
  if (cursor.take('escape')) {
    const token = cursor.next();
    if (token.kind !== 'string' || token.text.length !== 1) {
      throw cursor.error([token.start, token.end], 'ESCAPE takes a string of one character');
    }
    escape = token.text;
  }
  return cursor.make<LikeAst>(start, { kind: 'like', op, not, operand, pattern, escape });
}

/** The items up to the closing parenthesis: at least one. */
function readList(cursor: Cursor): Ast[] {
  const items = [cursor.expression()];
  while (cursor.take(',')) items.push(cursor.expression());
  cursor.expect(')');
  return items;
}

/** Values joined by operators that bind tighter than `power`. */
function readValue(cursor: Cursor, power: number): Ast {
  const { start } = cursor.peek();
  let left = readSigned(cursor);
  for (;;) {
    const token = cursor.peek();
    const operator = token.kind === 'punctuation' || (token.kind === 'word' && token.key === 'div');
    const binds = operator ? POWERS[token.key] : undefined;
    if (binds === undefined || binds <= power) return left;
    cursor.next();
    const right = readValue(cursor, binds);
    left = cursor.make<BinaryAst>(start, { kind: 'binary', op: token.key as BinaryOp, left, right });
  }
}

function readSigned(cursor: Cursor): Ast {
  const { start, key, kind } = cursor.peek();
  const signed = kind === 'punctuation' && (key === '-' || key === '+' || key === '~');
  // A minus before a number belongs to the number: it makes -9223372036854775808 a long.
  if (!signed || (key === '-' && cursor.peek(1).kind === 'number')) return readPostfix(cursor);
  cursor.next();
  const operand = cursor.nested(() => readSigned(cursor));
  return cursor.make<UnaryAst>(start, { kind: 'unary', op: key, operand });
}
