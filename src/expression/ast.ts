import type { DataType } from '../data/types.js';

/**
 * An expression as it was written: frozen plain data, so that it is its own JSON. Only what SQL spells in several ways
 * is made one here: `!=` is `<>`, `==` is `=`, EXTRACT(x FROM y) and its like are calls, chains of AND and OR are flat.
 */
export type Ast =
  | NameAst
  | NumberAst
  | StringAst
  | ConstantAst
  | TypedAst
  | IntervalAst
  | UnaryAst
  | BinaryAst
  | LogicAst
  | IsAst
  | BetweenAst
  | InAst
  | LikeAst
  | CaseAst
  | CastAst
  | CallAst
  | IndexAst
  | FieldAst
  | AggregateAst;

/** Where a node stands in its text: offsets of its first character and of the one after its last. */
export type Span = readonly [start: number, end: number];

interface Node<K extends string> {
  readonly kind: K;
  readonly span: Span;
}

/** A column, or a member of one: `price`, `address.city`. */
export interface NameAst extends Node<'name'> {
  readonly parts: readonly string[];
}

/** A number as written, a minus sign that stands before it included. */
export interface NumberAst extends Node<'number'> {
  readonly text: string;
  readonly suffix: '' | 'L' | 'S' | 'Y' | 'D' | 'F' | 'BD';
}

/** A text, its escapes resolved. */
export interface StringAst extends Node<'string'> {
  readonly value: string;
}

/** NULL, TRUE, FALSE. */
export interface ConstantAst extends Node<'constant'> {
  readonly value: null | boolean;
}

/** DATE '…', TIMESTAMP '…', X'…'. */
export interface TypedAst extends Node<'typed'> {
  readonly type: 'date' | 'timestamp' | 'timestamp_ntz' | 'binary';
  readonly value: string;
}

/** INTERVAL …: a whole number of months, of days, or of microseconds. */
export interface IntervalAst extends Node<'interval'> {
  readonly unit: 'month' | 'day' | 'microsecond';
  readonly amount: string;
}

export interface UnaryAst extends Node<'unary'> {
  readonly op: '-' | '+' | '~' | 'not';
  readonly operand: Ast;
}

export type BinaryOp =
  | '=' | '<>' | '<=>' | '<' | '<=' | '>' | '>='
  | '+' | '-' | '*' | '/' | '%' | 'div' | '&' | '|' | '^' | '||';

export interface BinaryAst extends Node<'binary'> {
  readonly op: BinaryOp;
  readonly left: Ast;
  readonly right: Ast;
}

export interface LogicAst extends Node<'logic'> {
  readonly op: 'and' | 'or';
  readonly operands: readonly Ast[];
}

/** IS [NOT] NULL, TRUE, FALSE, UNKNOWN, DISTINCT FROM. */
export interface IsAst extends Node<'is'> {
  readonly test: 'null' | 'true' | 'false' | 'unknown' | 'distinct';
  readonly not: boolean;
  readonly operand: Ast;
  /** The right side of DISTINCT FROM; null otherwise. */
  readonly other: Ast | null;
}

export interface BetweenAst extends Node<'between'> {
  readonly not: boolean;
  readonly operand: Ast;
  readonly low: Ast;
  readonly high: Ast;
}

export interface InAst extends Node<'in'> {
  readonly not: boolean;
  readonly operand: Ast;
  readonly items: readonly Ast[];
}

export interface LikeAst extends Node<'like'> {
  readonly op: 'like' | 'ilike' | 'rlike';
  readonly not: boolean;
  readonly operand: Ast;
  readonly pattern: Ast;
  /** The character of ESCAPE; null: the backslash. */
  readonly escape: string | null;
}

export interface CaseAst extends Node<'case'> {
  /** What stands between CASE and WHEN. */
  readonly operand: Ast | null;
  readonly branches: readonly { readonly when: Ast; readonly then: Ast }[];
  readonly otherwise: Ast | null;
}

export interface CastAst extends Node<'cast'> {
  readonly tries: boolean;
  readonly operand: Ast;
  readonly type: DataType;
}

export interface CallAst extends Node<'call'> {
  /** The function's name in lower case. */
  readonly name: string;
  readonly distinct: boolean;
  /** Whether the argument is `*`; `args` is empty then. */
  readonly star: boolean;
  readonly args: readonly Ast[];
}

/** value[index]. */
export interface IndexAst extends Node<'index'> {
  readonly operand: Ast;
  readonly index: Ast;
}

/** (value).name, where the value is not itself a name. */
export interface FieldAst extends Node<'field'> {
  readonly operand: Ast;
  readonly name: string;
}

/** Stands for the result of an aggregate of a SELECT; see select.ts. */
export interface AggregateAst extends Node<'aggregate'> {
  readonly index: number;
}

/** A node of the syntax tree without its place, as code that makes one writes it. */
export type Bare<N extends Ast> = N extends Ast ? Omit<N, 'span'> : never;

/** A frozen node. */
export function node<N extends Ast>(bare: Bare<N>, span: Span): N {
  for (const value of Object.values(bare)) {
    if (Array.isArray(value)) Object.freeze(value);
  }
  return Object.freeze({ ...bare, span: Object.freeze(span) }) as unknown as N;
}

/** The nodes directly below one, in the order of the text. */
export function childrenOf(ast: Ast): readonly Ast[] {
  switch (ast.kind) {
    case 'name': case 'number': case 'string': case 'constant': case 'typed': case 'interval': case 'aggregate':
      return [];
    case 'unary': case 'cast': case 'field': return [ast.operand];
    case 'binary': return [ast.left, ast.right];
    case 'logic': return ast.operands;
    case 'is': return ast.other === null ? [ast.operand] : [ast.operand, ast.other];
    case 'between': return [ast.operand, ast.low, ast.high];
    case 'in': return [ast.operand, ...ast.items];
    case 'like': return [ast.operand, ast.pattern];
    case 'case':
      return [
        ...(ast.operand === null ? [] : [ast.operand]),
        ...ast.branches.flatMap((b) => [b.when, b.then]),
        ...(ast.otherwise === null ? [] : [ast.otherwise]),
      ];
    case 'call': return ast.args;
    case 'index': return [ast.operand, ast.index];
  }
}

/** The same node over other children; itself if they are the same. */
export function withChildren(ast: Ast, change: (child: Ast) => Ast): Ast {
  const before = childrenOf(ast);
  const after = before.map(change);
  if (after.every((child, i) => child === before[i])) return ast;
  const [a, b, c] = after as [Ast, Ast, Ast];
  switch (ast.kind) {
    case 'name': case 'number': case 'string': case 'constant': case 'typed': case 'interval': case 'aggregate':
      return ast;
    case 'unary': case 'cast': case 'field': return Object.freeze({ ...ast, operand: a });
    case 'binary': return Object.freeze({ ...ast, left: a, right: b });
    case 'logic': return Object.freeze({ ...ast, operands: Object.freeze(after) });
    case 'is': return Object.freeze({ ...ast, operand: a, other: ast.other === null ? null : b });
    case 'between': return Object.freeze({ ...ast, operand: a, low: b, high: c });
    case 'in': return Object.freeze({ ...ast, operand: a, items: Object.freeze(after.slice(1)) });
    case 'like': return Object.freeze({ ...ast, operand: a, pattern: b });
    case 'case': {
      let at = 0;
      const operand = ast.operand === null ? null : after[at++]!;
      const branches = Object.freeze(ast.branches.map(() => Object.freeze({ when: after[at++]!, then: after[at++]! })));
      return Object.freeze({ ...ast, operand, branches, otherwise: ast.otherwise === null ? null : after[at]! });
    }
    case 'call': return Object.freeze({ ...ast, args: Object.freeze(after) });
    case 'index': return Object.freeze({ ...ast, operand: a, index: b });
  }
}
