import { expect, test } from 'vitest';
import { AssayError } from '../../src/base/errors.js';
import { openKernels } from '../../src/kernels/kernels.js';
import { pageHeaders } from '../../src/sources/parquet/page-headers.js';
import { Pages } from '../../src/sources/parquet/pages.js';
import { Window } from '../../src/sources/parquet/window.js';

const kernels = openKernels();
const { heap, memory } = kernels;
const SIZE = 2 << 20;

/** A number as the compact protocol writes it. */
function zigzag(value: number): number[] {
  const bytes: number[] = [];
  let n = BigInt(value) * 2n;
  for (; n > 127n; n >>= 7n) bytes.push(Number(n & 127n) | 128);
  return [...bytes, Number(n)];
}

interface Facts {
  readonly rows: number;
  readonly levels: number;
  readonly codec: number;
  readonly hasLevels: boolean;
  /** Values of the column chunk. */
  readonly all: number;
}

/** Reads a PLAIN data page of version 1 to its end; its bytes, or why it is refused. */
async function read(packed: Uint8Array, unpacked: number, { rows, levels, codec, hasLevels, all }: Facts): Promise<Uint8Array | string> {
  const sizes = [...zigzag(0), 0x15, ...zigzag(unpacked), 0x15, ...zigzag(packed.length)];
  const head = [0x15, ...sizes, 0x2c, 0x15, ...zigzag(rows), 0x15, ...zigzag(0), 0x15, ...zigzag(levels), 0x15, ...zigzag(3), 0, 0];
  const file = Uint8Array.from([...head, ...packed]);
  const bytes = {
    size: file.length, readInto: (at: number, to: Uint8Array) => to.set(file.subarray(at, at + to.length)),
    read: async (from: number, to: number) => file.slice(from, to),
  };
  const window = new Window(bytes, kernels);
  const pages = new Pages(kernels, window, { column: 'c', hasLevels, onlyLevels: false, inPieces: true });
  const headers = pageHeaders(kernels);
  window.begin(0, file.length, 64 << 10);
  pages.begin({ start: 0, end: file.length, rows: all, codec, unpacked }, headers, 'g');
  try {
    const page = (await pages.next())!;
    let { from } = page;
    while (page.rest && page.rest.left > 0) if ((from = await page.rest.more(from)) === 0) return 'corrupt';
    return new Uint8Array(memory.buffer).slice(from, page.rest ? page.rest.end : page.end);
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    return error.message;
  } finally {
    pages.free();
    window.free();
    headers.free();
  }
}

test.each([[1000, 10], [SIZE, 10], [1000, 0x7fffffff], [SIZE, 0x7fffffff]])('a page of %i bytes that claims as many rows as can be, of %i: nothing else is changed', async (size, all) => {
  const spare = [1 << 16, 1 << 20].map((bytes) => ({ bytes, at: heap.alloc(bytes, true) }));
  for (const { at, bytes } of spare) new Uint8Array(memory.buffer, at, bytes).fill(0x21);
  const why = await read(new Uint8Array(size).fill(7), size, { rows: 0x7fffffff, levels: 4, codec: 0, hasLevels: true, all });
  expect(why).toMatch(all === 10 ? /it has 2147483647 rows where its column chunk has 10/ : /its levels lead out of it/);
  for (const { at, bytes } of spare) {
    expect(new Uint8Array(memory.buffer, at, bytes).every((byte) => byte === 0x21)).toBe(true);
    heap.free(at, bytes, true);
  }
});

/** A frame of Zstandard of blocks as they are, with a checksum (a wrong one) or without; `behind`: an empty block is the last. */
function frame(plain: Uint8Array, hasSum: boolean, behind: boolean): Uint8Array {
  const parts: number[][] = [[0x28, 0xb5, 0x2f, 0xfd, hasSum ? 4 : 0, 0x40]];
  for (let at = 0; at < plain.length; at += 1 << 17) {
    const head = ((1 << 17) << 3) | Number(!behind && at + (1 << 17) >= plain.length);
    parts.push([head & 255, (head >> 8) & 255, head >> 16], [...plain.subarray(at, at + (1 << 17))]);
  }
  if (behind) parts.push([1, 0, 0]);
  if (hasSum) parts.push([1, 2, 3, 4]);
  return Uint8Array.from(parts.flat());
}

test('Zstandard in pieces is looked at up to the end of its frame', async () => {
  const plain = Uint8Array.from({ length: SIZE }, (_, i) => (Math.imul(i, 2654435761) >>> 20) & 255);
  const facts = { rows: 10, levels: 3, codec: 6, hasLevels: false, all: 10 };
  const ends = async (packed: Uint8Array) => {
    const found = await read(packed, SIZE, facts);
    return typeof found === 'string' ? found.replace(/.*: /, '') : Buffer.compare(found, plain.subarray(-found.length));
  };
  expect(await ends(frame(plain, false, false))).toBe(0);
  expect(await ends(frame(plain, false, true))).toBe(0);
  const bad = /corrupt/;
  expect(await ends(frame(plain, true, false))).toMatch(bad);
  expect(await ends(frame(plain, true, true))).toMatch(bad);
  expect(await ends(Uint8Array.from([...frame(plain, false, false), 1, 2, 3]))).toMatch(bad);
  expect(await ends(frame(plain, false, false).subarray(0, -10))).toMatch(bad);
  expect(await ends(frame(plain, false, true).subarray(0, -3))).toMatch(bad);
});
