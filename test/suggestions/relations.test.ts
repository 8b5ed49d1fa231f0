import { tableFromArrays } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import {
  AnalysisRunner, Check, CheckLevel, ConstraintSuggestionRunner, HasForeignKey, HasFunctionalDependency,
  InMemoryMetricsRepository, Mean, ResultKey, Rules, VerificationSuite, applySuggestions, suggestedModule, suggestedSuite,
} from '../../src/index.js';
import { sampleOf } from '../../src/suggestions/sample.js';
import { toSource } from '../../src/sources/open.js';
import { rows } from '../../src/sources/rows.js';

const SHOPS = ['US', 'UK', 'DE', 'FR'];
/** Orders: a product decides its name, shop and product decide the price, a day decides its month; `noise` decides nothing. */
const orders = Array.from({ length: 3000 }, (_, i) => {
  const product = (i * 7919) % 60;
  const shop = SHOPS[(i * 31) % 7 % 4]!;
  const day = `2026-0${1 + ((i * 13) % 8)}-${10 + ((i * 17) % 18)}`;
  return {
    id: i,
    product: `P${1000 + product}`,
    name: product === 5 ? null : i % 300 === 7 ? 'a slip' : `Product ${product % 50}`,
    shop,
    price: 100 * SHOPS.indexOf(shop) + product,
    day,
    month: day.slice(0, 7),
    rare: i % 100 === 0,
    noise: (i * 2654435761) % 97,
  };
});
const schema = 'id int, product string, name string, shop string, price double, day string, month string, rare boolean, noise int';
const table = rows(orders, { schema });
const products = Array.from({ length: 80 }, (_, i) => ({ sku: `P${1000 + i}`, number: i, label: `L${i % 3}` }));

const suggested = async (rule: Parameters<ReturnType<typeof ConstraintSuggestionRunner>['addConstraintRule']>[0], more = table) =>
  (await ConstraintSuggestionRunner().onData(more).withSource('products', products).addConstraintRule(rule)
    .useTrainTestSplitWithTestsetRatio(0.2, 3).run({ threads: 0 })).suggestions;

describe('functional dependencies', () => {
  test('are found with their support, and hold on the rows that were held back', async () => {
    const found = await suggested(HasFunctionalDependency());
    expect(found.map((s) => s.codeForConstraint).sort()).toEqual([
      ".hasFunctionalDependency('day', 'month')",
      ".hasFunctionalDependency('price', 'product')",
      ".hasFunctionalDependency('price', 'shop')",
      ".hasFunctionalDependency('product', 'name', atLeast(0.99))",
      ".hasFunctionalDependency(['product', 'shop'], 'price')",
    ].filter((code) => !code.includes("('price'")));
    expect(found.map((s) => [s.onData!.outcome, s.onTest!.outcome])).toEqual(found.map(() => ['passed', 'passed']));
    const name = found.find((s) => s.codeForConstraint.includes("'name'"))!;
    expect(name.currentValue).toMatch(/^FunctionalDependency: 0\.99\d+$/);
    expect(name.onTest!.value).toBeGreaterThan(0.98);
    expect(name.description).toBe("'product' decides 'name' in at least 0.99 of the rows");
  });

  test('are not claimed of what hardly varies, nor of keys', async () => {
    const found = await suggested(HasFunctionalDependency({ minSupport: 0.5 }));
    expect(found.filter((s) => /'rare'|'id'|'noise'/.test(s.codeForConstraint))).toEqual([]);
  });

  test('that follow from others are left out', async () => {
    const chain = rows(Array.from({ length: 900 }, (_, i) => {
      const city = (i * 37) % 60;
      return { city: `c${city}`, code: `k${city}`, country: `n${city % 12}`, continent: `t${city % 4}` };
    }), { schema: 'city string, code string, country string, continent string' });
    const found = await suggested(HasFunctionalDependency(), chain);
    expect(found.map((s) => s.codeForConstraint).sort()).toEqual([
      ".hasFunctionalDependency('city', 'code')",
      ".hasFunctionalDependency('city', 'country')",
      ".hasFunctionalDependency('code', 'city')",
      ".hasFunctionalDependency('country', 'continent')",
    ]);
  });

  test('of tables without rows, or with one column, are none', async () => {
    expect(await suggested(HasFunctionalDependency(), rows([], { schema }))).toEqual([]);
    expect(await suggested(HasFunctionalDependency(), rows(orders.map(({ shop }) => ({ shop })), { schema: 'shop string' }))).toEqual([]);
  });
});

describe('foreign keys', () => {
  test('are found by looking values up in the other table', async () => {
    const [found, ...more] = await suggested(HasForeignKey());
    expect(more).toEqual([]);
    expect(found!.codeForConstraint).toBe(".hasReferentialIntegrity('product', 'products', 'sku')");
    expect([found!.currentValue, found!.onData!.outcome, found!.onTest!.outcome]).toEqual(['ReferentialIntegrity: 1.0', 'passed', 'passed']);
  });

  test('may have exceptions, which lower what is demanded', async () => {
    const some = rows(orders.map((o, i) => ({ ...o, product: i % 50 === 0 ? 'none' : o.product })), { schema });
    const [found] = await suggested(HasForeignKey(), some);
    expect(found!.codeForConstraint).toMatch(/\.hasReferentialIntegrity\('product', 'products', 'sku', atLeast\(0\.9[5-8]\)\)/);
    expect(found!.onTest!.outcome).toBe('passed');
    expect(await suggested(HasForeignKey({ minSupport: 0.995 }), some)).toEqual([]);
  });

  test('of small numbers need a name that speaks of it', async () => {
    const numbers = (name: string) => rows(orders.map((o) => ({ [name]: o.id % 10 })), { schema: `${name} int` });
    const rule = HasForeignKey();
    expect(await suggested(rule, numbers('stars'))).toEqual([]);
    expect((await suggested(rule, numbers('product_number'))).map((s) => s.codeForConstraint))
      .toEqual([".hasReferentialIntegrity('product_number', 'products', 'number')"]);
  });

  test('make a file that says which tables it needs, and that runs', async () => {
    const found = await suggested(HasForeignKey());
    const code = suggestedModule(found, { table: 'orders' });
    expect(code).toContain("// Needs products: withSource('products', …), or assay check --reference NAME=FILE.\n");
    expect(suggestedSuite(found).checks[0]!.constraints).toEqual([
      { constraint: 'hasReferentialIntegrity', columns: 'product', reference: 'products', referenceColumns: 'sku' },
    ]);
    const check = applySuggestions(Check(CheckLevel.Error, 'orders'), found);
    const result = await VerificationSuite().onData(table).withSource('products', products.slice(1)).addCheck(check).run({ threads: 0 });
    expect(result.status).toBe('Error');
  });
});

describe('samples', () => {
  test('take rows from all parts of a table, and the same ones of all columns', async () => {
    const part = (first: number) => tableFromArrays({
      id: Int32Array.from({ length: 1000 }, (_, i) => first + i),
      shop: Array.from({ length: 1000 }, (_, i) => (i % 9 === 0 ? null : SHOPS[(first + i) % 4]!)),
    });
    const many = [0, 1, 2, 3, 4].map((n) => part(1000 * n)).reduce((all, more) => all.concat(more));
    const sample = await sampleOf(toSource(many, 'many'), ['shop', 'id'], 400, undefined);
    expect(sample.rows).toBe(400);
    const value = (column: string, i: number) => {
      const { codes, values } = sample.columns.get(column)!;
      return codes[i]! < 0 ? null : values[codes[i]!];
    };
    for (let i = 0; i < 400; ++i) {
      const id = value('id', i) as number;
      expect(id).toBe(1000 * Math.floor(i / 80) + (i % 80));
      expect(value('shop', i)).toBe((id % 1000) % 9 === 0 ? null : SHOPS[id % 4]);
    }
  });
});

describe('a history of metrics', () => {
  const key = ResultKey(Date.UTC(2026, 0, 1), { table: 'orders' });
  const runner = () => ConstraintSuggestionRunner().onData(table).addConstraintRules(Rules.EXTENDED).withoutVerification();

  test('gets the metrics of the profiles, and spares the reading of them', async () => {
    const history = InMemoryMetricsRepository();
    const first = await runner().useRepository(history).saveOrAppendResult(key).run({ threads: 0 });
    expect((await history.loadByKey(key))!.metric(Mean('price'))!.value).toMatchObject({ ok: true });
    const again = await runner().useRepository(history).reuseExistingResultsForKey(key, true).run({ threads: 0 });
    expect(again.profiles.explanation.notes.join()).toMatch(/nothing is read/);
    // The stored least length counts nulls as empty texts, as in Deequ, so of a column with nulls less is demanded.
    const codes = ({ suggestions }: typeof first) => suggestions.map((s) => s.codeForConstraint);
    expect(codes(again)).toEqual(codes(first).map((code) => code.replace("('name', atLeast(6))", "('name', atLeast(0))")));
  });

  test('must have everything if that is asked, and is named before its keys', async () => {
    const empty = runner().useRepository(InMemoryMetricsRepository());
    await expect(empty.reuseExistingResultsForKey(key, true).run({ threads: 0 })).rejects.toThrow(/Could not find all necessary results/);
    expect(() => runner().saveOrAppendResult(key)).toThrow(/call useRepository/);
    const part = InMemoryMetricsRepository();
    await AnalysisRunner().onData(table).addAnalyzer(Mean('price')).useRepository(part).saveOrAppendResult(key).run({ threads: 0 });
    const mixed = await runner().useRepository(part).reuseExistingResultsForKey(key).run({ threads: 0 });
    expect(mixed.numRecordsUsedForProfiling).toBe(orders.length);
  });
});
