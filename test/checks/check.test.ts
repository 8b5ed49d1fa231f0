import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  Check, CheckLevel, Completeness, Size, VerificationSuite, atLeast, type AnalysisConstraint, type FilterableCheck,
} from '../../src/index.js';
import { constraints } from '../../src/checks/methods.js';
import { verdict, verify } from './verify.js';

const check = Check(CheckLevel.Error, 'c');
const nameOf = (c: Check) => c.constraints.map((x) => x.name).join('; ');

describe('a check', () => {
  it('is immutable: every method gives a new one', () => {
    const one = check.hasSize(() => true);
    const two = one.isComplete('a');
    expect([check, one, two].map((c) => c.constraints.length)).toEqual([0, 1, 2]);
    expect(Object.isFrozen(two) && Object.isFrozen(two.constraints) && Object.isFrozen(two.constraints[0])).toBe(true);
  });

  it('names its constraints as Deequ does', () => {
    expect(nameOf(check.hasSize(() => true))).toBe('SizeConstraint(Size(None))');
    expect(nameOf(check.isPrimaryKey(['a', 'b']))).toBe('UniquenessConstraint(Uniqueness(List(a, b),None,None))');
    expect(nameOf(check.hasMin('a', () => true, { where: 'a > 3', filteredRow: 'NULL' })))
      .toBe('MinimumConstraint(Minimum(a,Some(a > 3),Some(AnalyzerOptions(Ignore,NULL))))');
    expect(nameOf(check.isLessThan('a', 'b c')))
      .toBe('ComplianceConstraint(Compliance(a is less than b c,a < `b c`,None,List(a, b c),None))');
    expect(nameOf(check.containsEmail('a'))).toBe('containsEmail(a)');
    expect(nameOf(check.hasPattern('a', /^x+$/is))).toBe('PatternMatchConstraint(a, (?is)^x+$)');
    expect(String(check.hasSize(() => true))).toBe('Check(Error,c,List(SizeConstraint(Size(None))))');
  });

  it('takes a name of the user', () => {
    expect(nameOf(check.isUnique('a', { name: 'no order comes twice' }))).toBe('no order comes twice');
    expect(nameOf(check.hasPattern('a', 'x', undefined, { name: 'p' }).where('b'))).toBe('p');
  });

  it('gives the last constraint a filter, once, and takes it back', () => {
    const filtered = check.isComplete('a').isComplete('b').where("shop = 'US'");
    expect(nameOf(filtered)).toBe('CompletenessConstraint(Completeness(a,None,None)); '
      + "CompletenessConstraint(Completeness(b,Some(shop = 'US'),None))");
    expect('where' in filtered).toBe(false);
    expect(nameOf(check.isComplete('b', { where: 'x' }).where('y'))).toBe(nameOf(check.isComplete('b').where('y')));
    expect(nameOf(check.isComplete('b', { where: 'x' }).where(null))).toBe(nameOf(check.isComplete('b')));
    expect((filtered.constraints[1] as AnalysisConstraint).rowLevel).toEqual({ kind: 'plain', column: 'Completeness-b' });
  });

  it('keeps the other options of a constraint that is given a filter', () => {
    const [c] = check.hasMinLength('a', atLeast(1), { hint: 'h', nullBehavior: 'Fail' }).where('x').constraints;
    expect(c!.name).toBe('MinLengthConstraint(MinLength(a,Some(x),Some(AnalyzerOptions(Fail,TRUE))))');
    expect((c as AnalysisConstraint).hint).toBe('h');
  });

  it('has a filter by type exactly where there is one', () => {
    expectTypeOf(check.hasSize(() => true)).toEqualTypeOf<FilterableCheck>();
    expectTypeOf(check.isContainedIn('a', ['b'])).toEqualTypeOf<FilterableCheck>();
    expectTypeOf(check.hasColumn('a')).toEqualTypeOf<Check>();
    expectTypeOf(check.isComplete('a').where('b')).toEqualTypeOf<Check>();
    expectTypeOf(check.hasMean).parameter(0).toEqualTypeOf<string>();
    // @ts-expect-error -- a check without constraints has no filter
    expect(() => check.where('a')).toThrow(TypeError);
    // @ts-expect-error -- the filter of the last constraint was given
    expect(() => check.isComplete('a').where('b').where('c')).toThrow(TypeError);
    // @ts-expect-error -- bounds take no assertion
    expect(() => check.isContainedIn('a', { lower: 1, upper: 2 }, () => true)).toThrow(/not options/);
    // @ts-expect-error -- comparators compare numbers
    check.hasHistogramValues('a', atLeast(1));
  });

  it('has a method for each constraint, and only `where` more', () => {
    for (const name of Object.keys(constraints)) expect(check).toHaveProperty(name);
    expect(Object.keys(constraints).length).toBeGreaterThan(50);
  });

  it('asks for each analyzer once', () => {
    const asked = check.hasSize(() => true).hasSize(atLeast(1)).isComplete('a').isComplete('a').where('b')
      .hasCompleteness('a', atLeast(0.5)).requiredAnalyzers();
    expect(asked.map(String)).toEqual([Size(), Completeness('a'), Completeness('a', { where: 'b' })].map(String));
  });

  it.each([
    ['a level', () => Check('Errr' as never, 'x'), /unknown level of a check: Errr; known: CheckLevel.Error/],
    ['an assertion', () => check.hasSize('3' as never), /not an assertion: "3"; give a function/],
    ['a missing assertion', () => check.hasMean('a', undefined as never), /not an assertion: undefined/],
    ['an incomplete comparator', () => check.hasSize({ op: 'atLeast' } as never), /not an assertion/],
    ['options', () => check.isComplete('a', 5 as never), /not options: 5/],
    ['no columns', () => check.areComplete([]), /at least one column/],
    ['a null among values', () => check.isContainedIn('a', [null as never]), /nulls always pass/],
    ['bounds', () => check.isContainedIn('a', { lower: 1 } as never), /the upper bound .* not undefined/],
    ['edges', () => check.hasHistogramBinnedBins('a', () => true, { customEdges: [1] }), /at least 2 values/],
    ['no check', () => VerificationSuite().onData([]).addCheck({} as never), /not a check/],
    ['no analyzer', () => VerificationSuite().onData([]).addRequiredAnalyzer('x' as never), /not an analyzer/],
  ])('refuses wrong use: %s', (_, use, message) => {
    expect(use).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }));
  });
});

describe('predicates of constraints', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("'", '\\', '`', '"', 'a', '\n', '日', '%') }));
  const column = fc.oneof(
    fc.string({ unit: fc.constantFrom("'", '`', '"', '.', ' ', 'a', '1', '日', '-'), minLength: 1, maxLength: 4 }),
    fc.constantFrom('null', 'true', 'not', 'case', 'select', '1st', '12', '1e5', '1L', 'current_date', 'in', 'between',
      'interval', 'is', 'or', 'and', 'date', 'cast', 'exists', 'user', 'from', 'like', 'distinct', 'False'),
  ).filter((name) => !/^`.*`$|``/s.test(name) && name.toLowerCase() !== 'other');

  it('find columns of any name', () => fc.assert(fc.asyncProperty(column, async (name) => {
    const rows = [{ [name]: 1, other: 2 }, { [name]: null, other: 2 }];
    for (const given of [name, `\`${name}\``]) {
      const { constraintResults } = await verify((c) => c
        .haveCompleteness([given, 'other'], atLeast(0)).isLessThan(given, 'other', atLeast(0))
        .isContainedIn(given, { lower: 5, upper: 6 }, {}).isNonNegative(given, atLeast(0)), rows);
      expect(constraintResults.map((r) => r.value ?? r.message)).toEqual([0.5, 0.5, 0.5, 1]);
    }
  }), { numRuns: 60 }));

  it('allow exactly the texts of a list, and nulls', () => fc.assert(fc.asyncProperty(
    fc.array(fc.option(text), { minLength: 1, maxLength: 5 }), fc.array(text, { maxLength: 4 }),
    async (values, more) => {
      const allowed = [...more, ...values.slice(1).filter((v) => v !== null)];
      const { constraintResults: [r] } = await verify((c) => c.isContainedIn('v', allowed, atLeast(0)),
        [...values, 'x'].map((v) => ({ v })));
      const right = [...values, 'x'].filter((v) => v === null || allowed.includes(v)).length;
      expect(r!.value).toBe(right / (values.length + 1));
    }), { numRuns: 60 }));

  it('compare numbers and booleans as such', async () => {
    const rows = [{ n: 1.5, b: true }, { n: 5, b: false }, { n: null, b: null }];
    const value = async (build: (c: Check) => Check) => (await verify(build, rows)).constraintResults[0]!.value;
    expect(await value((c) => c.isContainedIn('n', [5, 1.5]))).toBe(1);
    expect(await value((c) => c.isContainedIn('n', [5n, -1, NaN]))).toBe(2 / 3);
    expect(await value((c) => c.isContainedIn('n', ['5.0', '1.5']))).toBe(1);
    expect(await value((c) => c.isContainedIn('b', [true]))).toBe(2 / 3);
    expect(await value((c) => c.isContainedIn('n', []))).toBe(1 / 3);
    expect(await value((c) => c.isContainedIn('n', { lower: 1.5, upper: 5, includeLower: false }))).toBe(2 / 3);
  });

  it('read a RegExp with its flags', async () => {
    const [status] = await verdict((c) => c.hasPattern('note', /^[A-C]+$/i, (x) => x === 0.75));
    expect(status).toBe('Success');
  });
});
