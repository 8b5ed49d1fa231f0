import { AssayError } from '../base/errors.js';
import { quoteName } from '../base/names.js';
import { BOOLEAN, sqlTypeName, type Schema } from '../data/types.js';
import type { Ast, BinaryAst, CaseAst, IsAst, NameAst, UnaryAst } from './ast.js';
import { openBinder, type Binder, type BindOptions } from './binder.js';
import type { Bound } from './bound.js';
import { wrongType } from './coerce.js';
import { tryCast } from './functions/conditionals.js';
import { BARE_CALLS } from './functions/dates.js';
import { bindCall } from './functions/index.js';
import { member, subscript } from './functions/nested.js';
import {
  arithmetic, bitwise, bitwiseNot, choose, compare, condition, isIn, negate, shiftDays,
  type Arithmetic, type Comparison,
} from './functions/operators.js';
import { concat, like } from './functions/strings.js';
import { numberConstant, typedConstant } from './literals.js';
import { parseExpression } from './parse.js';
import { findColumn, matchColumn } from './resolve.js';
import { located } from './tokens.js';

export type { BindOptions } from './binder.js';

/**
 * An expression of Spark SQL (3.5, ANSI off) over the columns of a schema: names resolved, types settled, casts made
 * explicit. Throws SYNTAX, UNKNOWN_COLUMN, UNKNOWN_FUNCTION, WRONG_TYPE, INVALID_ARGUMENT or UNSUPPORTED.
 */
export function bindExpression(expression: string | Ast, schema: Schema, options: BindOptions = {}): Bound {
  const [text, ast] = typeof expression === 'string'
    ? [expression, parseExpression(expression)]
    : [options.text ?? null, expression];
  const { qualifier, aggregates = [] } = options;
  return bindIn({ schema, text, qualifier: qualifier?.toLowerCase() ?? null, aggregates, b: openBinder(options) }, ast);
}

/** The same for a filter or a predicate: its type must be boolean; NULL is the boolean null. */
export function bindPredicate(expression: string | Ast, schema: Schema, options: BindOptions = {}): Bound {
  const bound = bindExpression(expression, schema, options);
  if (bound.type.kind === 'boolean') return bound;
  if (bound.type.kind === 'null') return Object.freeze({ kind: 'literal', type: BOOLEAN, value: null });
  const shown = typeof expression === 'string' ? `'${expression}'` : 'the expression';
  throw wrongType(`a predicate must be boolean, but ${shown} is ${sqlTypeName(bound.type)}; compare it with something`);
}

interface Scope {
  readonly schema: Schema;
  /** The text that the tree was parsed from, for messages. */
  readonly text: string | null;
  readonly qualifier: string | null;
  readonly aggregates: readonly Bound[];
  readonly b: Binder;
}

/** Binds a node; an error about it shows its place, the innermost one that failed. */
function bindIn(scope: Scope, ast: Ast): Bound {
  try {
    return bindNode(scope, ast);
  } catch (thrown) {
    if (!(thrown instanceof AssayError) || scope.text === null || placed.has(thrown)) throw thrown;
    const message = located(scope.text, ast.span[0], ast.span[1], thrown.message);
    const error = new AssayError(thrown.code, message, { cause: thrown.cause });
    placed.add(error);
    throw error;
  }
}

/** Errors whose message already shows a place. */
const placed = new WeakSet<AssayError>();

function bindNode(scope: Scope, ast: Ast): Bound {
  const { b } = scope;
  const bind = (a: Ast) => bindIn(scope, a);
  switch (ast.kind) {
    case 'name': return bindName(scope, ast);
    case 'number': {
      const constant = numberConstant(ast);
      if (constant === null) throw new AssayError('SYNTAX', `the number ${ast.text}${ast.suffix} is out of range`);
      return b.literal(constant.type, constant.value);
    }
    case 'string': return b.text(ast.value);
    case 'constant': return ast.value === null ? b.nothing() : b.bool(ast.value);
    case 'typed': {
      const constant = typedConstant(ast, b.zone, b.now);
      return b.literal(constant.type, constant.value);
    }
    case 'interval': {
      const unit = ast.unit === 'day' ? 86_400_000_000n : 1n;
      const kind = ast.unit === 'month' ? 'interval_ym' : 'interval_ds';
      return b.literal({ kind }, String(BigInt(ast.amount) * unit));
    }
    case 'unary': return bindUnary(ast, bind, b);
    case 'binary': return bindBinary(ast, bind, b);
    case 'logic': {
      const operands = ast.operands.map((o) => condition(bind(o), ast.op.toUpperCase(), b));
      return ast.op === 'and' ? b.and(operands) : b.or(operands);
    }
    case 'is': return bindIs(ast, bind, b);
    case 'between': {
      const value = bind(ast.operand);
      const within = b.and([compare('>=', value, bind(ast.low), b), compare('<=', value, bind(ast.high), b)]);
      return ast.not ? b.not(within) : within;
    }
    case 'in': {
      const found = isIn(bind(ast.operand), ast.items.map(bind), b);
      return ast.not ? b.not(found) : found;
    }
    case 'like': {
      const matched = like(ast.op, bind(ast.operand), bind(ast.pattern), ast.escape, b);
      return ast.not ? b.not(matched) : matched;
    }
    case 'case': return bindCase(ast, bind, b);
    case 'cast': return ast.tries ? tryCast(bind(ast.operand), ast.type, b) : b.cast(bind(ast.operand), ast.type);
    case 'call':
      if (ast.star || ast.distinct) {
        const call = `${ast.name}(${ast.star ? '*' : 'DISTINCT …'})`;
        throw new AssayError('UNSUPPORTED', `${call} cannot be part of an expression over rows`);
      }
      return bindCall(ast.name, ast.args.map(bind), b);
    case 'index': return subscript(bind(ast.operand), bind(ast.index), b);
    case 'field': return member(bind(ast.operand), ast.name, b);
    case 'aggregate': {
      const result = scope.aggregates[ast.index];
      if (result === undefined) {
        throw new AssayError('UNSUPPORTED', 'an aggregate cannot be part of an expression over rows');
      }
      return result;
    }
  }
}

/** A column, or a member of a column; the name of the table may stand before it. */
function bindName({ schema, qualifier, b }: Scope, { parts }: NameAst): Bound {
  const qualified = parts.length > 1 && parts[0]!.toLowerCase() === qualifier ? matchColumn(parts[1]!, schema) : null;
  const [first, rest] = qualified === null ? [parts[0]!, parts.slice(1)] : [parts[1]!, parts.slice(2)];
  let field = qualified ?? matchColumn(first, schema);
  if (field === null) {
    if (parts.length === 1 && BARE_CALLS.has(first.toLowerCase())) return bindCall(first.toLowerCase(), [], b);
    const dotted = matchColumn(parts.join('.'), schema);
    if (dotted !== null) {
      const hint = `a name with dots must stand in backticks: ${quoteName(dotted.name)}`;
      throw new AssayError('UNKNOWN_COLUMN', `column '${first}' not found; ${hint}`);
    }
    field = findColumn(first, schema);
  }
  return rest.reduce<Bound>((e, name) => member(e, name, b), b.column(field.name, field.type));
}

function bindUnary(ast: UnaryAst, bind: (a: Ast) => Bound, b: Binder): Bound {
  const e = bind(ast.operand);
  switch (ast.op) {
    case 'not': return b.not(condition(e, 'NOT', b));
    case '-': return negate(e, b);
    case '+': return bindCall('positive', [e], b);
    case '~': return bitwiseNot(e, b);
  }
}

const BITWISE = { '&': 'bitand', '|': 'bitor', '^': 'bitxor' } as const;

function bindBinary(ast: BinaryAst, bind: (a: Ast) => Bound, b: Binder): Bound {
  const [left, right] = [bind(ast.left), bind(ast.right)];
  switch (ast.op) {
    case '<>': return b.not(compare('=', left, right, b));
    case '=': case '<=>': case '<': case '<=': case '>': case '>=':
      return compare(ast.op satisfies Comparison, left, right, b);
    case '&': case '|': case '^': return bitwise(BITWISE[ast.op], left, right, b);
    case '||': return concat([left, right], b);
    default: {
      const days = shiftByDays(ast, left, right, b);
      return days ?? arithmetic(ast.op satisfies Arithmetic, left, right, b);
    }
  }
}

/** A date plus or minus an interval of whole days stays a date; with hours it becomes a timestamp. */
function shiftByDays(ast: BinaryAst, left: Bound, right: Bound, b: Binder): Bound | null {
  if (ast.op !== '+' && ast.op !== '-') return null;
  if (left.type.kind === 'date' && right.type.kind === 'interval_ds' && isInDays(ast.right)) {
    return shiftDays(left, right, ast.op === '-', b);
  }
  return ast.op === '+' && right.type.kind === 'date' && left.type.kind === 'interval_ds' && isInDays(ast.left)
    ? shiftDays(right, left, false, b)
    : null;
}

function isInDays(ast: Ast): boolean {
  switch (ast.kind) {
    case 'interval': return ast.unit === 'day';
    case 'unary': return isInDays(ast.operand);
    case 'binary': return (ast.op === '+' || ast.op === '-') && isInDays(ast.left) && isInDays(ast.right);
    default: return false;
  }
}

function bindIs(ast: IsAst, bind: (a: Ast) => Bound, b: Binder): Bound {
  const e = bind(ast.operand);
  switch (ast.test) {
    case 'null': return b.call(ast.not ? 'isnotnull' : 'isnull', [e], BOOLEAN);
    case 'unknown': return b.call(ast.not ? 'isnotnull' : 'isnull', [condition(e, 'IS UNKNOWN', b)], BOOLEAN);
    case 'true': case 'false': {
      const equal = compare('<=>', e, b.bool(ast.test === 'true'), b);
      return ast.not ? b.not(equal) : equal;
    }
    case 'distinct': {
      const equal = compare('<=>', e, bind(ast.other!), b);
      return ast.not ? equal : b.not(equal);
    }
  }
}

function bindCase(ast: CaseAst, bind: (a: Ast) => Bound, b: Binder): Bound {
  const operand = ast.operand === null ? null : bind(ast.operand);
  const branches = ast.branches.map(({ when, then }): [Bound, Bound] => {
    const e = bind(when);
    return [operand === null ? e : compare('=', operand, e, b), bind(then)];
  });
  return choose(branches, ast.otherwise === null ? null : bind(ast.otherwise), b);
}
