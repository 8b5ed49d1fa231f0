import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssayError } from '../../../src/base/errors.js';
import { Backtracker } from '../../../src/expression/regex/backtrack.js';
import { chooseAutomata } from '../../../src/expression/regex/automata.js';
import { parseRegex } from '../../../src/expression/regex/parse.js';
import { compileRegex, type MatchMode, type Regex } from '../../../src/expression/regex/regex.js';
import { Patterns } from '../../../src/expression/regex/patterns.js';
import { nests, patterns, subjects } from './grammar.js';
import { matchTexts } from './rows.js';

const CASES = Number(process.env['REGEX_CASES'] ?? 4000);
const SEED = Number(process.env['REGEX_SEED'] ?? 20_240_817);

function expected(pattern: string, mode: MatchMode, texts: readonly string[]): boolean[] {
  const matcher = new Backtracker(parseRegex(pattern));
  return texts.map((text) => {
    const bytes = new TextEncoder().encode(text);
    if (mode === 'full') return matcher.full(bytes, 0, bytes.length);
    return matcher.find(bytes, 0, bytes.length, 0, 0) && (mode === 'find' || matcher.groups[1]! > matcher.groups[0]!);
  });
}

describe('automata', () => {
  it('answer as the backtracking matcher does', () => {
    const generated = [
      patterns({ references: false, look: false, astral: true }),
      patterns({ references: true, look: true, astral: true }),
      nests(),
    ];
    const differences: string[] = [];
    const regular = { find: 0, nonEmptyFind: 0, full: 0 };
    let total = 0;
    for (const [k, pattern] of generated.entries()) {
      const cases = fc.sample(fc.tuple(pattern, fc.array(subjects(true), { minLength: 3, maxLength: 6 })), { numRuns: CASES / 6, seed: SEED + k });
      for (const [pattern, texts] of cases) {
        let parsed;
        try {
          parsed = parseRegex(pattern);
        } catch (e) {
          expect(e).toBeInstanceOf(AssayError);
          continue;
        }
        total++;
        const automata = chooseAutomata(parsed);
        for (const mode of ['find', 'nonEmptyFind', 'full'] as const) {
          let ran = false;
          const byAutomaton = { matchUtf8: (...args: Parameters<Regex['matchUtf8']>) => void (ran = automata.match(...args)) };
          const got = matchTexts(byAutomaton, mode, texts);
          if (!ran) continue;
          // so many that they go by pairs of bytes
          const many = Array.from({ length: 520 + texts.length }, (_, i) => texts[i % texts.length]!);
          const gotMany = matchTexts(byAutomaton, mode, many);
          const other = gotMany.findIndex((found, i) => found !== got[i % texts.length]);
          if (other >= 0) differences.push(`${mode} ${JSON.stringify(pattern)} on ${JSON.stringify(many[other])}, among many`);
          regular[mode]++;
          const want = expected(pattern, mode, texts);
          texts.forEach((text, i) => {
            if (got[i] !== want[i]) differences.push(`${mode} ${JSON.stringify(pattern)} on ${JSON.stringify(text)}: ${got[i]}`);
          });
        }
        automata.release();
      }
    }
    console.log(`regex automata seed ${SEED}: ${total} patterns, by automaton ${JSON.stringify(regular)}, ${differences.length} differences`);
    expect(differences.slice(0, 20)).toEqual([]);
    expect(regular.find).toBeGreaterThan(total / 3);
  });

  it('do not look behind at the end of the text', () => {
    expect(matchTexts(compileRegex('\\V(?<!c+|\\z)'), 'find', ['\n中', 'ab'])).toEqual([false, true]);
  });

  it('find nothing where a group that is repeated can match nothing', () => {
    const regex = compileRegex('x|([a&&b])\\1');
    expect(regex.isRegular).toBe(true);
    expect(matchTexts(regex, 'find', ['aa', 'x', ''])).toEqual([false, true, false]);
  });

  it('serve all built-in patterns', () => {
    for (const pattern of Object.values(Patterns)) expect(compileRegex(pattern).isRegular).toBe(true);
  });
});
