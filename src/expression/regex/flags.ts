/** The flags in force at a place of a pattern. */
export interface Flags {
  ignoreCase: boolean; // i
  multiline: boolean; // m
  dotAll: boolean; // s
  unixLines: boolean; // d
  unicodeCase: boolean; // u
  comments: boolean; // x
  unicodeClasses: boolean; // U
}

/** No flag set. */
export function noFlags(): Flags {
  return {
    ignoreCase: false, multiline: false, dotAll: false, unixLines: false,
    unicodeCase: false, comments: false, unicodeClasses: false,
  };
}

const LETTERS: { readonly [letter: string]: keyof Flags } = {
  i: 'ignoreCase', m: 'multiline', s: 'dotAll', d: 'unixLines', u: 'unicodeCase', x: 'comments', U: 'unicodeClasses',
};

/** Sets or clears the flag of a letter; false: no such flag. */
export function setFlag(flags: Flags, letter: string, on: boolean): boolean {
  if (!Object.hasOwn(LETTERS, letter)) return false;
  flags[LETTERS[letter]!] = on;
  if (letter === 'U') flags.unicodeCase = on;
  return true;
}
