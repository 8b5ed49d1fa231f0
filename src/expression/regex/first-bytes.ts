import { charSet, union, type CharSet } from './char-set.js';
import type { Node } from './nodes.js';

interface First {
  /** With what a match can begin; null: with anything. */
  readonly set: CharSet | null;
  /** Whether a match may be empty, as far as this can tell. */
  readonly empty: boolean;
}

const ANYTHING: First = { set: null, empty: true };
const NOTHING: First = { set: [], empty: true };

/** Whether a match of the pattern can be empty; true if in doubt. */
export function canBeEmpty(node: Node): boolean {
  return first(node).empty;
}

/** A table of the bytes with which a match can begin; null: any, or the match can be empty. */
export function firstBytes(node: Node): Uint8Array | null {
  const { set, empty } = first(node);
  if (!set || empty) return null;
  const table = new Uint8Array(256);
  for (let i = 0; i < set.length; i += 2) {
    for (let c = set[i]!; c <= set[i + 1]! && c < 128; c++) table[c] = 1;
    if (set[i + 1]! >= 128) for (let b = lead(Math.max(128, set[i]!)); b <= lead(set[i + 1]!); b++) table[b] = 1;
  }
  return table;
}

function lead(c: number): number {
  return c < 0x800 ? 0xc0 | (c >> 6) : c < 0x10000 ? 0xe0 | (c >> 12) : 0xf0 | (c >> 18);
}

function first(node: Node): First {
  switch (node.kind) {
    case 'set':
      return { set: node.set, empty: false };
    case 'lineBreak':
      return { set: [10, 13, 0x85, 0x85, 0x2028, 0x2029], empty: false };
    case 'sequence': {
      let got = NOTHING;
      for (const part of node.nodes) {
        const next = first(part);
        got = { set: got.set && next.set && union(got.set, next.set), empty: next.empty };
        if (!next.empty) break;
      }
      return got;
    }
    case 'choice': {
      const all = node.nodes.map(first);
      const set = all.some((f) => f.set === null) ? null : charSet(all.flatMap((f) => f.set as number[]));
      return { set, empty: all.some((f) => f.empty) };
    }
    case 'group':
    case 'atomic':
      return first(node.body);
    case 'repeat': {
      if (node.max === 0) return NOTHING;
      const body = first(node.body);
      return { set: body.set, empty: body.empty || node.min === 0 };
    }
    case 'reference':
      return ANYTHING;
    default:
      return NOTHING; // takes no character
  }
}
