import { AssayError } from '../base/errors.js';
import { sqlTypeName } from '../data/types.js';
import { defineState } from './contract.js';

/** Lengths of texts in characters, and how many say nothing. */
export interface Texts {
  /** Known texts in scope. */
  readonly n: number;
  readonly empty: number;
  /** White space alone (Unicode's White_Space), but not empty. */
  readonly blank: number;
  /** Characters (code points) of all. */
  readonly characters: bigint;
  /** 2^53 - 1 without texts. */
  readonly shortest: number;
  /** 0 without texts. */
  readonly longest: number;
}

const NONE = Number.MAX_SAFE_INTEGER;

/** Lengths and blanks of the known texts in scope. */
export const texts = defineState<null, Texts>({
  name: 'texts',
  version: 1,
  law: 'exact',
  fields: { n: 'count', empty: 'count', blank: 'count', characters: 'i128', shortest: 'count', longest: 'count' },
  open({ inputs, where }) {
    const x = inputs[0]!;
    if (x.type.kind !== 'string') throw new AssayError('WRONG_TYPE', `texts are of type string, not ${sqlTypeName(x.type)}`);
    let n = 0, empty = 0, blank = 0, characters = 0n, shortest = NONE, longest = 0;
    return {
      add(batch) {
        const { count } = batch.known(x, where);
        if (count === 0) return;
        const here = batch.texts(x, where);
        n += count;
        empty += here.empty;
        blank += here.blank;
        characters += BigInt(here.characters);
        shortest = Math.min(shortest, here.shortest);
        longest = Math.max(longest, here.longest);
      },
      finish: () => ({ n, empty, blank, characters, shortest, longest }),
      bytes: 48,
      close() {},
    };
  },
  merge: (a, b) => ({
    n: a.n + b.n,
    empty: a.empty + b.empty,
    blank: a.blank + b.blank,
    characters: a.characters + b.characters,
    shortest: Math.min(a.shortest, b.shortest),
    longest: Math.max(a.longest, b.longest),
  }),
  texts: ({ inputs: [x] }) => x!,
});
