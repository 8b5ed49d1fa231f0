import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Check, VerificationSuite, above, and, atLeast, atMost, below, between, checkFromJSON, checksFromJSON, checksToJSON, equals,
  not, oneOf, or, type Comparator, type Check as CheckOf,
} from '../../src/index.js';
import { checkSchema } from '../../src/checks/json/schema.js';
import { signatures, type Signature } from '../../src/checks/signatures.js';
import { samples } from './samples.js';
import { orders, verify } from './verify.js';

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(checkSchema());
const valid = (json: unknown) => (validate(json) ? [] : validate.errors);

const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(NaN, Infinity, -Infinity, -0));
const { comparator } = fc.letrec<{ comparator: Comparator }>((tie) => ({
  comparator: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.tuple(fc.constantFrom(atLeast, atMost, above, below, equals), number).map(([make, x]) => make(x)),
    fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })).map(([a, b]) => between(Math.min(a, b), Math.max(a, b))),
    fc.array(number, { maxLength: 4 }).map((values) => oneOf(...values)),
    tie('comparator').map(not),
    fc.array(tie('comparator'), { maxLength: 3 }).map((of) => and(...of)),
    fc.array(tie('comparator'), { maxLength: 3 }).map((of) => or(...of)),
  ),
}));
const demand = fc.oneof(comparator, fc.tuple(comparator, comparator).map(([error, warn]) => ({ error, warn })), comparator.map((warn) => ({ warn })));
const column = fc.oneof(fc.constantFrom('id', 'price', 'shop'), fc.string({ minLength: 1 }));
const options = fc.record(
  { where: fc.constantFrom('id > 1', "shop = 'US'", 'nonsense ('), hint: fc.string(), skip: fc.string(), name: fc.string() },
  { requiredKeys: [] },
);

/** A check without functions, of what is hardest to write. */
const addition = fc.oneof(
  fc.tuple(demand, options).map(([d, o]) => (c: CheckOf) => c.hasSize(d, o)),
  fc.tuple(column, demand, options).map(([x, d, o]) => (c: CheckOf) => c.hasMin(x, d, { ...o, nullBehavior: 'Fail' })),
  fc.tuple(column, demand, fc.string()).map(([x, d, where]) => (c: CheckOf) => c.hasCompleteness(x, d, 'a hint').where(where)),
  fc.tuple(column, fc.array(fc.oneof(fc.string(), fc.double(), fc.bigInt(), fc.boolean()), { maxLength: 4 }), options)
    .map(([x, values, o]) => (c: CheckOf) => c.isContainedIn(x, values, undefined, o)),
  column.map((x) => (c: CheckOf) => c.isContainedIn(x, { lower: 0, upper: 2.5, includeUpper: false }, 'between')),
  fc.tuple(column, fc.string()).map(([x, p]) => (c: CheckOf) => c.hasPattern(x, p, atLeast(0.5), { filteredRow: 'NULL' })),
  fc.array(column, { minLength: 1, maxLength: 3 }).map((xs) => (c: CheckOf) => c.isPrimaryKey(xs).areComplete(xs)),
  fc.array(number.filter((x) => !Number.isNaN(x)), { minLength: 2, maxLength: 4 })
    .map((customEdges) => (c: CheckOf) => c.hasHistogramBinnedBins('price', atLeast(1), { customEdges })),
);
const check = fc.tuple(fc.array(addition, { maxLength: 4 }), fc.array(addition, { minLength: 1, maxLength: 2 }), fc.string())
  .map(([plain, parts, description]) => {
    const adding = (list: typeof plain) => (c: CheckOf) => list.reduce((d, add) => add(d), c);
    return adding(plain)(Check('Warning', description)).or(adding(parts), 'either').and(adding(parts), { name: 'both' });
  });

/** Functions that a constraint makes itself are other ones each time. */
const shape = (c: CheckOf) =>
  [c.level, c.description, c.constraints.map((x) => x.name), c.requiredAnalyzers().map((a) => a.key.replace(/#\d+/, '#'))];

describe('a check as JSON', () => {
  it('is read as it was written', () => fc.assert(fc.property(check, (c) => {
    const text = JSON.stringify(c);
    const back = checkFromJSON(text);
    expect(JSON.stringify(back)).toBe(text);
    expect(shape(back)).toEqual(shape(c));
    expect(valid(checksToJSON([c, back]))).toEqual([]);
  }), { numRuns: 150 }));

  it('judges as the one that was written', () => fc.assert(fc.asyncProperty(check, async (c) => {
    const judged = async (it: CheckOf) => (await verify(() => it)).constraintResults.map((r) => [r.outcome, r.status, r.message]);
    expect(await judged(checkFromJSON(JSON.stringify(c)))).toEqual(await judged(c));
  }), { numRuns: 30 }));

  const columns = { n: 'price', t: 'shop' };
  it.each(Object.entries(samples))('holds %s', (method, sample) => {
    const whole = sample(Check('Error', 'c'), columns);
    const signature = (signatures as Record<string, Signature | null>)[method];
    if (!signature) {
      expect(() => whole.toJSON()).toThrow(/cannot be written as JSON/);
      return;
    }
    const takesFunction = signature.params.some((p) => p.kind === 'function');
    if (takesFunction) {
      expect(() => whole.toJSON()).toThrow(/cannot be written as JSON: its assertion is a function/);
      return;
    }
    const json = whole.toJSON();
    expect(json.constraints[0]).toMatchObject({ constraint: method });
    expect(valid({ version: 1, checks: [json] })).toEqual([]);
    expect(shape(checkFromJSON(JSON.stringify(whole)))).toEqual(shape(whole));
    if (!signature.options.includes('where')) return;
    const filtered = checkFromJSON({ ...json, constraints: [{ ...json.constraints[0], where: 'id > 0', hint: 'h', skip: 's' }] });
    expect(filtered.constraints[0]).toMatchObject({ hint: 'h', skip: 's', analyzer: { params: { where: 'id > 0' } } });
    expect(valid(checksToJSON([filtered]))).toEqual([]);
  });

  it('keeps what was given when it was given', () => {
    const [columns, values] = [['id', 'shop'], ['US']];
    const c = Check('Error', 'c').areUnique(columns).isContainedIn('shop', values);
    const before = JSON.stringify(c);
    columns.push('x');
    values.push('UK');
    expect(JSON.stringify(c)).toBe(before);
  });

  it('has the same constraints on many columns', async () => {
    const suite = {
      version: 1,
      checks: [{
        level: 'Error', description: 'all', constraints: [
          { forColumns: { matching: '^(ID|price)$', flags: 'i' }, constraints: [
            { constraint: 'isComplete', column: '{column}', where: '{column} is not null' },
            { or: [{ constraint: 'satisfies', predicate: '{column} > 0', instance: '{column} > 0' }, { constraint: 'isUnique', column: '{column}' }] },
          ] },
          { forColumns: { kind: 'string' }, constraints: [{ constraint: 'hasMinLength', column: '{column}', assertion: { op: 'atLeast', value: 1 } }] },
          { forColumns: { names: ['a b'] }, constraints: [{ not: { constraint: 'hasColumn', column: '{column}' } }] },
        ],
      }],
    };
    expect(valid(suite)).toEqual([]);
    const [c] = checksFromJSON(JSON.stringify(suite));
    expect(checksToJSON([c!])).toEqual(suite);
    const { constraintResults } = await verify(() => c!);
    expect(constraintResults.map((r) => [r.constraint.name.replace(/\(.*/, ''), r.outcome])).toEqual([
      ['CompletenessConstraint', 'passed'], ['or', 'passed'], ['CompletenessConstraint', 'passed'], ['or', 'passed'],
      ['MinLengthConstraint', 'passed'], ['MinLengthConstraint', 'passed'], ['MinLengthConstraint', 'passed'], ['not', 'passed'],
    ]);
  });

  it('is what the package publishes', () => {
    const published = JSON.parse(readFileSync(new URL('../../dist/check.schema.json', import.meta.url), 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(checkSchema())));
  });
});

describe('what JSON cannot hold', () => {
  const c = Check('Error', 'c');
  const boom = () => true;
  it.each([
    ['an assertion', c.hasSize(boom), /^the constraint SizeConstraint\(Size\(None\)\) cannot be written as JSON: its assertion is a function; use a comparator/],
    ['one of two thresholds', c.hasSize({ error: atLeast(1), warn: boom }), /its assertion is a function/],
    ['one inside a combination', c.not((d) => d.hasMean('x', boom)), /MeanConstraint/],
    ['a binning function', c.hasNumberOfDistinctValues('x', atLeast(1), { binning: String }), /HistogramBinConstraint.*its option 'binning' is a function/],
    ['a table', c.doesDatasetMatch([{ id: 1 }], { id: 'id' }, atLeast(1)), /it holds a table; name it by withSource/],
    ['constraints made by a function', c.forColumns(/a/, (d, x) => d.isComplete(x)), /forColumns\(\/a\/\).*made by a function; write it out for a table by check.forSchema/],
    ['a constraint made by hand', c.addConstraint({ ...c.isComplete('a').constraints[0]!, call: undefined } as never), /made by hand/],
  ])('is named: %s', (_, holding, message) => {
    expect(() => JSON.stringify(holding)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringMatching(message) }));
  });

  it('but what a function made for a table can be written', () => {
    const made = c.forColumns(/^i/, (d, x) => d.isComplete(x)).forSchema({ fields: [{ name: 'id', type: { kind: 'int' }, nullable: true }] });
    expect(made.toJSON().constraints).toEqual([{ constraint: 'isComplete', column: 'id' }]);
    const named = c.forColumns(['a', 'b'], (d, x) => d.isComplete(x));
    expect(named.toJSON().constraints).toHaveLength(2);
  });
});

describe('JSON that is no check', () => {
  const of = (constraint: unknown) => ({ version: 1, checks: [{ level: 'Error', description: 'd', constraints: [constraint] }] });
  const size = { constraint: 'hasSize', assertion: { op: 'atLeast', value: 1 } };
  it.each([
    ['a text that does not parse', '{', /does not parse/, false],
    ['no version', { checks: [] }, /^version: expected 1/, true],
    ['another version', { version: 2, checks: [] }, /version/, true],
    ['a bare list of checks', [], /expected an object, not a list: put the checks into \{ "version": 1/, true],
    ['no list', { version: 1, checks: {} }, /^checks: expected a list/, true],
    ['a level', { version: 1, checks: [{ level: 'error', description: '', constraints: [] }] }, /checks\[0\]\.level: expected Error or Warning/, true],
    ['a field of a check', { version: 1, checks: [{ level: 'Error', description: '', constraints: [], x: 1 }] }, /unknown field 'x'/, true],
    ['an unknown method', of({ constraint: 'isComplet', column: 'a' }), /constraints\[0\]: unknown constraint "isComplet"; did you mean 'isComplete'\?/, true],
    ['no method', of({ column: 'a' }), /names its method/, true],
    ['toString', of({ constraint: 'toString' }), /unknown constraint/, true],
    ['an unknown field', of({ constraint: 'isComplete', colum: 'a' }), /isComplete has no field 'colum'; did you mean 'column'\?/, true],
    ['a missing field', of({ constraint: 'hasMin', column: 'a' }), /hasMin needs the field 'assertion'/, true],
    ['a missing column', of({ constraint: 'isComplete' }), /needs the field 'column'/, true],
    ['a column of another type', of({ constraint: 'isComplete', column: 3 }), /\.column: expected a text, not 3/, true],
    ['a number for an assertion', of({ constraint: 'hasSize', assertion: 3 }), /assertion: expected an object/, true],
    ['an unknown operator', of({ constraint: 'hasSize', assertion: { op: '>=', value: 3 } }), /not a comparator.*atLeast/, true],
    ['no number', of({ constraint: 'hasSize', assertion: { op: 'atLeast', value: '3' } }), /atLeast compares with a number, not "3"/, true],
    ['a threshold', of({ constraint: 'hasSize', assertion: { warning: size.assertion } }), /unknown field 'warning'/, true],
    ['a method with a function', of({ constraint: 'hasHistogramValues', column: 'a', assertion: size.assertion }), /asserts by a function/, true],
    ['values and bounds', of({ constraint: 'isContainedIn', column: 'a', values: [], bounds: { lower: 1, upper: 2 } }), /bounds stand alone/, true],
    ['an empty combination', of({ or: [] }), /takes constraints/, true],
    ['not of a list', of({ not: [size] }), /\.not: expected an object/, true],
    ['a filter where none is', of({ constraint: 'hasColumnCount', assertion: size.assertion, where: 'x' }), /no field 'where'/, true],
    ['two selectors', of({ forColumns: { matching: 'a', names: ['b'] }, constraints: [size] }), /one of matching, names, kind/, true],
    ['a kind', of({ forColumns: { kind: 'number' }, constraints: [size] }), /cannot choose columns/, true],
    ['a mistake in a template', of({ forColumns: { matching: 'a' }, constraints: [{ constraint: 'nope' }] }), /unknown constraint/, true],
    ['a regex', of({ forColumns: { matching: '(' }, constraints: [size] }), /forColumns: Invalid regular expression/, false],
  ])('%s', (_, json, message, refused) => {
    expect(() => checksFromJSON(json)).toThrow(expect.objectContaining({ code: 'SYNTAX', message: expect.stringMatching(message) }));
    if (refused) expect(valid(json), 'the schema refuses it too').not.toEqual([]);
  });

  it('is refused when a check is read alone', () => {
    expect(() => checkFromJSON({ level: 'Error', description: 'd', constraints: [{}] })).toThrow(/^constraints\[0\]: unknown constraint/);
  });
});

it('a file of checks is run', async () => {
  const file = checksToJSON([Check('Error', 'orders').hasSize(atLeast(3)).isComplete('id'), Check('Warning', 'odd').isUnique('id')]);
  const result = await VerificationSuite().onData(orders).addChecks(checksFromJSON(JSON.stringify(file))).run({ threads: 0 });
  expect(result.status).toBe('Warning');
});
