import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Check, VerificationSuite, above, and, atLeast, atMost, below, between, equals, not, oneOf, or,
  type AnalysisConstraint, type Comparator,
} from '../../../src/index.js';
import { holds } from '../../../src/base/comparators.js';
import { batchesOf, lettersOf, rowsOf, type Row } from './tables.js';

const anything = () => true;
const known = (letters: string) => letters.replaceAll('N', '').length;
const passed = (letters: string) => letters.replaceAll(/[NF]/g, '').length;

/** Every constraint that speaks of rows, with all of its options. */
function everyConstraint(where: string | undefined, filteredRow: 'TRUE' | 'NULL') {
  const o = { where, filteredRow };
  return Check('Error', 'all')
    .isComplete('name', o).hasCompleteness('v', anything, o).areComplete(['name', 'v'], o).areAnyComplete(['name', 'v'], o)
    .satisfies('v > 3 AND flag', 'big', anything, o).isNonNegative('v', anything, o).isPositive('w', anything, o)
    .isLessThan('v', 'w', anything, o).isGreaterThanOrEqualTo('v', 'id', anything, o)
    .isContainedIn('grp', ['a', 'c'], anything, o).isContainedIn('v', { lower: 0, upper: 5 }, o)
    .hasPattern('name', '^[a-z]+', anything, o).containsEmail('name', anything, o)
    .isUnique('name', o).areUnique(['name', 'grp'], o).hasUniqueness(['v'], anything, o).isPrimaryKey(['w'], o)
    .hasUniqueValueRatio(['grp', 'flag', 'v'], anything, o).hasDuplicateRowCount(['grp', 'w'], anything, o)
    .hasMin('v', atLeast(2), o).hasMax('w', below(3), { ...o, nullBehavior: 'Fail' })
    .hasMin('w', (x) => x > 0, o).hasMax('v', (x) => x % 2 === 0, { ...o, nullBehavior: 'Fail' })
    .hasMinLength('name', between(1, 4), o).hasMaxLength('name', (x) => x < 5, { ...o, nullBehavior: 'EmptyString' })
    .hasMaxLength('name', atMost(20), { ...o, nullBehavior: 'Fail' });
}

const filter = fc.constantFrom(undefined, 'v > 2', 'flag', "grp = 'a' OR flag IS NULL");
const filteredRow = fc.constantFrom<('TRUE' | 'NULL')[]>('TRUE', 'NULL');
const sizes = fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1, maxLength: 4 });

describe('verdicts on rows', () => {
  it('are the same however they are found, for batches of any size', async () => {
    await fc.assert(fc.asyncProperty(rowsOf(), filter, filteredRow, sizes, async (rows, where, outside, cut) => {
      const check = everyConstraint(where, outside);
      const options = { perConstraint: true };
      const suite = VerificationSuite().onData(batchesOf(rows)).addCheck(check);
      const expected = await lettersOf(await suite.withRowLevelResults().run(), options);
      expect(await lettersOf(await suite.run(), options)).toEqual(expected);
      const split = VerificationSuite().onData(batchesOf(rows, cut)).addCheck(check);
      expect(await lettersOf(await split.withRowLevelResults().run(), options)).toEqual(expected);
      expect(await lettersOf(await split.run(), options)).toEqual(expected);
    }), { numRuns: 15 });
  });

  it('agree with the metrics: their mean is the ratio', async () => {
    await fc.assert(fc.asyncProperty(rowsOf(), filter, sizes, async (rows, where, cut) => {
      const check = everyConstraint(where, 'NULL');
      const result = await VerificationSuite().onData(batchesOf(rows, cut)).addCheck(check).withRowLevelResults().run();
      const letters = await lettersOf(result, { perConstraint: true });
      const { scope = '' } = await lettersOf(await inScope(rows, where));
      let compared = 0;
      for (const { constraint, metric } of result.results[0]!.constraintResults) {
        const own = letters[`all: ${constraint.name}`];
        const { analyzer, params } = (constraint as AnalysisConstraint).analyzer;
        if (!metric!.value.ok || own === undefined) continue;
        const value = metric!.value.value;
        if (['Completeness', 'Compliance', 'PatternMatch'].includes(analyzer)) {
          expect(passed(own) / passed(scope)).toBe(value);
          ++compared;
        } else if (analyzer === 'Uniqueness' || analyzer === 'DuplicateRowCount') {
          const columns = params['columns'] as (keyof Row)[];
          const counted = [...own].filter((_, i) =>
            scope[i] === 'T' && columns.some((c) => rows[i]![c] !== null)).join('');
          if (analyzer === 'Uniqueness') expect(passed(counted) / counted.length).toBe(value);
          else expect(counted.length - passed(counted)).toBe(value);
          ++compared;
        }
      }
      if (passed(scope) > 0) expect(compared).toBeGreaterThan(10);
    }), { numRuns: 25 });
  });

  it('find planted violations, and nothing else', async () => {
    const good = Array.from({ length: 500 }, (_, id): Row => ({ id, name: `n${id}`, grp: 'a', v: 5, w: 1.5, flag: true }));
    const bad: Partial<Row>[] = [{ name: null }, { name: 'n7' }, { grp: 'z' }, { v: -1 }, { w: NaN }];
    const rows = good.map((row, i) => (i % 100 === 50 ? { ...row, ...bad[(i - 50) / 100]! } : row));
    const check = Check('Error', 'c').isComplete('name').isUnique('name').isContainedIn('grp', ['a', 'b'])
      .hasMin('v', atLeast(0)).hasMax('w', (x) => x < 10);
    const result = await VerificationSuite().onData(batchesOf(rows, [64])).addCheck(check).withRowLevelResults().run();
    const failing = async (i: number) =>
      (await result.failingRows(check.constraints[i]!, { keyColumns: ['id'] })).map((row) => row['id']);
    expect([await failing(0), await failing(1), await failing(2), await failing(3), await failing(4)])
      .toEqual([[50], [7, 150], [250], [350], [450]]);
    const patterns = await result.failurePatterns();
    expect(patterns.map((p) => [p.rows, p.constraints.map((c) => check.constraints.indexOf(c))]))
      .toEqual([[2, [1]], [1, [0]], [1, [2]], [1, [3]], [1, [4]]]);
  });
});

/** The rows that a filter lets through, as verdicts. */
function inScope(rows: readonly Row[], where: string | undefined) {
  const check = Check('Error', 'scope').satisfies(where ?? 'TRUE', 'scope', anything);
  return VerificationSuite().onData(batchesOf(rows)).addCheck(check).withRowLevelResults().run();
}

describe('comparators on rows', () => {
  const number = fc.constantFrom(0, -0, 1.5, -2, NaN, Infinity, 1e300, 3);
  const leaf: fc.Arbitrary<Comparator> = fc.oneof(
    number.map(atLeast), number.map(atMost), number.map(above), number.map(below), number.map(equals),
    fc.array(number, { maxLength: 3 }).map((values) => oneOf(...values)), fc.constant(between(-2, 1.5)),
  );
  const comparator: fc.Arbitrary<Comparator> = fc.letrec<{ c: Comparator }>((tie) => ({
    c: fc.oneof(
      { maxDepth: 3 }, leaf, tie('c').map(not),
      fc.array(tie('c'), { maxLength: 3 }).map((of) => and(...of)), fc.array(tie('c'), { maxLength: 3 }).map((of) => or(...of)),
    ),
  })).c;

  it('say what functions would say', async () => {
    await fc.assert(fc.asyncProperty(rowsOf(30), comparator, async (rows, c) => {
      const check = Check('Error', 'c').hasMin('w', c).hasMax('v', c).hasMinLength('name', c);
      const same = Check('Error', 'c').hasMin('w', (x) => holds(c, x)).hasMax('v', (x) => holds(c, x))
        .hasMinLength('name', (x) => holds(c, x));
      const of = async (each: Check) =>
        lettersOf(await VerificationSuite().onData(batchesOf(rows)).addCheck(each).run(), { perConstraint: true });
      const letters = await of(check);
      expect(Object.values(letters)).toEqual(Object.values(await of(same)));
      const [, least] = Object.values(letters);
      if (rows.some((row) => row.w !== null)) {
        expect(least).toBe(rows.map(({ w }) => (w === null ? 'N' : holds(c, w) ? 'T' : 'F')).join(''));
        expect(known(least!)).toBe(rows.filter((row) => row.w !== null).length);
      }
    }), { numRuns: 40 });
  });
});
