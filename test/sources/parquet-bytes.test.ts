import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnalysisRunner } from '../../src/analysis/analysis-runner.js';
import { Completeness, Maximum, Mean, MinLength, Size } from '../../src/index.js';
import { parquet } from '../../src/parquet.js';
import { BytesAhead } from '../../src/sources/parquet/ahead.js';
import { rangeBlob } from '../../src/sources/range-blob.js';

const folder = mkdtempSync(join(tmpdir(), 'bytes-'));
const file = join(folder, 'table.parquet');
const apart = join(folder, 'apart.parquet');

beforeAll(async () => {
  const db = await (await DuckDBInstance.create(':memory:')).connect();
  await db.run(`COPY (SELECT i::INT AS id, CASE WHEN i % 10 = 0 THEN NULL ELSE sha256(i::VARCHAR) END AS long,
    (hash(i) % 7)::INT AS few, random() AS number FROM range(300000) t(i))
    TO '${file}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 30720)`);
  await db.run(`COPY (SELECT random() AS a, random() AS b, sha256(i::VARCHAR) AS long, random() AS c, random() AS d FROM range(20000) t(i))
    TO '${apart}' (FORMAT parquet, COMPRESSION uncompressed)`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = (from: string | Blob, analyzers: Parameters<ReturnType<typeof AnalysisRunner>['addAnalyzer']>[0][]) =>
  AnalysisRunner().onData(parquet(from)).addAnalyzers(analyzers);

describe('the bytes of a run', () => {
  test('are those of the columns that are asked for', async () => {
    const run = asked(file, [Size(), Maximum('number'), Mean('few')]);
    const { planned, of, read } = (await run.explain()).bytes;
    expect(read).toBeNull();
    expect(planned! * 3).toBeLessThan(of!);
    const { bytes, ...explanation } = (await run.run({ threads: 0 })).explanation!;
    expect(bytes).toEqual({ planned, of, read: planned });
    expect(String(explanation)).toContain(`Bytes read: ${planned!.toLocaleString('en')} of ${of!.toLocaleString('en')}.`);
    expect(String(await run.explain())).toContain(`Bytes to read: at most ${planned!.toLocaleString('en')} of`);
    expect((await run.run({ threads: 2 })).explanation!.bytes.read).toBe(planned);
  });

  test('are none where the footer answers', async () => {
    const { explanation } = await asked(file, [Size(), Completeness('id'), Maximum('id')]).run();
    expect(explanation!.bytes).toMatchObject({ planned: 0, read: 0 });
  });

  test('are few where but the presence of texts is asked for', async () => {
    const filled = Completeness('long', { where: 'few > 0' }); // or the footer would know it
    const presence = await asked(file, [filled]).run({ threads: 0 });
    const texts = await asked(file, [filled, MinLength('long')]).run({ threads: 0 });
    expect(presence.metric(filled)!.value).toEqual(texts.metric(filled)!.value);
    const { planned, read } = presence.explanation!.bytes;
    expect(texts.explanation!.bytes.read).toBe(planned);
    expect(read! * 4).toBeLessThan(planned!);
  });
});

describe('bytes from afar', () => {
  test('are asked for several ranges at a time, the next row group beside the one that is worked on', async () => {
    const content = readFileSync(file);
    const requests: { from: number; bytes: number; beside: number }[] = [];
    let [open, data] = [0, 0];
    let third = () => {};
    const thirdCame = new Promise<void>((resolve) => (third = resolve));
    const footer = content.length - 8 - content.readUInt32LE(content.length - 8);
    const server = createServer((request, response) => {
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
      const body = content.subarray(Number(from), Number(to) + 1);
      requests.push({ from: Number(from), bytes: body.length, beside: open++ });
      response.writeHead(206, { 'Content-Range': `bytes ${from}-${to}/${content.length}`, 'Content-Length': body.length });
      const answer = () => {
        --open;
        response.end(body);
      };
      if (Number(from) >= footer || body.length <= 1) return answer();
      if (++data === 3) third();
      // What is asked for while the first row group is worked on is held back until the one behind it is asked for, too.
      if (data === 2) void thirdCame.then(answer);
      else setTimeout(answer, 10);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/table.parquet`;
      const analyzers = [Mean('number'), MinLength('long'), Mean('id')];
      const far = await asked(url, analyzers).run({ threads: 0 });
      const near = await asked(file, analyzers).run({ threads: 0 });
      for (const analyzer of analyzers) expect(far.metric(analyzer)!.value).toEqual(near.metric(analyzer)!.value);
      const { bytes } = far.explanation!;
      const ranges = requests.filter((r) => r.from < footer && r.bytes > 1);
      expect(ranges.reduce((sum, r) => sum + r.bytes, 0)).toBe(bytes.read);
      expect(bytes.read! - bytes.planned!).toBeLessThan(10 * (512 << 10)); // what lies between columns is read in passing
      expect(ranges.length).toBeLessThanOrEqual(20);
      expect(Math.max(...ranges.map((r) => r.beside))).toBeGreaterThanOrEqual(1);
      expect(Math.max(...ranges.map((r) => r.beside))).toBeLessThan(8);
      expect(new Set(ranges.map((r) => r.from)).size).toBe(ranges.length);

      const open = await parquet(url).open();
      const wanted = new Map([['number', ['values' as const]]]);
      const seen = () => requests.filter((r) => r.bytes > 1).length;
      const before = seen();
      let rows = 0;
      for await (const batch of open.read(open.splits[0]!, wanted)) rows += batch.rows;
      open.prefetch!(open.splits[1]!, wanted);
      while (seen() < before + 2) await new Promise((done) => setTimeout(done, 1)); // it comes without being read
      for await (const batch of open.read(open.splits[1]!, wanted)) rows += batch.rows;
      expect([rows, seen() - before]).toEqual([61_440, 2]);
      await open.close();
    } finally {
      server.close();
    }
  });

  test('are waited for when others fail: they are written into memory that is used again', async () => {
    const content = new Uint8Array(readFileSync(apart));
    let late = 0;
    const blob = rangeBlob(async (from, to) => {
      if (from < 1000 && to - from > 1000) throw new Error('the wire is cut');
      if (from > 500_000 && to < content.length - 500) {
        await new Promise((done) => setTimeout(done, 50));
        ++late;
      }
      return content.slice(from, to);
    }, 0, content.length);
    const open = await parquet(blob).open();
    const wanted = new Map(['a', 'b', 'c', 'd'].map((name) => [name, ['values' as const]]));
    const batches = open.read(open.splits[0]!, wanted)[Symbol.asyncIterator]();
    await expect(batches.next()).rejects.toThrow('the wire is cut');
    expect(late).toBe(1);
    await open.close();
  });

  const source = new Uint8Array(1000).map((_, i) => i);
  function counted() {
    const reads: [from: number, to: number][] = [];
    let running = 0, most = 0;
    const bytes = new BytesAhead({
      size: 1000,
      async read(from, to) {
        reads.push([from, to]);
        most = Math.max(most, ++running);
        await new Promise((done) => setTimeout(done, 1));
        --running;
        if (from === 666) throw new Error('the wire is cut');
        return source.slice(from, to);
      },
    });
    return { bytes, reads, most: () => most };
  }

  test('come once, however the ranges are read that were asked for', async () => {
    const { bytes, reads } = counted();
    bytes.request(100, 200);
    bytes.request(100, 230);
    expect(await bytes.read(100, 150)).toEqual(source.slice(100, 150));
    expect(await bytes.read(150, 210)).toEqual(source.slice(150, 210));
    expect(await bytes.read(210, 300)).toEqual(source.slice(210, 300));
    expect(await bytes.read(0, 10)).toEqual(source.slice(0, 10));
    expect(reads).toEqual([[100, 200], [200, 230], [230, 300], [0, 10]]);
  });

  test('are bounded in number; what fails is told to whoever reads it', async () => {
    const { bytes, most } = counted();
    for (let from = 0; from < 660; from += 20) bytes.request(from, from + 20);
    bytes.request(666, 670);
    await expect(bytes.read(666, 670)).rejects.toThrow('the wire is cut');
    expect(await bytes.read(640, 660)).toEqual(source.slice(640, 660));
    expect(most()).toBe(8);
    bytes.forget(0, 1000);
    expect(await bytes.read(0, 5)).toEqual(source.slice(0, 5));
  });
});
