import { AssayError } from '../base/errors.js';
import { DOUBLE, LONG, decimal, isIntegral, type DataType } from '../data/types.js';
import { withChildren, type AggregateAst, type Ast, type CallAst } from './ast.js';
import type { Cursor } from './cursor.js';
import { cursorOver, readShallow } from './parse.js';

/** The aggregates that states can answer. */
export type AggregateName =
  | 'count' | 'sum' | 'avg' | 'min' | 'max' | 'stddev_pop' | 'stddev_samp' | 'var_pop' | 'var_samp';

/** One aggregate of a SELECT; `arg` null: COUNT(*). */
export interface Aggregate {
  readonly fn: AggregateName;
  readonly distinct: boolean;
  readonly arg: Ast | null;
}

/** A SELECT of one table without grouping: its items hold an `aggregate` node where each aggregate stood. */
export interface Select {
  readonly kind: 'select';
  readonly items: readonly { readonly ast: Ast; readonly alias?: string }[];
  readonly aggregates: readonly Aggregate[];
  readonly from: string | null;
  /** The name that may stand before columns: the alias of the table, or its name. */
  readonly qualifier: string | null;
  readonly where: Ast | null;
}

/** A query that may be right but needs an SQL engine. */
export interface UnsupportedSelect {
  readonly kind: 'unsupported';
  /** What of it needs DuckDB, e.g. `GROUP BY needs DuckDB`. */
  readonly reason: string;
}

const NAMES: Readonly<Record<string, AggregateName>> = {
  count: 'count', sum: 'sum', avg: 'avg', mean: 'avg', min: 'min', max: 'max',
  stddev: 'stddev_samp', std: 'stddev_samp', stddev_samp: 'stddev_samp', stddev_pop: 'stddev_pop',
  variance: 'var_samp', var_samp: 'var_samp', var_pop: 'var_pop',
};
const OTHER_AGGREGATES = new Set([
  'approx_count_distinct', 'approx_percentile', 'percentile_approx', 'percentile', 'median', 'mode', 'corr',
  'covar_pop', 'covar_samp', 'skewness', 'kurtosis', 'count_if', 'collect_list', 'collect_set', 'array_agg',
  'bool_and', 'bool_or', 'every', 'some', 'any', 'first', 'last', 'first_value', 'last_value', 'any_value', 'max_by',
  'min_by', 'bit_and', 'bit_or', 'bit_xor', 'product', 'quantile', 'quantile_cont', 'string_agg', 'listagg',
  'group_concat', 'row_number', 'rank', 'dense_rank', 'lag', 'lead', 'ntile',
]);
/** What may follow a table, and is more than is lowered here. */
const CLAUSES = [
  'group', 'having', 'order', 'sort', 'cluster', 'distribute', 'limit', 'offset', 'fetch', 'window', 'qualify',
  'union', 'intersect', 'except', 'minus', 'join', 'inner', 'left', 'right', 'full', 'cross', 'natural', 'semi',
  'anti', 'lateral', 'pivot', 'unpivot', 'tablesample', 'using', 'sample', 'asof', 'positional',
];

/**
 * A query of the shape `SELECT expression, … [FROM table] [WHERE predicate]`. What is a query but more than that
 * comes back as `unsupported`; what is no query throws SYNTAX.
 */
export function parseSelect(text: string): Select | UnsupportedSelect {
  const cursor = cursorOver(text);
  if (cursor.at('(')) return unsupported('a query in parentheses');
  const other = ['with', 'from', 'values'].find((word) => cursor.at(word));
  if (other !== undefined) return unsupported(other.toUpperCase());
  cursor.expect('select', "'SELECT'");
  try {
    return readSelect(cursor);
  } catch (thrown) {
    if (!(thrown instanceof AssayError) || thrown.code !== 'UNSUPPORTED') throw thrown;
    return unsupported(thrown.message.split(' cannot be part')[0]!.split('\n')[0]!);
  }
}

const unsupported = (what: string): UnsupportedSelect => ({ kind: 'unsupported', reason: `${what} needs DuckDB` });

function readSelect(cursor: Cursor): Select | UnsupportedSelect {
  if (cursor.at('distinct') && !isEndOfItem(cursor, 1)) return unsupported('SELECT DISTINCT');
  if (cursor.at('all') && !isEndOfItem(cursor, 1)) cursor.next();
  const aggregates: Aggregate[] = [];
  const items: { ast: Ast; alias?: string }[] = [];
  do {
    if (cursor.at('*')) return unsupported('SELECT *');
    const ast = takeAggregates(readShallow(cursor), aggregates);
    const alias = readAlias(cursor);
    items.push(Object.freeze(alias === null ? { ast } : { ast, alias }));
  } while (cursor.take(','));
  let [from, qualifier]: [string | null, string | null] = [null, null];
  if (cursor.take('from')) {
    if (cursor.at('(')) return unsupported('a subquery in FROM');
    [from, qualifier] = readTable(cursor);
  }
  if (cursor.at('(')) return unsupported('a table function');
  if (cursor.at(',')) return unsupported('a second table');
  const where = cursor.take('where') ? readShallow(cursor) : null;
  const clause = CLAUSES.find((word) => cursor.at(word));
  if (clause !== undefined) return unsupported(clause.toUpperCase() + (cursor.at('by', 1) ? ' BY' : ''));
  cursor.take(';');
  if (cursor.peek().kind !== 'end') throw cursor.unexpected('FROM, WHERE or the end of the query');
  if (where !== null && takeAggregates(where, []) !== where) {
    throw cursor.error(where.span, 'an aggregate cannot stand in WHERE');
  }
  return Object.freeze({ kind: 'select', items, aggregates, from, qualifier, where });
}

/** Whether the token `ahead` ends an item, so that the word before is a column. */
function isEndOfItem(cursor: Cursor, ahead: number): boolean {
  return cursor.peek(ahead).kind === 'end' || cursor.at(',', ahead) || cursor.at('from', ahead);
}

function readAlias(cursor: Cursor): string | null {
  const named = cursor.take('as');
  const { kind, key, text } = cursor.peek();
  if (kind === 'quoted' || (kind === 'word' && (named || !['from', 'where', ...CLAUSES].includes(key)))) {
    cursor.next();
    return text;
  }
  if (named) throw cursor.unexpected('a name after AS');
  return null;
}

function readTable(cursor: Cursor): [name: string, qualifier: string] {
  const parts: string[] = [];
  do {
    const { kind, text } = cursor.peek();
    if (kind !== 'word' && kind !== 'quoted') throw cursor.unexpected('the name of a table');
    cursor.next();
    parts.push(text);
  } while (cursor.take('.'));
  return [parts.join('.'), readAlias(cursor) ?? parts.at(-1)!];
}

/** The tree with an `aggregate` node in place of every aggregate, which are put into `found`, equal ones once. */
function takeAggregates(ast: Ast, found: Aggregate[]): Ast {
  if (ast.kind !== 'call') return withChildren(ast, (child) => takeAggregates(child, found));
  const fn = Object.hasOwn(NAMES, ast.name) ? NAMES[ast.name]! : null;
  if (fn === null) {
    if (OTHER_AGGREGATES.has(ast.name) || ast.star || ast.distinct) throw refuse(ast);
    return withChildren(ast, (child) => takeAggregates(child, found));
  }
  if (ast.args.length !== 1 && !(ast.star && fn === 'count')) throw refuse(ast);
  const arg = ast.args[0] ?? null;
  if (arg !== null && takeAggregates(arg, []) !== arg) throw refuse(ast);
  const aggregate: Aggregate = Object.freeze({ fn, distinct: ast.distinct, arg });
  const key = keyOf(aggregate);
  const known = found.findIndex((other) => keyOf(other) === key);
  const index = known >= 0 ? known : found.push(aggregate) - 1;
  return Object.freeze<AggregateAst>({ kind: 'aggregate', index, span: ast.span });
}

function refuse(ast: CallAst): AssayError {
  return new AssayError('UNSUPPORTED', `this form of ${ast.name}()`);
}

/** Equal for equal aggregates wherever they stand. */
const keyOf = (aggregate: Aggregate): string =>
  JSON.stringify(aggregate, (key, value: unknown) => (key === 'span' ? undefined : value));

/** The type of an aggregate's result over an argument's; COUNT(*) has no argument. */
export function aggregateType(fn: AggregateName, arg: DataType | null): DataType {
  if (fn === 'count' || arg === null) return LONG;
  if (fn === 'min' || fn === 'max') return arg;
  if (fn === 'sum' && isIntegral(arg)) return LONG;
  if (arg.kind !== 'decimal' || (fn !== 'sum' && fn !== 'avg')) return DOUBLE;
  return fn === 'sum'
    ? decimal(Math.min(arg.precision + 10, 38), arg.scale)
    : decimal(Math.min(arg.precision + 4, 38), Math.min(arg.scale + 4, 38));
}
