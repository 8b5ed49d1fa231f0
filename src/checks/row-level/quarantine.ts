import { STRING, type DataType, type Field } from '../../data/types.js';
import type { BatchView, Vector } from '../../expression/batch-view.js';
import { vectorOf } from '../../expression/evaluate/values.js';
import { pickedRows } from '../../expression/picked-rows.js';
import { checkPaths, writeTogether } from '../../sources/write/together.js';
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

/**
 * Writes every row once, in the order of the data, into one of two files. Both files appear together when they are
 * whole and on the disk, or none does.
 */
export async function quarantine(
  session: RowSession,
  files: QuarantineFiles,
  options: QuarantineOptions,
): Promise<QuarantineResult> {
  checkPaths({ passed: files.passed, failed: files.failed }, "quarantine({ passed: 'clean.parquet', failed: 'bad.parquet' })");
  const { fields } = session.schema;
  const constraints = speakers(session)
    .filter((i) => options.level !== 'Error' || session.rules.constraints[i]!.check.level === 'Error');
  const taken = new Set(fields.map((f) => f.name));
  const extra = ['failed_checks', 'failed_constraints']
    .map((name): Field => ({ name: freeName(name, taken), type: TEXTS, nullable: false }));
  const tables = [
    files.passed === undefined ? undefined : { path: files.passed, fields },
    files.failed === undefined ? undefined : { path: files.failed, fields: [...fields, ...extra] },
  ];
  const { signal } = options;
  return writeTogether(tables, { zone: session.zone, signal }, async ([passed, failed]) => {
    const reads = fields.map(({ name, type }) => ({ kind: 'column' as const, name, type }));
    const counts = { passed: 0, failed: 0 };
    const pieces = judgedRows(session, { constraints, reads, signal }, (rows) => {
      const view = rows.view!;
      const sorted = sortedRows(rows, constraints);
      const vectors = reads.map((read) => view.vector(read, true));
      counts.passed += sorted.passed.length;
      counts.failed += sorted.failed.length;
      const good = passed && sorted.passed.length > 0 ? passed.take(pickedRows(view, vectors, sorted.passed)) : null;
      const bad = failed && sorted.failed.length > 0
        ? failed.take(pickedRows(view, vectors, sorted.failed, reasons(session, view, sorted, constraints))) : null;
      return { good, bad };
    });
    for await (const { good, bad } of pieces) {
      if (good !== null) await passed!.put(good);
      if (bad !== null) await failed!.put(bad);
    }
    return counts;
  });
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
