import { UNLIMITED, type Node } from './nodes.js';

/**
 * What Java finds out about a part of a pattern, in its 32-bit arithmetic: how long its matches are (as far as it looks) and whether it
 * takes the part as deterministic, so that a match of it is never tried again in another way.
 */
interface Measured {
  min: number;
  max: number;
  bounded: boolean;
  deterministic: boolean;
  /** Java stops looking behind a loop. */
  stopped: boolean;
}

const fresh = (): Measured => ({ min: 0, max: 0, bounded: true, deterministic: true, stopped: false });

/** Lengths of matches in characters. */
export function measure(node: Node): { min: number; max: number; bounded: boolean } {
  return look(node, fresh());
}

/** How Java runs a repetition. */
export type Manner =
  | 'set' // of one character
  | 'branch' // an optional group
  | 'atoms' // of something that is matched as a whole, in one way
  | 'groups' // the same in parentheses
  | 'loop'; // of something that may match in several ways

/** The manner of a repetition, which decides what its groups hold afterwards. */
export function mannerOf(repeat: Node & { kind: 'repeat' }): Manner {
  const { body, min, max, mode } = repeat;
  if (body.kind === 'set') return 'set';
  if (body.kind !== 'group' || mode === 'possessive') return 'atoms';
  if (min === 0 && max === 1) return 'branch';
  return deterministic(body.body) ? 'groups' : 'loop';
}

const verdicts = new WeakMap<Node, boolean>();

function deterministic(node: Node): boolean {
  let verdict = verdicts.get(node);
  if (verdict === undefined) {
    const found = look(node, fresh());
    verdicts.set(node, (verdict = found.deterministic && !found.stopped));
  }
  return verdict;
}

function look(node: Node, info: Measured): Measured {
  if (info.stopped) return info;
  switch (node.kind) {
    case 'set':
      info.min = (info.min + 1) | 0;
      info.max = (info.max + 1) | 0;
      return info;
    case 'lineBreak':
      info.min = (info.min + 1) | 0;
      info.max = (info.max + 2) | 0;
      return info;
    case 'reference':
      info.bounded = false;
      return info;
    case 'sequence':
      for (const part of node.nodes) look(part, info);
      return info;
    case 'group':
      return look(node.body, info);
    case 'atomic':
      look(node.body, info);
      info.stopped = false;
      return info;
    case 'choice':
      return alternatives(node.nodes.map((part) => look(part, fresh())), info);
    case 'repeat':
      return repetition(node, info);
    default:
      return info;
  }
}

function alternatives(parts: readonly Measured[], info: Measured): Measured {
  info.min = (info.min + Math.min(...parts.map((p) => p.min))) | 0;
  info.max = (info.max + Math.max(...parts.map((p) => p.max))) | 0;
  info.bounded &&= parts.every((p) => p.bounded);
  info.deterministic = false;
  return info;
}

function repetition(node: Node & { kind: 'repeat' }, info: Measured): Measured {
  const manner = mannerOf(node);
  if (manner === 'branch') return alternatives([look(node.body, fresh()), fresh()], info);
  if (manner === 'loop') {
    info.bounded = false;
    info.deterministic = false;
    info.stopped = true;
    return info;
  }
  if (node.min === 0 && node.max === 1) {
    const before = info.min;
    look(node.body, info);
    info.min = before;
    info.stopped = false;
    info.deterministic = false;
    return info;
  }
  if (manner === 'set' && node.mode === 'greedy' && node.max === UNLIMITED) {
    info.min = (info.min + node.min) | 0;
    if (info.bounded) info.max = (info.max + UNLIMITED) | 0;
    info.deterministic = false;
    return info;
  }
  const inner = look(node.body, fresh());
  const min = (Math.imul(inner.min, node.min) + info.min) | 0;
  info.min = min < info.min ? 0xfffffff : min;
  if (info.bounded && inner.bounded) {
    const max = (Math.imul(inner.max, node.max) + info.max) | 0;
    if (max < info.max) info.bounded = false;
    info.max = max;
  } else {
    info.bounded = false;
  }
  info.deterministic &&= inner.deterministic && node.min === node.max;
  return info;
}
