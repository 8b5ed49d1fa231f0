import { mergeSets, type StateSet } from '../repository/state-set.js';

/**
 * States of parts in the order of their names, and of all together: a balanced tree whose inner nodes hold merged
 * states, so that a part that is replaced, added or removed costs as many merges as the tree is high. A treap
 * (Seidel & Aragon 1996) whose priorities are hashes of the names: the same parts make the same tree, in whatever
 * order they came.
 */
export interface StateTree {
  readonly size: number;
  /** Merges that were done so far. */
  readonly merges: number;
  set(name: string, states: StateSet): void;
  delete(name: string): boolean;
  has(name: string): boolean;
  /** In order. */
  names(): string[];
  /** The states of the parts from one name to another, both included, in order; null: there are none. */
  between(from?: string, to?: string): StateSet | null;
}

interface Node {
  readonly name: string;
  readonly priority: number;
  own: StateSet;
  left: Node | null;
  right: Node | null;
  /** The states of the whole subtree; null: to be merged anew. */
  all: StateSet | null;
}

/** An empty tree; `merge` puts two neighbours together. */
export function stateTree(merge: (a: StateSet, b: StateSet) => StateSet = mergeSets): StateTree {
  let root: Node | null = null;
  let size = 0;
  let merges = 0;
  const together = (a: StateSet | null, b: StateSet | null): StateSet | null => {
    if (!a || !b) return a ?? b;
    ++merges;
    return merge(a, b);
  };
  const all = (node: Node | null): StateSet | null => {
    if (!node) return null;
    return (node.all ??= together(together(all(node.left), node.own), all(node.right)));
  };
  const between = (node: Node | null, from: string | null, to: string | null): StateSet | null => {
    if (!node) return null;
    if (from === null && to === null) return all(node);
    if (from !== null && node.name < from) return between(node.right, from, to);
    if (to !== null && node.name > to) return between(node.left, from, to);
    return together(together(between(node.left, from, null), node.own), between(node.right, null, to));
  };
  const split = (node: Node | null, name: string): [Node | null, Node | null] => {
    if (!node) return [null, null];
    node.all = null;
    if (node.name < name) {
      const [a, b] = split(node.right, name);
      node.right = a;
      return [node, b];
    }
    const [a, b] = split(node.left, name);
    node.left = b;
    return [a, node];
  };
  const joined = (a: Node | null, b: Node | null): Node | null => {
    if (!a || !b) return a ?? b;
    if (a.priority > b.priority) {
      a.all = null;
      a.right = joined(a.right, b);
      return a;
    }
    b.all = null;
    b.left = joined(a, b.left);
    return b;
  };
  const insert = (node: Node | null, added: Node): Node => {
    if (!node || added.priority > node.priority) {
      [added.left, added.right] = split(node, added.name);
      return added;
    }
    node.all = null;
    if (added.name < node.name) node.left = insert(node.left, added);
    else node.right = insert(node.right, added);
    return node;
  };
  const remove = (node: Node, name: string): Node | null => {
    if (node.name === name) return joined(node.left, node.right);
    node.all = null;
    if (name < node.name) node.left = remove(node.left!, name);
    else node.right = remove(node.right!, name);
    return node;
  };
  const find = (name: string): Node | null => {
    let node = root;
    while (node && node.name !== name) node = name < node.name ? node.left : node.right;
    return node;
  };
  const replace = (name: string, states: StateSet) => {
    for (let node = root; node; node = name < node.name ? node.left : node.right) {
      node.all = null;
      if (node.name !== name) continue;
      node.own = states;
      return;
    }
  };
  return {
    get size() {
      return size;
    },
    get merges() {
      return merges;
    },
    has: (name) => find(name) !== null,
    names() {
      const out: string[] = [];
      const walk = (node: Node | null): void => {
        if (!node) return;
        walk(node.left);
        out.push(node.name);
        walk(node.right);
      };
      walk(root);
      return out;
    },
    set(name, states) {
      if (find(name)) return replace(name, states);
      root = insert(root, { name, priority: priorityOf(name), own: states, left: null, right: null, all: null });
      ++size;
    },
    delete(name) {
      if (!find(name)) return false;
      root = remove(root!, name);
      --size;
      return true;
    },
    between: (from, to) => between(root, from ?? null, to ?? null),
  };
}

/** FNV-1a of the UTF-16 units, finished as in MurmurHash3 (Appleby 2011), so that names alike spread. */
function priorityOf(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; ++i) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
