import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as browser from '../../src/platform/files-browser.js';
import * as nodeFiles from '../../src/platform/files-node.js';
import * as packing from '../../src/platform/packing-node.js';

const node = { ...nodeFiles, ...packing };

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += size) yield Uint8Array.from(bytes.subarray(at, at + size));
}

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

describe.each([['browser', browser], ['node', node]])('files in %s', (_, platform) => {
  const text = 'id,v\n1,x\n'.repeat(20_000);

  test('gunzip', async () => {
    expect(await joined(platform.gunzip(pieces(gzipSync(text), 100)))).toBe(text);
    await expect(joined(platform.gunzip(pieces(gzipSync(text).subarray(0, 200), 50)))).rejects.toThrow();
    await expect(joined(platform.gunzip(pieces(Uint8Array.of(0x1f, 0x8b, 9, 9, 9), 5)))).rejects.toThrow();
  });

  test('gunzip ends when nobody reads on, and when its input fails', async () => {
    for await (const chunk of platform.gunzip(pieces(gzipSync(text), 100))) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    async function* failing() { yield Uint8Array.from(gzipSync(text).subarray(0, 50)); throw new Error('cut'); }
    await expect(joined(platform.gunzip(failing()))).rejects.toThrow();
  });

  test('UTF-8', () => {
    expect([platform.isUtf8(new TextEncoder().encode('aä€😀')), platform.isUtf8(Uint8Array.of(0xc3)), platform.isUtf8(Uint8Array.of(0xed, 0xa0, 0x80))]).toEqual([true, false, false]);
  });
});

test('browsers have no paths', async () => {
  await expect(browser.kindOfPath('x')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  expect(() => browser.openFile('x')).toThrow(/browsers have no paths/);
  expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
});
