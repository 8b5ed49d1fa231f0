import { quoteName } from '../base/names.js';
import { sqlTypeName, type DataType, type Field } from '../data/types.js';
import type { Ast, CallAst } from './ast.js';

/** How tightly a node binds, least first; what binds looser than its place needs is put in parentheses. */
const LOOSEST = 0;
const OR = 1;
const AND = 2;
const NOT = 3;
const PREDICATE = 4;
const COMPARISON = 5; // Then |, ^, &, + and *, as POWERS of the parser says.
const UNARY = 11;
const PRIMARY = 12;
const BINARY: Readonly<Record<string, number>> = {
  '=': 5, '<>': 5, '<=>': 5, '<': 5, '<=': 5, '>': 5, '>=': 5, '|': 6, '^': 7, '&': 8, '+': 9, '-': 9, '||': 9,
  '*': 10, '/': 10, '%': 10, div: 10,
};
const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Words that would not be read as names. */
const RESERVED = new Set([
  'and', 'or', 'not', 'in', 'is', 'between', 'null', 'true', 'false', 'case', 'when', 'then', 'else', 'end', 'interval',
  'exists', 'like', 'ilike', 'rlike', 'regexp', 'div', 'distinct', 'from', 'where', 'select', 'escape', 'as',
  'any', 'all', 'some', 'both', 'leading', 'trailing', 'over', 'filter', 'for', 'group', 'order', 'having', 'limit', 'with',
]);

/** A name as it can stand in an expression: in backticks only if it must. */
export function printName(name: string): string {
  return PLAIN.test(name) && !RESERVED.has(name.toLowerCase()) ? name : quoteName(name);
}

/** A string literal. */
export function printString(value: string): string {
  const escaped = value.replace(/[\\'\n\r\t\0\b\x1a]/g, (c) => ESCAPES[c]!);
  return `'${escaped}'`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0', '\b': '\\b', '\x1a': '\\Z',
};

/** The text of a syntax tree, which parses to the same tree. */
export function printAst(ast: Ast): string {
  return print(ast, LOOSEST);
}

function print(ast: Ast, needed: number): string {
  const [text, power] = render(ast);
  return power < needed ? `(${text})` : text;
}

function render(ast: Ast): [text: string, power: number] {
  const not = 'not' in ast && ast.not ? 'NOT ' : '';
  switch (ast.kind) {
    case 'name': return [ast.parts.map(printName).join('.'), PRIMARY];
    case 'number': return [ast.text + ast.suffix, ast.text.startsWith('-') ? UNARY : PRIMARY];
    case 'string': return [printString(ast.value), PRIMARY];
    case 'constant': return [String(ast.value).toUpperCase(), PRIMARY];
    case 'typed': return [`${ast.type === 'binary' ? 'X' : ast.type.toUpperCase()} ${printString(ast.value)}`, PRIMARY];
    case 'interval': return [`INTERVAL '${ast.amount}' ${ast.unit.toUpperCase()}`, PRIMARY];
    case 'unary': {
      if (ast.op === 'not') return [`NOT ${print(ast.operand, NOT)}`, NOT];
      // Parentheses around a sign would nest deeper than what was written.
      const signs = ast.operand.kind === 'unary' && ast.operand.op !== 'not';
      const operand = signs ? ` ${printAst(ast.operand)}` : print(ast.operand, PRIMARY);
      // A minus would become part of the number.
      return [ast.op + (/^[\d.]/.test(operand) ? `(${operand})` : operand), UNARY];
    }
    case 'binary': {
      const power = BINARY[ast.op]!;
      return [`${print(ast.left, power)} ${ast.op.toUpperCase()} ${print(ast.right, power + 1)}`, power];
    }
    case 'logic': {
      const power = ast.op === 'and' ? AND : OR;
      return [ast.operands.map((o) => print(o, power + 1)).join(` ${ast.op.toUpperCase()} `), power];
    }
    case 'is': {
      const test = ast.test === 'distinct' ? `DISTINCT FROM ${print(ast.other!, COMPARISON)}` : ast.test.toUpperCase();
      return [`${print(ast.operand, COMPARISON)} IS ${not}${test}`, PREDICATE];
    }
    case 'between': {
      const [value, low, high] = [ast.operand, ast.low, ast.high].map((a) => print(a, COMPARISON));
      return [`${value} ${not}BETWEEN ${low} AND ${high}`, PREDICATE];
    }
    case 'in': return [`${print(ast.operand, COMPARISON)} ${not}IN (${ast.items.map(printAst).join(', ')})`, PREDICATE];
    case 'like': {
      const escape = ast.escape === null ? '' : ` ESCAPE ${printString(ast.escape)}`;
      const pattern = print(ast.pattern, COMPARISON);
      return [`${print(ast.operand, COMPARISON)} ${not}${ast.op.toUpperCase()} ${pattern}${escape}`, PREDICATE];
    }
    case 'case': {
      const operand = ast.operand === null ? '' : ` ${printAst(ast.operand)}`;
      const branches = ast.branches.map((b) => ` WHEN ${printAst(b.when)} THEN ${printAst(b.then)}`).join('');
      const otherwise = ast.otherwise === null ? '' : ` ELSE ${printAst(ast.otherwise)}`;
      return [`CASE${operand}${branches}${otherwise} END`, PRIMARY];
    }
    case 'cast':
      return [`${ast.tries ? 'TRY_CAST' : 'CAST'}(${printAst(ast.operand)} AS ${printType(ast.type)})`, PRIMARY];
    case 'call': {
      const args = ast.star ? '*' : `${ast.distinct ? 'DISTINCT ' : ''}${ast.args.map(printAst).join(', ')}`;
      return [specialCall(ast) ?? `${printFunction(ast)}(${args})`, PRIMARY];
    }
    case 'index': return [`${print(ast.operand, PRIMARY)}[${printAst(ast.index)}]`, PRIMARY];
    case 'field': {
      const operand = ast.operand.kind === 'number' ? `(${printAst(ast.operand)})` : print(ast.operand, PRIMARY);
      return [`${operand}.${printName(ast.name)}`, PRIMARY];
    }
    case 'aggregate': return [`<aggregate ${ast.index}>`, PRIMARY];
  }
}

/** A type as CAST takes it. */
export function printType(type: DataType): string {
  switch (type.kind) {
    case 'array': return `array<${printType(type.element)}>`;
    case 'map': return `map<${printType(type.key)}, ${printType(type.value)}>`;
    case 'struct': {
      const member = (f: Field) => `${printName(f.name)}: ${printType(f.type)}${f.nullable ? '' : ' NOT NULL'}`;
      return `struct<${type.fields.map(member).join(', ')}>`;
    }
    default: return sqlTypeName(type);
  }
}

/** The calls that SQL writes with words between the arguments. */
function specialCall({ name, args }: CallAst): string | null {
  const [a, b] = args;
  if (args.length !== 2) return null;
  if (name === 'position') return `POSITION(${print(a!, COMPARISON)} IN ${print(b!, COMPARISON)})`;
  if (name !== 'extract' || a!.kind !== 'string' || !PLAIN.test(a.value)) return null;
  return `EXTRACT(${a.value} FROM ${printAst(b!)})`;
}

/** Function names before whose parenthesis the parser expects something else. */
const SPECIAL = new Set([
  'extract', 'position', 'cast', 'try_cast', 'exists', 'case', 'in', 'not', 'is', 'and', 'or', 'between',
]);

function printFunction({ name, args }: CallAst): string {
  const odd = (name === 'trim' && (args.length < 1 || args.length > 2)) || (name === 'substring' && args.length === 0);
  const special = SPECIAL.has(name) || odd;
  return PLAIN.test(name) && !special ? name : quoteName(name);
}
