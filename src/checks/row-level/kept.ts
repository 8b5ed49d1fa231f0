import type { AssayError } from '../../base/errors.js';
import { BitPacker, unpackBits } from '../../data/packed-bits.js';
import type { BatchView } from '../../expression/batch-view.js';
import { sameBits, type Bits } from './bits.js';
import type { Judge } from './judge.js';

/** What was said of the rows of one split, packed. */
interface KeptSplit {
  readonly rows: number;
  /** By the number of the part that knows it. */
  readonly packed: Uint8Array[];
}

/** Which judgements a part of the kept bits holds, in their order. */
interface Part {
  readonly judgements: readonly number[];
  readonly broken: readonly (AssayError | null)[];
}

/** Verdicts that are kept of a run, so that they need not be found again. */
export interface Kept {
  readonly splits: readonly { readonly rows: number }[];
  /** What each of some judgements says of the rows of a split. */
  bits(split: number, judgements: readonly number[]): ReadonlyMap<number, Bits>;
  /** Why a judgement could not be made on some rows. */
  error(judgement: number): AssayError | null;
}

/** Kept verdicts in parts: those of the pass, those of a second reading. */
export function keptOf(splits: readonly KeptSplit[], parts: readonly Part[]): Kept {
  const errors = new Map<number, AssayError>();
  for (const { judgements, broken } of parts) {
    judgements.forEach((j, i) => {
      if (broken[i]) errors.set(j, broken[i]);
    });
  }
  return {
    splits,
    bits(split, wanted) {
      const { rows, packed } = splits[split]!;
      const found = new Map<number, Bits>();
      parts.forEach(({ judgements }, p) => {
        const here = judgements.flatMap((j, i) => (wanted.includes(j) ? [i] : []));
        if (here.length === 0) return;
        const bits = unpackBits(packed[p]!, rows, here.flatMap((i) => [2 * i, 2 * i + 1]));
        for (const i of here) found.set(judgements[i]!, { truth: bits.get(2 * i)!, known: bits.get(2 * i + 1)! });
      });
      return found;
    },
    error: (judgement) => errors.get(judgement) ?? null,
  };
}

/** A split of which batches come. */
interface OpenSplit {
  readonly split: number;
  rows: number;
  /** Of each judge two bitmaps. */
  readonly packer: BitPacker;
}

/** Collects what judges say of the batches of splits, within a limit of bytes. */
export class Keeping {
  /** Null: there was too much to keep. */
  splits: Map<number, KeptSplit> | null = new Map();
  readonly #judges: readonly Judge[];
  readonly #limit: number;
  #bytes = 0;
  #open: OpenSplit | null = null;

  constructor(judges: readonly Judge[], limit: number) {
    this.#judges = judges;
    this.#limit = limit;
  }

  /** Takes the next batch of a split; splits come one after the other. */
  look(view: BatchView, split: number): void {
    this.#add(split, view.rows, this.#judges.map((judge) => judge.judge(view)));
  }

  /** Takes a whole split of which every judge says the same, whatever its rows hold. */
  take(rows: number, split: number): void {
    this.#add(split, rows, this.#judges.map((judge) => sameBits(rows, judge.same!)));
  }

  /** Everything that was collected; null: there was too much. */
  finish(): ReadonlyMap<number, KeptSplit> | null {
    this.#close();
    return this.splits;
  }

  /** Why some of the judges failed. */
  errors(): (AssayError | null)[] {
    return this.#judges.map((j) => j.error);
  }

  #add(split: number, rows: number, found: readonly Bits[]): void {
    if (this.#open?.split !== split) this.#close();
    this.#open ??= { split, rows: 0, packer: new BitPacker(this.#judges.length * 2) };
    const { packer } = this.#open;
    this.#open.rows += rows;
    packer.batch(rows);
    for (const { truth, known } of found) {
      packer.add(truth);
      packer.add(known);
    }
  }

  #close(): void {
    const open = this.#open;
    this.#open = null;
    if (!open || !this.splits) return;
    const { rows } = open;
    const packed = open.packer.finish();
    this.#bytes += packed.length;
    if (this.#bytes > this.#limit) this.splits = null;
    else this.splits.set(open.split, { rows, packed: [packed] });
  }
}
