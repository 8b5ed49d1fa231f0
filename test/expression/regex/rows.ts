import { openKernels } from '../../../src/kernels/kernels.js';
import type { MatchMode, Regex } from '../../../src/expression/regex/regex.js';

/** Matches texts as rows of a batch. */
export function matchTexts(regex: Pick<Regex, 'matchUtf8'>, mode: MatchMode, texts: readonly (string | Uint8Array)[], mask?: readonly boolean[]): boolean[] {
  const kernels = openKernels();
  const parts = texts.map((t) => (typeof t === 'string' ? new TextEncoder().encode(t) : t));
  const total = parts.reduce((sum, p) => sum + p.length, 0);
  const { scratch } = kernels;
  const n = texts.length;
  const offsets = scratch.alloc(4 * (n + 1));
  const bytes = scratch.alloc(total);
  const out = scratch.zeroed((n >> 3) + 1);
  const maskBits = mask ? scratch.zeroed((n >> 3) + 1) : 0;
  const memory = new Uint8Array(kernels.memory.buffer);
  const view = new DataView(kernels.memory.buffer);
  let at = 0;
  parts.forEach((part, i) => {
    view.setInt32(offsets + 4 * i, at, true);
    memory.set(part, bytes + at);
    at += part.length;
    if (mask?.[i]) memory[maskBits + (i >> 3)]! |= 1 << (i & 7);
  });
  view.setInt32(offsets + 4 * n, at, true);
  regex.matchUtf8(kernels, mode, offsets, bytes, maskBits, n, out);
  const after = new Uint8Array(kernels.memory.buffer);
  const bits = texts.map((_, i) => ((after[out + (i >> 3)]! >> (i & 7)) & 1) === 1);
  scratch.reset();
  return bits;
}
