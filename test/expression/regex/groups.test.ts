import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../../src/expression/regex/regex.js';

/** What Java 17 answers: the range of the match and of each group, -1 where it took no part. */
const CASES: readonly (readonly [pattern: string, subject: string, groups: readonly number[] | null])[] = [
  // A try that failed at an earlier place leaves its group behind.
  ['(?>\\x{1F600}*(?:)(){1,2})*?cc{0,3}b*', 'bccab', [1, 3, 0, 0]],
  ['(?>(){2})*?c', 'bc', [1, 2, 0, 0]],
  // The second turn sees what the first one captured, although that was nothing.
  ['(a*b?\\1|(?=)){2}+', 'bc', [0, 1, 0, 1]],
  ['(?>(a*b?\\1|(?=)){2}+()*a{0,1})?', 'bc', [0, 1, 0, 1, -1, -1]],
  // After a turn without a character what follows is tried once, so that a group left behind is not seen.
  ['^{2,}((\\2é?|\\R{0,3}${0,3})?+\\R${2,}){0,3}?\\2++', '\ncb', null],
];

describe('groups of repetitions hold what they hold in Java', () => {
  it.each(CASES)('%s on %j', (pattern, subject, groups) => {
    const found = compileRegex(pattern).exec(new TextEncoder().encode(subject));
    expect(found && [...found]).toEqual(groups);
  });
});
