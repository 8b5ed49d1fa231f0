import { AssayError } from '../base/errors.js';
import type { Analyzer } from '../analyzers/contract.js';
import { isGrouping } from '../analyzers/frequencies.js';
import { isKnown, call } from '../analyzers/lower.js';
import { CountDistinct } from '../analyzers/count-distinct.js';
import { Distinctness } from '../analyzers/distinctness.js';
import { DuplicateRowCount } from '../analyzers/duplicate-row-count.js';
import { Entropy } from '../analyzers/entropy.js';
import { MutualInformation } from '../analyzers/mutual-information.js';
import { UniqueValueRatio } from '../analyzers/unique-value-ratio.js';
import { Uniqueness } from '../analyzers/uniqueness.js';
import { openArrow } from '../data/arrow-out.js';
import { dayOf } from '../data/dates.js';
import { regionOf } from '../data/region.js';
import { BOOLEAN, LONG, STRING, sameType, sqlTypeName, type DataType } from '../data/types.js';
import { execute } from '../engine/execute.js';
import type { Bound } from '../expression/bound.js';
import { valueText } from '../expression/evaluate/value-text.js';
import { parquet } from '../sources/parquet/source.js';
import { parquetOfIpc } from '../sources/write/parquet.js';
import type { KeyValue, Request, TableSpec } from '../states/contract.js';
import { BlockBuilder, type GroupBlock } from '../states/saved-blocks.js';
import { columnOfKeys } from '../states/saved-keys.js';
import { collecting, rekeyed, savedTable, sumsAsCounts, type Collected } from '../states/saved-table.js';
import type { Storage } from '../storage/storage.js';
import type { StateValue, WantedState } from './state-set.js';

/** How Deequ names the rows per group. */
const COUNT = 'com_amazon_deequ_dq_metrics_count';
/** How its histograms name null. */
const NULL_TEXT = 'NullValue';

/** Whether a request is that of the grouping which Deequ stores. */
export function isFrequencies({ analyzer }: Analyzer, { state, inputs }: Request): boolean {
  return state === 'groups' && (analyzer !== 'MutualInformation' || inputs.length === 2);
}

/** Analyzers under any of which Deequ may have stored the grouping of this one: it stores it under one alone. */
export function groupedAlike(analyzer: Analyzer): Analyzer[] {
  if (!isGrouping(analyzer)) return [analyzer];
  const { columns, column, where } = analyzer.params as { columns?: readonly string[]; column?: string; where?: string | null };
  const names = columns ?? [column!];
  const options = { where: where ?? undefined };
  const orders = names.length <= MOST_ORDERED ? ordersOf(names) : [names, [...names].sort()];
  const others = orders.flatMap((cols): Analyzer[] => [ // as Deequ names them without options
    Uniqueness(cols, options), Distinctness(cols, options), UniqueValueRatio(cols, options), DuplicateRowCount(cols, options),
    ...(options.where === undefined ? [CountDistinct(cols)] : []),
    ...(cols.length === 1 ? [Entropy(cols[0]!, options)] : []),
    ...(cols.length === 2 ? [MutualInformation(cols, options)] : []),
  ]);
  return [analyzer, ...others];
}

/** Columns of which every order is looked for. */
const MOST_ORDERED = 3;

function ordersOf(names: readonly string[]): (readonly string[])[] {
  if (names.length < 2) return [names];
  return names.flatMap((first, i) => ordersOf(names.filter((_, j) => j !== i)).map((rest) => [first, ...rest]));
}

/**
 * The groups in Deequ's files, as far as an analyzer asks for them; null: there are none. Those of a histogram are
 * whole, unless it adds something up: then they do not tell their rows. Others do not tell how many rows have no key
 * at all, and answer the analyzers of that grouping alone.
 *
 * @param start of the names of both: `<prefix>-<identifier>`
 */
export async function readFrequencies(
  storage: Storage, start: string, { request, spec, analyzer, room }: WantedState,
): Promise<StateValue | null> {
  const folder = `${start}-frequencies.pqt`;
  const rows = await storage.read(`${start}-num_rows.bin`);
  if (!rows) return null; // it is written last
  const files = (await storage.list(folder)).filter((o) => o.path.endsWith('.parquet'));
  const place = storage.place(folder);
  const wrong = (message: string) => new AssayError(
    'STATE', `${place}: no frequencies of ${String(analyzer)}: ${message}`,
  );
  if (files.length === 0) throw wrong('there is no Parquet file');
  if (rows.length !== 8) throw wrong(
    `'${storage.place(`${start}-num_rows.bin`)}' has ${rows.length} bytes instead of 8`,
  );
  const contents = await Promise.all(files.map(async ({ path }) => {
    const bytes = await storage.read(path);
    if (bytes) return new Blob([bytes]);
    throw wrong(`'${storage.place(path)}' is gone`);
  }));
  const source = await parquet(contents, { name: place }).open().catch((thrown: unknown) => {
    throw wrong(reasonOf(thrown));
  });
  try {
    const stored = (name: string): Bound => {
      const field = source.schema.fields.find((f) => f.name === name);
      if (field) return Object.freeze({ kind: 'column', name, type: field.type });
      throw wrong(`it has no column '${name}' but ${source.schema.fields.map((f) => `'${f.name}'`).join(', ')}`);
    };
    const count = stored(COUNT);
    if (count.type.kind !== 'long') throw wrong(`its counts are ${sqlTypeName(count.type)}`);
    const isHistogram = analyzer.analyzer === 'Histogram';
    const names = isHistogram ? [analyzer.params.column as string] : request.inputs.map(nameOf);
    const keys = names.map((name) => stored(unquoted(name)));
    const types = request.inputs.slice(0, keys.length).map((e) => e.type);
    keys.forEach(({ type }, i) => {
      const expected = isHistogram ? STRING : types[i]!;
      if (!sameType(type, expected)) throw wrong(
        `'${names[i]}' is ${sqlTypeName(type)} instead of ${sqlTypeName(expected)}`,
      );
    });
    const whole = source.schema.fields.filter((f) => f.name !== COUNT).map((f) => isKnown(stored(f.name)));
    const isPairs = analyzer.analyzer === 'MutualInformation';
    const known = isPairs ? whole.reduce((a, b) => call('and', [a, b], BOOLEAN)) : null;
    const ask: Request = { state: 'groups', inputs: [...keys, count], where: known, options: { measure: true } };
    const fold = collecting(keys.map((key) => key.type), true, room);
    const { answers: [answer] } = await execute(
      [{ kind: 'fold', spec: spec as TableSpec, request: ask, fold }], source, { threads: 0 },
    );
    if (!answer!.ok) throw wrong(answer!.error.message);
    const found = savedTable(answer!.value as Collected, keys.map((key) => key.type), true, room);
    const valueOf = (text: KeyValue) => keyOfText(types[0]!, text as string, wrong);
    const named = isHistogram ? rekeyed(found, types, ([text]) => [valueOf(text!)], room) : found;
    const table = measures(request) ? named : sumsAsCounts(named, room);
    const value: StateValue = { kind: 'table', spec: spec as TableSpec, request, table };
    return isHistogram && !table.measured ? value : { ...value, answers: groupedAlike(analyzer).map((a) => a.key) };
  } catch (thrown) {
    throw reasonOf(thrown).startsWith(`${place}: `) ? thrown : wrong(reasonOf(thrown));
  } finally {
    await source.close();
  }
}

/** Writes groups as Deequ's files. */
export async function writeFrequencies(
  storage: Storage, start: string, analyzer: Analyzer, { request, table }: Extract<StateValue, { kind: 'table' }>,
  write: (path: string, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const isHistogram = analyzer.analyzer === 'Histogram';
  const names = isHistogram ? [unquoted(analyzer.params.column as string)] : request.inputs.map(nameOf);
  const arrow = await openArrow();
  const batches: unknown[] = [];
  let rows = 0n;
  const { allNull } = table;
  let nulls = isHistogram && allNull.rows > 0 ? (table.measured ? allNull.sum ?? 0n : BigInt(allNull.rows)) : null;
  const add = (block: GroupBlock) => {
    const keys = isHistogram ? textsOf(block, analyzer) : block;
    const counts = BigInt64Array.from(block.counts, (n, i) => (block.sums ? block.sums[i]! : BigInt(n)));
    // Deequ counts nulls and the text by which it names them together
    const at = nulls === null ? -1 : rowOf(keys, NULL_TEXT);
    if (at >= 0) {
      counts[at]! += nulls!;
      nulls = null;
    }
    for (const n of counts) rows += n;
    const columns = keys.keys.map((part, i) => ({ name: names[i]!, column: columnOfKeys(part) }));
    const count = { type: LONG, rows: block.rows, validity: null, values: regionOf(counts) };
    batches.push(arrow.recordBatch([...columns, { name: COUNT, column: count }], block.rows));
  };
  for (const block of table.blocks) add(block.load());
  if (nulls !== null || table.blocks.length === 0) {
    const last = new BlockBuilder(table.types, table.measured);
    if (nulls !== null) last.add([null], allNull.rows, allNull.sum);
    nulls = null;
    add(last.finish());
  }
  const folder = `${start}-frequencies.pqt`;
  const part = `${folder}/part-00000.parquet`;
  const bytes = await parquetOfIpc(arrow.ipcStream(arrow.table(batches)));
  for (const { path } of await storage.list(folder)) if (path !== part) await storage.remove(path);
  await write(part, bytes);
  const count = new DataView(new ArrayBuffer(8));
  count.setBigInt64(0, rows);
  await write(`${start}-num_rows.bin`, new Uint8Array(count.buffer));
}

const reasonOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown));
const measures = ({ options }: Request) => (options as { measure?: boolean } | null)?.measure === true;
const nameOf = (e: Bound) => (e.kind === 'column' ? e.name : '');
const unquoted = (name: string) => (/^`.*`$/s.test(name) ? name.slice(1, -1).replaceAll('``', '`') : name);

/** The value whose text a histogram of Deequ names. */
function keyOfText(type: DataType, text: string, wrong: (message: string) => AssayError): KeyValue {
  if (text === NULL_TEXT) return null;
  const value = parsed(type, text);
  if (value === undefined) throw wrong(`a ${sqlTypeName(type)} cannot be had back from the text '${text}'`);
  return value;
}

function parsed(type: DataType, text: string): KeyValue | undefined {
  switch (type.kind) {
    case 'string': return text;
    case 'boolean': return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'byte': case 'short': case 'int': return /^-?\d{1,10}$/.test(text) ? Number(text) : undefined;
    case 'long': return /^-?\d{1,19}$/.test(text) ? BigInt(text) : undefined;
    case 'decimal': return /^-?\d+(\.\d+)?$/.test(text) ? BigInt(text.replace('.', '')) : undefined;
    case 'date': return dayOf(text);
    default: return undefined;
  }
}

/** The row of a text among the keys of a block; -1: it is not there. */
function rowOf({ rows, keys }: GroupBlock, text: string): number {
  for (let i = 0; i < rows; ++i) if (keys[0]!.value(i) === text) return i;
  return -1;
}

/** The keys of a block as Deequ's histograms name them. */
function textsOf(block: GroupBlock, analyzer: Analyzer): GroupBlock {
  const [keys] = block.keys as [GroupBlock['keys'][number]];
  if (keys.type.kind === 'timestamp') {
    throw new AssayError(
      'UNSUPPORTED', `Deequ's state files cannot hold ${String(analyzer)}: texts of timestamps depend on a time zone`,
    );
  }
  const out = new BlockBuilder([STRING], false);
  for (let i = 0; i < block.rows; ++i) {
    const value = keys.value(i);
    out.add([value === null ? NULL_TEXT : valueText(keys.type, value, 'UTC')], block.counts[i]!, null);
  }
  return out.finish();
}
