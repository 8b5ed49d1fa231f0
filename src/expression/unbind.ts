import { decimal, sameType, type DataType } from '../data/types.js';
import { node, type Ast, type Bare, type BinaryOp, type LikeAst, type NumberAst } from './ast.js';
import type { Bound, BoundCall, BoundLiteral } from './bound.js';
import { dateText, timestampText } from './evaluate/value-text.js';
import { printAst } from './print.js';

/** The canonical SQL of a bound expression, every cast written out: bound again it is the same expression. */
export function printBound(e: Bound): string {
  return printAst(unbind(e));
}

const make = <N extends Ast>(bare: Bare<N>): N => node(bare, [0, 0]);
const call = (name: string, args: readonly Ast[]): Ast =>
  make({ kind: 'call', name, distinct: false, star: false, args });
const text = (value: string): Ast => make({ kind: 'string', value });
const cast = (operand: Ast, type: DataType): Ast => make({ kind: 'cast', tries: false, operand, type });
const binary = (op: BinaryOp, left: Ast, right: Ast): Ast => make({ kind: 'binary', op, left, right });

/** A syntax tree that binds to the expression. */
export function unbind(e: Bound): Ast {
  switch (e.kind) {
    case 'column': return make({ kind: 'name', parts: [e.name] });
    case 'literal': return unbindLiteral(e);
    case 'call': return unbindCall(e);
  }
}

const number = (text: string, suffix: NumberAst['suffix']): Ast => make({ kind: 'number', text, suffix });

function unbindLiteral({ type, value }: BoundLiteral): Ast {
  if (value === null) {
    const nothing = make({ kind: 'constant', value: null } as const);
    return type.kind === 'null' ? nothing : cast(nothing, type);
  }
  const shown = String(value);
  switch (type.kind) {
    case 'boolean': return make({ kind: 'constant', value: value as boolean });
    case 'byte': return number(shown, 'Y');
    case 'short': return number(shown, 'S');
    case 'int': return number(shown, '');
    case 'long': return number(shown, 'L');
    case 'float': case 'double':
      return /N|I/.test(shown) ? cast(text(shown), type) : number(shown, type.kind === 'float' ? 'F' : 'D');
    case 'decimal': return unbindDecimal(shown, type.precision, type.scale);
    case 'string': return text(shown);
    case 'binary': return make({ kind: 'typed', type: 'binary', value: shown });
    case 'date': return make({ kind: 'typed', type: 'date', value: dateText(value as number) });
    case 'timestamp': return make({ kind: 'typed', type: 'timestamp', value: `${timestampText(BigInt(shown))}Z` });
    case 'timestamp_ntz': return make({ kind: 'typed', type: 'timestamp_ntz', value: timestampText(BigInt(shown)) });
    case 'interval_ym': return make({ kind: 'interval', unit: 'month', amount: shown });
    case 'interval_ds': return make({ kind: 'interval', unit: 'microsecond', amount: shown });
    default: return cast(text(shown), type);
  }
}

function unbindDecimal(unscaled: string, precision: number, scale: number): Ast {
  const digits = unscaled.replace('-', '');
  const padded = digits.padStart(scale + 1, '0');
  const sign = unscaled.startsWith('-') ? '-' : '';
  const places = scale > 0 ? `.${padded.slice(-scale)}` : '';
  const written = number(`${sign}${padded.slice(0, padded.length - scale)}${places}`, 'BD');
  const type = decimal(precision, scale);
  return sameType(type, decimal(Math.max(digits.length, scale), scale)) ? written : cast(written, type);
}

const OPERATORS: Readonly<Record<string, BinaryOp>> = {
  '=': '=', '<=>': '<=>', '<': '<', '<=': '<=', '>': '>', '>=': '>=', '+': '+', '-': '-', '*': '*', '/': '/', '%': '%',
  div: 'div', bitand: '&', bitor: '|', bitxor: '^', datetime_add: '+', subtract_dates: '-', subtract_timestamps: '-',
  multiply_interval: '*', divide_interval: '/',
};

function unbindCall(e: BoundCall): Ast {
  const { fn } = e;
  const args = e.args.map(unbind);
  const [a, b] = args as [Ast, Ast];
  const op = Object.hasOwn(OPERATORS, fn) ? OPERATORS[fn] : undefined;
  if (op !== undefined && args.length === 2) return binary(op, a, b);
  switch (fn) {
    case 'and': case 'or': return make({ kind: 'logic', op: fn, operands: args });
    case 'not': return negated(a);
    case 'isnull': case 'isnotnull':
      return make({ kind: 'is', test: 'null', not: fn === 'isnotnull', operand: a, other: null });
    case 'in': return make({ kind: 'in', not: false, operand: a, items: args.slice(1) });
    case 'like': case 'ilike': {
      const last = e.args[2];
      const escape = last?.kind === 'literal' && last.value !== '\\' ? String(last.value) : null;
      return make<LikeAst>({ kind: 'like', op: fn, not: false, operand: a, pattern: b, escape });
    }
    case 'rlike': return make<LikeAst>({ kind: 'like', op: 'rlike', not: false, operand: a, pattern: b, escape: null });
    case 'case': {
      const branches = [];
      for (let i = 0; i + 1 < args.length; i += 2) branches.push({ when: args[i]!, then: args[i + 1]! });
      return make({ kind: 'case', operand: null, branches, otherwise: args.at(-1)! });
    }
    case 'cast': case 'try_cast': return make({ kind: 'cast', tries: fn === 'try_cast', operand: a, type: e.type });
    case 'negate': return make({ kind: 'unary', op: '-', operand: a });
    case 'bitnot': return make({ kind: 'unary', op: '~', operand: a });
    case 'index': return make({ kind: 'index', operand: a, index: b });
    case 'field': {
      const name = String(e.args[1]!.kind === 'literal' ? e.args[1]!.value : '');
      if (a.kind === 'name') return make({ kind: 'name', parts: [...a.parts, name] });
      return make({ kind: 'field', operand: a, name });
    }
    case 'trim': case 'ltrim': case 'rtrim': return call(fn, [...args].reverse());
    case 'second_fraction': return call('date_part', [text('second'), a]);
    case 'yearofweek': return call('date_part', [text('yearofweek'), a]);
    default: return call(fn, args);
  }
}

/** NOT of what has a negated form takes it. */
function negated(ast: Ast): Ast {
  if (ast.kind === 'binary' && ast.op === '=') return binary('<>', ast.left, ast.right);
  if (ast.kind === 'in' || ast.kind === 'like') return Object.freeze({ ...ast, not: !ast.not });
  return make({ kind: 'unary', op: 'not', operand: ast });
}
