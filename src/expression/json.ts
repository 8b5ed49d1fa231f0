import { AssayError } from '../base/errors.js';
import type { DataType } from '../data/types.js';
import { node, type Ast } from './ast.js';
import { MAX_LEVELS, cursorOver, parseExpression } from './parse.js';
import { printAst, printType } from './print.js';
import { readType } from './type-names.js';

/** A syntax tree as plain JSON: its nodes without their places. Types are texts, as CAST takes them. */
export type AstJson = { readonly kind: string } & { readonly [key: string]: unknown };

/** The JSON of a syntax tree. */
export function astToJson(ast: Ast): AstJson {
  return plain(ast) as AstJson;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'span').map(([key, inner]): [string, unknown] =>
    (key === 'type' && typeof inner === 'object' ? [key, printType(inner as DataType)] : [key, plain(inner)]));
  return Object.fromEntries(entries);
}

/**
 * The syntax tree of such JSON, which may come from anywhere: what no text of the language stands for is refused with
 * INVALID_ARGUMENT. The places in it are those in its canonical text.
 */
export function astFromJson(json: unknown): Ast {
  const tree = read(json, '$', 0);
  const text = printAst(tree);
  let parsed: Ast;
  try {
    parsed = parseExpression(text);
  } catch (cause) {
    throw new AssayError('INVALID_ARGUMENT', `the JSON is no expression: ${(cause as Error).message}`, { cause });
  }
  if (!alike(plain(parsed), plain(tree))) {
    throw new AssayError('INVALID_ARGUMENT', `the JSON is no expression as it would be written: it reads ${text}`);
  }
  return parsed;
}

/** Whether two JSON values are equal, in whatever order their keys are. */
function alike(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length
    && keys.every((key) => Object.hasOwn(b, key) && alike((a as AstJson)[key], (b as AstJson)[key]));
}

/** What a member of a node is. */
type Member =
  | 'tree' | 'tree?' | 'trees' | 'text' | 'texts' | 'text?' | 'flag' | 'constant' | 'type' | 'branches'
  | readonly string[];

const BINARY = [
  '=', '<>', '<=>', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', 'div', '&', '|', '^', '||',
] as const;

const MEMBERS: Readonly<Record<Exclude<Ast['kind'], 'aggregate'>, Readonly<Record<string, Member>>>> = {
  name: { parts: 'texts' },
  number: { text: 'text', suffix: ['', 'L', 'S', 'Y', 'D', 'F', 'BD'] },
  string: { value: 'text' },
  constant: { value: 'constant' },
  typed: { type: ['date', 'timestamp', 'timestamp_ntz', 'binary'], value: 'text' },
  interval: { unit: ['month', 'day', 'microsecond'], amount: 'text' },
  unary: { op: ['-', '+', '~', 'not'], operand: 'tree' },
  binary: { op: BINARY, left: 'tree', right: 'tree' },
  logic: { op: ['and', 'or'], operands: 'trees' },
  is: { test: ['null', 'true', 'false', 'unknown', 'distinct'], not: 'flag', operand: 'tree', other: 'tree?' },
  between: { not: 'flag', operand: 'tree', low: 'tree', high: 'tree' },
  in: { not: 'flag', operand: 'tree', items: 'trees' },
  like: { op: ['like', 'ilike', 'rlike'], not: 'flag', operand: 'tree', pattern: 'tree', escape: 'text?' },
  case: { operand: 'tree?', branches: 'branches', otherwise: 'tree?' },
  cast: { tries: 'flag', operand: 'tree', type: 'type' },
  call: { name: 'text', distinct: 'flag', star: 'flag', args: 'trees' },
  index: { operand: 'tree', index: 'tree' },
  field: { operand: 'tree', name: 'text' },
};

function read(json: unknown, path: string, depth: number): Ast {
  if (depth >= MAX_LEVELS) throw wrong(path, `at most ${MAX_LEVELS} levels`, '…');
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong(path, 'a node', json);
  const given = json as AstJson;
  const kind = given.kind as keyof typeof MEMBERS;
  const members = typeof kind === 'string' && Object.hasOwn(MEMBERS, kind) ? MEMBERS[kind] : null;
  if (members === null) throw wrong(`${path}.kind`, `one of ${Object.keys(MEMBERS).join(', ')}`, kind);
  const odd = Object.keys(given).find((key) => key !== 'kind' && !Object.hasOwn(members, key));
  if (odd !== undefined) throw wrong(`${path}.${odd}`, `only ${Object.keys(members).join(', ')}`, odd);
  const bare: Record<string, unknown> = { kind };
  for (const [key, member] of Object.entries(members)) bare[key] = readMember(given[key], member, `${path}.${key}`, depth);
  return node(bare as unknown as Ast, [0, 0]);
}

function readMember(value: unknown, member: Member, path: string, depth: number): unknown {
  const text = (v: unknown, at: string): string => {
    if (typeof v !== 'string') throw wrong(at, 'a text', v);
    return v;
  };
  const list = (v: unknown): readonly unknown[] => {
    if (!Array.isArray(v)) throw wrong(path, 'a list', v);
    return v;
  };
  if (typeof member !== 'string') {
    if (member.includes(value as string)) return value;
    throw wrong(path, `one of ${member.map((m) => `'${m}'`).join(', ')}`, value);
  }
  switch (member) {
    case 'tree': return read(value, path, depth + 1);
    case 'tree?': return value === null ? null : read(value, path, depth + 1);
    case 'trees': return list(value).map((v, i) => read(v, `${path}[${i}]`, depth + 1));
    case 'text': return text(value, path);
    case 'text?': return value === null ? null : text(value, path);
    case 'texts': return list(value).map((v, i) => text(v, `${path}[${i}]`));
    case 'flag': case 'constant':
      if (typeof value === 'boolean' || (member === 'constant' && value === null)) return value;
      throw wrong(path, member === 'flag' ? 'true or false' : 'true, false or null', value);
    case 'type': {
      const cursor = cursorOver(text(value, path));
      const type = readType(cursor);
      if (cursor.peek().kind !== 'end') throw wrong(path, 'a type', value);
      return type;
    }
    case 'branches':
      return list(value).map((v, i) => {
        const { when, then } = (v ?? {}) as AstJson;
        const at = `${path}[${i}]`;
        return Object.freeze({ when: read(when, `${at}.when`, depth + 1), then: read(then, `${at}.then`, depth + 1) });
      });
  }
}

function wrong(path: string, expected: string, got: unknown): AssayError {
  const shown = typeof got === 'string' ? `'${got}'` : got === null ? 'null' : typeof got;
  return new AssayError('INVALID_ARGUMENT', `expression as JSON: ${path}: expected ${expected}, got ${shown}`);
}
