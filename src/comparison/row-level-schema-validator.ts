import type { ArrowBatch, RowStream } from '../data/arrow-batch.js';
import { openArrow } from '../data/arrow-out.js';
import type { OpenSource, Source } from '../data/source.js';
import type { Schema } from '../data/types.js';
import { execute } from '../engine/execute.js';
import type { EngineAsk } from '../engine/plan.js';
import type { BatchView } from '../expression/batch-view.js';
import type { Bound } from '../expression/bound.js';
import { flatten, select } from '../expression/evaluate/vectors.js';
import { facetsOf } from '../expression/facets.js';
import { columnOfVector } from '../expression/vector-column.js';
import { openView } from '../expression/view.js';
import { openKernels } from '../kernels/kernels.js';
import { toSource } from '../sources/open.js';
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
    const wanted = facetsOf([rules.valid, ...rules.plain]);
    const kernels = openKernels(open.memory);
    for (const split of open.splits) {
      for await (const batch of open.read(split, wanted, { signal })) {
        signal?.throwIfAborted();
        let result: SortedRows;
        const view = openView(batch, kernels);
        try {
          const rows = sides(view, rules);
          const none = new Int32Array(0);
          result = {
            valid: made(view, rules.typed, only === false ? none : rows.valid),
            invalid: made(view, rules.plain, only === true ? none : rows.invalid),
          };
        } finally {
          view.close();
          batch.release?.();
        }
        yield result;
      }
    }
  } finally {
    await open.close();
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
  const { kernels } = view;
  const { scratch, memory } = kernels;
  const indices = scratch.alloc(rows.length * 4);
  new Int32Array(memory.buffer, indices, rows.length).set(rows);
  return columns.map((e) => {
    const whole = view.vector(e, true);
    if (rows.length === view.rows) return columnOfVector(kernels, whole);
    return columnOfVector(kernels, flatten(kernels, select(kernels, whole, indices, rows.length)));
  });
}

/** Sorts rows of texts into those that keep the rules of a schema, cast to its types, and the others. */
export const RowLevelSchemaValidator = Object.freeze({ validate, sort });
