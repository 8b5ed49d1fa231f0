import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openKernels } from '../../src/kernels/kernels.js';

const { fn, memory, heap } = openKernels();
const room = heap.alloc(1 << 20);
const table = heap.alloc(1024);
fn.snappyOpen(table);
const put = (at: number, bytes: Uint8Array) => new Uint8Array(memory.buffer).set(bytes, at);
const get = (at: number, n: number) => new Uint8Array(memory.buffer).slice(at, at + n);

function areTexts(parts: readonly Uint8Array[]): boolean {
  const [offsets, bytes] = [room, room + 65_536];
  const ends = new Int32Array(parts.length + 1);
  parts.forEach((part, i) => (ends[i + 1] = ends[i]! + part.length));
  put(offsets, new Uint8Array(ends.buffer));
  put(bytes, new Uint8Array(Buffer.concat(parts)));
  return Boolean(fn.textsAreUtf8(offsets, bytes, parts.length));
}

const isText = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

const valid = fc.string({ unit: 'binary', maxLength: 40 }).map((s) => new TextEncoder().encode(s));
/** Characters of which some bytes were changed, cut or taken out, so that errors are found in every place. */
const damaged = fc.tuple(valid, fc.array(fc.tuple(fc.nat(60), fc.oneof(fc.nat(255), fc.constantFrom(0x80, 0xbf, 0xc0, 0xe0, 0xed, 0xf0, 0xf4, 0xf5))), { maxLength: 2 }), fc.nat(60))
  .map(([bytes, changes, cut]) => {
    const out = bytes.slice(0, cut);
    for (const [at, to] of changes) if (at < out.length) out[at] = to;
    return out;
  });

test('law: texts are UTF-8 where each of them is', () => {
  fc.assert(fc.property(fc.array(fc.oneof(valid, damaged, damaged), { minLength: 1, maxLength: 5 }), (parts) => {
    expect(areTexts(parts)).toBe(parts.every(isText));
  }), { numRuns: 3000 });
});

test('every two bytes, at the end of 16 and of 32 and across', () => {
  for (let a = 0x7f; a < 256; ++a) {
    for (let b = 0x7f; b < 256; ++b) {
      for (const before of [14, 15, 30, 31, 62, 63]) {
        const bytes = new Uint8Array(before + 2).fill(97);
        bytes[before] = a;
        bytes[before + 1] = b;
        if (areTexts([bytes]) !== isText(bytes)) throw new Error(`${before}: ${a} ${b}`);
      }
    }
  }
});

test('every kind of three and four bytes, across 16 and 32, with others behind and without', () => {
  const edges = [0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff];
  for (const before of [13, 29, 30, 31, 61, 62, 63, 77]) {
    for (const behind of [0, 70]) {
      const bytes = new Uint8Array(before + 4 + behind).fill(97);
      for (const a of edges) {
        for (const b of edges) {
          for (const c of [0x41, 0x80, 0xbf, 0xc2, 0xe2]) {
            for (const d of [0x41, 0x80, 0xbf, 0xf0]) {
              bytes.set([a, b, c, d], before);
              if (areTexts([bytes]) !== isText(bytes)) throw new Error(`${before}: ${a} ${b} ${c} ${d}`);
            }
          }
        }
      }
    }
  }
});

/** Byte strings as a PLAIN page has them. */
function plainPage(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.flatMap((part) => [new Uint8Array(Uint32Array.of(part.length).buffer), part])));
}

test('law: texts of a page are taken as far as there is room, and nothing else of the page than their bits', () => {
  const part = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(15, 16, 17, 63, 64, 65))
    .chain((n) => fc.uint8Array({ minLength: n, maxLength: n, max: 127 }));
  fc.assert(fc.property(fc.array(part, { maxLength: 30 }), fc.nat(2000), fc.nat(20), fc.nat(60), (parts, free, filled, cut) => {
    const [from, offsets, bytes, seen] = [room, room + 65_536, room + 131_072, room + 262_144];
    const page = plainPage(parts);
    const fits = parts.findIndex((_, i) => filled + Buffer.concat(parts.slice(0, i + 1)).length > filled + free);
    const n = fits < 0 ? parts.length : fits;
    put(from, new Uint8Array(8192).fill(255)); // what follows the page is not of it
    put(from, page);
    put(offsets, new Uint8Array(Int32Array.of(filled).buffer));
    put(bytes, new Uint8Array(8192).fill(170));
    put(seen, new Uint8Array(16));
    const take = (end: number) => fn.textsPlain(from, end, parts.length, bytes, filled, filled + free, offsets, seen);
    expect(take(from + page.length)).toBe(n);
    const all = Buffer.concat(parts.slice(0, n));
    expect(get(bytes, filled)).toEqual(new Uint8Array(filled).fill(170));
    expect(get(bytes + filled, all.length)).toEqual(new Uint8Array(all));
    const ends = new Int32Array(get(offsets, (n + 1) * 4).buffer);
    let end = filled;
    expect([...ends]).toEqual([end, ...parts.slice(0, n).map((part) => (end += part.length))]);
    expect(fn.textsAreAscii(seen, seen + 16)).toBeTruthy();
    if (n === parts.length && n > 0) expect(take(from + Math.max(0, page.length - 1 - cut))).toBe(-1);
  }), { numRuns: 1000 });
});

test('every byte of a text shows among the bits of what was taken, wherever it is', () => {
  const [from, offsets, bytes, seen] = [room, room + 65_536, room + 131_072, room + 262_144];
  for (const length of [1, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 80, 81, 100]) {
    for (let at = 0; at < length; ++at) {
      const texts = [new Uint8Array(3), new Uint8Array(length), new Uint8Array(length === 100 ? 0 : 40)];
      texts[1]![at] = 0x80;
      const page = plainPage(texts);
      put(from, page);
      put(offsets, new Uint8Array(4));
      put(seen, new Uint8Array(16));
      expect(fn.textsPlain(from, from + page.length, 3, bytes, 0, 1000, offsets, seen)).toBe(3);
      if (fn.textsAreAscii(seen, seen + 16)) throw new Error(`${length}: ${at}`);
    }
  }
});

/** Snappy by its description: literals and copies of all kinds. */
function snappy(steps: readonly (readonly [kind: number, a: number, b: number])[]): { packed: Uint8Array; plain: Uint8Array } {
  const plain: number[] = [];
  const body: number[] = [];
  for (const [kind, a, b] of steps) {
    if (kind === 0 || plain.length === 0) {
      const n = 1 + (a % 300);
      if (n <= 60) body.push((n - 1) << 2);
      else if (n <= 256) body.push(60 << 2, n - 1);
      else body.push(61 << 2, (n - 1) & 255, (n - 1) >> 8);
      for (let i = 0; i < n; ++i) {
        body.push((b + i * 7) & 255);
        plain.push((b + i * 7) & 255);
      }
      continue;
    }
    const offset = 1 + (b % Math.min(plain.length, kind === 1 ? 2047 : 65_535));
    const n = kind === 1 ? 4 + (a % 8) : 1 + (a % 64);
    if (kind === 1) body.push(1 | ((n - 4) << 2) | ((offset >> 8) << 5), offset & 255);
    else if (kind === 2) body.push(2 | ((n - 1) << 2), offset & 255, offset >> 8);
    else body.push(3 | ((n - 1) << 2), offset & 255, offset >> 8, 0, 0);
    for (let i = 0; i < n; ++i) plain.push(plain[plain.length - offset]!);
  }
  const head: number[] = [];
  for (let n = plain.length; ; n >>>= 7) {
    head.push(n < 128 ? n : (n & 127) | 128);
    if (n < 128) break;
  }
  return { packed: Uint8Array.from([...head, ...body]), plain: Uint8Array.from(plain) };
}

test('law: Snappy gives back what was packed, and refuses what is cut or larger', () => {
  const steps = fc.array(fc.tuple(fc.nat(3), fc.nat(400), fc.nat(70_000)), { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(steps, fc.nat(2000), (list, cut) => {
    const { packed, plain } = snappy(list);
    const [from, to] = [room, room + (1 << 19)];
    put(from, packed);
    const size = plain.length;
    put(to + size + 64, Uint8Array.of(1, 2, 3, 4)); // nothing may be written there
    expect(fn.inflateSnappy(table, from, packed.length, to, size, size)).toBe(size);
    expect(get(to, size)).toEqual(plain);
    expect([...get(to + size + 64, 4)]).toEqual([1, 2, 3, 4]);
    expect(fn.inflateSnappy(table, from, packed.length, to, size + 1, size + 1)).toBe(-1);
    const short = cut % packed.length;
    expect(fn.inflateSnappy(table, from, short, to, size, size)).toBe(-1);
  }), { numRuns: 500 });
});

test('every short tag of Snappy is read alike far from the ends of a block and near them', () => {
  const long: (readonly [number, number, number])[] = Array.from({ length: 10 }, (_, i) => [0, 299, i]);
  const tags: (readonly [number, number, number])[] = [];
  for (let n = 0; n < 60; ++n) tags.push([0, n, n], [1, 0, n]);
  for (let high = 0; high < 8; ++high) for (let n = 0; n < 8; ++n) tags.push([1, n, (high << 8) + 10 * n]);
  for (let n = 0; n < 64; ++n) for (const back of [0, 6, 14, 15, 16, 255, 2500]) tags.push([2, n, back]);
  const [from, to] = [room, room + (1 << 19)];
  const check = (steps: typeof tags): void => {
    const { packed, plain } = snappy(steps);
    put(from, packed);
    put(to, new Uint8Array(plain.length));
    expect(fn.inflateSnappy(table, from, packed.length, to, plain.length, plain.length)).toBe(plain.length);
    expect(Buffer.compare(get(to, plain.length), plain)).toBe(0);
  };
  check([...long, ...tags, ...long]);
  for (const tag of tags) check([...long, tag]);
  for (const bad of [[1, 0], [5, 255], [2, 0, 0], [254, 255, 255]]) { // offsets that are 0 or lead out
    for (const behind of [0, 500]) {
      const packed = Uint8Array.of(184 | 0, 23, 61 << 2, 43, 1, ...new Uint8Array(300), ...bad, ...new Uint8Array(behind));
      put(from, packed);
      expect(fn.inflateSnappy(table, from, packed.length, to, 3000, 3000)).toBe(-1);
    }
  }
});

/** Unpacks a Snappy block piece by piece, in steps of so many packed bytes and so much room; null: malformed, -2: it refers too far back. */
function inPieces(packed: Uint8Array, size: number, feeds: readonly number[], rooms: readonly number[], reach: number): Uint8Array | number | null {
  const [from, to] = [room, room + (1 << 17)];
  put(from, packed.subarray(0, 10));
  let used = fn.snappyHead(from, Math.min(10, packed.length), size);
  if (used === 0) return null;
  const out = new Uint8Array(size);
  for (let made = 0, due = 0, step = 0; made < size; ++step) {
    const kept = Math.min(made, reach);
    put(to, out.subarray(made - kept, made));
    const feed = Math.min(packed.length - used, feeds[step % feeds.length]!);
    put(from, new Uint8Array(feed + 64).fill(251)); // what lies behind is of no account
    put(from, packed.subarray(used, used + feed));
    const there = Math.min(size - made, rooms[step % rooms.length]!);
    put(to + kept + there + 64, Uint8Array.of(1, 2, 3, 4));
    const n = fn.snappyOn(table, from, feed, feed === packed.length - used, due, to, made - kept, to + kept, there, size - made - there);
    expect([...get(to + kept + there + 64, 4)]).toEqual([1, 2, 3, 4]);
    if (n < 0) return n === -2 ? -2 : null;
    if (n === 0 && fn.snappyUsed() === 0) return null;
    out.set(get(to + kept, n), made);
    made += n;
    used += fn.snappyUsed();
    due = fn.snappyDue();
  }
  return out;
}

test('law: Snappy in pieces is what it is as a whole, of damaged blocks too', () => {
  const steps = fc.array(fc.tuple(fc.nat(3), fc.nat(400), fc.nat(70_000)), { minLength: 1, maxLength: 60 });
  const some = (min: number) => fc.array(fc.integer({ min, max: 600 }), { minLength: 1, maxLength: 5 });
  const damage = fc.option(fc.tuple(fc.nat(1 << 20), fc.nat(255)), { nil: null });
  let far = 0, malformed = 0;
  fc.assert(fc.property(steps, some(5), some(64), fc.constantFrom(300, 1 << 16), damage, (list, feeds, rooms, reach, at) => {
    const { packed, plain } = snappy(list);
    if (at) packed[at[0] % packed.length] = at[1];
    put(room, packed);
    const whole = fn.inflateSnappy(table, room, packed.length, room + (1 << 17), plain.length, plain.length) < 0 ? null : get(room + (1 << 17), plain.length);
    const found = inPieces(packed, plain.length, feeds, rooms, reach);
    if (found === null) ++malformed;
    if (found === -2) ++far;
    expect(found).toEqual(found === -2 && reach === 300 ? -2 : whole);
  }), { numRuns: 2000 });
  expect(far).toBeGreaterThan(0);
  expect(malformed).toBeGreaterThan(0);
  // one that is wrong must be found: as if bytes before the kept ones were others
  const { packed, plain } = snappy([[0, 299, 1], [0, 299, 2], [2, 63, 500]]);
  expect(inPieces(packed, plain.length, [64], [64], 300)).toBe(-2);
});

test('law: packed values of every width, in pieces, and the greatest of each', () => {
  const bytes = Uint8Array.from({ length: 4096 }, (_, i) => (Math.imul(i + 7, 2654435761) >>> 13) & 255);
  const [reader, from, out] = [room, room + 64, room + 65_536];
  put(from, bytes);
  const valueAt = (width: number, i: number) => {
    let value = 0n;
    for (let k = 0; k < width; ++k) {
      const bit = i * width + k;
      value |= BigInt((bytes[bit >> 3]! >> (bit & 7)) & 1) << BigInt(k);
    }
    return Number(value);
  };
  fc.assert(fc.property(fc.integer({ min: 0, max: 32 }), fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }), (width, parts) => {
    const all = Math.min(2000, width === 0 ? 2000 : Math.floor(4096 * 8 / width));
    fn.runsOpenPacked(reader, from, from + 4096, width, all);
    let at = 0;
    for (const part of parts) {
      const n = Math.min(part, all - at);
      expect(fn.runsI32(reader, part, out)).toBe(n);
      const expected = Array.from({ length: n }, (_, i) => valueAt(width, at + i));
      expect([...new Uint32Array(memory.buffer, out, n)]).toEqual(expected);
      expect(fn.runsTop(reader) >>> 0).toBe(Math.max(0, ...expected));
      at += n;
    }
  }), { numRuns: 300 });
});

test.each([[4, 'gather4'], [8, 'gather8'], [16, 'gather16']] as const)('entries of %i bytes by their indices', (width, name) => {
  const [indices, values, out] = [room, room + 4096, room + 65_536];
  put(values, Uint8Array.from({ length: 100 * width }, (_, i) => (i * 7) & 255));
  for (const n of [0, 1, 3, 4, 5, 64, 203]) {
    const places = Array.from({ length: n }, (_, i) => (i * 37) % 100);
    new Int32Array(memory.buffer, indices, n).set(places);
    put(out, new Uint8Array((n + 1) * width).fill(99));
    fn[name](indices, values, n, out);
    expect([...get(out, n * width)]).toEqual(places.flatMap((p) => [...get(values + p * width, width)]));
    expect([...get(out + n * width, width)]).toEqual(new Array(width).fill(99));
  }
});

test('law: offsets of dense texts are spread over their rows, unknown ones are empty', () => {
  const [offsets, bits] = [room, room + 65_536];
  const rows = fc.array(fc.oneof({ weight: 9, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.constant(null) }), { maxLength: 200 });
  fc.assert(fc.property(rows, fc.nat(100), (lengths, first) => {
    const dense = [first];
    const wanted = [first];
    const bitmap = new Uint8Array((lengths.length >> 3) + 16);
    lengths.forEach((length, i) => {
      if (length !== null) {
        dense.push(dense.at(-1)! + length);
        bitmap[i >> 3]! |= 1 << (i & 7);
      }
      wanted.push(dense.at(-1)!);
    });
    put(bits, bitmap);
    new Int32Array(memory.buffer, offsets, dense.length).set(dense);
    fn.spreadOffsets(offsets, bits, lengths.length, dense.length - 1);
    expect([...new Int32Array(memory.buffer, offsets, wanted.length)]).toEqual(wanted);
  }), { numRuns: 1000 });
});
