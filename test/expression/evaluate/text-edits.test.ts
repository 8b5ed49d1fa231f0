import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expression } from '../../../src/index.js';
import { functions } from '../every-function.js';

const letters = fc.constantFrom('a', 'b', 'ab', ' ', '.', 'é', 'ß', 'İ', 'ŉ', 'ΐ', 'ﬃ', 'ǆ', 'Ω', 'я', '日', '😀', '𐐀', 'ꭰ');
const text = fc.array(letters, { maxLength: 40 }).map((parts) => parts.join(''));
const rows = fc.array(fc.record({ s: fc.option(text), t: fc.option(fc.array(letters, { maxLength: 3 }).map((x) => x.join(''))), n: fc.option(fc.integer({ min: -4, max: 50 })) }), { minLength: 1, maxLength: 40 });

interface Row {
  readonly s: string | null;
  readonly t: string | null;
  readonly n: number | null;
}

/** An expression of texts s and t and an int n, as JS computes it on rows where all of them are known. */
async function holds(source: string, ofRow: (s: string, t: string, n: number) => unknown): Promise<void> {
  const e = expression(source);
  const used = e.columns;
  await fc.assert(fc.asyncProperty(rows, async (given: Row[]) => {
    // one row of known values, so that types are found
    const all = [{ s: 'a', t: 'b', n: 1 }, ...given];
    const wanted = all.map((r) => (used.some((name) => r[name as keyof Row] === null) ? null : ofRow(r.s!, r.t!, r.n!)));
    expect(await e.evaluate(all)).toEqual(wanted);
  }), { numRuns: 60 });
}

const points = (s: string) => [...s];

test.each<[string, (s: string, t: string, n: number) => unknown]>([
  ["replace(s, t, '<日>')", (s, t) => (t === '' ? s : s.replaceAll(t, '<日>'))],
  ["replace(s, 'a', t)", (s, t) => s.replaceAll('a', () => t)],
  ['lpad(s, int(n), t)', (s, t, n) => (t === '' ? points(s).slice(0, Math.max(0, n)).join('') : n <= points(s).length ? points(s).slice(0, Math.max(0, n)).join('')
    : points(t.repeat(60)).slice(0, n - points(s).length).join('') + s)],
  ['repeat(t, int(n))', (_s, t, n) => t.repeat(Math.max(0, n))],
  ['left(s, int(n))', (s, _t, n) => points(s).slice(0, Math.max(0, n)).join('')],
  ['right(s, int(n))', (s, _t, n) => (n <= 0 ? '' : points(s).slice(-n).join(''))],
  ['instr(s, t)', (s, t) => (t === '' ? 1 : s.includes(t) ? points(s.slice(0, s.indexOf(t))).length + 1 : 0)],
  ['reverse(s)', (s) => points(s).reverse().join('')],
  ["concat_ws('-', s, t, s)", (s, t) => [s, t, s].join('-')],
  ["translate(s, 'aé😀b', 'xyz')", (s) => points(s).map((c) => ({ a: 'x', é: 'y', '😀': 'z', b: '' })[c] ?? c).join('')],
  ['upper(s)', (s) => s.toUpperCase()],
  ['lower(s)', (s) => s.toLowerCase()],
  ["regexp_replace(s, '[ab]+|é', '<$0>')", (s) => s.replace(/[ab]+|é/gu, (m) => `<${m}>`)],
  ["regexp_replace(s, 'x*', '-')", (s) => points(s).map((c) => `-${c}`).join('') + '-'],
  ["regexp_extract(s, '(b+)([^b]*)', 2)", (s) => /(b+)([^b]*)/u.exec(s)?.[2] ?? ''],
  ["array_join(split(s, '[. ]'), '|')", (s) => s.split(/[. ]/u).join('|')],
])('%s on columns', async (source, ofRow) => {
  if (source.startsWith('concat_ws(\'-\'')) return holdsWithNulls();
  await holds(source, ofRow);
});

/** CONCAT_WS leaves nulls out. */
async function holdsWithNulls(): Promise<void> {
  await fc.assert(fc.asyncProperty(rows, async (given: Row[]) => {
    const all = [{ s: 'a', t: 'b', n: 1 }, ...given];
    const wanted = all.map(({ s, t }) => [s, t, s].filter((x) => x !== null).join('-'));
    expect(await expression("concat_ws('-', s, t, s)").evaluate(all)).toEqual(wanted);
  }), { numRuns: 60 });
}

test('a capital sigma becomes small by its place, and columns without one know all letters with case', async () => {
  const rows = [{ s: 'ὈΔΥΣΣΕΎΣ ΣΑΣ' }, { s: 'ÀΩЯİ' }];
  expect(await expression('lower(s)').evaluate(rows)).toEqual(rows.map(({ s }) => s.toLowerCase()));
  const every: { s: string }[] = [];
  for (let c = 1; c < 0x1f000; ++c) if (c !== 0x3a3 && (c < 0xd800 || c > 0xdfff)) every.push({ s: String.fromCodePoint(c) });
  expect(await expression('upper(s)').evaluate(every)).toEqual(every.map(({ s }) => s.toUpperCase()));
  expect(await expression('lower(s)').evaluate(every)).toEqual(every.map(({ s }) => s.toLowerCase()));
});

test('digests are those of node', async () => {
  const rows = Array.from({ length: 300 }, (_, n) => ({ s: 'é'.repeat(n % 7) + 'x'.repeat(n) }));
  const names = { md5: 'md5(s)', sha1: 'sha1(s)', sha224: 'sha2(s, 224)', sha256: 'sha2(s, 256)', sha384: 'sha2(s, 384)', sha512: 'sha2(s, 512)' };
  for (const [name, source] of Object.entries(names)) {
    expect(await expression(source).evaluate(rows)).toEqual(rows.map(({ s }) => createHash(name).update(s).digest('hex')));
  }
  expect(await expression('sha2(s, 100)').evaluate([{ s: 'a' }])).toEqual([null]);
  expect(await expression('sha2(s, int(n))').evaluate([{ s: 'a', n: 0 }, { s: 'a', n: 384 }, { s: 'a', n: 3 }])).toEqual([
    createHash('sha256').update('a').digest('hex'), createHash('sha384').update('a').digest('hex'), null,
  ]);
  if (crc32) expect(await expression('crc32(s)').evaluate(rows)).toEqual(rows.map(({ s }) => BigInt(crc32(s))));
  const lines = (s: string) => Buffer.from(s).toString('base64').replace(/.{76}(?=.)/g, '$&\r\n');
  expect(await expression('base64(s)').evaluate(rows)).toEqual(rows.map(({ s }) => lines(s)));
});

test('TRY_ADD and its like are null where a number does not fit', async () => {
  const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];
  const numbers = [least, least + 1n, -1n, 0n, 1n, 2n, 3037000500n, most - 1n, most];
  const rows = numbers.flatMap((a) => numbers.map((b) => ({ a, b })));
  const fits = (x: bigint) => (x < least || x > most ? null : x);
  expect(await expression('try_add(a, b)').evaluate(rows)).toEqual(rows.map(({ a, b }) => fits(a + b)));
  expect(await expression('try_subtract(a, b)').evaluate(rows)).toEqual(rows.map(({ a, b }) => fits(a - b)));
  expect(await expression('try_multiply(a, b)').evaluate(rows)).toEqual(rows.map(({ a, b }) => fits(a * b)));
  expect(await expression('try_add(tinyint(a), 100Y)').evaluate([{ a: 27n }, { a: 28n }])).toEqual([127, null]);
});

test('what would be too large is refused', async () => {
  await expect(expression("repeat('abc', int(n))").evaluate([{ n: 2_000_000_000 }])).rejects.toThrow(/2 GB/);
  await expect(expression("lpad(s, int(n), 'é')").evaluate([{ s: 'a', n: 2_000_000_000 }])).rejects.toThrow(/2 GB/);
});

test('no function always runs row by row', () => {
  expect(Object.entries(functions).filter(([, spec]) => spec.byRow).map(([name]) => name)).toEqual([]);
});
