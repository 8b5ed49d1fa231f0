import { AssayError } from '../base/errors.js';
import type { OpenSource } from '../data/source.js';
import type { RunOptions } from '../engine/plan.js';
import { toSource } from '../sources/open.js';

/** How tables are compared. */
export interface ComparisonOptions extends Pick<RunOptions, 'signal' | 'threads' | 'memoryLimit'> {
  /** The time zone in which texts and dates become timestamps where columns of such types meet; default UTC. */
  readonly timeZone?: string | undefined;
}

/** Limits of a comparison, checked. */
export interface Limits {
  readonly signal: AbortSignal | undefined;
  readonly threads: number | undefined;
  readonly memoryLimit: number | undefined;
}

/** The part of the options that the engine takes. */
export function limitsOf({ signal, threads, memoryLimit }: ComparisonOptions): Limits {
  return { signal, threads, memoryLimit };
}

/** Opens two tables, one of which may be the other, and closes them when `use` is done. */
export async function withTables<T>(
  first: unknown,
  second: unknown,
  { signal }: ComparisonOptions,
  use: (first: OpenSource, second: OpenSource) => Promise<T>,
): Promise<T> {
  const options = signal ? { signal } : {};
  const left = await toSource(first, 'the first table').open(options);
  try {
    const right = await toSource(second, 'the second table').open(options);
    try {
      return await use(left, right);
    } finally {
      await right.close();
    }
  } finally {
    await left.close();
  }
}

/** A table that is read more than once must be one that can be. */
export function requireReplayable(source: OpenSource, why: string): void {
  if (source.replayable) return;
  throw new AssayError('SOURCE', `the source can be read only once, and ${why}: pass an array, a Table or a file`);
}
