import { UNLIMITED, type Node } from './nodes.js';

/**
 * What Java finds out about a part of a pattern, in its 32-bit arithmetic: how long its matches are (as far as it
 * looks) and whether it
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
  return look(node);
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
    const found = look(node);
    verdicts.set(node, (verdict = found.deterministic && !found.stopped));
  }
  return verdict;
}

interface Link {
  readonly node: Node;
  readonly next: Link | null;
}

/**
 * Looks at a node and what follows it. Behind alternatives Java starts to count anew and adds what stood before at the
 * end.
 */
function look(first: Node, soFar: Measured = fresh()): Measured {
  const before: Measured[] = [];
  let info = soFar;
  let link: Link | null = { node: first, next: null };
  while (link && !info.stopped) {
    const node: Node = link.node;
    link = link.next;
    switch (node.kind) {
      case 'set':
        add(info, 1, 1);
        break;
      case 'lineBreak':
        add(info, 1, 2);
        break;
      case 'reference':
        info.bounded = false;
        break;
      case 'sequence':
        for (let i = node.nodes.length - 1; i >= 0; i--) link = { node: node.nodes[i]!, next: link };
        break;
      case 'group':
        link = { node: node.body, next: link };
        break;
      case 'atomic':
        info = look(node.body, info);
        info.stopped = false;
        break;
      case 'choice':
        before.push(alternatives(node.nodes.map((part) => look(part)), info));
        info = fresh();
        break;
      case 'repeat':
        if (mannerOf(node) === 'branch') {
          before.push(alternatives([look(node.body), fresh()], info));
          info = fresh();
        } else {
          info = repetition(node, info);
        }
        break;
      default:
        break;
    }
  }
  while (before.length > 0) {
    const ahead = before.pop()!;
    add(info, ahead.min, ahead.max);
    info.bounded &&= ahead.bounded;
    info.deterministic = false;
  }
  return info;
}

function add(info: Measured, min: number, max: number): void {
  info.min = (info.min + min) | 0;
  info.max = (info.max + max) | 0;
}

function alternatives(parts: readonly Measured[], info: Measured): Measured {
  const min = parts.reduce((least, p) => Math.min(least, p.min), UNLIMITED);
  const max = parts.reduce((most, p) => Math.max(most, p.max), -1);
  add(info, min, max);
  info.bounded &&= parts.every((p) => p.bounded);
  return info;
}

function repetition(node: Node & { kind: 'repeat' }, info: Measured): Measured {
  const manner = mannerOf(node);
  if (manner === 'loop') {
    info.bounded = false;
    info.deterministic = false;
    info.stopped = true;
    return info;
  }
  if (node.min === 0 && node.max === 1) {
    const { min } = info;
    const found = look(node.body, info);
    return { ...found, min, deterministic: false, stopped: false };
  }
  if (manner === 'set' && node.mode === 'greedy' && node.max === UNLIMITED) {
    add(info, node.min, info.bounded ? UNLIMITED : 0);
    info.deterministic = false;
    return info;
  }
  const inner = look(node.body);
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
