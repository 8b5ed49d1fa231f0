import { AssayError } from '../base/errors.js';
import type { Analyzer } from '../analyzers/contract.js';
import { sameType, sqlTypeName, type Schema } from '../data/types.js';
import { printBound } from '../expression/unbind.js';
import type { Bound } from '../expression/bound.js';
import { requestKey, type RecordSpec, type Request, type TableSpec } from '../states/contract.js';
import type { TableRoom } from '../states/saved-blocks.js';
import { mergeTables, type SavedTable } from '../states/saved-table.js';
import { byRequest, commonAnswers, distinctStates, type Answering } from './state-keys.js';

/** A state with the request that it answers. */
export type StateValue =
  | (Answering & {
      readonly kind: 'record';
      readonly spec: RecordSpec<any, any>;
      readonly state: object;
    })
  | (Answering & {
      readonly kind: 'table';
      readonly spec: TableSpec<any>;
      readonly table: SavedTable;
      /** Where it is from, if it has the result of an analyzer alone: then it merges with nothing. */
      readonly result?: string | undefined;
    });

/** The states of one table, or of a part of it. */
export interface StateSet {
  /** The columns of the table. */
  readonly schema: Schema;
  /** Rows of the table; null: unknown. */
  readonly rows: number | null;
  /** Whose questions the states answer. */
  readonly analyzers: readonly Analyzer[];
  /** By the keys of their requests; where one knows less than its request asks, whom it answers is part of its key. */
  readonly states: ReadonlyMap<string, StateValue>;
  /** The keys of the requests that each analyzer asks, by its own key; absent: unknown. */
  readonly asks?: ReadonlyMap<string, readonly string[]> | undefined;
}

/** A state that somebody asks for, and one of the analyzers that do. */
export interface WantedState {
  readonly request: Request;
  readonly spec: RecordSpec<any, any> | TableSpec<any>;
  readonly analyzer: Analyzer;
  /** Where a table lies that is read; absent: in memory. */
  readonly room?: TableRoom;
}

/** Two states of one request as one, the first one's rows before the second one's; neither is changed. */
export function mergeStates(a: StateValue, b: StateValue, room?: TableRoom): StateValue {
  return mergeAll([a, b], room);
}

/** States of one request as one, in the order of their rows; none is changed. */
export function mergeAll(values: readonly StateValue[], room?: TableRoom): StateValue {
  const [first, ...others] = values as [StateValue, ...StateValue[]];
  if (others.length > 0) for (const value of values) refuseResult(value, 'merged');
  let answers = first.answers;
  for (const other of others) {
    if (requestKey(first.request) !== requestKey(other.request) || first.kind !== other.kind) {
      const why = difference(first.request, other.request);
      throw new AssayError('STATE', `states of different requests cannot be merged: ${why}`);
    }
    const both = commonAnswers({ answers }, other);
    if (both === null) throw new AssayError('STATE', 'states that answer different analyzers cannot be merged');
    answers = both;
  }
  if (first.kind === 'table') {
    const table = mergeTables((values as (typeof first)[]).map((v) => v.table), room);
    return { ...first, table, ...(answers && { answers }) };
  }
  const state = (others as (typeof first)[]).reduce(
    (all, v) => first.spec.merge(all, v.state, first.request), first.state,
  );
  return { ...first, state, ...(answers && { answers }) };
}

/** Throws for a state that is a result alone. */
export function refuseResult(value: StateValue, what: string): void {
  if (value.kind !== 'table' || value.result === undefined) return;
  const why = 'it holds a result instead of the numbers from which it is; compute it anew';
  throw new AssayError('STATE', `${value.result} cannot be ${what}: ${why}`);
}

/** The states of two parts of a table as those of both: what both have. Throws STATE if a column has other types. */
export function mergeSets(a: StateSet, b: StateSet): StateSet {
  const schema = commonSchema(a.schema, b.schema);
  const others = byRequest(b.states.values());
  const merged: StateValue[] = [];
  for (const state of a.states.values()) {
    for (const other of others.get(requestKey(state.request)) ?? []) {
      if (commonAnswers(state, other) !== null) merged.push(mergeStates(state, other));
    }
  }
  const keys = new Set(b.analyzers.map((x) => x.key));
  return Object.freeze<StateSet>({
    schema,
    rows: a.rows === null || b.rows === null ? null : a.rows + b.rows,
    analyzers: a.analyzers.filter((x) => keys.has(x.key)),
    states: distinctStates(merged),
    asks: a.asks ?? b.asks,
  });
}

/** The columns of both tables; throws STATE if one of both has another type in them. */
export function commonSchema(a: Schema, b: Schema, who = 'states'): Schema {
  const others = new Map(b.fields.map((f) => [f.name, f]));
  const fields = a.fields.map((field) => {
    const other = others.get(field.name);
    if (!other) return field;
    others.delete(field.name);
    if (!sameType(field.type, other.type)) {
      const what = `column '${field.name}' is ${sqlTypeName(field.type)} in one and ${sqlTypeName(other.type)} in another`;
      throw new AssayError('STATE', `${who} of different tables cannot be merged: ${what}`);
    }
    return other.nullable && !field.nullable ? { ...field, nullable: true } : field;
  });
  return { fields: [...fields, ...others.values()] };
}

/** Why a store has no state for a request: it has none at all, or only one that differs, which is named. */
export function lackOf({ request, analyzer }: WantedState, known: Iterable<Request>, place: string): AssayError {
  const asked = `${place} has no state for ${String(analyzer)}`;
  let nearest: string | null = null;
  let least = Infinity;
  for (const other of known) {
    if (other.state !== request.state) continue;
    const differences = differencesOf(request, other);
    if (differences.length >= least) continue;
    least = differences.length;
    nearest = differences.join('; ') || 'what it knows: it is of other analyzers, from files of Deequ';
  }
  const hint = nearest === null
    ? `: no state '${request.state}' over ${inputsText(request)}`
    : `: what it has differs in ${nearest}`;
  const error = new AssayError('STATE', `${asked}${hint}. States of other requests cannot be merged; compute them anew`);
  lacks.add(error);
  return error;
}

const lacks = new WeakSet<object>();

/** Whether an error says that a store has no state for a request. */
export function isLack(error: unknown): error is AssayError {
  return typeof error === 'object' && error !== null && lacks.has(error);
}

function difference(a: Request, b: Request): string {
  if (a.state !== b.state) return `'${a.state}' and '${b.state}'`;
  return differencesOf(a, b).join('; ');
}

/** What tells two requests of one state apart. */
function differencesOf(asked: Request, stored: Request): string[] {
  const found: string[] = [];
  const compare = (what: string, a: string, b: string) => {
    if (a !== b) found.push(`${what}: asked for ${a}, stored ${b}`);
  };
  compare('inputs', inputsText(asked), inputsText(stored));
  if (found.length === 0) compare('types of inputs', typesText(asked), typesText(stored));
  compare('filter', whereText(asked.where), whereText(stored.where));
  compare('parameters', JSON.stringify(asked.options ?? null), JSON.stringify(stored.options ?? null));
  if (found.length === 0 && requestKey(asked) !== requestKey(stored)) found.push(
    'time zone or types inside of expressions',
  );
  return found;
}

const inputsText = (r: Request) => r.inputs.map(printBound).join(', ') || 'all rows';
const typesText = (r: Request) => r.inputs.map((e) => sqlTypeName(e.type)).join(', ');
const whereText = (where: Bound | null) => (where ? printBound(where) : 'none');
