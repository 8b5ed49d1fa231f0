/** What a run of characters is made of, from the narrow to the wide. */
const CLASSES = [
  [/\d/, '[0-9]'], [/[A-Z]/, '[A-Z]'], [/[a-z]/, '[a-z]'],
] as const;
const LETTERS = [[/\d/, '[0-9]'], [/[A-Za-z]/, '[A-Za-z]']] as const;
/** Codes in which digits and letters mix: behind the letters with which all of them begin. */
const UPPER_CODES = [[/[0-9A-Z]/, '[0-9A-Z]']] as const;
const LOWER_CODES = [[/[0-9a-z]/, '[0-9a-z]']] as const;
const WORDS = [[/[0-9A-Za-z]/, '[0-9A-Za-z]']] as const;

type Classes = readonly (readonly [RegExp, string])[];

/** Texts of more runs than this have no pattern that a reader would want to see. */
const MOST_RUNS = 12;

interface Run {
  /** A class as a regex writes it, or a character that stands for itself. */
  readonly kind: string;
  readonly text: string;
}

/**
 * Regexes that the texts match from end to end, the strictest first: runs of one class of characters, of the lengths seen, then of
 * any length. None if the texts have no form in common.
 *
 * @param part what part of the texts must have the form; default all
 */
export function learnedPatterns(texts: readonly string[], part = 1): readonly string[] {
  const prefix = commonLetters(texts);
  const ways: readonly (readonly [Classes, string])[] = [
    [CLASSES, ''], [LETTERS, ''], [UPPER_CODES, prefix], [LOWER_CODES, prefix], [WORDS, prefix], [WORDS, ''],
  ];
  const found = ways.flatMap(([classes, before]) => {
    const runs = largestGroup(texts.map((text) => runsOf(text.slice(before.length), classes)));
    const [first] = runs;
    if (!first || first.length === 0 || first.length > MOST_RUNS || runs.length < part * texts.length) return [];
    if (first.every((run) => !run.kind.startsWith('['))) return [];
    const seen = first.map((_, i) => runs.map((r) => r[i]!));
    return [strict, loose].map((way) => `^${escaped(before)}${seen.map(way).join('')}$`);
  });
  return [...new Set(found)];
}

/** The letters with which all texts begin; empty if they are one text. */
function commonLetters(texts: readonly string[]): string {
  const [first = ''] = texts;
  const letters = /^[A-Za-z]*/.exec(first)![0];
  let length = new Set(texts).size > 1 ? letters.length : 0;
  while (!texts.every((text) => text.startsWith(letters.slice(0, length)))) --length;
  return letters.slice(0, length);
}

/** Those whose runs are of the same kinds, as many as there are. */
function largestGroup(all: readonly (readonly Run[])[]): readonly (readonly Run[])[] {
  const groups = new Map<string, (readonly Run[])[]>();
  for (const runs of all) {
    const kinds = JSON.stringify(runs.map((run) => run.kind));
    groups.set(kinds, [...(groups.get(kinds) ?? []), runs]);
  }
  return [...groups.values()].reduce((a, b) => (b.length > a.length ? b : a), []);
}

function runsOf(text: string, classes: Classes): Run[] {
  const runs: Run[] = [];
  for (const c of text) {
    const kind = classes.find(([is]) => is.test(c))?.[1] ?? c;
    const last = runs.at(-1);
    if (last?.kind === kind) runs[runs.length - 1] = { kind, text: last.text + c };
    else runs.push({ kind, text: c });
  }
  return runs;
}

/** Letters that are the same everywhere stand for themselves; everything else is a class with the lengths seen. */
function strict(runs: readonly Run[]): string {
  const { kind, text } = runs[0]!;
  if (!/\d/.test(text) && runs.length > 1 && runs.every((run) => run.text === text)) return escaped(text);
  const lengths = runs.map((run) => [...run.text].length);
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  const of = kind.startsWith('[') && kind.length > 1 ? kind : escaped(kind);
  return of + (least === most ? (least === 1 ? '' : `{${least}}`) : `{${least},${most}}`);
}

function loose(runs: readonly Run[]): string {
  const { kind } = runs[0]!;
  return kind.startsWith('[') && kind.length > 1 ? `${kind}+` : strict(runs);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|\-#&~\s]/g, (c) => (c === ' ' ? ' ' : `\\${c === '\n' ? 'n' : c === '\t' ? 't' : c}`));
}
