import type { Kernels } from '../../kernels/kernels.js';
import type { Pointer } from '../batch-view.js';
import { initcap } from './strings.js';

type Kind = 'upper' | 'lower' | 'initcap';

/** What becomes of a text of one character. */
const MAPS: Readonly<Record<Kind, (c: string) => string>> = {
  upper: (c) => c.toUpperCase(),
  lower: (c) => c.toLowerCase(),
  initcap,
};

/** No character with case lies at or behind this place. */
const END = 0x20000;
const BLOCK = 64;
const PAGES = 128;
const BLOCKS = PAGES + 2 * 0x4400;

const encoder = new TextEncoder();
const made = new Map<Kind, Uint8Array>();
const placed = new WeakMap<Kernels, Map<Kind, Pointer>>();

/** The address of a table of what characters become, as `textMap` reads it; made when first asked for. */
export function caseTable(kernels: Kernels, kind: Kind): Pointer {
  let tables = placed.get(kernels);
  if (!tables) placed.set(kernels, (tables = new Map<Kind, Pointer>()));
  let at = tables.get(kind);
  if (at === undefined) {
    let bytes = made.get(kind);
    if (!bytes) made.set(kind, (bytes = tableOf(MAPS[kind])));
    at = kernels.heap.alloc(bytes.length);
    new Uint8Array(kernels.memory.buffer, at, bytes.length).set(bytes);
    tables.set(kind, at);
  }
  return at;
}

function tableOf(map: (c: string) => string): Uint8Array {
  const blocks: BigUint64Array[] = [];
  const pages = new Uint16Array(0x4400);
  for (let from = 0; from < END; from += BLOCK) {
    if (from >= 0xd800 && from < 0xe000) continue;
    const units = new Uint16Array(2 * BLOCK);
    let n = 0;
    for (let c = from; c < from + BLOCK; ++c) {
      if (c > 0xffff) units[n++] = 0xd7c0 + (c >> 10);
      units[n++] = c > 0xffff ? 0xdc00 | (c & 0x3ff) : c;
    }
    const text = String.fromCharCode(...units.subarray(0, n));
    if (text.toUpperCase() === text && text.toLowerCase() === text) continue;
    const block = new BigUint64Array(BLOCK);
    let i = 0;
    for (const c of text) {
      const result = map(c);
      if (result !== c && from >= 128) block[i] = entryOf(result);
      i++;
    }
    blocks.push(block);
    pages[from / BLOCK] = blocks.length;
  }
  const bytes = new Uint8Array(BLOCKS + 8 * BLOCK * blocks.length);
  for (let c = 0; c < 128; ++c) bytes[c] = map(String.fromCharCode(c)).charCodeAt(0);
  bytes.set(new Uint8Array(pages.buffer), PAGES);
  blocks.forEach((block, i) => bytes.set(new Uint8Array(block.buffer), BLOCKS + 8 * BLOCK * i));
  return bytes;
}

/** Up to 6 bytes of UTF-8 from the lowest on, and how many on top. */
function entryOf(text: string): bigint {
  const bytes = encoder.encode(text);
  return bytes.reduceRight((all, byte) => (all << 8n) | BigInt(byte), 0n) | (BigInt(bytes.length) << 56n);
}
