import type { Kernels } from '../kernels/kernels.js';

/** Sorts numbers in place in the order of Java's Double.compare: -0.0 < 0.0, NaN last. */
export type Sort = (values: Float64Array) => void;

/** The sort of the platform. */
export const plainSort: Sort = (values) => {
  values.sort();
};

const COUNTS = 131_072;
const SMALL = 64;
const workspaces = new WeakMap<Kernels, { at: number; items: number }>();

/**
 * The radix sort of the kernels for up to that many numbers, in a workspace that all sketches of a thread share. It
 * is allocated here and never while sorting, so views of the memory stay valid meanwhile.
 */
export function kernelSort(kernels: Kernels, items: number): Sort {
  const { heap, fn, memory } = kernels;
  const held = workspaces.get(kernels);
  if (!held || held.items < items) {
    if (held) heap.free(held.at, 16 * held.items + COUNTS);
    workspaces.set(kernels, { at: heap.alloc(16 * items + COUNTS), items });
  }
  return (values) => {
    const n = values.length;
    const space = workspaces.get(kernels)!;
    if (n < SMALL || n > space.items) return plainSort(values);
    const data = space.at + COUNTS;
    const inside = new Float64Array(memory.buffer, data, n);
    inside.set(values);
    fn.sortF64(data, n, data + 8 * space.items, space.at);
    values.set(inside);
  };
}
