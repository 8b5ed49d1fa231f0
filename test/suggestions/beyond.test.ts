import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConstraintSuggestionRunner, HasFormat, IsFresh, Rules } from '../../src/index.js';
import { rows } from '../../src/sources/rows.js';
import { learnedPatterns } from '../../src/suggestions/learned-pattern.js';

const hash = (i: number) => createHash('md5').update(String(i)).digest('hex');
const today = Date.now();
const day = (back: number) => new Date(today - back * 86_400_000).toISOString().slice(0, 10);

const table = Array.from({ length: 400 }, (_, i) => {
  const h = hash(i);
  return {
    uuid: `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`,
    mail: i % 10 === 0 ? null : `${h.slice(0, 6)}@example.com`,
    link: `https://example.com/${h.slice(0, 9)}`,
    sku: `AB-${String(1000 + i)}${'XYZ'[i % 3]}`,
    free: h.slice(0, 1 + (i % 20)).replace(/[05]/g, ' '),
    mostly: i % 50 === 0 ? 'unknown!' : `R${10_000 + i}`,
    at: new Date(`${day(1 + (i % 30))}T12:00:00Z`),
  };
});
const schema = 'uuid string, mail string, link string, sku string, free string, mostly string, at timestamp';
const of = async (column: string, rules = [...Rules.FORMATS, ...Rules.TIMES]) => (await ConstraintSuggestionRunner()
  .onData(rows(table, { schema })).addConstraintRules(rules).restrictToColumns([column])
  .useTrainTestSplitWithTestsetRatio(0.2, 5).run({ threads: 0 })).suggestions;
const shown = async (column: string) => (await of(column)).map((s) => [s.codeForConstraint, s.onData!.outcome, s.onTest!.outcome]);

describe('formats', () => {
  test('with a name are found', async () => {
    expect((await of('uuid')).map((s) => s.description)).toEqual(["'uuid' holds UUIDs"]);
    expect(await shown('mail')).toEqual([[".containsEmail('mail', undefined, { where: '`mail` IS NOT NULL' })", 'passed', 'passed']]);
    expect((await of('link'))[0]!.codeForConstraint).toMatch(/^\.containsURL\('link'/);
  });

  test('are learned from values, with their support', async () => {
    expect(await shown('sku')).toEqual([[".hasPattern('sku', '^AB\\\\-[0-9]{4}[A-Z]$', undefined, { where: '`sku` IS NOT NULL' })", 'passed', 'passed']]);
    const [mostly] = await of('mostly', [HasFormat({ minSupport: 0.9 })]);
    expect(mostly!.codeForConstraint).toMatch(/'\^R\[0-9\]\{5\}\$', atLeast\(0\.9\d*\)/);
    expect(mostly!.currentValue).toMatch(/^PatternMatch: 0\.9[78]/);
    expect(await of('free')).toEqual([]);
  });

  test('of codes are their classes behind what all begin with', () => {
    expect(learnedPatterns(['R0AB9', 'RAB12', 'R77Z0', 'RZZZ1'])[0]).toBe('^R[0-9A-Z]{4}$');
    expect(learnedPatterns(['id-a1', 'id-22', 'id-bc', 'id-c3'])).toContain('^id\\-[0-9a-z]{2}$');
    expect(learnedPatterns(['9AB', 'A7c', 'zz0'])[0]).toBe('^[0-9A-Za-z]{3}$');
  });

  test('that are learned match every text that they were learned from', () => {
    const part = fc.constantFrom('A', 'Bc', '12', '3', '-', '.', '[', ' ', '(x)', 'ü');
    fc.assert(fc.property(fc.array(fc.array(part, { minLength: 1, maxLength: 4 }).map((p) => p.join('')), { minLength: 1, maxLength: 6 }), (texts) => {
      for (const pattern of learnedPatterns(texts)) for (const text of texts) expect([pattern, new RegExp(pattern).test(text)]).toEqual([pattern, true]);
    }));
  });
});

describe('times', () => {
  test('have a first day, no future, and a freshness', async () => {
    const found = await of('at');
    expect(found.map((s) => s.suggestingRule.name)).toEqual(['HasMinDate()', 'NotInFuture()', 'IsFresh()']);
    expect(found.map((s) => [s.codeForConstraint, s.onData!.outcome])).toEqual(found.map((s) => [s.codeForConstraint, 'passed']));
    expect(found[0]!.codeForConstraint).toContain(`>= DATE \\'${day(30)}\\'`.replaceAll("\\'", "'"));
  });

  test('that ended long ago are not fresh', async () => {
    expect(await of('at', [IsFresh({ now: new Date(today + 400 * 86_400_000) })])).toEqual([]);
  });
});
