import { describe, expect, it } from 'vitest';
import { Board } from '../../src/engine/board.js';
import { KeptHashes } from '../../src/engine/kept-hashes.js';
import type { BatchView } from '../../src/expression/batch-view.js';
import { openKernels } from '../../src/kernels/kernels.js';
import type { TableAccumulator } from '../../src/states/contract.js';

const kernels = openKernels();
const view = { rows: 3 } as BatchView;

/** A table that writes the same hash for every row of a batch; 0n: it fails. */
const table = (hash: bigint) => ({
  rowHashes({ rows }: BatchView, to: number) {
    if (hash === 0n) throw new Error('planted');
    new BigUint64Array(kernels.memory.buffer, to, rows).fill(hash);
  },
}) as TableAccumulator;

describe('hashes that are kept', () => {
  it('are those of each table, and their memory is given back', () => {
    const { used } = kernels.heap;
    const board = Board.make(1, 0, 100);
    const kept = new KeptHashes(kernels, [4, 7], board);
    kept.fill(view, new Map([[4, table(5n)], [7, table(9n)]]), kept.begin(2, 3)!);
    const all = [{ split: 2, bits: Uint8Array.of(7) }];
    expect([0, 1].map((t) => kept.answer({ of: 'hashes', table: t, rows: all }))).toEqual([
      { of: 'hashes', hashes: Int32Array.of(5, 0) }, { of: 'hashes', hashes: Int32Array.of(9, 0) },
    ]);
    const asked = { of: 'rows', table: 0, hashes: Int32Array.of(5, 0), nulls: false } as const;
    expect(kept.answer(asked)).toMatchObject({ rows: [{ split: 2, others: 3 }] });
    expect(kept.answer({ ...asked, table: 1 })).toMatchObject({ rows: [{ split: 2, others: 0 }] });
    kept.close();
    expect([board.keepsAll, kernels.heap.used]).toEqual([true, used]);
  });

  it('are given up by all threads past the limit, which counts what all of them keep', () => {
    const { used } = kernels.heap;
    const board = Board.make(1, 0, 100);
    const [one, other] = [new KeptHashes(kernels, [0], board), new KeptHashes(kernels, [0], board)];
    expect([one.begin(0, 6), other.begin(1, 6)].map((room) => room?.length)).toEqual([1, 1]);
    expect([board.keep(4), board.keepsAll, one.begin(0, 1), board.keepsAll]).toEqual([true, true, null, false]);
    expect([other.begin(1, 1), kernels.heap.used]).toEqual([null, used]);
  });

  it.each([['fails', new Map([[0, table(0n)]])], ['has failed', new Map()]])('are given up where their table %s', (_, tables) => {
    const { used } = kernels.heap;
    const board = Board.make(1, 0);
    const kept = new KeptHashes(kernels, [0], board);
    kept.fill(view, tables, kept.begin(0, 3)!);
    expect([board.keepsAll, kept.begin(0, 1), kernels.heap.used]).toEqual([false, null, used]);
  });
});
