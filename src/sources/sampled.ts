import { AssayError } from '../base/errors.js';
import type { OpenSource, Portable, Source } from '../data/source.js';
import { chosenRows, splitsWithoutFacts, choosable } from './chosen-rows.js';

/** Which rows of a table are seen. */
export interface SampleOptions {
  /** Probability of each row, greater than 0 and less than 1. */
  readonly ratio: number;
  /** The same seed chooses the same rows; a 64-bit integer, default 0. */
  readonly seed?: number | bigint | undefined;
  /** Whether the rows that were not chosen are seen instead; default false. Both together are the whole table. */
  readonly rest?: boolean | undefined;
}

interface Choice {
  /** A row is chosen if its 32 bits are below this. */
  readonly below: number;
  readonly seed: number;
  readonly rest: boolean;
}

/**
 * A table of which rows are seen by chance, each for itself (Bernoulli), as if there were no others. What is chosen depends on the
 * seed, the split and the number of the row in it, so neither on threads nor on the size of batches.
 */
export function sampled(source: Source, { ratio, seed = 0, rest = false }: SampleOptions): Source {
  if (!(ratio > 0 && ratio < 1)) throw new AssayError('INVALID_ARGUMENT', `the ratio of a sample is ${ratio}: give one between 0 and 1`);
  const choice: Choice = { below: ratio * 2 ** 32, seed: seedBits(seed), rest };
  return { name: source.name, open: async (options) => openSampled(await source.open(options), choice) };
}

interface Args extends Choice {
  readonly inner: Portable;
}

/** The same in a worker thread. */
export async function openPortableSampled(args: unknown, open: (inner: Portable) => Promise<OpenSource>): Promise<OpenSource> {
  const { inner, ...choice } = args as Args;
  return openSampled(await open(inner), choice);
}

function openSampled(inner: OpenSource, choice: Choice): OpenSource {
  const args = (portable: Portable): Args => ({ ...choice, inner: portable });
  return {
    ...inner,
    portable: inner.portable && { kind: 'sampled', args: args(inner.portable) },
    splits: splitsWithoutFacts(inner.splits),
    async *read(split, wanted, options) {
      const seed = mixed(choice.seed ^ mixed(split.index + 0x9e3779b9));
      let row = 0;
      for await (const batch of inner.read(inner.splits[split.index]!, choosable(wanted), options)) {
        yield chosenRows(batch, rowsOf(batch.rows, row, seed, choice));
        row += batch.rows;
      }
    },
  };
}

/** The chosen ones among some rows, counted from the first of the batch. */
function rowsOf(count: number, first: number, seed: number, { below, rest }: Choice): Int32Array<ArrayBuffer> {
  const rows = new Int32Array(count);
  let kept = 0;
  for (let i = 0; i < count; ++i) {
    const row = first + i;
    const high = (row / 2 ** 32) | 0;
    const bits = mixed(mixed(seed ^ (row | 0)) + Math.imul(high, 0x85ebca6b) + 0x27d4eb2f);
    if (bits < below !== rest) rows[kept++] = i;
  }
  return rows.slice(0, kept);
}

/** Spreads the bits of an integer over 32 (the finalizer of MurmurHash3, Appleby 2011). */
function mixed(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function seedBits(seed: number | bigint): number {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw new AssayError('INVALID_ARGUMENT', `the seed of a sample is ${seed}: give a whole number`);
  }
  const bits = BigInt.asUintN(64, BigInt(seed));
  return mixed(Number(bits & 0xffffffffn) ^ mixed(Number(bits >> 32n)));
}
