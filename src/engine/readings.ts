import type { Facet } from '../data/source.js';
import type { Bound } from '../expression/bound.js';
import { columnsOf } from '../expression/facets.js';
import type { Request } from '../states/contract.js';

/** Columns that are read together, and the requests that they answer. */
export interface Reading {
  readonly requests: readonly number[];
  readonly wanted: readonly (readonly [string, readonly Facet[]])[];
}

/** So many bytes of values of columns that no request reads together are read at once. */
export const TOGETHER_BYTES = 2 << 20;

/** Sets of columns that grow together. */
class Joined {
  readonly #above = new Map<string, string>();

  /** The column that stands for all that are joined with this one. */
  of(name: string): string {
    let top = name;
    for (let next = this.#above.get(top); next !== undefined; next = this.#above.get(top)) top = next;
    return top;
  }

  join(a: string, b: string): void {
    const [from, to] = [this.of(a), this.of(b)];
    if (from !== to) this.#above.set(from, to);
  }
}

/**
 * The columns of some requests, apart where no request reads two of them. What reads no column at all is asked in the
 * first reading.
 */
export function readingsOf(
  requests: readonly number[], wanted: Reading['wanted'], request: (r: number) => Request,
): readonly Reading[] {
  const joined = new Joined();
  const firstOf = new Map<number, string>();
  for (const r of requests) {
    const { inputs, where } = request(r);
    const all: readonly Bound[] = where ? [...inputs, where] : inputs;
    for (const e of all) {
      for (const name of columnsOf(e)) {
        const first = firstOf.get(r);
        if (first === undefined) firstOf.set(r, name);
        else joined.join(name, first);
      }
    }
  }
  const readings = new Map<string, { requests: number[]; wanted: [string, readonly Facet[]][] }>();
  for (const [name, facets] of wanted) {
    const top = joined.of(name);
    let reading = readings.get(top);
    if (!reading) readings.set(top, (reading = { requests: [], wanted: [] }));
    reading.wanted.push([name, facets]);
  }
  const [first] = readings.values();
  if (!first) return [{ requests, wanted }];
  for (const r of requests) {
    const name = firstOf.get(r);
    (name === undefined ? first : readings.get(joined.of(name))!).requests.push(r);
  }
  return [...readings.values()];
}

/** Readings together that are small together, the largest first: the memory that it took has room for the others. */
export function bundled(readings: readonly Reading[], bytesOf: (reading: Reading) => number): readonly Reading[] {
  const sized = readings.map((reading) => ({ reading, bytes: bytesOf(reading) })).sort((a, b) => b.bytes - a.bytes);
  const bundles: { requests: number[]; wanted: Reading['wanted'][number][] }[] = [];
  let held = Infinity;
  for (const { reading: { requests, wanted }, bytes } of sized) {
    held += bytes;
    if (held > TOGETHER_BYTES) {
      bundles.push({ requests: [...requests], wanted: [...wanted] });
      held = bytes;
    } else {
      const bundle = bundles.at(-1)!;
      bundle.requests.push(...requests);
      bundle.wanted.push(...wanted);
    }
  }
  return bundles;
}
