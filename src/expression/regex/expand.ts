import type { CharSet } from './char-set.js';
import type { Node } from './nodes.js';

const MOST_TEXTS = 12;

/**
 * The pattern without references, where each one repeats a group of few texts that stands before it in the same
 * sequence: `([ -]?)x\1` is
 * `(?: x |-x-|x)`. It matches the same texts; groups and the order of preference are lost. Null: not all references are
 * of that kind.
 */
export function withoutReferences(root: Node): Node | null {
  const total = new Map<number, number>();
  count(root, total);
  if (total.size === 0) return root;
  const left = { copies: 200 };
  const expanded = expand(root, total, left);
  const rest = new Map<number, number>();
  count(expanded, rest);
  return rest.size === 0 && left.copies > 0 ? expanded : null;
}

function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'sequence':
    case 'choice':
      return node.nodes;
    case 'group':
    case 'atomic':
    case 'ahead':
    case 'behind':
    case 'repeat':
      return [node.body];
    default:
      return [];
  }
}

function count(node: Node, into: Map<number, number>): void {
  if (node.kind === 'reference') into.set(node.group, (into.get(node.group) ?? 0) + 1);
  for (const child of children(node)) count(child, into);
}

function mapChildren(node: Node, f: (child: Node) => Node): Node {
  switch (node.kind) {
    case 'sequence':
    case 'choice':
      return { ...node, nodes: node.nodes.map(f) };
    case 'group':
    case 'atomic':
    case 'ahead':
    case 'behind':
    case 'repeat':
      return { ...node, body: f(node.body) };
    default:
      return node;
  }
}

function expand(node: Node, total: ReadonlyMap<number, number>, left: { copies: number }): Node {
  if (node.kind === 'sequence') {
    for (let i = 0; i < node.nodes.length; i++) {
      const group = node.nodes[i]!;
      if (group.kind !== 'group' || !total.has(group.index)) continue;
      const rest: Node = { kind: 'sequence', nodes: node.nodes.slice(i + 1) };
      const here = new Map<number, number>();
      count(rest, here);
      const texts = here.get(group.index) === total.get(group.index) ? textsOf(group.body) : null;
      if (!texts || (left.copies -= texts.length) < 0) continue;
      const choices = texts.map((text) => {
        const nodes = [literal(text), replace(rest, group.index, text)];
        return expand({ kind: 'sequence', nodes }, total, left);
      });
      const before = node.nodes.slice(0, i).map((part) => expand(part, total, left));
      const after: Node = { kind: 'group', index: 0, body: { kind: 'choice', nodes: choices } };
      return { kind: 'sequence', nodes: [...before, after] };
    }
  }
  return mapChildren(node, (child) => expand(child, total, left));
}

function replace(node: Node, group: number, text: readonly number[]): Node {
  if (node.kind === 'reference' && node.group === group && node.fold === 'none') return literal(text);
  return mapChildren(node, (child) => replace(child, group, text));
}

function literal(text: readonly number[]): Node {
  const nodes = text.map((c): Node => ({ kind: 'set', set: [c, c] }));
  return { kind: 'group', index: 0, body: { kind: 'sequence', nodes } };
}

/** All texts that a node matches, if they are few. */
function textsOf(node: Node): number[][] | null {
  switch (node.kind) {
    case 'set':
      return charactersOf(node.set)?.map((c) => [c]) ?? null;
    case 'group':
      return textsOf(node.body);
    case 'choice': {
      const all = node.nodes.map(textsOf);
      return few(all.includes(null) ? null : (all as number[][][]).flat());
    }
    case 'sequence': {
      let texts: number[][] | null = [[]];
      for (const part of node.nodes) {
        const next: number[][] | null = textsOf(part);
        texts = next && texts && few(texts.flatMap((a) => next.map((b) => [...a, ...b])));
        if (!texts) return null;
      }
      return texts;
    }
    case 'repeat': {
      if (node.max !== 1 || node.mode === 'possessive') return null;
      const texts = textsOf(node.body);
      return texts && (node.min === 1 ? texts : [...texts, []]);
    }
    default:
      return null;
  }
}

function few(texts: number[][] | null): number[][] | null {
  return texts && texts.length <= MOST_TEXTS ? texts : null;
}

function charactersOf(set: CharSet): number[] | null {
  const out: number[] = [];
  for (let i = 0; i < set.length; i += 2) {
    for (let c = set[i]!; c <= set[i + 1]!; c++) if (out.push(c) > MOST_TEXTS) return null;
  }
  return out;
}
