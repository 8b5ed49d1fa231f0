import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  ConstraintSuggestionRunner, HasMax, Maximum, NonNegativeNumbersRule, Rules, filtered, suggest, type ConstraintRule, type TableRule,
} from '../../src/index.js';
import { rows } from '../../src/sources/rows.js';

const table = Array.from({ length: 200 }, (_, i) => ({
  id: i,
  status: ['new', 'paid', "won't pay"][i % 3]!,
  price: i % 7 === 0 ? null : (i % 50) / 4,
  text: i % 2 === 0 ? String(i) : `${i}.5`,
  'two words': 'x',
}));

const codes = (result: { suggestions: readonly { codeForConstraint: string }[] }) => result.suggestions.map((s) => s.codeForConstraint);

describe('suggestions', () => {
  test('are found by Deequ\'s rules, and what their code adds holds on the data', async () => {
    const result = await ConstraintSuggestionRunner().onData(table).addConstraintRules(Rules.EXTENDED).run({ threads: 0 });
    expect(codes(result)).toEqual(expect.arrayContaining([
      ".isComplete('id')", ".isUnique('id')", ".hasMax('id', atMost(199))", `.isContainedIn('status', ['paid', 'new', "won't pay"])`,
      ".hasCompleteness('price', atLeast(0.8), 'It should be above 0.8!')", ".isNonNegative('price')", ".hasDataType('text', 'Numeric')",
      '.satisfies(\'COALESCE(CAST(`text` AS DOUBLE) <= 199.5, TRUE)\', "\'text\' <= 199.5", undefined, { columns: [\'text\'] })',
    ]));
    const without = result.suggestions.filter((s) => s.codeConstraint === null);
    expect(without.map((s) => s.suggestingRule.name)).toEqual(['HasMean()', 'HasStandardDeviation()']); // of texts
    for (const s of result.suggestions) if (s.codeConstraint) expect([s.codeForConstraint, s.onData?.outcome]).toEqual([s.codeForConstraint, 'passed']);
    expect(result.constraintSuggestions.get('two words')!.every((s) => s.columnName === '`two words`')).toBe(true);
    expect(String(result)).toContain('suggestions from 200 rows');
  });

  test('are tried on rows that were held back, each result with its own suggestion', async () => {
    const run = () => ConstraintSuggestionRunner().onData(table).addConstraintRules(Rules.EXTENDED)
      .useTrainTestSplitWithTestsetRatio(0.25, 3).run({ threads: 0 });
    const [result, again] = [await run(), await run()];
    expect(result.numRecordsUsedForProfiling + result.numRecordsUsedForTesting!).toBe(200);
    expect(result.numRecordsUsedForTesting).toBeGreaterThan(20);
    expect(JSON.stringify(again)).toBe(JSON.stringify(result));
    const json = JSON.parse(result.getEvaluationResultsAsJson()) as { constraint_suggestions: Record<string, string>[] };
    json.constraint_suggestions.forEach((s, i) => {
      const { deequOnTest, constraint } = result.suggestions[i]!;
      expect([s['constraint_name'], s['constraint_result_on_test_set']]).toEqual([constraint.name, deequOnTest!.status]);
    });
    expect(result.suggestions.find((s) => s.description === "'id' is not null")!.onTest!.outcome).toBe('passed');
    expect(result.verificationResult!.results[0]!.check.description).toBe('generated constraints');
  });

  test('are tried on other data, which may be empty', async () => {
    const runner = ConstraintSuggestionRunner().onData(table).addConstraintRule(HasMax()).restrictToColumns(['id']);
    const higher = await runner.withTestData([{ id: 500 }]).run({ threads: 0 });
    expect(higher.suggestions[0]).toMatchObject({ onTest: { outcome: 'failed', value: 500 }, onData: { outcome: 'passed' } });
    const none = await runner.withTestData(filtered(rows(table), 'false')).run({ threads: 0 });
    expect([none.numRecordsUsedForTesting, none.suggestions[0]!.onTest!.outcome, none.suggestions[0]!.deequOnTest!.status]).toEqual([0, 'vacuous', 'Failure']);
  });

  test('come in Deequ\'s JSON and as files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'suggestions-'));
    try {
      const runner = ConstraintSuggestionRunner().onData(table).addConstraintRule(NonNegativeNumbersRule()).restrictToColumns(['id'])
        .saveColumnProfilesJsonToPath(join(folder, 'p.json')).saveConstraintSuggestionsJsonToPath(join(folder, 's.json'))
        .saveEvaluationResultsJsonToPath(join(folder, 'e.json'));
      const result = await runner.run({ threads: 0 });
      expect(readFileSync(join(folder, 's.json'), 'utf8')).toBe(result.getConstraintSuggestionsAsJson());
      expect(readFileSync(join(folder, 'p.json'), 'utf8')).toBe(result.getColumnProfilesAsJson());
      expect(() => readFileSync(join(folder, 'e.json'))).toThrow(); // there was no test
      expect(result.getConstraintSuggestionsAsJson()).toContain('"description": "\\u0027id\\u0027 has no negative values"');
      await expect(runner.run({ threads: 0 })).rejects.toThrow(/is there already/);
      await runner.overwritePreviousFiles(true).run({ threads: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('are made by rules of one\'s own, with metrics of their own', async () => {
    const even: ConstraintRule = {
      name: 'HasEvenMaximum()',
      ruleDescription: 'The maximum is even',
      shouldBeApplied: (profile) => profile.kind === 'numeric' && !profile.isDataTypeInferred,
      needs: (profile) => [Maximum(profile.column)],
      candidate(profile, _, metrics) {
        const metric = metrics.metric(Maximum(profile.column))!;
        if (!metric.value.ok || Number(metric.value.value) % 2 !== 1) return null;
        return suggest({
          rule: even, columnName: profile.column, currentValue: 'odd', description: 'no even maximum',
          check: (c) => c.hasMax(profile.column, (x) => x % 2 === 1),
        });
      },
    };
    const pairs: TableRule = {
      name: 'Pairs()', ruleDescription: 'All columns', needs: () => [],
      candidates: (profiles) => [suggest({
        rule: pairs, columnName: profiles[0]!.column, currentValue: '', description: 'together', check: (c) => c.hasSize((n) => n > 0),
      })],
    };
    const result = await ConstraintSuggestionRunner().onData(table).addConstraintRules([even, pairs]).run({ threads: 0 });
    expect(result.suggestions.map((s) => [s.columnName, s.suggestingRule.name])).toEqual([['id', 'HasEvenMaximum()'], ['id', 'Pairs()']]);
    expect(result.suggestions[0]!.codeForConstraint).toMatch(/^\/\* no even maximum: no check/); // a function has no text
    expect(result.suggestions[0]!.onData!.outcome).toBe('passed');
  });

  test('refuse misuse', async () => {
    const runner = ConstraintSuggestionRunner();
    await expect(runner.run()).rejects.toThrow(/onData/);
    expect(() => runner.useTrainTestSplitWithTestsetRatio(1)).toThrow('requirement failed: Testset ratio must be in ]0, 1[');
    expect(() => runner.addConstraintRule({} as ConstraintRule)).toThrow(/not a rule/);
    await expect(runner.onData(table).restrictToColumns(['ix']).run()).rejects.toThrow(/Unable to find column ix/);
  });
});
