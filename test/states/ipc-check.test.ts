import { tableFromArrays, tableToIPC, vectorFromArray, Table, Utf8, Int64, type Vector } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import type { DataType } from '../../src/data/types.js';
import { IpcCheck } from '../../src/states/ipc-check.js';
import { collecting, savedTable, type Collected } from '../../src/states/saved-table.js';
import { tableFromIpc, tableToIpc } from '../../src/states/table-arrow.js';

const STRINGS: DataType[] = [{ kind: 'string' }];

/** The stream of a table of texts and how often each occurs. */
async function streamOf(words: readonly string[]): Promise<Uint8Array> {
  const fold = collecting(STRINGS, false, undefined) as { empty(): Collected; add(all: Collected, view: unknown): Collected };
  const view = { size: words.length, count: () => 3, measure: () => null, key: (i: number) => words[i]! };
  const table = savedTable(fold.add(fold.empty(), view), STRINGS, false);
  return Uint8Array.from(Buffer.concat([...(await tableToIpc(table))()]));
}

/** Where the metadata of each message begin and end. */
function metadataOf(stream: Uint8Array): [number, number][] {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const found: [number, number][] = [];
  for (let at = 0; at + 8 < stream.length; ) {
    const end = at + 8 + view.getInt32(at + 4, true);
    found.push([at + 8, end]);
    const message = at + 8 + view.getUint32(at + 8, true);
    const fields = message - view.getInt32(message, true);
    const body = view.getUint16(fields, true) > 10 ? view.getUint16(fields + 10, true) : 0; // the fourth field: its length
    at = end + (body === 0 ? 0 : view.getUint32(message + body, true));
  }
  return found;
}

const refused = (stream: Uint8Array | AsyncIterable<Uint8Array>) =>
  expect(tableFromIpc(stream, STRINGS, false)).rejects.toMatchObject({ code: 'STATE' });
const check = (stream: Uint8Array, columns = 2) => {
  const checking = new IpcCheck(columns);
  checking.add(stream);
  checking.end();
};

describe('a stream of groups that was crafted', () => {
  it('is refused before it promises more than it holds: whichever word of its metadata is wrong', async () => {
    const stream = await streamOf(['a', 'bb', 'ccc']);
    const places = metadataOf(stream);
    expect(places.length).toBe(2);
    let read = 0;
    for (const [from, to] of places) {
      for (let at = from; at < to; at += 4) {
        for (const word of [0x7fffffff, 0x3fffffff, 0x00ffffff, -1, 0x10000, 0, 16]) {
          const crafted = stream.slice();
          new DataView(crafted.buffer).setInt32(at, word, true);
          const found = await tableFromIpc(crafted, STRINGS, false).catch((error: { code: string }) => error.code);
          if (typeof found === 'string') expect(found, `${at}: ${word}`).toBe('STATE');
          else ++read;
        }
      }
    }
    expect(read).toBeGreaterThan(0); // some words are padding
  });

  it('is refused where its lengths are too great', async () => {
    const stream = await streamOf(['a', 'bb', 'ccc']);
    const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const length of [-2, 0x7fffffff, (1 << 20) + 8, stream.length]) {
      const crafted = stream.slice();
      view(crafted).setInt32(4, length, true);
      await refused(crafted);
    }
    const [, [from, to]] = metadataOf(stream) as [unknown, [number, number]];
    let batches = 0;
    for (let at = from; at + 8 <= to; at += 4) {
      if (view(stream).getUint32(at, true) !== 3 || view(stream).getUint32(at + 4, true) !== 0) continue;
      for (const rows of [4, 2 ** 31, 2 ** 40]) {
        const crafted = stream.slice();
        view(crafted).setBigInt64(at, BigInt(rows), true);
        expect(() => check(crafted), `${at}: ${rows} rows`).toThrow(/rows has a body of|not as long as its batch|lies out of/);
        ++batches;
      }
    }
    expect(batches).toBe(9); // of the batch, and of its two columns
  });

  it('is refused in whatever pieces it comes, and a good one is read', async () => {
    const stream = await streamOf(['x', 'y']);
    const pieces = async function* (bytes: Uint8Array, size: number) {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    };
    for (const size of [1, 7, 64]) {
      expect((await tableFromIpc(pieces(stream, size), STRINGS, false)).blocks.length).toBe(1);
      const [[from]] = metadataOf(stream) as [[number, number]];
      const crafted = stream.slice();
      new DataView(crafted.buffer).setInt32(from + 24, 0x7ffffff0, true);
      await refused(pieces(crafted, size));
      await refused(pieces(stream.subarray(0, stream.length - 20), size));
    }
    await refused(Uint8Array.from([...stream, ...stream]));
    for (let n = 0; n < stream.length - 8; n += 3) await refused(stream.subarray(0, n));
  });

  it('has flat columns alone: no dictionaries, nothing nested, none too many', async () => {
    const count = vectorFromArray([1n, 2n], new Int64());
    const of = (columns: Record<string, Vector>) => tableToIPC(new Table(columns), 'stream');
    await expect(tableFromIpc(of({ key0: vectorFromArray(['a', 'b'], new Utf8()), count }), STRINGS, false)).resolves.toBeDefined();
    expect(() => check(tableToIPC(tableFromArrays({ key0: ['a', 'b'], count: BigInt64Array.of(1n, 2n) }), 'stream'))).toThrow(/in a dictionary or nested/);
    expect(() => check(of({ key0: vectorFromArray([[1], [2]]), count }))).toThrow(/in a dictionary or nested/);
    expect(() => check(of({ key0: vectorFromArray([{ a: 1 }, { a: 2 }]), count }))).toThrow(/in a dictionary or nested/);
    expect(() => check(of({ key0: count, key1: count, count }))).toThrow(/3 columns instead of 2/);
    expect(() => check(tableToIPC(new Table({ key0: count, count }), 'file'))).toThrow(/no message begins/);
    expect(() => check(of({ key0: count, count }), 3)).toThrow(/2 columns instead of 3/);
  });
});
