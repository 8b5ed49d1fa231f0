import { describe, expect, it } from 'vitest';
import { Heap } from '../../src/kernels/heap.js';
import { openKernels } from '../../src/kernels/kernels.js';
import { Room } from '../../src/kernels/room.js';

const MB = 2 ** 20;
const open = () => new Heap(new WebAssembly.Memory({ initial: 1 }));

describe('memory of the kernels', () => {
  it('uses what was freed again, whatever the sizes', () => {
    const heap = open();
    const blocks = [3 * MB, 5 * MB, 4 * MB].map((bytes) => [heap.alloc(bytes), bytes] as const);
    const after = heap.alloc(MB);
    const { byteLength } = heap.memory.buffer;
    for (const k of [0, 2, 1]) heap.free(...blocks[k]!);
    expect(heap.alloc(12 * MB)).toBe(blocks[0]![0]);
    expect(heap.memory.buffer.byteLength).toBe(byteLength);
    heap.free(blocks[0]![0], 12 * MB);
    heap.free(after, MB);
    expect(heap.used).toBe(0);
  });

  it('cuts blocks from the smallest hole that has room', () => {
    const heap = open();
    const [large] = [heap.alloc(8 * MB), heap.alloc(MB)];
    const [small] = [heap.alloc(2 * MB), heap.alloc(MB)];
    heap.free(large, 8 * MB);
    heap.free(small, 2 * MB);
    expect(heap.alloc(MB)).toBe(small);
    expect(heap.alloc(MB)).toBe(small + MB);
    expect(heap.alloc(3 * MB)).toBe(large);
  });

  it('keeps what stays out of the holes of what is taken briefly', () => {
    const heap = open();
    const pages = heap.alloc(8 * MB, true);
    heap.alloc(MB);
    heap.free(pages, 8 * MB, true);
    heap.alloc(2 * MB);
    heap.alloc(100);
    expect(heap.alloc(8 * MB, true)).toBe(pages);
  });

  it('leaves alone what others take of the memory', () => {
    const heap = open();
    const first = heap.alloc(3 * MB);
    const theirs = heap.memory.grow(2 * MB / 65536) * 65536;
    const second = heap.alloc(20 * MB);
    const third = heap.alloc(4 * MB, true);
    expect(theirs).toBeGreaterThanOrEqual(first + 3 * MB);
    expect(second).toBeGreaterThanOrEqual(theirs + 2 * MB);
    expect(third).toBe(first + 3 * MB); // what was left before
    heap.free(first, 3 * MB);
    expect(heap.alloc(3 * MB)).toBe(first);
  });

  it('gives blocks that never overlap, and everything back', () => {
    const heap = open();
    const live: { at: number; bytes: number; brief: boolean }[] = [];
    let state = 1;
    const next = (below: number) => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) % below;
    for (let i = 0; i < 4000; ++i) {
      if (live.length > 60 || (live.length > 0 && next(5) < 2)) {
        const [{ at, bytes, brief }] = live.splice(next(live.length), 1) as [typeof live[number]];
        heap.free(at, bytes, brief);
        continue;
      }
      const bytes = [100, 5000, 40_000, 300_000][next(4)]! + next(1000);
      const brief = next(2) === 0;
      const at = heap.alloc(bytes, brief);
      expect(at % 16).toBe(0);
      expect(at + bytes).toBeLessThanOrEqual(heap.memory.buffer.byteLength);
      for (const other of live) expect(at + bytes <= other.at || other.at + other.bytes <= at).toBe(true);
      live.push({ at, bytes, brief });
    }
    for (const { at, bytes, brief } of live) heap.free(at, bytes, brief);
    expect(heap.used).toBe(0);
    expect(heap.memory.buffer.byteLength).toBeLessThanOrEqual(40 * MB);
  });

  it('makes a block larger where it lies only if what follows is free', () => {
    const heap = open();
    const [a, b] = [heap.alloc(MB, true), heap.alloc(MB, true)];
    expect(heap.extend(a, MB, 2 * MB)).toBe(false);
    heap.free(b, MB, true);
    expect(heap.extend(a, MB, 2 * MB)).toBe(true);
    expect(heap.alloc(MB, true)).toBe(a + 2 * MB);
    expect(heap.extend(heap.alloc(100, true), 100, MB)).toBe(false);
    expect(heap.used).toBeGreaterThanOrEqual(3 * MB);
  });

  it('keeps the content of a room that grows, in place or not', () => {
    const kernels = openKernels(new WebAssembly.Memory({ initial: 1 }));
    const room = new Room(kernels);
    const at = room.ensure(MB);
    new Uint8Array(kernels.memory.buffer, at, MB).fill(7);
    expect(room.ensure(3 * MB, MB)).toBe(at);
    const behind = kernels.heap.alloc(MB, true);
    expect(room.ensure(6 * MB, MB)).not.toBe(at);
    expect(new Uint8Array(kernels.memory.buffer, room.at, MB).every((byte) => byte === 7)).toBe(true);
    room.free();
    kernels.heap.free(behind, MB, true);
    expect(kernels.heap.used).toBe(0);
  });
});
