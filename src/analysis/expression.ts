import { AssayError } from '../base/errors.js';
import { schemaOf, type SchemaLike } from '../data/schema-text.js';
import type { Facet, OpenSource } from '../data/source.js';
import { sqlTypeName, type DataType, type Schema } from '../data/types.js';
import { childrenOf, type Ast } from '../expression/ast.js';
import { bindExpression } from '../expression/bind.js';
import type { Bound } from '../expression/bound.js';
import { readerOf } from '../expression/evaluate/values.js';
import { facetsOf } from '../expression/facets.js';
import { BARE_CALLS } from '../expression/functions/dates.js';
import { astFromJson, astToJson, type AstJson } from '../expression/json.js';
import { jsValue, type JsValue } from '../expression/js-values.js';
import { parseExpression } from '../expression/parse.js';
import { printAst } from '../expression/print.js';
import { printBound } from '../expression/unbind.js';
import { openView } from '../expression/view.js';
import { openKernels } from '../kernels/kernels.js';
import { toSource } from '../sources/open.js';

/** What an expression means beside its text. */
export interface ExpressionOptions {
  /** The time zone of timestamps; default `UTC`. */
  readonly timeZone?: string | undefined;
  /**
   * The moment that `now()` and `current_date` stand for, as a Date or milliseconds since 1970; default: the present.
   */
  readonly now?: Date | number | undefined;
}

/** How an expression is evaluated on a table. */
export interface EvaluateOptions extends ExpressionOptions {
  /** Reading stops after so many rows; default: all. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What an expression is over the columns of a schema. */
export interface CheckedExpression {
  /** The name of its type: `boolean`, `decimal(10,2)`. */
  readonly type: string;
  /** The same as plain data. */
  readonly logicalType: DataType;
  /** The exact names of the columns that it reads, in the order in which they are met. */
  readonly columns: readonly string[];
  /** What it needs to know of each of them: a source may answer `presence` or `lengths` without decoding values. */
  readonly facets: ReadonlyMap<string, readonly Facet[]>;
  /** The text with every cast written out; it means the same on the same schema. */
  readonly text: string;
}

/** An expression of Spark SQL as a value: immutable, equal to its text and to its JSON. */
export interface Expression {
  /** The canonical text: equal for expressions that differ in spelling alone. */
  readonly text: string;
  /** The top-level columns that it names, as they are written, without a schema to say how they are really called. */
  readonly columns: readonly string[];
  /** Its type and columns on a schema; throws as planning a check does: UNKNOWN_COLUMN, WRONG_TYPE and so on. */
  check(schema: SchemaLike, options?: ExpressionOptions): CheckedExpression;
  /**
   * Its values on the rows of a table, in order; all are kept in memory.
   * `data`: what `onData` of a suite takes.
   */
  evaluate(data: unknown, options?: EvaluateOptions): Promise<readonly JsValue[]>;
  /** The same batch by batch: memory stays bounded. */
  batches(data: unknown, options?: EvaluateOptions): AsyncIterable<readonly JsValue[]>;
  /** The syntax tree as plain JSON; `expression(json)` reads it again. */
  toJSON(): AstJson;
  toString(): string;
}

/**
 * An expression of Spark SQL, from its text or from its JSON. Throws SYNTAX with the place, UNSUPPORTED for subqueries,
 * INVALID_ARGUMENT for JSON that is no expression. See docs/expressions.md for the language.
 */
export function expression(source: string | AstJson): Expression {
  const ast = typeof source === 'string' ? parseExpression(source) : astFromJson(source);
  const text = printAst(ast);
  const written = typeof source === 'string' ? source : text;
  const bind = (schema: Schema, { timeZone, now }: ExpressionOptions): Bound =>
    bindExpression(ast, schema, { zone: timeZone, now, text: written });
  const batches = (data: unknown, options: EvaluateOptions = {}) =>
    evaluateOn(data, (schema) => bind(schema, options), options);
  return Object.freeze<Expression>({
    text,
    columns: namesIn(ast),
    check: (schema, options = {}) => checked(bind(schemaOf(schema), options)),
    batches,
    async evaluate(data, options) {
      const all: JsValue[] = [];
      for await (const values of batches(data, options)) for (const value of values) all.push(value);
      return all;
    },
    toJSON: () => astToJson(ast),
    toString: () => text,
  });
}

function checked(bound: Bound): CheckedExpression {
  const facets = facetsOf([bound]);
  return Object.freeze({
    type: sqlTypeName(bound.type), logicalType: bound.type, columns: Object.freeze([...facets.keys()]), facets,
    text: printBound(bound),
  });
}

function namesIn(ast: Ast): readonly string[] {
  const names = new Map<string, string>();
  const visit = (at: Ast): void => {
    if (at.kind === 'name') {
      const [name] = at.parts as [string];
      const key = name.toLowerCase();
      if (!names.has(key) && !(at.parts.length === 1 && BARE_CALLS.has(key))) names.set(key, name);
    }
    childrenOf(at).forEach(visit);
  };
  visit(ast);
  return Object.freeze([...names.values()]);
}

async function* evaluateOn(
  data: unknown, bind: (schema: Schema) => Bound, { limit = Infinity, signal, timeZone = 'UTC' }: EvaluateOptions,
): AsyncGenerator<readonly JsValue[]> {
  if (!(limit >= 0) || (limit !== Infinity && !Number.isSafeInteger(limit))) {
    throw new AssayError('INVALID_ARGUMENT', `limit: expected a whole number of rows, got ${String(limit)}`);
  }
  const source = await toSource(data).open(signal ? { signal } : {});
  try {
    const bound = bind(source.schema);
    const wanted = facetsOf([bound]);
    let left = limit;
    for (const split of source.splits) {
      if (left === 0) return;
      for await (const batch of source.read(split, wanted, { signal })) {
        const values = valuesOf(bound, batch, source, Math.min(left, batch.rows), timeZone);
        left -= values.length;
        yield values;
        if (left === 0) break;
      }
    }
  } finally {
    await source.close();
  }
}

/** The values on the first rows of a batch. */
function valuesOf(
  bound: Bound, batch: Parameters<typeof openView>[0], source: OpenSource, rows: number, zone: string,
): readonly JsValue[] {
  const kernels = openKernels(source.memory);
  const view = openView(batch, kernels);
  try {
    const read = readerOf(kernels, view.vector(bound));
    return Array.from({ length: rows }, (_, i) => jsValue(bound.type, read(i), zone));
  } finally {
    view.close();
    batch.release?.();
  }
}
