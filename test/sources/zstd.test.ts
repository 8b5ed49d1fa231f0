import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { decompress } from 'fzstd';
import { afterAll, describe, expect, test } from 'vitest';
import { openKernels } from '../../src/kernels/kernels.js';
import { textChunks } from '../../src/sources/text/chunks.js';

const RUNS = Number(process.env.PARQUET_FUZZ ?? 2000);
const { fn, heap, memory } = openKernels();
const work = heap.alloc(fn.zstdWorkBytes());
fn.zstdOpen(work);

/** Bytes of a kind, the same every time. */
function plainOf(kind: string, n: number): Uint8Array {
  let seed = 12345;
  const random = (m: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % m;
  };
  const words = Array.from({ length: 300 }, () => Array.from({ length: 2 + random(9) }, () => 'etaoinshrdlucm'[random(14)]).join(''));
  let text = '';
  while (text.length < n) {
    if (kind === 'hex') text += random(1 << 24).toString(16).padStart(6, '0');
    else if (kind === 'text') text += `${words[random(300)]}${random(12) === 0 ? '.\n' : ' '}`;
    else if (kind === 'rows') text += `${1000 + random(9)},${words[random(40)]},${(random(9999) / 100).toFixed(2)}\n`;
    else if (kind === 'zeros') text += '\0'.repeat(1000);
    else if (kind === 'noise') text += String.fromCharCode(random(256));
    else text += 'abcabcabd'.repeat(1 + random(40)) + words[random(300)];
  }
  return Uint8Array.from(text.slice(0, n), (c) => c.charCodeAt(0));
}

/** Frames of the reference encoder: what they hold, its options, the frame. */
const frames = (JSON.parse(readFileSync(new URL('fixtures/zstd-frames.json', import.meta.url), 'utf8')) as [string, number, string, string][])
  .map(([kind, n, options, packed]) => ({ name: `${n} bytes of ${kind}, ${options}`, plain: plainOf(kind, n), packed: Uint8Array.from(Buffer.from(packed, 'base64')) }));

const SPARE = 64;
const GUARD = 0xa5;

/** Unpacks up to `enough` bytes; null: the data is malformed. Nothing else of the memory may change. */
function inflate(packed: Uint8Array, size: number, enough = size): Uint8Array | null {
  const total = packed.length + 2 * SPARE + size + 4096;
  const at = heap.alloc(total);
  const bytes = new Uint8Array(memory.buffer, at, total).fill(GUARD);
  bytes.set(packed, SPARE);
  const to = packed.length + 2 * SPARE;
  const got = fn.inflateZstd(work, at + SPARE, packed.length, at + to, size, enough);
  const now = new Uint8Array(memory.buffer, at, total);
  if (now.subarray(to + size + SPARE).some((b) => b !== GUARD)) throw new Error('bytes beyond the room were written');
  if (Buffer.compare(now.subarray(SPARE, SPARE + packed.length), packed) !== 0) throw new Error('the source was written');
  const out = got < 0 ? null : now.slice(to, to + got);
  heap.free(at, total);
  return out;
}

const same = (a: Uint8Array | null, b: Uint8Array) => a !== null && Buffer.compare(a, b) === 0;

async function streamed(pieces: Iterable<Uint8Array>): Promise<Uint8Array> {
  async function* chunks() {
    for (const piece of pieces) yield piece as Uint8Array<ArrayBuffer>;
  }
  const out: Uint8Array[] = [];
  for await (const chunk of textChunks(chunks(), 'x', () => {})) out.push(chunk);
  return Buffer.concat(out);
}

function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

describe('Zstandard', () => {
  test.each(frames)('$name', async ({ plain, packed }) => {
    expect(same(inflate(packed, plain.length), plain)).toBe(true);
    expect(same(await streamed(pieces(packed, 997)), plain)).toBe(true);
    expect(fn.zstdMost(work, put(packed), packed.length)).toBeGreaterThanOrEqual(plain.length);
    if (plain.length > 0) expect(inflate(packed, plain.length - 1)).toBeNull();
    expect(inflate(packed, plain.length + 1)).toBeNull();
  });

  test('stops once there is enough', () => {
    const { plain, packed } = frames.find(({ name }) => name.startsWith('300000'))!;
    const part = inflate(packed, plain.length, 1000)!;
    expect(part.length).toBeGreaterThanOrEqual(1000);
    expect(part.length).toBeLessThan(plain.length);
    expect(same(part, plain.subarray(0, part.length))).toBe(true);
  });

  test('frames one behind the other, and some that are skipped', async () => {
    const skipped = Uint8Array.of(0x53, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5);
    const parts = frames.slice(0, 4);
    const packed = Buffer.concat([...parts.flatMap((f) => [f.packed, skipped]), skipped]);
    const plain = Buffer.concat(parts.map((f) => f.plain));
    expect(same(inflate(packed, plain.length), plain)).toBe(true);
    expect(same(await streamed(pieces(packed, 7)), plain)).toBe(true);
    expect(inflate(packed.subarray(0, -1), plain.length)).toBeNull();
  });

  /** A frame by hand: flags, head, then blocks of a kind. */
  const frame = (flags: number, head: number[], ...blocks: [kind: number, size: number, bytes: number[]][]) =>
    Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, flags, ...head, ...blocks.flatMap(([kind, size, bytes], i) => {
      const word = (size << 3) | (kind << 1) | (i === blocks.length - 1 ? 1 : 0);
      return [word & 255, (word >> 8) & 255, word >> 16, ...bytes];
    })]);

  test('raw and repeated blocks', () => {
    expect(inflate(frame(0, [0], [0, 3, [1, 2, 3]], [1, 4, [9]], [0, 0, []]), 7)).toEqual(Uint8Array.of(1, 2, 3, 9, 9, 9, 9));
    expect(inflate(frame(0x20, [7], [0, 3, [1, 2, 3]], [1, 4, [9]]), 7)).toEqual(Uint8Array.of(1, 2, 3, 9, 9, 9, 9));
    expect(inflate(frame(1, [0, 0], [1, 2, [5]]), 2)).toEqual(Uint8Array.of(5, 5)); // dictionary 0 is none
  });

  test.each<[string, Uint8Array, number]>([
    ['a size that is not that of the content', frame(0x20, [8], [0, 3, [1, 2, 3]], [1, 4, [9]]), 7],
    ['a dictionary', frame(1, [0, 7], [1, 2, [5]]), 2],
    ['a reserved bit', frame(8, [0], [1, 2, [5]]), 2],
    ['a reserved kind of block', frame(0, [0], [3, 1, [5]]), 1],
    ['a block that is too large', frame(0, [0], [1, (128 << 10) + 1, [5]]), (128 << 10) + 1],
    ['a block that leads out', frame(0, [0], [0, 9, [5]]), 9],
    ['no last block', frame(0, [0]), 0],
    ['another magic number', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfe, 0, 0, 1, 0, 0), 0],
    ['a checksum that is another', Uint8Array.from(Buffer.from('KLUv/SQJSQAAaWQsdgoxLHgKrEi1Og==', 'base64')), 9],
  ])('%s is refused', async (_, packed, size) => {
    expect(inflate(packed, size)).toBeNull();
    if (packed[3] === 0xfd) await expect(streamed([packed])).rejects.toMatchObject({ code: 'SOURCE', message: expect.stringContaining('Zstandard') });
  });

  test('a window that would take too much memory is refused', async () => {
    await expect(streamed([frame(0, [0xf8], [1, 2, [5]])])).rejects.toThrow('more than');
  });
});

describe('law: damaged frames', () => {
  test('are refused or other bytes, and nothing else is written', () => {
    let refused = 0;
    const changes = fc.array(fc.tuple(fc.nat(1 << 20), fc.nat(255), fc.boolean()), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(fc.nat(99), changes, fc.boolean(), (f, list, atHead) => {
      const { packed, plain } = frames[f % frames.length]!;
      const wrong = Uint8Array.from(packed);
      for (const [at, value, isFlip] of list) {
        const place = 4 + at % (Math.min(wrong.length, atHead ? 80 : wrong.length) - 4);
        wrong[place] = isFlip ? wrong[place]! ^ (1 << (value & 7)) : value;
      }
      if (inflate(wrong, plain.length) === null) ++refused;
    }), { numRuns: RUNS });
    expect(refused).toBeGreaterThan(RUNS / 4);
  }, 300_000 + RUNS * 5);

  test('are refused where they are cut', () => {
    fc.assert(fc.property(fc.nat(99), fc.nat(), (f, at) => {
      const { packed, plain } = frames[f % frames.length]!;
      expect(inflate(packed.subarray(0, at % packed.length), plain.length)).toEqual(plain.length === 0 && at % packed.length === 0 ? new Uint8Array(0) : null);
    }), { numRuns: 300 });
  });
});

describe('law: what others pack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zstd-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('DuckDB, as fzstd unpacks it', async () => {
    const db = await (await DuckDBInstance.create(':memory:')).connect();
    const path = join(folder, 'a.csv.zst');
    await db.run(`COPY (SELECT i, hash(i) h, 'text ' || (i * 7919 % 1000) t, i / 7 d FROM range(120000) r(i)) TO '${path}' (FORMAT csv, COMPRESSION zstd)`);
    const packed = Uint8Array.from(readFileSync(path));
    const plain = decompress(packed);
    expect(plain.length).toBeGreaterThan(4 << 20);
    expect(same(inflate(packed, plain.length), plain)).toBe(true);
    expect(same(await streamed(pieces(packed, 100_003)), plain)).toBe(true);
  });

  const hasPyarrow = spawnSync('python3', ['-c', 'import pyarrow']).status === 0;
  if (!hasPyarrow) console.log('skipped: Zstandard at all levels, since python3 has no pyarrow (pip install pyarrow)');
  test.skipIf(!hasPyarrow)('pyarrow at levels 1 to 19', () => {
    const plain = Buffer.concat([plainOf('rows', 300_000), plainOf('text', 200_000), plainOf('hex', 99_999), plainOf('noise', 9999)]);
    writeFileSync(join(folder, 'plain'), plain);
    execFileSync('python3', ['-c', `
import pyarrow
plain = open('plain', 'rb').read()
for level in range(1, 20):
    open(f'{level}.zst', 'wb').write(pyarrow.Codec('zstd', compression_level=level).compress(plain, asbytes=True))`], { cwd: folder });
    const found = readdirSync(folder).filter((name) => /^\d+\.zst$/.test(name));
    expect(found.length).toBe(19);
    for (const name of found) {
      const packed = Uint8Array.from(readFileSync(join(folder, name)));
      expect([name, same(inflate(packed, plain.length), plain), same(decompress(packed), plain)]).toEqual([name, true, true]);
    }
  });
});

function put(bytes: Uint8Array): number {
  const at = heap.alloc(bytes.length + SPARE);
  new Uint8Array(memory.buffer).set(bytes, at);
  return at;
}
