import { describe, expect, it } from 'vitest';
// @ts-expect-error -- plain JavaScript, as the runner is
import { checkDifferenceOf } from './check-differences.mjs';
// @ts-expect-error -- plain JavaScript, as the runner is
import { problems, unfounded } from './checks.mjs';
import * as assay from '../../src/index.js';

const metric = { entity: 'Column', instance: 'x', name: 'Mean', value: 2.5 };
const verdict = {
  checkStatus: 'Error',
  constraint: 'MeanConstraint(Mean(x,None))',
  constraintStatus: 'Failure',
  constraintMessage: 'Value: 2.5 does not meet the constraint requirement!',
  metric,
};
const golden = { id: 'c', dataset: 'd', level: 'Error', method: 'hasMean', args: { column: 'x' }, expected: verdict };
const actual = { ...verdict, analyzer: assay.Mean('x'), outcome: 'failed' };
const known = { typeOf: () => ({ kind: 'double' }) };
const wrong = (change: object, expected: object = verdict) =>
  Object.keys(problems({ ...golden, expected }, { ...actual, ...change }, known)).join();

describe('the comparison of golden verdicts', () => {
  it('finds nothing in what agrees', () => expect(wrong({})).toBe(''));

  it.each([
    ['constraint', { constraint: 'Mean' }],
    ['constraintStatus', { constraintStatus: 'Success' }],
    ['checkStatus', { checkStatus: 'Warning' }],
    ['constraintMessage', { constraintMessage: null }],
    ['constraintMessage', { constraintMessage: 'Value: 2.6 does not meet the constraint requirement!' }],
    ['constraintMessage', { constraintMessage: `${verdict.constraintMessage} hint` }],
    ['metric', { metric: { ...metric, value: 2.6 } }],
    ['metric', { metric: { ...metric, instance: 'y' } }],
  ])('finds what differs: %s', (field, change) => expect(wrong(change)).toBe(field));

  it('allows rounding in messages, and not where counts are printed', () => {
    const near = { constraintMessage: 'Value: 2.5000000000000004 does not meet the constraint requirement!' };
    expect(wrong(near)).toBe('');
    const distribution = { ...verdict, constraintMessage: 'Value: Distribution(ListMap(),0,0) does not …' };
    expect(wrong({ constraintMessage: 'Value: Distribution(…)' }, distribution)).toBe('');
    expect(wrong({ constraintMessage: 'other' }, distribution)).toBe('constraintMessage');
  });

  it('wants a failure where the run of the reference ended', () => {
    const threw = { threw: true, exception: 'X', message: 'y' };
    expect(wrong({}, threw)).toBe('');
    expect(wrong({ constraintStatus: 'Success' }, threw)).toBe('threw');
    expect(wrong({ threw: true, exception: 'INVALID_ARGUMENT', message: 'm' })).toBe('threw');
  });

  it('derives a verdict from the metric', () => {
    const assertion = { op: '>=', value: 3 };
    expect(unfounded({ ...golden, assertion }, actual, assay)).toBeNull();
    expect(unfounded({ ...golden, assertion: { op: '<', value: 3 } }, actual, assay)).toMatch(/Success/);
    const empty = { ...actual, metric: { ...metric, exception: 'EmptyStateException', message: 'm' } };
    expect(unfounded({ ...golden, assertion, where: 'a' }, empty, assay)).toMatch(/Success/);
    expect(unfounded({ ...golden, assertion }, { ...empty, constraintMessage: 'm' }, assay)).toBeNull();
  });

  it('lists differences by defect or rule', () => {
    expect(checkDifferenceOf(golden)).toBeUndefined();
    expect(checkDifferenceOf({ ...golden, defect: 'an unheard-of defect' })).toBeUndefined();
    const listed = (change: object) => checkDifferenceOf({ ...golden, ...change }).id;
    expect(listed({ defect: 'an empty list becomes the empty string' })).toBe('membership-of-nothing');
    expect(listed({ method: 'areComplete', args: { columns: ['a b'] } })).toBe('predicate-names');
  });
});
