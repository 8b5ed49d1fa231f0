import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

const { asked, kept } = vi.hoisted(() => ({ asked: [] as [at: number, bytes: number][], kept: [] as (() => void)[] }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const read = (_file: number, _into: Uint8Array, _offset: number, bytes: number, at: number, done: () => void) => {
    asked.push([at, bytes]);
    kept.push(done);
  };
  return { ...fs, default: fs, read };
});
const { ReadingAhead } = await import('../../src/platform/read-ahead-node.js');
const { openFile } = await import('../../src/platform/files-node.js');

const MB = 2 ** 20;
const finish = () => kept.splice(0).forEach((done) => done());

describe('a local file that comes from a slow disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'read-ahead-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    finish();
    asked.length = 0;
  });

  it('is read ahead only as long as reads are slow', () => {
    const ahead = new ReadingAhead(0, 100 * MB);
    ahead.request(0, MB);
    expect(asked).toEqual([]); // nothing was measured
    ahead.took(8 * MB, 1);
    ahead.request(0, MB);
    expect(asked).toEqual([]);
    ahead.took(8 * MB, 50);
    ahead.request(3 * MB, MB);
    expect(asked).toEqual([[3 * MB, MB]]);
    ahead.took(8 * MB, 1);
    ahead.request(5 * MB, MB);
    expect(asked.length).toBe(1);
  });

  it('is read in pieces, not beyond its end, and not too much of it at a time', () => {
    const ahead = new ReadingAhead(0, 100 * MB + 5);
    ahead.took(8 * MB, 50);
    ahead.request(99 * MB - 7, 5 * MB);
    expect(asked).toEqual([[99 * MB - 7, MB], [100 * MB - 7, 12]]);
    ahead.request(0, 100 * MB);
    expect(asked.length).toBe(64);
    finish();
    ahead.request(0, 3 * MB);
    expect(asked.length).toBe(67);
  });

  it('is waited for where much is under way, and closed when nobody reads it', async () => {
    const ahead = new ReadingAhead(0, 100 * MB);
    ahead.took(8 * MB, 50);
    ahead.request(0, 3 * MB);
    expect(ahead.settle()).toBeUndefined();
    ahead.request(0, 20 * MB);
    const settling = ahead.settle();
    expect(settling).toBeInstanceOf(Promise);
    await settling;
    const close = vi.fn();
    ahead.close(close);
    expect(close).not.toHaveBeenCalled();
    const { length } = asked;
    ahead.request(0, MB);
    expect(asked.length).toBe(length);
    finish();
    expect(close).toHaveBeenCalledOnce();
  });

  it('tells of its reads by itself', () => {
    const path = join(folder, 'some.bin');
    writeFileSync(path, new Uint8Array(9 * MB));
    const clock = vi.spyOn(performance, 'now');
    let now = 0;
    clock.mockImplementation(() => (now += 20));
    const file = openFile(path);
    for (let at = 0; at < 8 * MB; at += MB) file.readInto(at, new Uint8Array(MB));
    clock.mockRestore();
    file.readAhead(8 * MB, MB);
    expect(asked).toEqual([[8 * MB, MB]]);
    file.close();
    finish();
  });
});
