import { AssayError } from '../../base/errors.js';
import type { Budget, SpillFile } from '../contract.js';

const LEAST = 256 << 10; // a table with its cache and first blocks: below that nothing would be gained

/** A table under construction, as the ledger sees it. */
export interface Ledgered {
  readonly partitions: number;
  /** Bytes of a partition that were added since it was last deduplicated. */
  loose(partition: number): number;
  /** Bytes of a partition. */
  payload(partition: number): number;
  compact(partition: number): number;
  spill(partition: number, file: SpillFile): void;
}

/** What all table states under one budget hold together. */
export class Ledger {
  readonly budget: Budget;
  readonly logs = new Set<Ledgered>();
  /** Moves keys into logs that were kept beside them; called once, past the limit. */
  readonly beside = new Set<() => void>();
  used = 0;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  /** Notes bytes taken or, negative, given back. */
  hold(bytes: number): void {
    this.used += bytes;
  }

  /**
   * Brings the tables below the limit (at least 256 KiB each) if they are above: deduplicates the largest
   * partitions, then writes the largest to disk.
   */
  settle(): void {
    const { spill } = this.budget;
    const limit = Math.max(this.budget.limit, this.logs.size * LEAST);
    if (this.used <= limit) return;
    for (const move of this.beside) {
      this.beside.delete(move);
      move();
    }
    const goal = limit * 0.75; // so that the next block does not start all over
    const distinct = new Set<Ledgered>(); // of mostly distinct keys: deduplicating them costs much and saves little
    for (const { log, partition } of this.#largest((log, p) => log.loose(p))) {
      if (this.used <= goal) return;
      if (spill && distinct.has(log)) continue;
      const before = log.payload(partition);
      log.compact(partition);
      if (log.payload(partition) > before * 0.75) distinct.add(log);
    }
    if (spill) {
      for (const { log, partition } of this.#largest((log, p) => log.payload(p))) {
        if (this.used <= goal) return;
        log.spill(partition, spill);
      }
    }
    if (this.used > limit && !spill) {
      throw new AssayError(
        'MEMORY_LIMIT',
        `grouping needs more than ${limit} bytes of memory and there is no disk to spill to: raise memoryLimit or ` +
          'group by fewer distinct values',
      );
    }
  }

  #largest(size: (log: Ledgered, partition: number) => number): { log: Ledgered; partition: number }[] {
    const found: { log: Ledgered; partition: number; size: number }[] = [];
    for (const log of this.logs) {
      for (let partition = 0; partition < log.partitions; partition++) {
        const bytes = size(log, partition);
        if (bytes > 0) found.push({ log, partition, size: bytes });
      }
    }
    return found.sort((a, b) => b.size - a.size);
  }
}

const ledgers = new WeakMap<Budget, Ledger>();

/** The ledger of a budget: tables opened with the same budget share its limit. */
export function ledgerOf(budget: Budget): Ledger {
  let ledger = ledgers.get(budget);
  if (!ledger) ledgers.set(budget, (ledger = new Ledger(budget)));
  return ledger;
}
