import { asAssayError, type AssayError } from '../base/errors.js';
import type { Kernels } from '../kernels/kernels.js';
import type { CountsView, Fold, Hashed, Request, Singles, TableAccumulator, TableNeeds, TablePart, TableSpec } from '../states/contract.js';
import type { Answer, EngineAsk } from './plan.js';
import type { Planned } from './planner.js';

/** The folds over one table, fed partition by partition; a fold that throws does not spoil the others. */
export class FoldRun {
  readonly request: number;
  readonly #spec: TableSpec<any>;
  readonly #planned: Request;
  readonly #hashed: Hashed;
  readonly #folds = new Map<Fold<any>, { result: unknown; error: AssayError | null }>();

  constructor(request: number, asks: readonly EngineAsk[], planned: Planned, hashed: Hashed) {
    this.request = request;
    this.#hashed = hashed;
    this.#spec = planned.specs[request] as TableSpec<any>;
    this.#planned = planned.plan.requests[request]!.request;
    asks.forEach((ask, i) => {
      if (ask.kind !== 'fold' || planned.requestOf[i] !== request || this.#folds.has(ask.fold)) return;
      const slot = { result: undefined as unknown, error: null as AssayError | null };
      this.#folds.set(ask.fold, slot);
      guard(slot, () => (slot.result = ask.fold.empty()));
    });
  }

  /** Adds what `mergePartition` made of a partition. */
  add(partition: number, { counts, parts }: MergedPartition): void {
    for (const [fold, slot] of this.#folds) {
      if (slot.error) continue;
      guard(slot, () => {
        switch (fold.needs) {
          case 'counts': slot.result = fold.add(slot.result, counts!); break;
          case 'repeats': slot.result = fold.add(slot.result, this.#withRepeated(counts!, parts)); break;
          case 'keys': slot.result = fold.add(slot.result, this.#spec.read(parts[0]!, this.#planned)); break;
          case 'parts': slot.result = fold.add(slot.result, { partition, parts });
        }
      });
    }
  }

  /** Adds all partitions at once if each group has one row; false: that is not known, and partitions are to be merged. */
  addSingles(tables: readonly (Singles | null)[]): boolean {
    const known = tables.filter((table) => table !== null);
    const counts = known.length === tables.length ? this.#spec.apart?.(known) : undefined;
    if (counts) this.add(0, { counts, parts: [] });
    return !!counts;
  }

  /** Where other folds read keys, the repeated ones are found here. */
  #withRepeated(counts: CountsView, parts: readonly TablePart[]): CountsView {
    return counts.repeated ? counts : this.#spec.counts(parts[0]!, this.#planned, this.#hashed);
  }

  answer(fold: Fold<any>): Answer {
    const slot = this.#folds.get(fold)!;
    return slot.error ? { ok: false, error: slot.error } : { ok: true, value: slot.result };
  }
}

/** A partition as folds need it. */
export interface MergedPartition {
  /** Null where folds read parts as they are. */
  readonly counts: CountsView | null;
  /** The merged part where keys are read; what there is where folds read parts as they are. */
  readonly parts: readonly TablePart[];
}

/** Merges one partition: what this thread's table holds of it and what others gave away; null: nothing. */
export function mergePartition(
  spec: TableSpec<unknown>,
  request: Request,
  needs: TableNeeds,
  kernels: Kernels,
  table: TableAccumulator | undefined,
  partition: number,
  others: readonly TablePart[],
  hashed: Hashed,
): MergedPartition | null {
  const repeats = needs === 'repeats';
  if ((needs === 'counts' || repeats) && table?.countTogether) {
    const counts = table.countTogether(partition, others, repeats);
    return counts && { counts, parts: [] };
  }
  const parts = [...(table?.take(partition) ?? []), ...others];
  if (parts.length === 0) return null;
  if (needs === 'parts') return { counts: null, parts };
  const part = spec.merge(parts, request, kernels, needs);
  return { counts: spec.counts(part, request, repeats ? hashed : undefined), parts: needs === 'keys' ? [part] : [] };
}

function guard(slot: { error: AssayError | null }, work: () => void): void {
  try {
    work();
  } catch (thrown) {
    slot.error = asAssayError(thrown);
  }
}
