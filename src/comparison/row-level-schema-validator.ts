import type { ArrowBatch, RowStream } from '../data/arrow-batch.js';
import { openArrow } from '../data/arrow-out.js';
import type { OpenSource, Source } from '../data/source.js';
import type { Schema } from '../data/types.js';
import { execute } from '../engine/execute.js';
import type { EngineAsk } from '../engine/plan.js';
import type { BatchView } from '../expression/batch-view.js';
import type { Bound } from '../expression/bound.js';
import { facetsOf } from '../expression/facets.js';
import { pickedRows } from '../expression/picked-rows.js';
import { columnOfVector } from '../expression/vector-column.js';
import { openView } from '../expression/view.js';
import { openKernels } from '../kernels/kernels.js';
import { toSource } from '../sources/open.js';
import type { TableWriter } from '../sources/write/writer.js';
import { matches, type Matches } from '../states/matches.js';
import type { ColumnDefinition, RowLevelSchema } from './row-level-schema.js';
import { bindRules, type RowRules } from './row-rules.js';
import { limitsOf, requireReplayable, type ComparisonOptions, type Limits } from './tables.js';

/** How rows are validated: `timeZone` is that of timestamps read by a mask. */
export type ValidationOptions = ComparisonOptions;

/** Valid and invalid rows of a table, and how many there are. Every row is in one of them, in the order of the data. */
export interface RowLevelSchemaValidationResult {
  /** The rows that keep all rules, with the columns of the schema cast to its types. */
  readonly validRows: RowStream;
  readonly numValidRows: number;
  /** The other rows, as they were. */
  readonly invalidRows: RowStream;
  readonly numInvalidRows: number;
  /** Per definition of the schema how many rows break it; a row may break several. */
  readonly violations: readonly { readonly definition: ColumnDefinition; readonly rows: number }[];
}

/** One batch of a table, sorted. */
export interface SortedRows {
  readonly valid: ArrowBatch;
  readonly invalid: ArrowBatch;
}

/**
 * Sorts the rows of a table by whether they keep the rules of a schema. Reads the columns of the schema once to count;
 * the rows are read when the streams are iterated, so the data must be such that can be read again.
 *
 * Rejects with UNKNOWN_COLUMN if the schema names a column that is not there, WRONG_TYPE if a column cannot be cast,
 * SYNTAX or INVALID_ARGUMENT if a regex or a mask cannot be read, SOURCE if the data cannot.
 */
async function validate(
  data: unknown, schema: RowLevelSchema, options: ValidationOptions = {},
): Promise<RowLevelSchemaValidationResult> {
  const { signal, timeZone = 'UTC' } = options;
  const source = toSource(data);
  const limits = limitsOf(options);
  const open = await source.open(signal ? { signal } : {});
  try {
    requireReplayable(open, 'its rows are counted before they are read; use RowLevelSchemaValidator.sort(…) instead');
    const rules = bindRules(schema, open.schema, timeZone);
    const counted = await count([rules.valid, ...rules.tests], open, limits);
    const [all, ...each] = counted;
    const stream = (valid: boolean): RowStream => rowsOf(source, schema, valid, options, valid ? rules.validSchema : open.schema);
    return Object.freeze({
      validRows: stream(true),
      numValidRows: all!.true,
      invalidRows: stream(false),
      numInvalidRows: all!.rows - all!.true,
      violations: Object.freeze(schema.columnDefinitions.map((definition, i) =>
        Object.freeze({ definition, rows: each[i]!.rows - each[i]!.true }))),
    });
  } finally {
    await open.close();
  }
}

/**
 * The same in one reading, for data that comes once: valid and invalid rows of each batch beside each other. Either may
 * have no rows.
 */
function sort(data: unknown, schema: RowLevelSchema, options: ValidationOptions = {}): AsyncIterable<SortedRows> {
  const source = toSource(data);
  return { [Symbol.asyncIterator]: () => sorted(source, schema, options) };
}

/** Where sorted rows go: the names of files that end in `.parquet`, `.csv`, `.ndjson` or `.jsonl`. */
export interface ValidationFiles {
  /** The rows that keep all rules, cast. Left out: they are not written. */
  readonly valid?: string | undefined;
  /** The other rows, as they were. Left out: they are not written. */
  readonly invalid?: string | undefined;
}

/** How many rows went where. */
export interface WrittenValidation {
  readonly numValidRows: number;
  readonly numInvalidRows: number;
}

/**
 * The same into files, in one reading: every row is written once and in order. Both files appear together when they are
 * whole and on the disk, or none does, and what was there stays. In Node only; Parquet needs `parquet-wasm` and
 * `apache-arrow`. Rejects as `validate` does.
 */
async function write(
  data: unknown, schema: RowLevelSchema, files: ValidationFiles, options: ValidationOptions = {},
): Promise<WrittenValidation> {
  const { checkPaths, writeTogether } = await import('../sources/write/together.js');
  checkPaths({ valid: files.valid, invalid: files.invalid }, "{ valid: 'rows.parquet', invalid: 'bad.csv' }");
  const { signal, timeZone: zone = 'UTC' } = options;
  const open = await toSource(data).open(signal ? { signal } : {});
  try {
    const rules = bindRules(schema, open.schema, zone);
    const tables = [
      files.valid === undefined ? undefined : { path: files.valid, fields: rules.validSchema.fields },
      files.invalid === undefined ? undefined : { path: files.invalid, fields: open.schema.fields },
    ];
    return await writeTogether(tables, { zone, signal }, async ([valid, invalid]) => {
      let [numValidRows, numInvalidRows] = [0, 0];
      const taken = (writer: TableWriter | undefined, view: BatchView, columns: readonly Bound[], rows: Int32Array) =>
        writer && rows.length > 0 ? writer.take(pickedRows(view, columns.map((e) => view.vector(e, true)), rows)) : null;
      const pieces = viewsOf(open, rules, signal, (view) => {
        const rows = sides(view, rules);
        numValidRows += rows.valid.length;
        numInvalidRows += rows.invalid.length;
        return { good: taken(valid, view, rules.typed, rows.valid), bad: taken(invalid, view, rules.plain, rows.invalid) };
      });
      for await (const { good, bad } of pieces) {
        if (good !== null) await valid!.put(good);
        if (bad !== null) await invalid!.put(bad);
      }
      return Object.freeze({ numValidRows, numInvalidRows });
    });
  } finally {
    await open.close();
  }
}

async function count(tests: readonly Bound[], source: OpenSource, limits: Limits): Promise<Matches[]> {
  const asks = tests.map((test): EngineAsk => (
    { kind: 'state', spec: matches, request: { state: matches.name, inputs: [test], where: null, options: null } }));
  const { answers } = await execute(asks, source, limits);
  return answers.map((answer) => {
    if (!answer.ok) throw answer.error;
    return answer.value as Matches;
  });
}

function rowsOf(source: Source, schema: RowLevelSchema, valid: boolean, options: ValidationOptions, columns: Schema): RowStream {
  async function* batches(): AsyncGenerator<ArrowBatch> {
    for await (const rows of sorted(source, schema, options, valid)) {
      const wanted = valid ? rows.valid : rows.invalid;
      if (wanted.numRows > 0) yield wanted;
    }
  }
  return Object.freeze({ schema: columns, [Symbol.asyncIterator]: batches });
}

/** Both kinds of rows of each batch; `only`: the others are left empty. */
async function* sorted(
  source: Source, schema: RowLevelSchema, { signal, timeZone = 'UTC' }: ValidationOptions, only?: boolean,
): AsyncGenerator<SortedRows> {
  const { recordBatch } = await openArrow();
  const open = await source.open(signal ? { signal } : {});
  try {
    const rules = bindRules(schema, open.schema, timeZone);
    const names = open.schema.fields.map((f) => f.name);
    const made = (view: BatchView, columns: readonly Bound[], rows: Int32Array) =>
      recordBatch(picked(view, columns, rows).map((column, i) => ({ name: names[i]!, column })), rows.length) as ArrowBatch;
    yield* viewsOf(open, rules, signal, (view): SortedRows => {
      const rows = sides(view, rules);
      const none = new Int32Array(0);
      return {
        valid: made(view, rules.typed, only === false ? none : rows.valid),
        invalid: made(view, rules.plain, only === true ? none : rows.invalid),
      };
    });
  } finally {
    await open.close();
  }
}

/** What is made of each batch of a table while it can be looked at. */
async function* viewsOf<T>(
  open: OpenSource, rules: RowRules, signal: AbortSignal | undefined, work: (view: BatchView) => T,
): AsyncGenerator<T> {
  const wanted = facetsOf([rules.valid, ...rules.plain]);
  const kernels = openKernels(open.memory);
  for (const split of open.splits) {
    for await (const batch of open.read(split, wanted, { signal })) {
      signal?.throwIfAborted();
      let made: T;
      try {
        const view = openView(batch, kernels);
        try {
          made = work(view);
        } finally {
          view.close();
        }
      } finally {
        batch.release?.();
      }
      yield made;
    }
  }
}

/** Numbers of the rows that are valid, and of those that are not. */
function sides(view: BatchView, { valid }: RowRules): { valid: Int32Array; invalid: Int32Array } {
  const { rows, kernels: { memory } } = view;
  const mask = view.truths(valid, null);
  const bits = mask.bits === 0 ? null : new Uint8Array(memory.buffer, mask.bits, (rows + 7) >> 3);
  const good = new Int32Array(mask.count);
  const bad = new Int32Array(rows - mask.count);
  let [g, i] = [0, 0];
  for (let row = 0; row < rows; ++row) {
    if (bits === null || (bits[row >> 3]! >> (row & 7)) & 1) good[g++] = row;
    else bad[i++] = row;
  }
  return { valid: good, invalid: bad };
}

/** Some rows of expressions as columns in the memory of the kernels. */
function picked(view: BatchView, columns: readonly Bound[], rows: Int32Array) {
  const { kernels, vectors } = pickedRows(view, columns.map((e) => view.vector(e, true)), rows);
  return vectors.map((v) => columnOfVector(kernels, v));
}

/** Sorts rows of texts into those that keep the rules of a schema, cast to its types, and the others. */
export const RowLevelSchemaValidator = Object.freeze({ validate, sort, write });
