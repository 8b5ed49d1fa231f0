import fc from 'fast-check';

// Few characters, so that patterns and subjects meet; some beyond ASCII, with case, marks, terminators of lines, and
// one beyond the BMP.
const LETTERS = ['a', 'b', 'c', 'A', 'B', '1', '_', ' ', '-', 'é', 'É', 'ß', 'Ω', 'ω', 'к', '中', '\u0301', '\n', '\r', '\u0085', '\u2028'];
const ASTRAL = '😀';

const subjectCharacter = (astral: boolean) =>
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c') }, { weight: 4, arbitrary: fc.constantFrom(...LETTERS, ...(astral ? [ASTRAL] : [])) });

const literal = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b', 'c') },
  { weight: 3, arbitrary: fc.constantFrom('A', '1', '_', 'é', 'É', 'ß', 'ω', 'Ω', '中', '\u0301') },
  { weight: 1, arbitrary: fc.constantFrom('\\x61', '\\u00e9', '\\0141', '\\x{62}', '\\n', '\\r', '\\t', '\\cA', '\\e', '\\Qa.b\\E', '\\Q1\\E', '\\-', '\\.', ' ', '-', ']', '}') },
);
const shorthand = fc.constantFrom(
  '.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\h', '\\H', '\\v', '\\V', '\\p{L}', '\\P{L}', '\\p{Lu}', '\\p{IsAlphabetic}', '\\p{Alpha}', '\\p{Lower}',
  '\\p{javaLowerCase}', '\\pN', '\\p{IsGreek}', '\\p{InCyrillic}', '\\p{Punct}', '\\p{IsPunctuation}', '\\p{sc=Han}', '\\p{gc=Ll}', '\\p{Space}', '\\p{javaWhitespace}',
);
const classItem: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', 'é', 'ω', '_', '-', '^', '&', '1', ' ', '中') },
  { weight: 3, arbitrary: fc.constantFrom('a-c', 'A-Z', 'b-z', '0-9', 'à-ÿ', 'α-ω', '\\x00-\\x7f', '!-/') },
  { weight: 2, arbitrary: fc.constantFrom('\\d', '\\w', '\\s', '\\p{L}', '\\P{Lu}', '\\W', '\\n', '\\]', '\\\\', '\\v') },
);
const characterClass: fc.Arbitrary<string> = fc.letrec<{ class: string; items: string }>((tie) => ({
  items: fc.array(fc.oneof({ weight: 8, arbitrary: classItem }, { weight: 1, arbitrary: tie('class') }), { minLength: 1, maxLength: 3 }).map((x) => x.join('')),
  class: fc.tuple(fc.boolean(), fc.array(tie('items'), { minLength: 1, maxLength: 2 })).map(([not, parts]) => `[${not ? '^' : ''}${parts.join('&&')}]`),
})).class;

const quantifier = fc
  .tuple(fc.constantFrom('?', '*', '+', '{2}', '{1,2}', '{0,1}', '{2,}', '{0,3}', '{0}'), fc.constantFrom('', '', '', '?', '+'))
  .map(([a, b]) => a + b);
const assertion = fc.constantFrom('^', '$', '\\b', '\\B', '\\A', '\\z', '\\Z', '\\G', '(?m:^)', '(?m:$)', '(?d:$)', '(?dm:$)', '(?dm:^)');
const flags = fc.constantFrom('(?i)', '(?s)', '(?m)', '(?iu)', '(?d)', '(?x)', '(?-i)', '(?U)', '(?u)', '(?im)', '(?-m)');

/** What a generated pattern may hold. */
export interface Offer {
  readonly references: boolean;
  readonly look: boolean;
  readonly astral: boolean;
}

/** Patterns of Java's syntax. */
export function patterns(offer: Offer): fc.Arbitrary<string> {
  const { choice } = fc.letrec<{ choice: string; sequence: string; item: string; atom: string; group: string }>((tie) => ({
    choice: fc.oneof({ maxDepth: 5, depthSize: 'small' }, { weight: 3, arbitrary: tie('sequence') }, { weight: 1, arbitrary: fc.tuple(tie('sequence'), tie('choice')).map(([a, b]) => `${a}|${b}`) }),
    sequence: fc.array(tie('item'), { maxLength: 4 }).map((x) => x.join('')),
    item: fc.oneof(
      { weight: 10, arbitrary: tie('atom') },
      { weight: 6, arbitrary: fc.tuple(tie('atom'), quantifier).map(([a, q]) => a + q) },
      { weight: 1, arbitrary: assertion },
      { weight: 1, arbitrary: flags },
      ...(offer.references ? [{ weight: 1, arbitrary: fc.tuple(fc.constantFrom('\\1', '\\2', '\\1', '\\3'), fc.option(quantifier, { nil: '', freq: 2 })).map(([a, q]) => a + q) }] : []),
      ...(offer.look ? [{ weight: 1, arbitrary: fc.tuple(assertion, quantifier).map(([a, q]) => a + q) }] : []),
    ),
    atom: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      { weight: 8, arbitrary: literal },
      { weight: 3, arbitrary: shorthand },
      { weight: 2, arbitrary: characterClass },
      { weight: 1, arbitrary: fc.constantFrom('\\R', ...(offer.astral ? [ASTRAL, '\\x{1F600}', '[^😀]', '[a😀]'] : [])) },
      { weight: 5, arbitrary: tie('group') },
    ),
    group: fc
      .tuple(
        fc.constantFrom('(', '(', '(', '(?:', '(?:', '(?i:', '(?s:', '(?>', ...(offer.look ? ['(?=', '(?!', '(?<=', '(?<!'] : [])),
        tie('choice'),
      )
      .map(([open, body]) => `${open}${body})`),
  }));
  return choice.filter((pattern) => !pattern.includes('&&&')); // Java 17 has a bug there: a null pointer, if anything
}

/** Patterns of little but groups within groups, repeated in all manners and often empty: what decides on what groups hold. */
export function nests(): fc.Arbitrary<string> {
  const { choice } = fc.letrec<{ choice: string; sequence: string; item: string; group: string }>((tie) => ({
    choice: fc.oneof({ weight: 4, arbitrary: tie('sequence') }, { weight: 1, arbitrary: fc.tuple(tie('sequence'), tie('sequence')).map(([a, b]) => `${a}|${b}`) }),
    sequence: fc.array(tie('item'), { maxLength: 3 }).map((x) => x.join('')),
    item: fc.tuple(
      fc.oneof({ maxDepth: 4, depthSize: 'small' }, { weight: 4, arbitrary: fc.constantFrom('a', 'b', '[ab]', '.', '\\1', '\\2', '\\b', '^', '$', '\\R', 'é') }, { weight: 4, arbitrary: tie('group') }),
      fc.option(quantifier, { nil: '' }),
    ).map(([a, q]) => a + q),
    group: fc.tuple(fc.constantFrom('(', '(', '(', '(', '(?:', '(?>', '(?=', '(?!', '(?<=', '(?<!'), tie('choice')).map(([open, body]) => `${open}${body})`),
  }));
  return choice;
}

/** Texts for them. */
export function subjects(astral: boolean): fc.Arbitrary<string> {
  return fc.array(subjectCharacter(astral), { maxLength: 12 }).map((x) => x.join(''));
}
