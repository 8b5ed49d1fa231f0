import type { Schema } from '../data/types.js';
import type { OpenSource } from '../data/source.js';
import type { Bound } from '../expression/bound.js';
import type { Entity, MetricKind, MetricValues } from '../metrics/metric.js';
import type { FoldAsk, RunOptions, StateAsk } from '../engine/plan.js';
import type { Fold, RecordSpec, TableSpec } from '../states/contract.js';
import type { ParamList } from './params.js';

/** Brand of the values that an ask stands for. */
declare const answers: unique symbol;

/** A question to the engine whose answer is a T. */
export type Ask<T> = (StateAsk | FoldAsk | ConstantAsk) & { readonly [answers]?: T };

export interface ConstantAsk {
  readonly kind: 'constant';
  readonly value: unknown;
}

export type Asks = { readonly [name: string]: Ask<unknown> };
export type Answers<K extends Asks> = { readonly [N in keyof K]: K[N] extends Ask<infer T> ? T : never };

/** What an analyzer's `ask` uses to form its questions over a schema. */
export interface Bind {
  readonly schema: Schema;
  readonly zone: string;
  /** The moment that `now()` stands for, in milliseconds since the epoch. */
  readonly now: number;
  /** The column that a column parameter names (backticks and case as Spark resolves them). */
  column(name: string): Bound;
  /** A predicate's text, bound; undefined and null: no filter. */
  where(text: string | null | undefined): Bound | null;
  /** A boolean expression's text, bound. */
  predicate(text: string): Bound;
  /** A text as an expression. */
  text(value: string): Bound;
  /** A call of the function table; casts are `cast` with the type given as a third argument. */
  call(fn: string, args: readonly Bound[], type?: Bound['type']): Bound;
  state<Q, S extends object>(
    spec: RecordSpec<Q, S>,
    request: { inputs: readonly Bound[]; where?: Bound | null; options?: Q },
  ): Ask<S>;
  fold<Q, R>(
    spec: TableSpec<Q>,
    fold: Fold<R>,
    request: { inputs: readonly Bound[]; where?: Bound | null; options?: Q },
  ): Ask<R>;
  constant<T>(value: T): Ask<T>;
}

/** A precondition on the schema; throws a `Failed` if it does not hold. */
export type Precondition = (schema: Schema) => void;

/** No value because there was nothing to look at: Deequ's EmptyStateException. */
export const empty: unique symbol = Symbol('empty');
export type Empty = typeof empty;

/** No value, with Deequ's exception name and message. */
export interface Failed {
  readonly failed: string;
  readonly message: string;
  readonly cause?: unknown;
}

/** What an analyzer that reads sources itself is given. */
export interface QueryContext {
  /** The table under analysis. */
  readonly source: OpenSource;
  readonly bind: Bind;
  /** Another table of the run by its name (`withSource`), or the one under analysis by its own. */
  open(name: string): Promise<{ source: OpenSource; bind: Bind }>;
  /** Opens whatever `onData` takes. */
  openData(data: unknown): Promise<{ source: OpenSource; bind: Bind }>;
  /** Computes asks over a source. */
  run<K extends Asks>(source: OpenSource, asks: K): Promise<Answers<K>>;
  readonly signal: AbortSignal | undefined;
  /** Limits for analyzers that call the engine themselves. */
  readonly options: Pick<RunOptions, 'signal' | 'threads' | 'memoryLimit'>;
}

/** One analyzer, whole: identity, text, JSON, failure metrics, docs and laws derive from this. */
export interface AnalyzerSpec<
  A extends readonly any[] = readonly any[],
  P extends object = any,
  K extends Asks = any,
  M extends MetricKind = MetricKind,
> {
  /** As stored in repositories. */
  readonly name: string;
  /** One sentence for the docs table. */
  readonly doc: string;
  readonly params: ParamList<P>;
  /** What kind of metric it gives; default `double`. */
  readonly kind?: M;
  create(...args: A): P;
  metric(p: P): { entity: Entity; instance: string; name: string };
  requires(p: P): readonly Precondition[];
  ask?(p: P, bind: Bind): K;
  /** A second question that needs the first answers; null: none. */
  then?(got: Answers<K>, p: P, bind: Bind): Asks | null;
  query?(p: P, run: QueryContext): Promise<MetricValues[M] | Empty | Failed>;
  answer?(got: Answers<K> & Record<string, any>, p: P): MetricValues[M] | Empty | Failed;
  /** Whether nothing was in scope, for analyzers that have a value even then. */
  vacuous?(got: Answers<K> & Record<string, any>, p: P): boolean;
  /** How single rows are judged; absent: it says nothing of them. */
  rows?(p: P, bind: Bind): RowRule;
}

/** What rows outside a filter count as. */
export type Outside = 'TRUE' | 'NULL';

/** How an analyzer judges single rows, as expressions. */
export type RowRule =
  /** A row passes where the verdict is TRUE, fails where it is FALSE; the filter is settled in it. */
  | { readonly kind: 'verdict'; readonly verdict: Bound }
  /** What the assertion of a constraint is applied to, a double; `nulls`: the verdict where it is null. */
  | {
      readonly kind: 'value';
      readonly value: Bound;
      readonly where: Bound | null;
      readonly outside: Outside;
      readonly nulls: null | false;
    }
  /**
   * A row passes if, of the rows on which `where` is TRUE, exactly one has its keys, or at most one. Rows on which
   * `where` is FALSE count as `outside`.
   */
  | {
      readonly kind: 'group';
      readonly keys: readonly Bound[];
      readonly where: Bound | null;
      readonly outside: Outside;
      readonly alone: 'exactly' | 'at most';
    };

/** An analyzer: a question about a table, a frozen plain value that prints, compares by its `key`, and serialises. */
export interface Analyzer<M extends MetricKind = MetricKind> {
  readonly analyzer: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Equal for equal analyzers. */
  readonly key: string;
  /** Deequ's text, e.g. `Completeness(id,None,None)`. */
  toString(): string;
  readonly kind?: M;
}
