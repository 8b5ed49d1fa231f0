import type { ArrowBatch } from '../../data/arrow-batch.js';
import { openArrow } from '../../data/arrow-out.js';
import type { Column } from '../../data/column.js';
import { regionOf } from '../../data/region.js';
import { BOOLEAN } from '../../data/types.js';
import { columnOfVector } from '../../expression/vector-column.js';
import type { Bits } from './bits.js';
import { chosenFields, joinedBits, verdictColumns } from './columns.js';
import { judgedRows } from './rows.js';
import type { RowSession } from './session.js';

/** For `rowLevelResults`. */
export interface RowLevelOptions {
  /** The columns of the data that stand beside the verdicts; default: all. None: the data need not be read again. */
  readonly columns?: readonly string[] | undefined;
  /** Also a column per constraint, named `check: constraint`. */
  readonly perConstraint?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The rows with a nullable boolean column per check, batch by batch in their order. */
export async function* verdictBatches(session: RowSession, options: RowLevelOptions): AsyncGenerator<ArrowBatch> {
  const fields = chosenFields(session.schema, options.columns);
  const columns = verdictColumns(session, options.perConstraint ?? false);
  const { recordBatch } = await openArrow();
  const reads = fields.map(({ name, type }) => ({ kind: 'column' as const, name, type }));
  const constraints = [...new Set(columns.flatMap((c) => c.constraints))];
  const question = { constraints, reads, signal: options.signal };
  const batches = judgedRows(session, question, (rows) => {
    const { view } = rows;
    if (rows.rows === 0) return null;
    const values = reads.map((read) => ({
      name: read.name,
      column: columnOfVector(view!.kernels, view!.vector(read, true)),
    }));
    const verdicts = columns.map((c) => ({ name: c.name, column: booleans(joinedBits(rows, c), rows.rows) }));
    return recordBatch([...values, ...verdicts], rows.rows) as ArrowBatch;
  });
  for await (const batch of batches) if (batch) yield batch;
}

function booleans({ truth, known }: Bits, rows: number): Column {
  return {
    type: BOOLEAN, rows,
    validity: { region: regionOf(known), offset: 0 },
    bits: { region: regionOf(truth), offset: 0 },
  };
}
