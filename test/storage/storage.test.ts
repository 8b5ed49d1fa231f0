import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderStorage } from '../../src/storage/folder.js';
import { memoryStorage } from '../../src/storage/memory.js';
import { s3Storage } from '../../src/storage/s3.js';
import { below, type Storage } from '../../src/storage/storage.js';
import { onSmallDisk } from './small-disk.js';
import { hasS3Server, startS3, type S3Server } from './moto.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const folder = mkdtempSync(join(tmpdir(), 'storage-'));
const withS3 = hasS3Server();
let server: S3Server | undefined;
beforeAll(async () => {
  if (withS3) server = await startS3('tests');
});
afterAll(() => {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const storages: [string, () => Storage][] = [
  ['memory', memoryStorage],
  ['a folder', () => folderStorage(join(folder, 'contract'))],
  ['a folder of another', () => below(memoryStorage(), 'inner')],
  ...(withS3 ? [['S3', () => s3Storage({ bucket: 'tests', prefix: 'a b/ü', client: server!.client })] as [string, () => Storage]] : []),
];

describe.each(storages)('the contract of a storage: %s', (_, open) => {
  it('reads what was written, whole and in ranges', async () => {
    const storage = open();
    expect(await storage.read('a')).toBeNull();
    expect(await storage.stat('a')).toBeNull();
    await storage.write('a', bytes('0123456789'));
    expect(await storage.read('a')).toEqual(bytes('0123456789'));
    expect(await storage.read('a', { from: 2, to: 4 })).toEqual(bytes('23'));
    expect(await storage.read('a', { from: 8 })).toEqual(bytes('89'));
    expect(await storage.read('a', { from: 8, to: 100 })).toEqual(bytes('89'));
    expect(await storage.read('a', { from: 20, to: 30 })).toEqual(bytes(''));
    expect((await storage.stat('a'))!.size).toBe(10);
    const buffer = Buffer.from('kept');
    await storage.write('b', buffer);
    buffer.fill(0);
    expect(Buffer.from((await storage.read('b'))!).toString()).toBe('kept');
    await storage.remove('b');
    await storage.write('a', bytes(''));
    expect(await storage.read('a')).toEqual(bytes(''));
  });
  it('lists in order, below a folder', async () => {
    const storage = open();
    for (const path of ['l/b.json', 'l/a.json', 'l/c/d.json', 'lx', 'ä/ü ö']) await storage.write(path, bytes(path));
    expect((await storage.list('l')).map((o) => o.path)).toEqual(['l/a.json', 'l/b.json', 'l/c/d.json']);
    expect((await storage.list('none'))).toEqual([]);
    expect((await storage.list('')).map((o) => o.path)).toEqual(expect.arrayContaining(['lx', 'ä/ü ö']));
  });
  it('writes under conditions', async () => {
    const storage = open();
    const first = await storage.write('c', bytes('1'), { ifAbsent: true });
    expect(first).not.toBeNull();
    expect(await storage.write('c', bytes('2'), { ifAbsent: true })).toBeNull();
    const version = (await storage.stat('c'))!.version;
    expect(await storage.write('c', bytes('33'), { ifVersion: version })).not.toBeNull();
    expect(await storage.write('c', bytes('4'), { ifVersion: version })).toBeNull();
    expect(await storage.write('never', bytes('4'), { ifVersion: version })).toBeNull();
    expect(await storage.read('c')).toEqual(bytes('33'));
  });
  it('lets one of many win', async () => {
    const storage = open();
    const won = await Promise.all(Array.from({ length: 8 }, (_, i) => storage.write('race', bytes(String(i)), { ifAbsent: true })));
    expect(won.filter((v) => v !== null)).toHaveLength(1);
    expect(await storage.read('race')).toEqual(bytes(String(won.findIndex((v) => v !== null))));
  });
  it('removes', async () => {
    const storage = open();
    await storage.write('r', bytes('1'));
    expect(await storage.remove('r')).toBe(true);
    expect(await storage.remove('r')).toBe(false);
    expect(await storage.read('r')).toBeNull();
  });
});

describe('a folder', () => {
  it('says why something cannot be written, and leaves what was there', async () => {
    const storage = folderStorage(join(folder, 'why'));
    await storage.write('x', bytes('old'));
    writeFileSync(join(folder, 'why', 'file'), '');
    await expect(storage.write('file/x', bytes('new'))).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringContaining('a file is in the way') });
    await expect(storage.write('../x', bytes('new'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(readdirSync(join(folder, 'why')).sort()).toEqual(['file', 'x']);
  });

  it.skipIf(process.getuid?.() === 0)('says that it is read-only', async () => {
    const storage = folderStorage(join(folder, 'readonly'));
    await storage.write('x', bytes('old'));
    chmodSync(join(folder, 'readonly'), 0o555);
    await expect(storage.write('x', bytes('new'))).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringMatching(/permission denied; what was there before is unchanged/) });
    expect(readFileSync(join(folder, 'readonly', 'x'), 'utf8')).toBe('old');
    chmodSync(join(folder, 'readonly'), 0o755);
  });

  it('takes over the lock of a process that is gone', async () => {
    const storage = folderStorage(join(folder, 'lock'));
    await storage.write('x', bytes('1'));
    const gone = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    writeFileSync(join(folder, 'lock', '.x.lock'), `${gone} ${hostname()} 1`);
    const version = (await storage.stat('x'))!.version;
    expect(await storage.write('x', bytes('2'), { ifVersion: version })).not.toBeNull();
    expect(existsSync(join(folder, 'lock', '.x.lock'))).toBe(false);
  });
});

describe('a full or read-only disk', () => {
  it('gives a clear error and leaves the old file whole', onSmallDisk(256 << 10, async ({ path, readOnly }) => {
    const storage = folderStorage(path);
    await storage.write('x', bytes('old'));
    const error = { code: 'STORAGE', message: expect.stringContaining('the disk is full; what was there before is unchanged') };
    await expect(storage.write('x', new Uint8Array(1 << 20))).rejects.toMatchObject(error);
    expect(await storage.read('x')).toEqual(bytes('old'));
    expect(readdirSync(path)).toEqual(['x']);
    await storage.write('x', bytes('new'));
    readOnly();
    await expect(storage.write('x', bytes('newer'))).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringContaining('the disk is read-only') });
    expect(await storage.read('x')).toEqual(bytes('new'));
  }));
});

describe('what killed processes left of a file', () => {
  it('is removed after an hour by the next process that writes it, and nothing else is', async () => {
    const place = mkdtempSync(join(folder, 'left-'));
    const old = ['.a.json.123.k3j2h1.tmp', '.a.json.9.x.tmp'];
    const others = ['.a.json.123.new.tmp', '.b.json.123.k3j2h1.tmp', '.a.json.bak.tmp', 'a.json.123.k3j2h1.tmp'];
    for (const name of [...old, ...others]) writeFileSync(join(place, name), 'begun');
    const before = new Date(Date.now() - 2 * 3_600_000);
    for (const name of [...old, ...others.slice(1)]) utimesSync(join(place, name), before, before);
    const storage = folderStorage(place);
    await storage.write('a.json', bytes('whole'));
    expect(readdirSync(place).sort()).toEqual([...others, 'a.json'].sort());
    await storage.write('c.json', bytes('once'), { ifAbsent: true });
    expect(await storage.read('a.json')).toEqual(bytes('whole'));
  });
});
