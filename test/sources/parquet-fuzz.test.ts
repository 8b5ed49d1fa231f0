import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AssayError } from '../../src/base/errors.js';
import { knownRow } from '../../src/data/arrow-columns.js';
import type { Facet } from '../../src/data/source.js';
import { openKernels } from '../../src/kernels/kernels.js';
import { parquet } from '../../src/parquet.js';
import { valuesOf, wanting } from '../data/read-column.js';

/** Mutated files in all: a few hundred, or as many as asked for, e.g. PARQUET_FUZZ=100000. */
const RUNS = Number(process.env.PARQUET_FUZZ ?? 400);
const folder = mkdtempSync(join(tmpdir(), 'parquet-fuzz-'));
const ROWS = 700;

interface Subject {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly values: ReadonlyMap<string, string>;
  /** Where the column chunks of each column lie. */
  readonly places: ReadonlyMap<string, readonly (readonly [from: number, to: number])[]>;
}
const subjects: Subject[] = [];

const text = (values: unknown[]) => JSON.stringify(values, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : typeof v === 'number' ? String(v) : v));

/** Every column as text; throws what reading throws. */
async function columnsOf(bytes: Uint8Array, names?: string[]): Promise<Map<string, string>> {
  const open = await parquet(bytes).open();
  try {
    const wanted = wanting(open, names);
    const found = new Map([...wanted.keys()].map((name) => [name, [] as unknown[]]));
    for (const split of open.splits) {
      for await (const batch of open.read(split, wanted)) {
        for (const [name, values] of found) values.push(...valuesOf(batch.column(name)));
        batch.release?.();
      }
    }
    return new Map([...found].map(([name, values]) => [name, text(values)]));
  } finally {
    await open.close();
  }
}

/** The hashes of the texts of a column, read as such, and those of its values; null where there is no value. */
async function hashesOf(bytes: Uint8Array, name: string): Promise<{ read: unknown; made: unknown }> {
  const open = await parquet(bytes).open();
  const { fn, memory, heap } = openKernels(open.memory);
  const room = heap.alloc(1 << 16);
  const hashOf = (value: unknown) => {
    if (value === null) return null;
    const { written: length } = new TextEncoder().encodeInto(value as string, new Uint8Array(memory.buffer, room, 1 << 16));
    return fn.xxh64Bytes(room, length, 42n) as unknown;
  };
  const under = async (facet: Facet) => {
    const found: unknown[] = [];
    for (const split of open.splits) {
      for await (const batch of open.read(split, new Map([[name, [facet]]]))) {
        const column = batch.column(name);
        if (!column.hashes) {
          found.push(...valuesOf(column).map(hashOf));
          continue;
        }
        const known = knownRow(column.validity);
        const hashes = new BigInt64Array(memory.buffer, column.hashes.at, column.rows);
        found.push(...Array.from(hashes, (hash, i) => (known(i) ? hash : null)));
      }
    }
    return found;
  };
  try {
    const [read, made] = [await under('hashes').catch((e: unknown) => e), await under('values').catch((e: unknown) => e)];
    return { read, made };
  } finally {
    heap.free(room, 1 << 16);
    await open.close();
  }
}

beforeAll(async () => {
  const db = await (await DuckDBInstance.create(':memory:')).connect();
  const query = `SELECT (i % 50)::INT a, CASE WHEN i % 3 = 0 THEN NULL ELSE 'text ' || (i % 40) END s, 'unique ' || i || repeat('x', (i % 30)::INT) u,
    CASE WHEN i % 7 = 0 THEN NULL ELSE i / 3 END d, i % 2 = 0 b, i * 1000003 l, (i % 90 / 10)::DECIMAL(12, 2) p, DATE '2020-01-01' + (i % 9)::INT t FROM range(${ROWS}) t(i)`;
  for (const [codec, version] of [['uncompressed', 'V1'], ['snappy', 'V1'], ['snappy', 'V2'], ['lz4_raw', 'V2'], ['gzip', 'V1'], ['uncompressed', 'V2'], ['brotli', 'V2'], ['zstd', 'V1'], ['zstd', 'V2']]) {
    const path = join(folder, `${codec}-${version}.parquet`);
    await db.run(`COPY (${query}) TO '${path}' (FORMAT parquet, COMPRESSION ${codec}, PARQUET_VERSION ${version})`);
    const bytes = Uint8Array.from(readFileSync(path));
    const meta = await db.runAndReadAll(`SELECT path_in_schema, coalesce(nullif(dictionary_page_offset, 0), data_page_offset), total_compressed_size FROM parquet_metadata('${path}')`);
    const places = new Map<string, [number, number][]>();
    for (const [name, from, size] of meta.getRows() as [string, bigint, bigint][]) {
      places.set(name, [...(places.get(name) ?? []), [Number(from), Number(from + size)]]);
    }
    subjects.push({ name: `${codec} ${version}`, bytes, values: await columnsOf(bytes), places });
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

type Change = readonly [at: number, kind: number, value: number];

/** Changes bytes: another value, a flipped bit, the largest, a copy from elsewhere. */
function changed(bytes: Uint8Array, from: number, to: number, changes: readonly Change[]): Uint8Array {
  const out = Uint8Array.from(bytes);
  for (const [place, kind, value] of changes) {
    const at = from + place % (to - from);
    if (kind === 0) out[at] = value;
    else if (kind === 1) out[at]! ^= 1 << (value & 7);
    else if (kind === 2) out[at] = 255;
    else {
      const source = from + value % (to - from);
      out.copyWithin(at, source, Math.min(to, source + Math.min(9, to - at)));
    }
  }
  return out;
}

const changes = fc.array(fc.tuple(fc.nat(1 << 20), fc.nat(3), fc.nat(255)), { minLength: 1, maxLength: 5 });

describe('law: what a file says is not believed', () => {
  test('damaged pages are an error or other values of their column, and nothing else', async () => {
    let errors = 0, others = 0;
    const property = fc.asyncProperty(fc.nat(99), fc.nat(99), changes, fc.boolean(), async (s, c, list, atHead) => {
      const { bytes, values, places } = subjects[s % subjects.length]!;
      const names = [...places.keys()];
      const damaged = names[c % names.length]!;
      const [from, end] = places.get(damaged)![0]!;
      const wrong = changed(bytes, from, atHead ? Math.min(end, from + 60) : end, list);
      const read = await columnsOf(wrong).catch((error: unknown) => error);
      if (read instanceof Map) {
        ++others;
        if (damaged === 's' || damaged === 'u') {
          const { read: hashes, made } = await hashesOf(wrong, damaged);
          expect(hashes).toEqual(made);
        }
        for (const name of names) if (name !== damaged) expect([name, read.get(name)]).toEqual([name, values.get(name)]);
        return;
      }
      ++errors;
      expect(read).toBeInstanceOf(AssayError);
      expect((read as AssayError).code).toMatch(/SOURCE|UNSUPPORTED/);
      expect((read as AssayError).message).toContain(`row group 0, column '${damaged}'`);
      if (damaged === 's' || damaged === 'u') {
        const { read: hashes, made } = await hashesOf(wrong, damaged);
        expect([hashes instanceof AssayError, String(hashes)]).toEqual([true, String(made)]);
      }
      const rest = names.filter((name) => name !== damaged);
      expect(await columnsOf(wrong, rest)).toEqual(new Map(rest.map((name) => [name, values.get(name)])));
    });
    await fc.assert(property, { numRuns: RUNS });
    expect(errors).toBeGreaterThan(0);
    expect(others).toBeGreaterThan(0);
  }, 300_000 + RUNS * 50);

  test('damaged footers are an error or rows', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(99), changes, async (s, list) => {
      const { bytes } = subjects[s % subjects.length]!;
      const size = new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
      const wrong = changed(bytes, bytes.length - 8 - size, bytes.length - 8, list);
      const read = await columnsOf(wrong).catch((error: unknown) => error);
      if (!(read instanceof Map)) expect(read).toBeInstanceOf(AssayError);
    }), { numRuns: Math.ceil(RUNS / 2) });
  }, 300_000 + RUNS * 50);

  test('memory stays small whatever is announced', async () => {
    const { memory } = await parquet(subjects[0]!.bytes).open();
    expect(memory!.buffer.byteLength).toBeLessThan(96 << 20);
  });
});
