import { AssayError } from '../../base/errors.js';
import type { BatchView, Mask, Pointer } from '../../expression/batch-view.js';
import type { Bound } from '../../expression/bound.js';
import type { Kernels } from '../../kernels/kernels.js';
import { PARTITIONS, type Budget, type TableAccumulator, type TableNeeds, type TablePart } from '../contract.js';
import { Ascent } from './ascent.js';
import { countTogether } from './count.js';
import { Feeder, type RowHashes } from './feed.js';
import { jointOf } from './joint.js';
import type { KeyParts } from './key-parts.js';
import { someKnown } from './known-rows.js';
import { ledgerOf } from './ledger.js';
import { Log } from './log.js';
import { PASS_BYTES, mergeParts } from './merge.js';
import { NO_NULLS, type NullGroup } from './part.js';
import { UNIT } from './record.js';
import type { RowHasher } from './row-hashes.js';
import { countsOf } from './view.js';

/** A table under construction: how it takes a batch is the state's to say. */
export interface TableSink {
  readonly kernels: Kernels;
  readonly feeder: Feeder;
  /** Null: nobody wants hashes of the keys of rows from whoever has the keys anyway. */
  readonly hasher: RowHasher | null;
  /** Counts rows whose key parts are all null. */
  addNulls(rows: number, sum?: bigint, known?: number): void;
}

/** An accumulator of a table state. */
export function openTable(
  kernels: Kernels, budget: Budget, needs: TableNeeds,
  { shape, measured, limit }: Pick<KeyParts, 'shape' | 'measured' | 'limit'>,
  hasher: RowHasher | null,
  take: (sink: TableSink, batch: BatchView) => void,
): TableAccumulator {
  const ledger = ledgerOf(budget);
  const log = new Log(kernels, ledger, { keepsKeys: needs === 'keys', measured, shape, seed: budget.seed });
  const ascent = needs === 'keys' || needs === 'parts' || measured || limit !== Infinity ? null : new Ascent(kernels, ledger);
  const feeder = new Feeder(kernels, log, ascent);
  const settle = () => feeder.endAscent();
  if (ascent) ledger.beside.add(settle);
  let nulls: NullGroup = NO_NULLS;
  let cached = false; // whether the cache may hold keys
  let check = limit;
  const sink: TableSink = {
    kernels,
    feeder,
    hasher: needs === 'repeats' ? hasher : null,
    addNulls(rows, sum = 0n, known = 0) {
      nulls = { rows: nulls.rows + rows, sum: BigInt.asIntN(64, nulls.sum + sum), known: nulls.known + known };
    },
  };
  const flush = () => {
    if (cached) log.flush();
    cached = false;
  };
  const keepLimit = (last: boolean) => {
    if (limit === Infinity) return;
    let most = cached ? kernels.fn.tableHeld(log.context) : 0;
    for (let p = 0; p < PARTITIONS; p++) most += log.payload(p) / UNIT;
    if (most <= (last ? limit : check)) return;
    flush();
    let groups = 0;
    for (let p = 0; p < PARTITIONS; p++) groups += log.compact(p);
    if (groups > limit) {
      throw new AssayError('MEMORY_LIMIT', `more than ${limit} distinct groups: the request gives up past that`);
    }
    check = limit * 2 + 4096;
  };
  /** Before a partition is taken out; the null group, which goes with the first one. */
  const settled = (partition: number): NullGroup => {
    ledger.beside.delete(settle);
    feeder.endAscent();
    if (cached) {
      keepLimit(true);
      flush();
    }
    if (partition !== 0) return NO_NULLS;
    const own = nulls;
    nulls = NO_NULLS;
    return own;
  };
  return {
    add(batch, hashes = 0) {
      cached = true;
      hasher?.begin(hashes);
      ascent?.begin();
      take(sink, batch);
      keepLimit(false);
      ledger.settle();
    },
    ...(hasher && { rowHashes: (batch: BatchView, to: Pointer) => hasher.write(batch, to) }),
    get bytes() {
      return log.bytes + (ascent?.bytes ?? 0);
    },
    take: (partition) => log.take(partition, settled(partition)),
    countTogether(partition, others, repeats) {
      const own = settled(partition);
      const held = log.payload(partition);
      if (held === 0 && own.rows === 0 && others.length === 0 && !log.isSpilled(partition)) return null;
      const bytes = others.reduce((sum, part) => sum + lengthOf(part), held);
      const hashed = repeats ? budget : null;
      if (bytes > PASS_BYTES || log.isSpilled(partition)) {
        return countsOf(mergeParts([...log.take(partition, own), ...others], log, kernels), shape, hashed);
      }
      return log.lend(partition, (runs) =>
        countTogether({ runs, nulls: own, seed: log.mark }, others, log, kernels, hashed));
    },
    singles: () => (ascent && feeder.ascends ? ascent.singles(nulls.rows) : null),
    close() {
      ledger.beside.delete(settle);
      ascent?.close();
      hasher?.close();
      log.close();
    },
  };
}

function lengthOf(part: TablePart): number {
  return 'bytes' in part ? part.bytes.byteLength : part.length;
}

/** Counts a batch by one key that is its own value. */
export function addSingle(sink: TableSink, batch: BatchView, key: Bound, where: Bound | null): void {
  const { vector, mask, weights } = batch.weighted(key, where);
  sink.addNulls(batch.scope(where).count - batch.known(key, where).count);
  const hashes = weights === 0 && mask.bits === 0 ? hashesIn(sink) : null;
  sink.feeder.feed({ vector, rows: vector.rows, mask: mask.bits, weights, measure: 0, known: 0 }, hashes);
}

/** Where to put the hashes of all rows of a batch; null: nobody wants them. */
function hashesIn({ hasher }: TableSink): RowHashes | null {
  const to = hasher?.room() ?? 0;
  return to === 0 ? null : { by: hasher!.by, to };
}

/** Counts a batch by keys of several parts, or with a measure. */
export function addRows(
  sink: TableSink, batch: BatchView, keys: readonly Bound[], measure: Bound | null, where: Bound | null, direct: boolean,
): void {
  const { kernels, feeder } = sink;
  const scope = batch.scope(where);
  const vectors = keys.map((key) => batch.vector(key, direct));
  const joint = direct || measure || vectors.length < 2 ? null : jointOf(kernels, vectors, scope, batch.rows);
  if (joint) {
    sink.addNulls(joint.allNull);
    if (joint.rows > 0) feeder.feedParts(joint.vectors, joint.rows, 0, 0, 0, null, joint.weights);
    return;
  }
  const measured = measure ? batch.vector(measure, true) : null;
  const mask = someKnown(kernels, vectors, scope, batch.rows);
  const values = measured?.values ?? 0;
  const known = measured?.validity ?? 0;
  if (mask.count < scope.count) addNullRows(sink, scope, mask, batch.rows, values, known);
  if (mask.count === 0) return;
  const { rows } = batch;
  if (direct) feeder.feed({ vector: vectors[0]!, rows, mask: mask.bits, weights: 0, measure: values, known });
  else feeder.feedParts(vectors, rows, mask.bits, values, known, mask.bits === 0 ? hashesIn(sink) : null);
}

function addNullRows(
  sink: TableSink, scope: Mask, known: Mask, rows: number, measure: number, measureKnown: number,
): void {
  const { scratch, fn, memory } = sink.kernels;
  const missing = scope.count - known.count;
  if (measure === 0) return sink.addNulls(missing);
  const bytes = ((rows + 127) >> 7) << 4;
  const bits = scratch.alloc(bytes);
  if (scope.bits === 0) fn.bitsNot(known.bits, rows, bits);
  else fn.bitsAndNot(scope.bits, known.bits, rows, bits);
  const out = scratch.alloc(16);
  fn.tableSum(measure, measureKnown, bits, rows, out);
  const view = new DataView(memory.buffer, out, 16);
  sink.addNulls(missing, view.getBigInt64(0, true), Number(view.getBigUint64(8, true)));
}
