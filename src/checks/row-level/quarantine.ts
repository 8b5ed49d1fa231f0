import { openOutput, publish, type OutputFile } from '#platform';
import { AssayError, asAssayError } from '../../base/errors.js';
import { STRING, type DataType, type Field } from '../../data/types.js';
import type { BatchView, Vector } from '../../expression/batch-view.js';
import { vectorOf } from '../../expression/evaluate/values.js';
import { flatten, select } from '../../expression/evaluate/vectors.js';
import { formatOfName, openWriter } from '../../sources/write/formats.js';
import type { TableWriter } from '../../sources/write/writer.js';
import type { CheckLevel } from '../constraint.js';
import { falseBits, hasBit } from './bits.js';
import { freeName } from './columns.js';
import { judgedRows, type JudgedRows } from './rows.js';
import { speakers, type RowSession } from './session.js';

/** Where the rows go: the names of files that end in `.parquet`, `.csv`, `.ndjson` or `.jsonl`. */
export interface QuarantineFiles {
  /** Rows that fail no constraint; what is null does not fail. Left out: they are not written. */
  readonly passed?: string | undefined;
  /** Rows that fail some constraint, with `failed_checks` and `failed_constraints`. Left out: they are not written. */
  readonly failed?: string | undefined;
}

/** For `quarantine`. */
export interface QuarantineOptions {
  /** `Error`: only the constraints of checks of that level count; default: those of all checks. */
  readonly level?: CheckLevel | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How many rows went where. */
export interface QuarantineResult {
  readonly passed: number;
  readonly failed: number;
}

const TEXTS: DataType = { kind: 'array', element: STRING, containsNull: false };

interface Side {
  readonly file: OutputFile;
  readonly writer: TableWriter;
}

/**
 * Writes every row once, in the order of the data, into one of two files. Both files appear together when they are
 * whole and on the disk, or none does.
 */
export async function quarantine(
  session: RowSession,
  files: QuarantineFiles,
  options: QuarantineOptions,
): Promise<QuarantineResult> {
  checkFiles(files);
  const { fields } = session.schema;
  const constraints = speakers(session)
    .filter((i) => options.level !== 'Error' || session.rules.constraints[i]!.check.level === 'Error');
  const taken = new Set(fields.map((f) => f.name));
  const extra = ['failed_checks', 'failed_constraints']
    .map((name): Field => ({ name: freeName(name, taken), type: TEXTS, nullable: false }));
  const opened: Side[] = [];
  const open = async (path: string | undefined, columns: readonly Field[]): Promise<Side | null> => {
    if (path === undefined) return null;
    const file = await openOutput(path);
    try {
      const side = { file, writer: await openWriter(columns, file, session.zone) };
      opened.push(side);
      return side;
    } catch (error) {
      await file.discard();
      throw error;
    }
  };
  try {
    const passed = await open(files.passed, fields);
    const failed = await open(files.failed, [...fields, ...extra]);
    const reads = fields.map(({ name, type }) => ({ kind: 'column' as const, name, type }));
    const counts = { passed: 0, failed: 0 };
    const pieces = judgedRows(session, { constraints, reads, signal: options.signal }, (rows) => {
      const view = rows.view!;
      const sorted = sortedRows(rows, constraints);
      const vectors = reads.map((read) => view.vector(read, true));
      counts.passed += sorted.passed.length;
      counts.failed += sorted.failed.length;
      const good = passed && sorted.passed.length > 0
        ? passed.writer.take(picked(view, vectors, sorted.passed, [])) : null;
      const bad = failed && sorted.failed.length > 0
        ? failed.writer.take(picked(view, vectors, sorted.failed, reasons(session, view, sorted, constraints))) : null;
      return { good, bad };
    });
    for await (const { good, bad } of pieces) {
      if (good !== null) await passed!.writer.put(good);
      if (bad !== null) await failed!.writer.put(bad);
    }
    for (const { file, writer } of opened) {
      await writer.end();
      await file.finish();
    }
    options.signal?.throwIfAborted();
    await publish(opened.map((side) => side.file));
    return counts;
  } catch (error) {
    for (const { writer, file } of opened) {
      await writer.abort();
      await file.discard();
    }
    options.signal?.throwIfAborted();
    throw asAssayError(error, 'SOURCE');
  }
}

function checkFiles({ passed, failed }: QuarantineFiles): void {
  const paths = [passed, failed].filter((path) => path !== undefined);
  if (paths.length === 0) {
    const example = "quarantine({ passed: 'clean.parquet', failed: 'bad.parquet' })";
    throw new AssayError('INVALID_ARGUMENT', `name a file: ${example}`);
  }
  paths.forEach(formatOfName);
  if (passed !== failed) return;
  throw new AssayError('INVALID_ARGUMENT', `passed and failed rows cannot both go to '${passed}'`);
}

interface Sorted {
  readonly passed: readonly number[];
  readonly failed: readonly number[];
  /** The bitmaps of rows on which each of the constraints is FALSE. */
  readonly failing: readonly Uint8Array[];
}

function sortedRows(rows: JudgedRows, constraints: readonly number[]): Sorted {
  const failing = constraints.map((c) => falseBits(rows.of(c)!));
  const any = new Uint8Array((rows.rows + 7) >> 3);
  for (const bits of failing) for (let i = 0; i < any.length; ++i) any[i]! |= bits[i]!;
  const passed: number[] = [];
  const failed: number[] = [];
  for (let row = 0; row < rows.rows; ++row) (hasBit(any, row) ? failed : passed).push(row);
  return { passed, failed, failing };
}

/** Some rows of vectors, with more columns beside them. */
function picked(view: BatchView, vectors: readonly Vector[], rows: readonly number[], more: readonly Vector[]) {
  const { kernels } = view;
  if (rows.length === view.rows) return { kernels, vectors: [...vectors, ...more], rows: rows.length };
  const indices = kernels.scratch.alloc(rows.length * 4);
  new Int32Array(kernels.memory.buffer, indices, rows.length).set(rows);
  const chosen = vectors.map((v) => flatten(kernels, select(kernels, v, indices, rows.length)));
  return { kernels, vectors: [...chosen, ...more], rows: rows.length };
}

/** The checks and the constraints that each of the failed rows fails. */
function reasons(
  { rules }: RowSession,
  { kernels }: BatchView,
  { failed, failing }: Sorted,
  constraints: readonly number[],
): Vector[] {
  const texts = new Map<string, readonly [checks: string[], constraints: string[]]>();
  const found = failed.map((row) => {
    const which = constraints.filter((_, i) => hasBit(failing[i]!, row));
    const key = which.join();
    let names = texts.get(key);
    if (!names) {
      const of = which.map((c) => rules.constraints[c]!);
      const checks = [...new Set(of.map((c) => c.check.description))];
      texts.set(key, (names = [checks, of.map((c) => c.constraint.name)]));
    }
    return names;
  });
  return [0, 1].map((i) => vectorOf(kernels, TEXTS, found.map((names) => names[i as 0 | 1])));
}
