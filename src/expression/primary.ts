import { AssayError } from '../base/errors.js';
import type {
  Ast, CallAst, CaseAst, CastAst, ConstantAst, FieldAst, IndexAst, NameAst, NumberAst, StringAst, TypedAst,
} from './ast.js';
import type { Cursor } from './cursor.js';
import { readInterval } from './interval.js';
import { located } from './tokens.js';
import { readType } from './type-names.js';

/** Words that never stand for a column unless they are quoted: so what is amiss is said where it is. */
const NEVER_NAMES = new Set(['and', 'or', 'in', 'is', 'between', 'not']);
const AFTER_NAMES = new Set(['and', 'or', 'is', 'in', 'not', 'between', 'like', 'ilike', 'rlike', 'regexp', 'div']);
const CONSTANTS: Readonly<Record<string, null | boolean>> = { null: null, true: true, false: false };
const TYPED: Readonly<Record<string, TypedAst['type']>> = {
  date: 'date', timestamp: 'timestamp', timestamp_ltz: 'timestamp', timestamp_ntz: 'timestamp_ntz', x: 'binary',
};

/** A primary expression with its subscripts and members. */
export function readPostfix(cursor: Cursor): Ast {
  const { start } = cursor.peek();
  let ast = readPrimary(cursor);
  for (let chain = 0; chain < 200; ++chain) {
    if (cursor.take('[')) {
      const index = cursor.expression();
      cursor.expect(']');
      ast = cursor.make<IndexAst>(start, { kind: 'index', operand: ast, index });
    } else if (cursor.at('.') && isWord(cursor, 1)) {
      cursor.next();
      const name = cursor.next().text;
      ast = ast.kind === 'name'
        ? cursor.make<NameAst>(start, { kind: 'name', parts: [...ast.parts, name] })
        : cursor.make<FieldAst>(start, { kind: 'field', operand: ast, name });
    } else return ast;
  }
  throw cursor.unexpected('fewer subscripts');
}

function isWord(cursor: Cursor, ahead = 0): boolean {
  const { kind } = cursor.peek(ahead);
  return kind === 'word' || kind === 'quoted';
}

function readPrimary(cursor: Cursor): Ast {
  const { kind, key, start } = cursor.peek();
  if (kind === 'number' || (key === '-' && cursor.peek(1).kind === 'number')) {
    const sign = cursor.take('-') ? '-' : '';
    const token = cursor.next();
    return cursor.make<NumberAst>(start, {
      kind: 'number', text: sign + token.text, suffix: token.key as NumberAst['suffix'],
    });
  }
  if (kind === 'string') {
    let value = '';
    while (cursor.peek().kind === 'string') value += cursor.next().text; // Neighbours are one text.
    return cursor.make<StringAst>(start, { kind: 'string', value });
  }
  if (cursor.take('(')) return readParenthesis(cursor);
  if (kind === 'quoted') return cursor.at('(', 1) ? readCall(cursor) : readName(cursor);
  if (kind !== 'word' || (NEVER_NAMES.has(key) && !cursor.at('(', 1))) throw cursor.unexpected('a value');
  return readWord(cursor, key, start);
}

function readWord(cursor: Cursor, key: string, start: number): Ast {
  const following = cursor.peek(1);
  if (Object.hasOwn(CONSTANTS, key)) {
    cursor.next();
    return cursor.make<ConstantAst>(start, { kind: 'constant', value: CONSTANTS[key]! });
  }
  if (following.kind === 'string' && Object.hasOwn(TYPED, key)) {
    cursor.next();
    return cursor.make<TypedAst>(start, { kind: 'typed', type: TYPED[key]!, value: cursor.next().text });
  }
  if (key === 'interval') {
    const interval = readInterval(cursor);
    if (interval !== null) return interval;
  }
  if (key === 'case' && beginsCase(cursor)) return readCase(cursor);
  if (cursor.at('->', 1)) throw refused(cursor, 'a lambda function');
  if (!cursor.at('(', 1)) return readName(cursor);
  switch (key) {
    case 'cast': case 'try_cast': return readCast(cursor, key === 'try_cast');
    case 'extract': return readExtract(cursor);
    case 'trim': return readTrim(cursor);
    case 'position': return readPosition(cursor);
    case 'substring': case 'substr': return readSubstring(cursor);
    default: return readCall(cursor);
  }
}

function readName(cursor: Cursor): NameAst {
  const { start, text } = cursor.next();
  return cursor.make<NameAst>(start, { kind: 'name', parts: [text] });
}

function readParenthesis(cursor: Cursor): Ast {
  refuseQuery(cursor);
  const inner = cursor.expression();
  if (cursor.at(',')) throw refused(cursor, 'a row of values in parentheses');
  cursor.expect(')');
  if (cursor.at('->')) throw refused(cursor, 'a lambda function');
  return inner;
}

/** Whether CASE begins an expression here and is not a column of that name. */
function beginsCase(cursor: Cursor): boolean {
  const { kind, key } = cursor.peek(1);
  if (kind === 'end') return false;
  if (kind === 'punctuation') return ['(', '-', '+', '~', '!'].includes(key);
  return kind !== 'word' || key === 'not' || !AFTER_NAMES.has(key);
}

function readCase(cursor: Cursor): Ast {
  const { start } = cursor.next();
  const operand = cursor.at('when') ? null : cursor.expression();
  const branches: { when: Ast; then: Ast }[] = [];
  if (!cursor.at('when')) throw cursor.unexpected("'WHEN'");
  while (cursor.take('when')) {
    const when = cursor.expression();
    cursor.expect('then');
    branches.push(Object.freeze({ when, then: cursor.expression() }));
  }
  const otherwise = cursor.take('else') ? cursor.expression() : null;
  cursor.expect('end', "'WHEN', 'ELSE' or 'END'");
  return cursor.make<CaseAst>(start, { kind: 'case', operand, branches, otherwise });
}

function readCast(cursor: Cursor, tries: boolean): Ast {
  const { start } = cursor.next();
  cursor.expect('(');
  const operand = cursor.expression();
  cursor.expect('as');
  const type = readType(cursor);
  cursor.expect(')');
  return cursor.make<CastAst>(start, { kind: 'cast', tries, operand, type });
}

function readCall(cursor: Cursor): Ast {
  const { start, text } = cursor.next();
  const name = text.toLowerCase();
  cursor.expect('(');
  let distinct = false;
  let star = false;
  const args: Ast[] = [];
  if (cursor.at('*')) {
    cursor.next();
    star = true;
    cursor.expect(')');
  } else if (!cursor.take(')')) {
    refuseQuery(cursor);
    if (!cursor.at(',', 1) && !cursor.at(')', 1)) distinct = cursor.take('distinct');
    do args.push(cursor.expression()); while (cursor.take(','));
    cursor.expect(')', "',' or ')'");
  }
  const call = cursor.make<CallAst>(start, { kind: 'call', name, distinct, star, args });
  if (cursor.at('over')) throw refused(cursor, `the window function ${name}(…) OVER`);
  if (cursor.at('filter') && cursor.at('(', 1)) throw refused(cursor, 'FILTER (WHERE …) after an aggregate');
  return call;
}

/** EXTRACT(field FROM value) is the call extract('field', value). */
function readExtract(cursor: Cursor): Ast {
  const { start } = cursor.next();
  cursor.expect('(');
  const field = cursor.next();
  if (field.kind !== 'word') {
    throw cursor.error([field.start, field.end], 'expected a part of a date, as in EXTRACT(YEAR FROM x)');
  }
  const part = cursor.make<StringAst>(field.start, { kind: 'string', value: field.text });
  cursor.expect('from');
  return closeCall(cursor, start, 'extract', [part, cursor.expression()]);
}

/** TRIM([BOTH | LEADING | TRAILING] [characters] FROM value); the plain function otherwise. */
function readTrim(cursor: Cursor): Ast {
  const { start } = cursor.next();
  cursor.expect('(');
  const side = ['both', 'leading', 'trailing'].find((s) => cursor.at(s) && !cursor.at(',', 1) && !cursor.at(')', 1));
  if (side !== undefined) cursor.next();
  const name = side === 'leading' ? 'ltrim' : side === 'trailing' ? 'rtrim' : 'trim';
  if (side !== undefined && cursor.take('from')) return closeCall(cursor, start, name, [cursor.expression()]);
  const first = cursor.expression();
  if (cursor.take('from')) return closeCall(cursor, start, name, [first, cursor.expression()]);
  if (side !== undefined) throw cursor.unexpected("'FROM'");
  return closeCall(cursor, start, name, cursor.take(',') ? [first, cursor.expression()] : [first]);
}

function readPosition(cursor: Cursor): Ast {
  const { start } = cursor.next();
  cursor.expect('(');
  const part = cursor.value();
  if (cursor.take('in')) return closeCall(cursor, start, 'position', [part, cursor.value()]);
  const args = [part];
  while (cursor.take(',')) args.push(cursor.expression());
  return closeCall(cursor, start, 'position', args);
}

function readSubstring(cursor: Cursor): Ast {
  const { start } = cursor.next();
  cursor.expect('(');
  const args = [cursor.expression()];
  if (cursor.take('from')) {
    args.push(cursor.expression());
    if (cursor.take('for')) args.push(cursor.expression());
  } else while (cursor.take(',')) args.push(cursor.expression());
  return closeCall(cursor, start, 'substring', args);
}

function closeCall(cursor: Cursor, start: number, name: string, args: readonly Ast[]): Ast {
  cursor.expect(')', "',' or ')'");
  return cursor.make<CallAst>(start, { kind: 'call', name, distinct: false, star: false, args });
}

/** Throws if a query begins at the token `ahead`. */
export function refuseQuery(cursor: Cursor, ahead = 0): void {
  const begins = cursor.at('select', ahead) || (cursor.at('with', ahead) && isWord(cursor, ahead + 1));
  if (!begins) return;
  // A column may have that name: then an operator follows it.
  const { kind, key } = cursor.peek(ahead + 1);
  const item = kind === 'quoted' || kind === 'number' || kind === 'string' || (kind === 'word' && !AFTER_NAMES.has(key));
  if (item || key === '*' || key === '(') throw refused(cursor, 'a subquery', ahead);
}

/** UNSUPPORTED with the place, naming what is not part of the language. */
export function refused(cursor: Cursor, what: string, ahead = 0): AssayError {
  const { start, end } = cursor.peek(ahead);
  return new AssayError('UNSUPPORTED', located(cursor.text, start, end, `${what} cannot be part of an expression`));
}
