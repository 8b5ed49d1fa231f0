import { expect } from 'vitest';
import { AssayError } from '../../src/base/errors.js';
import { execute } from '../../src/engine/execute.js';
import type { EngineAsk, FoldAsk } from '../../src/engine/plan.js';
import { layoutOf, isNested, isNumeric, INT, BOOLEAN, type Field } from '../../src/data/types.js';
import type { OpenSource } from '../../src/data/source.js';
import type { Bound } from '../../src/expression/bound.js';
import { binsOptions } from '../../src/states/bins.js';
import { encodeState } from '../../src/states/codec.js';
import type { RecordSpec, TableSpec } from '../../src/states/contract.js';
import { stateSpecs } from '../../src/states/index.js';
import { parquet, type ParquetInput } from '../../src/sources/parquet/source.js';
import { columnOf } from '../states/summaries.js';

/** Every key of a table with its count, as texts. */
const everything = {
  name: 'everything',
  needs: 'keys' as const,
  empty: () => [] as string[],
  add(result: string[], view: { size: number; count(i: number): number; key(i: number, part: number): unknown }) {
    for (let i = 0; i < view.size; ++i) {
      const key = view.key(i, 0);
      const text = key instanceof Uint8Array ? `bytes ${[...key]}` : `${typeof key} ${Object.is(key, -0) ? '-0' : String(key)}`;
      result.push(`${text}: ${view.count(i)}`);
    }
    return result;
  },
};

const spec = (name: string) => stateSpecs.get(name)!;

/** Requests of every state that a column of a type can have, and of some expressions over it. */
function asksOf({ name, type }: Field, others: readonly Field[], where: Bound | null): EngineAsk[] {
  const x: Bound = { kind: 'column', name, type };
  const state = (of: string, inputs: readonly Bound[], options: unknown = null): EngineAsk =>
    ({ kind: 'state', spec: spec(of) as RecordSpec<any, any>, request: { state: of, inputs, where, options } });
  const call = (fn: string, args: readonly Bound[], to: Bound['type']): Bound => ({ kind: 'call', fn, args, type: to });
  const asks = [state('matches', [call('isnotnull', [x], BOOLEAN)])];
  if (type.kind === 'unsupported') return asks;
  asks.push(state('hll', [x]));
  if (isNested(type) || type.kind === 'null') return asks;
  asks.push(state('classes', [x]), state('extrema', [x]));
  const group: FoldAsk = {
    kind: 'fold', spec: spec('groups') as TableSpec<any>, fold: everything as FoldAsk['fold'],
    request: { state: 'groups', inputs: [x], where, options: undefined },
  };
  asks.push(group);
  if (layoutOf(type) === 'utf8') asks.push(state('extrema', [call('length', [x], INT)]), state('sums', [call('length', [x], INT)]));
  if (isNumeric(type)) {
    asks.push(state('sums', [x]), state('moments', [x], { order: 4 }), state('gk', [x], { relativeError: 0.01 }));
    asks.push(state('kll', [x], { sketchSize: 64, shrinkingFactor: 0.64 }));
    asks.push(state('bins', [x], binsOptions([-1, 0, 2, 1000], true)));
    asks.push({ ...group, spec: spec('bag') as TableSpec<any>, request: { ...group.request, state: 'bag' } });
    const other = others.find((field) => field.name !== name && isNumeric(field.type));
    if (other) asks.push(state('comoments', [x, { kind: 'column', name: other.name, type: other.type }]));
  }
  return asks;
}

/** Every state of every column, of all rows and of those on which the first boolean column is true. */
export function allAsks({ schema: { fields } }: OpenSource): EngineAsk[] {
  const first = fields.find((field) => field.type.kind === 'boolean') ?? null;
  const filter: Bound | null = first && { kind: 'column', name: first.name, type: first.type };
  return fields.flatMap((field) => [...asksOf(field, fields, null), ...(filter ? asksOf(field, fields, filter) : [])]);
}

/**
 * The answers of all states over an open source, and those of states alone of which a source may read less. Columns
 * that are read one after the other must give the same.
 */
export async function answersOf(open: OpenSource): Promise<Record<string, string>> {
  const asks = allAsks(open);
  const found = await answersTo(asks, open);
  const ofHashes = asks.filter((ask) => ask.request.state === 'hll');
  for (const [key, answer] of Object.entries(await answersTo(ofHashes, open))) found[`alone ${key}`] = answer;
  const seen = Object.entries(found).map(([key, answer]) => [key.replace(/^(alone )?\d+ /, ''), answer] as const);
  const registers = new Map(seen);
  for (const [key, answer] of seen) if (key.startsWith('hll')) expect([key, answer]).toEqual([key, registers.get(key)]);
  const ofExtremes = asks.filter((ask) => ask.request.state === 'extrema' && ask.request.where === null);
  for (const [key, answer] of Object.entries(await answersTo(ofExtremes, open))) {
    const of = key.replace(/^\d+ /, '');
    if (of.startsWith('extrema')) expect([of, answer]).toEqual([of, registers.get(of)]);
  }
  const unfiltered = asks.filter((ask) => ask.request.where === null); // a filter would join its column with all others
  for (const [key, answer] of Object.entries(await answersTo(unfiltered, { ...open, held: () => 1e9 }))) {
    const of = key.replace(/^\d+ /, '');
    expect([of, answer]).toEqual([of, registers.get(of)]);
  }
  return found;
}

/** Answers as texts: bytes of records, keys and counts of tables; or the error. */
async function answersTo(asks: readonly EngineAsk[], open: OpenSource): Promise<Record<string, string>> {
  const { answers, rows } = await execute(asks, open, { threads: 0 });
  const { summary } = open.splits[0] ?? {};
  const known = [summary?.rows, summary?.bytes, ...open.schema.fields.map(({ name }) => [name, summary && columnOf(summary, name)])];
  const found: Record<string, string> = {
    rows: String(rows), schema: JSON.stringify(open.schema), summary: JSON.stringify(known, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)),
  };
  answers.forEach((answer, i) => {
    const ask = asks[i]!;
    const { inputs, where } = ask.request;
    const key = `${i} ${ask.request.state} of ${JSON.stringify(inputs)}${where ? ' filtered' : ''}`;
    found[key] = !answer.ok ? `error ${answer.error.message}`
      : ask.kind === 'fold' ? (answer.value as string[]).sort().join('\n')
      : Buffer.from(encodeState(ask.spec, ask.request, answer.value as object)).toString('hex');
  });
  return found;
}

/** The answers over Parquet by one of its decoders; or the error of reading it. */
export async function answersBy(decoder: 'own' | 'library', input: ParquetInput): Promise<Record<string, string> | Error> {
  let open: OpenSource | undefined;
  try {
    open = await parquet(input, { decoder }).open();
    return await answersOf(open);
  } catch (error) {
    return error as Error;
  } finally {
    await open?.close();
  }
}

/** Both decoders give the same states, or both refuse the file. */
export async function expectSame(input: string | Uint8Array): Promise<void> {
  const library = await answersBy('library', input);
  const own = await answersBy('own', input);
  if (library instanceof Error) {
    expect(own).toBeInstanceOf(AssayError);
    expect((own as AssayError).code).toBe((library as AssayError).code);
  } else {
    if (own instanceof Error) throw own;
    const short = (text: string | undefined) => String(text).slice(0, 200);
    const different = Object.keys({ ...own, ...library }).filter((key) => own[key] !== library[key]);
    expect(different.slice(0, 5).map((key) => [key, short(own[key]), short(library[key])])).toEqual([]);
  }
}
