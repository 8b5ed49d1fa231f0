import type { Kernels } from '../../kernels/kernels.js';
import { openDfa, type Dfa } from './dfa.js';
import { withoutReferences } from './expand.js';
import { canBeEmpty } from './first-bytes.js';
import { buildNfa, holds, type Nfa } from './nfa.js';
import type { MatchMode, Node, Parsed } from './nodes.js';
import { TooLarge } from './positions.js';

/** The automata of a pattern, made when they are first needed. */
export interface Automata {
  /** Whether rows are matched in linear time. */
  readonly isRegular: boolean;
  /**
   * Matches rows as `Regex.matchUtf8` does; false: there is no automaton for that, the rows are still to be matched.
   */
  match(
    kernels: Kernels, mode: MatchMode, offsets: number, bytes: number, mask: number, n: number, outBits: number,
  ): boolean;
  /** Returns the memory; it is taken anew when needed. */
  release(): void;
}

/** Which way a mode is answered: `order` is a search in which preference counts. */
type Way = 'find' | 'full' | 'order';

function mayTurnEmpty(node: Node): boolean {
  return node.kind === 'repeat' && node.max > 1 && canBeEmpty(node.body);
}

/** Finds the automata for a pattern. */
export function chooseAutomata(parsed: Parsed): Automata {
  const root = withoutReferences(parsed.root);
  const nfas = new Map<Way, Nfa | null>();
  let nonEmptyWay: Way | undefined;
  let open = new WeakMap<Kernels, Map<Way, Dfa>>();
  let opened: WeakRef<Dfa>[] = []; // must not keep the memory alive

  const nfaOf = (way: Way): Nfa | null => {
    let nfa = nfas.get(way);
    if (nfa === undefined) {
      // A loop whose turn may be empty ends in ways that preference alone does not tell; expanded references have lost
      // it.
      const blind = way === 'order' && (root !== parsed.root || holds(parsed.root, mayTurnEmpty));
      nfas.set(way, (nfa = root && !blind ? buildNfa(root, way === 'full') : null));
    }
    return nfa;
  };

  const dfaOf = (way: Way, nfa: Nfa, kernels: Kernels): Dfa => {
    let ways = open.get(kernels);
    if (!ways) open.set(kernels, (ways = new Map<Way, Dfa>()));
    let dfa = ways.get(way);
    if (!dfa) {
      dfa = openDfa(nfa, { anywhere: way !== 'full', nonEmpty: way === 'order' }, kernels);
      ways.set(way, dfa);
      opened.push(new WeakRef(dfa));
    }
    return dfa;
  };

  const release = (): void => {
    for (const dfa of opened) dfa.deref()?.close();
    opened = [];
    open = new WeakMap();
  };

  return {
    get isRegular() {
      return nfaOf('find') !== null;
    },
    match(kernels, mode, offsets, bytes, mask, n, outBits) {
      const way: Way = mode !== 'nonEmptyFind' ? mode : (nonEmptyWay ??= root && canBeEmpty(root) ? 'order' : 'find');
      const nfa = nfaOf(way);
      if (!nfa) return false;
      try {
        dfaOf(way, nfa, kernels).match(offsets, bytes, mask, n, outBits);
        return true;
      } catch (e) {
        if (!(e instanceof TooLarge)) throw e;
        nfas.set(way, null);
        return false;
      }
    },
    release,
  };
}
