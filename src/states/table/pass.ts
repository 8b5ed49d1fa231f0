import type { Kernels } from '../../kernels/kernels.js';
import type { TablePart } from '../contract.js';
import { openDedup } from './dedup.js';
import { HEADER, broken, loadPart, placeOf, type PartHeader } from './part.js';

const WINDOW = 1 << 20;

/** Records chosen from parts, in blocks of memory. */
export interface Chosen {
  readonly runs: readonly { readonly at: number; readonly end: number }[];
  readonly bytes: number;
  close(): void;
}

/** Reads parts window by window and keeps the records of one of `passes` passes. */
export function selectPass(
  parts: readonly TablePart[], headers: readonly PartHeader[], kernels: Kernels, passes: number, pass: number,
): Chosen {
  const { heap, memory } = kernels;
  const held = new Map<number, number>();
  const take = (size: number) => {
    const at = heap.alloc(size);
    held.set(at, size);
    return { at, size, used: 0 };
  };
  const release = (at: number) => {
    heap.free(at, held.get(at)!);
    held.delete(at);
  };
  const close = () => {
    for (const at of [...held.keys()]) release(at);
  };
  const chooser = openDedup(kernels, 0, passes, pass);
  try {
    const blocks = [take(WINDOW)];
    let window = take(WINDOW);
    for (const [i, part] of parts.entries()) {
      const size = headers[i]!.recordBytes;
      for (let from = 0; from < size; ) {
        const n = Math.min(window.size, size - from);
        loadPart(part, HEADER + from, new Uint8Array(memory.buffer, window.at, n));
        let at = window.at;
        for (;;) {
          const block = blocks.at(-1)!;
          const step = chooser.select(at, window.at + n, block.at + block.used, block.at + block.size);
          at = step.next;
          block.used = (step.end - block.at) >>> 0;
          if (step.why === 1) throw broken(placeOf(part), HEADER + from + ((at - window.at) >>> 0), 'not a record');
          if (step.why === 0) break;
          blocks.push(take(Math.max(WINDOW, step.why)));
        }
        const read = (at - window.at) >>> 0;
        if (read < n && from + n === size) {
          throw broken(placeOf(part), HEADER + from + read, 'a record goes on behind the end');
        }
        if (read === 0) { // one record is longer than the window
          const longer = window.size * 2;
          release(window.at);
          window = take(longer);
        }
        from += read;
      }
    }
    release(window.at);
    return {
      runs: blocks.map(({ at, used }) => ({ at, end: at + used })),
      bytes: blocks.reduce((sum, { used }) => sum + used, 0),
      close,
    };
  } catch (error) {
    close();
    throw error;
  } finally {
    chooser.close();
  }
}
