import { EVERYTHING, union, type CharSet } from './char-set.js';
import { canBeEmpty } from './first-bytes.js';
import { UNLIMITED, type Node, type Place } from './nodes.js';
import { charactersWithin, wordCharacters } from './properties.js';
import { mannerOf } from './study.js';

/** Kinds of steps. */
export const Step = {
  Set: 0, // set, next: a character
  Split: 1, // preferred, other
  Begin: 2, // next: only at the begin of the text
  End: 3, // next: only at its end
  Ahead: 4, // start, next: what follows matches from start
  NotAhead: 5,
  Behind: 6, // index of what ends here, next
  NotBehind: 7,
  Match: 8,
} as const;

/** A set of characters of an automaton. What it holds beyond ASCII may take long to say and is asked for by few texts. */
export interface StepSet {
  readonly key: string;
  /** Says of ASCII, at least, what it holds. */
  readonly ascii: CharSet;
  /** Says it, at least, of the code points from one to another, all of which begin with the same byte. */
  readonly within: (low: number, high: number) => CharSet;
  /** Whether `ascii` says everything. */
  readonly isKnown: boolean;
}

/** A non-deterministic automaton over characters with look-around of one level; step i is (op, a, b) at 3i. */
export interface Nfa {
  readonly steps: readonly number[];
  readonly sets: readonly StepSet[];
  readonly start: number;
  /** Where the automata of look-behinds start; each of them runs along from every place of the text. */
  readonly behinds: readonly number[];
  /** The step that ends everything. */
  readonly match: number;
}

const LARGEST = 10_000;
const TERMINATORS: CharSet = [10, 10, 13, 13, 0x85, 0x85, 0x2028, 0x2029];

const ASCII_WORD: CharSet = [48, 57, 65, 90, 97, 122];

const known = (s: CharSet): StepSet => ({ key: s.join(), ascii: s, within: () => s, isKnown: true });

/** A set by a class of ECMAScript's regular expressions. */
function later(source: string, ascii: CharSet): StepSet {
  const made = new Map<number, CharSet>();
  const within = (low: number, high: number): CharSet => {
    const from = high > 0xffff ? Math.max(low, 0x10000) : low;
    const key = from * 0x200000 + high;
    let set = made.get(key);
    if (!set) made.set(key, (set = charactersWithin(source, from, high)));
    return set;
  };
  return { key: source, ascii, within, isKnown: false };
}

// What `\b` looks at: letters and digits of all scripts, marks that take no room of their own.
const marks = later('[\\p{Mn}]', []);
const letters = later('[\\p{L}\\p{Nd}]', ASCII_WORD);
const word = later('[\\p{L}\\p{Nd}_]', union(ASCII_WORD, [95, 95]));
const wordOrMark = later('[\\p{L}\\p{Nd}_\\p{Mn}]', word.ascii);

class Irregular extends Error {}

/** The automaton of a pattern, or null where it is not regular or too large. `full`: of whole texts. */
export function buildNfa(root: Node, full: boolean): Nfa | null {
  const steps: number[] = [];
  const sets: StepSet[] = [];
  const setNumbers = new Map<string, number>();
  const behinds: number[] = [];
  const behindNumbers = new Map<string, number>();
  let level: 'main' | 'ahead' | 'behind' = 'main';

  const put = (op: number, a: number, b: number): number => {
    if (steps.length > 3 * LARGEST) throw new Irregular();
    steps.push(op, a, b);
    return steps.length / 3 - 1;
  };
  const match = put(Step.Match, 0, 0);

  const stepOf = (s: StepSet, next: number): number => {
    let number = setNumbers.get(s.key);
    if (number === undefined) {
      setNumbers.set(s.key, (number = sets.length));
      sets.push(s);
    }
    return put(Step.Set, number, next);
  };
  const set = (s: CharSet, next: number): number => stepOf(known(s), next);
  const either = (...nodes: number[]): number =>
    nodes.reduceRight((other, preferred) => put(Step.Split, preferred, other));

  const ahead = (negative: boolean, next: number, start: () => number): number => {
    if (level !== 'main') throw new Irregular();
    level = 'ahead';
    const from = start();
    level = 'main';
    return put(negative ? Step.NotAhead : Step.Ahead, from, next);
  };
  const followed = (s: StepSet, negative: boolean, next: number) => ahead(negative, next, () => stepOf(s, match));
  const follows = (s: CharSet, negative: boolean, next: number) => followed(known(s), negative, next);

  const behind = (negative: boolean, key: string, next: number, start: () => number): number => {
    if (level === 'behind') throw new Irregular();
    let number = behindNumbers.get(key);
    if (number === undefined) {
      const outer = level;
      level = 'behind';
      behindNumbers.set(key, (number = behinds.length));
      behinds.push(start());
      level = outer;
    }
    return put(negative ? Step.NotBehind : Step.Behind, number, next);
  };
  const precedes = (s: CharSet, negative: boolean, next: number) =>
    behind(negative, s.join(), next, () => set(s, match));

  /** `$`: what may stand before the end, or the end alone. */
  const dollar = (next: number): number => {
    const tail = (last: number, preceded: (n: number) => number) => [
      put(Step.End, last, 0),
      set([13, 13], set([10, 10], put(Step.End, last, 0))),
      set([13, 13, 0x85, 0x85, 0x2028, 0x2029], put(Step.End, last, 0)),
      preceded(set([10, 10], put(Step.End, last, 0))),
    ];
    if (level !== 'main') {
      if (next !== match) throw new Irregular();
      return either(...tail(match, (n) => precedes([13, 13], true, n)));
    }
    const [end, pair, one, newline] = tail(match, (n) => n);
    const plain = put(Step.Ahead, either(end!, pair!, one!), next);
    return either(plain, precedes([13, 13], true, put(Step.Ahead, newline!, next)));
  };

  const boundary = (negative: boolean, unicode: boolean, next: number): number => {
    if (unicode) {
      const words = wordCharacters(true);
      return either(
        precedes(words, false, follows(words, !negative, next)),
        precedes(words, true, follows(words, negative, next)),
      );
    }
    const letter = (not: boolean, n: number) =>
      behind(not, 'letter and marks', n, () => {
        const more = put(Step.Split, 0, match);
        steps[3 * more + 1] = stepOf(marks, more);
        return stepOf(letters, more);
      });
    const low = (not: boolean, n: number) => precedes([95, 95], not, n);
    return either(
      letter(false, followed(wordOrMark, !negative, next)),
      letter(true, low(false, followed(word, !negative, next))),
      letter(true, low(true, followed(word, negative, next))),
    );
  };

  const place = (name: Place, next: number): number => {
    if (level === 'behind' && name !== 'begin') throw new Irregular(); // known before the text's end is
    switch (name) {
      case 'begin':
      case 'lastMatch':
        return put(Step.Begin, next, 0);
      case 'end':
        return put(Step.End, next, 0);
      case 'dollar':
        return dollar(next);
      case 'lineEnd': {
        const newline = precedes([13, 13], true, follows([10, 10], false, next));
        return either(put(Step.End, next, 0), follows([13, 13, 0x85, 0x85, 0x2028, 0x2029], false, next), newline);
      }
      case 'unixDollar':
        return either(put(Step.End, next, 0), ahead(false, next, () => set([10, 10], put(Step.End, match, 0))));
      case 'unixLineEnd':
        return either(put(Step.End, next, 0), follows([10, 10], false, next));
      case 'lineBegin': {
        const some = follows(EVERYTHING, false, next);
        const notNewline = follows([0, 9, 11, 0x10ffff], false, next);
        return either(
          put(Step.Begin, some, 0),
          precedes([10, 10, 0x85, 0x85, 0x2028, 0x2029], false, some),
          precedes([13, 13], false, notNewline),
        );
      }
      case 'unixLineBegin': {
        const some = follows(EVERYTHING, false, next);
        return either(put(Step.Begin, some, 0), precedes([10, 10], false, some));
      }
      default:
        return boundary(name === 'noBoundary' || name === 'unicodeNoBoundary', name.startsWith('unicode'), next);
    }
  };

  const repeat = (node: Node & { kind: 'repeat' }, next: number): number => {
    const { body, min, max, mode } = node;
    if (max === 0) return next;
    if (mode === 'possessive') throw new Irregular();
    if (looksAround(body)) return min > 0 ? emit(body, next) : next;
    const manner = mannerOf(node);
    if (manner === 'atoms' && !(body.kind === 'sequence' && body.nodes.length === 0)) throw new Irregular();
    // Java does not try its other way
    if (manner === 'groups' && holds(body, (n) => n.kind === 'lineBreak')) throw new Irregular();
    // Java leaves a loop after a turn without a character, even if another turn could see more around it.
    if (canBeEmpty(body) && holds(body, looksAround)) throw new Irregular();
    const lazy = mode === 'lazy';
    const choose = (turn: number, out: number) => (lazy ? put(Step.Split, out, turn) : put(Step.Split, turn, out));
    let at = next;
    if (max === UNLIMITED) {
      at = choose(0, next);
      steps[3 * at + (lazy ? 2 : 1)] = emit(body, at);
    } else {
      if (max > LARGEST) throw new Irregular();
      for (let i = min; i < max; i++) at = choose(emit(body, at), next);
    }
    if (min > LARGEST) throw new Irregular();
    for (let i = 0; i < min; i++) at = emit(body, at);
    return at;
  };

  const emit = (node: Node, next: number): number => {
    switch (node.kind) {
      case 'set':
        return set(node.set, next);
      case 'sequence':
        return node.nodes.reduceRight((at, part) => emit(part, at), next);
      case 'choice':
        if (node.nodes.length === 0) return set([], next); // of a group that no text matches
        return either(...node.nodes.map((part) => emit(part, next)));
      case 'group':
        return emit(node.body, next);
      case 'place':
        return place(node.place, next);
      case 'lineBreak':
        return either(set([13, 13], set([10, 10], next)), set(union(TERMINATORS, [11, 12]), next));
      case 'ahead':
        return ahead(node.negative, next, () => emit(node.body, match));
      case 'behind':
        if (node.max < 0) throw new Irregular();
        return behind(node.negative, `#${behinds.length}`, next, () => emit(node.body, match));
      case 'repeat':
        return repeat(node, next);
      default:
        throw new Irregular();
    }
  };

  try {
    const start = emit(root, full ? put(Step.End, match, 0) : match);
    return { steps, sets, start, behinds, match };
  } catch (e) {
    if (e instanceof Irregular) return null;
    throw e;
  }
}

function looksAround(node: Node): boolean {
  return node.kind === 'place' || node.kind === 'ahead' || node.kind === 'behind';
}

/** Whether a pattern holds a node of some kind. */
export function holds(node: Node, test: (node: Node) => boolean): boolean {
  if (test(node)) return true;
  if ('nodes' in node) return node.nodes.some((child) => holds(child, test));
  return 'body' in node && holds(node.body, test);
}
