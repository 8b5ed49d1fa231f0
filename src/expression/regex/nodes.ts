import type { CharSet } from './char-set.js';

/** The largest number of repetitions; Java's way to say: no limit. */
export const UNLIMITED = 0x7fffffff;

export type Mode = 'greedy' | 'lazy' | 'possessive';

export type Place =
  | 'begin' // \A, ^
  | 'end' // \z
  | 'lastMatch' // \G
  | 'lineBegin' // (?m)^
  | 'lineEnd' // (?m)$
  | 'dollar' // $, \Z
  | 'unixLineBegin' // (?dm)^
  | 'unixLineEnd' // (?dm)$
  | 'unixDollar' // (?d)$
  | 'boundary' // \b
  | 'noBoundary' // \B
  | 'unicodeBoundary' // (?U)\b
  | 'unicodeNoBoundary'; // (?U)\B

/** A parsed regular expression: plain data, flags already worked into sets and places. */
export type Node =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'choice'; readonly nodes: readonly Node[] }
  /** Parentheses; index 0 captures nothing. */
  | { readonly kind: 'group'; readonly index: number; readonly body: Node }
  | { readonly kind: 'atomic'; readonly body: Node }
  | { readonly kind: 'ahead'; readonly negative: boolean; readonly body: Node }
  /** Looks at what ends here and has between min and max characters. */
  | {
      readonly kind: 'behind';
      readonly negative: boolean;
      readonly body: Node;
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: 'repeat'; readonly body: Node; readonly min: number; readonly max: number; readonly mode: Mode }
  | { readonly kind: 'reference'; readonly group: number; readonly fold: 'none' | 'ascii' | 'unicode' }
  | { readonly kind: 'place'; readonly place: Place }
  /** \R */
  | { readonly kind: 'lineBreak' };

/** A parsed pattern. */
export interface Parsed {
  readonly source: string;
  readonly root: Node;
  /** Number of capturing groups. */
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
  readonly hasReference: boolean;
}

/** Nothing: matches the empty text. */
export const EMPTY: Node = { kind: 'sequence', nodes: [] };

/** What a row must do: hold a match, hold a first match that is not empty, or match as a whole. */
export type MatchMode = 'find' | 'nonEmptyFind' | 'full';
