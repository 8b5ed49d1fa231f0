import { AssayError } from '../base/errors.js';
import { isRecordBatch, recordBatch } from '../data/arrow-in.js';
import { openArrow, type ArrowMaker } from '../data/arrow-out.js';
import type { Batch, Column } from '../data/column.js';
import { bytesOf, regionOf } from '../data/region.js';
import { LONG, sameType, sqlTypeName, type DataType } from '../data/types.js';
import { IpcCheck } from './ipc-check.js';
import {
  BlockBuilder, compareGroups, inMemory, type GroupBlock, type StoredBlock, type TableRoom,
} from './saved-blocks.js';
import { columnOfKeys, keysOfColumn } from './saved-keys.js';
import type { SavedTable } from './saved-table.js';

/**
 * A table as an Arrow IPC stream, piece by piece: a column `key<i>` per key part, in its own type, an int64 column
 * `count`, and where something is measured an int64 column `sum`. The rows are the groups in the order of a
 * SavedTable; the group whose parts are all null comes first, in a batch of its own. Needs the peer `apache-arrow`.
 */
export async function tableToIpc(table: SavedTable): Promise<() => Generator<Uint8Array>> {
  const arrow = await openArrow().catch(needsArrow);
  return function* pieces() {
    let started = false;
    let end: Uint8Array = new Uint8Array(0);
    for (const block of blocksOf(table)) {
      const stream = streamOf(arrow, block);
      const schema = 8 + new DataView(stream.buffer, stream.byteOffset).getInt32(4, true); // its message has no body
      yield stream.subarray(started ? schema : 0, stream.length - END);
      end = stream.subarray(stream.length - END);
      started = true;
    }
    yield end;
  };
}

/** Bytes of the mark behind the last batch of a stream. */
const END = 8;

function needsArrow(cause: unknown): never {
  throw new AssayError(
    'UNSUPPORTED', 'storing groupings needs the package apache-arrow: npm install apache-arrow', { cause },
  );
}

/** The blocks of a table, that of the null group first; at least one. */
function* blocksOf({ types, measured, blocks, allNull }: SavedTable): Generator<GroupBlock> {
  if (allNull.rows > 0 || blocks.length === 0) {
    const first = new BlockBuilder(types, measured);
    if (allNull.rows > 0) first.add(types.map(() => null), allNull.rows, allNull.sum);
    yield first.finish();
  }
  for (const block of blocks) yield block.load();
}

function streamOf(arrow: ArrowMaker, { keys, counts, sums, known, rows }: GroupBlock): Uint8Array {
  const columns = keys.map((part, i) => ({ name: `key${i}`, column: columnOfKeys(part) }));
  columns.push({ name: 'count', column: longs(BigInt64Array.from(counts, BigInt), null) });
  if (sums) columns.push({ name: 'sum', column: longs(sums, known) });
  return arrow.ipcStream(arrow.recordBatch(columns, rows));
}

/** @param known per row, whether it is; null: all are */
function longs(values: BigInt64Array, known: Uint8Array | null): Column {
  const rows = values.length;
  const base = { type: LONG, rows, values: regionOf(values) };
  if (!known || known.every((bit) => bit === 1)) return { ...base, validity: null };
  const bits = new Uint8Array((rows + 7) >> 3);
  for (let i = 0; i < rows; ++i) bits[i >> 3]! |= known[i]! << (i & 7);
  return { ...base, validity: { region: regionOf(bits), offset: 0 } };
}

/** The table in an Arrow IPC stream; throws STATE for one that no table of these types could have made. */
export async function tableFromIpc(
  stream: Uint8Array | AsyncIterable<Uint8Array>, types: readonly DataType[], measured: boolean,
  room: TableRoom = inMemory,
): Promise<SavedTable> {
  const arrow = await import('apache-arrow').catch(needsArrow);
  const reading = openReading(types, measured, room);
  const check = new IpcCheck(types.length + (measured ? 2 : 1));
  try {
    if (stream instanceof Uint8Array) {
      check.add(stream);
      check.end();
    }
    // as the bytes lie, if they are all there
    const batches = stream instanceof Uint8Array
      ? arrow.tableFromIPC(stream).batches
      : await arrow.RecordBatchReader.from(checked(stream, check) as never);
    for await (const batch of batches as AsyncIterable<unknown> | Iterable<unknown>) {
      if (isRecordBatch(batch)) reading.add(recordBatch(batch));
    }
  } catch (thrown) {
    if (thrown instanceof AssayError && thrown.code === 'STATE') throw thrown;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AssayError('STATE', `a table is no Arrow IPC stream of groups: ${why}`, { cause: thrown });
  }
  return reading.finish();
}

/** The pieces of a stream, each checked before it is read. */
async function* checked(stream: AsyncIterable<Uint8Array>, check: IpcCheck): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) {
    check.add(piece);
    yield piece;
  }
  check.end();
}

/** Takes the batches of a table. */
function openReading(types: readonly DataType[], measured: boolean, room: TableRoom) {
  const blocks: StoredBlock[] = [];
  let allNull: SavedTable['allNull'] = { rows: 0, sum: null };
  let last: GroupBlock | null = null;
  let groups = 0;
  const columnOf = (batch: Batch, name: string, type: DataType): Column => {
    const column = batch.column(name);
    if (sameType(column.type, type)) return column;
    const found = `${sqlTypeName(column.type)} instead of ${sqlTypeName(type)}`;
    throw new AssayError('STATE', `column '${name}' of a table is ${found}`);
  };
  return {
    add(batch: Batch) {
      const keys = types.map((type, i) => keysOfColumn(columnOf(batch, `key${i}`, type)));
      const counts = countsOf(columnOf(batch, 'count', LONG));
      const sum = measured ? keysOfColumn(columnOf(batch, 'sum', LONG)) : null;
      const sums = sum && new BigInt64Array(sum.values.slice().buffer);
      const known = sum && Uint8Array.from({ length: sum.rows }, (_, i) => Number(sum.isKnown(i)));
      let block: GroupBlock = { rows: batch.rows, keys, counts, sums, known };
      if (block.rows === 0) return;
      if (!last && allNull.rows === 0 && keys.every((part) => !part.isKnown(0))) {
        allNull = { rows: counts[0]!, sum: known?.[0] ? sums![0]! : null };
        block = withoutFirst(block, types, measured);
        if (block.rows === 0) return;
      }
      for (let i = 0; i < block.rows; ++i, ++groups) {
        const before = i > 0 ? block : last;
        const order = before ? compareGroups(before, i > 0 ? i - 1 : before.rows - 1, block, i) : -1;
        if (order >= 0) throw new AssayError('STATE', `the groups of a table are not in order (${groups})`);
      }
      last = block;
      blocks.push(room.keep(block));
    },
    finish: (): SavedTable => Object.freeze<SavedTable>({ types, measured, blocks, allNull }),
  };
}

function withoutFirst(block: GroupBlock, types: readonly DataType[], measured: boolean): GroupBlock {
  const rest = new BlockBuilder(types, measured);
  for (let i = 1; i < block.rows; ++i) {
    rest.copy(block, i, block.counts[i]!, block.known?.[i] ? block.sums![i]! : null);
  }
  return rest.finish();
}

function countsOf(column: Column): Float64Array {
  const bytes = column.values ? bytesOf(column.values).slice() : new Uint8Array(0);
  const words = new Uint32Array(bytes.buffer, 0, bytes.length >> 2);
  const counts = new Float64Array(column.rows);
  for (let i = 0; i < column.rows; ++i) {
    counts[i] = words[2 * i]! + words[2 * i + 1]! * 2 ** 32;
    if (counts[i] === 0 || counts[i]! > Number.MAX_SAFE_INTEGER) {
      throw new AssayError('STATE', 'a table counts no rows of a group');
    }
  }
  return counts;
}
