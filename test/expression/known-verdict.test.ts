import { describe, expect, it } from 'vitest';
import { DOUBLE, INT, STRING, type Schema } from '../../src/data/types.js';
import { bindPredicate } from '../../src/expression/bind.js';
import { simplified } from '../../src/expression/evaluate/simplify.js';
import { knowledgeOf, knowledgeOfAll, knownVerdict } from '../../src/expression/known-verdict.js';
import { knownSplits } from '../../src/data/known-splits.js';
import { knownOf, summaryOf } from '../states/summaries.js';

const schema: Schema = {
  fields: [['i', INT], ['s', STRING], ['d', DOUBLE]].map(([name, type]) => ({ name, type, nullable: true }) as never),
};
const split = knownOf(10, {
  i: { type: INT, nulls: 0, min: 3n, max: 7n }, s: { type: STRING, nulls: 10 }, d: { type: DOUBLE, nulls: 0 },
});
const of = (text: string) => {
  const bound = bindPredicate(text, schema, { zone: 'UTC', now: 0 });
  expect(knownVerdict(simplified(bound), knowledgeOf(split, 0))).toBe(knownVerdict(bound, knowledgeOf(split, 0)));
  return knownVerdict(bound, knowledgeOf(split, 0));
};

describe('what statistics say of a condition', () => {
  it.each([
    ['i IS NOT NULL', true], ['s IS NULL', true], ['s IS NOT NULL', false], ['d IS NULL', false],
    ['i >= 3', true], ['i > 3', undefined], ['i < 3', false], ['i = 8', false], ['i = 5', undefined], ['i <= 7', true], ['i > 6', undefined],
    ['CAST(i AS DOUBLE) >= 2.5D', true], ['d > 0', undefined],
    ['i >= 3 AND d > 0', undefined], ['i < 3 AND d > 0', false], ['i >= 3 OR d > 0', true], ['NOT (i < 3)', true],
    ['CASE WHEN i IS NULL THEN TRUE WHEN i > 2 THEN FALSE END', false], ['CASE WHEN i > 7 THEN TRUE END', null],
    ['COALESCE(NULL, i < 9)', true],
  ])('%s', (text, verdict) => expect(of(text)).toBe(verdict));

  it('is nothing where bounds or nulls are not known', () => {
    const bound = bindPredicate('i >= 3', schema, { zone: 'UTC', now: 0 });
    expect(knownVerdict(bound, knowledgeOf(knownOf(10), 0))).toBeUndefined();
    const nullable = knownOf(10, { i: { type: INT, nulls: 1, min: 3n, max: 7n } });
    expect(knownVerdict(bound, knowledgeOf(nullable, 0))).toBeUndefined();
  });
});

describe('what statistics of several splits say of a condition', () => {
  const bound = (text: string) => bindPredicate(text, schema, { zone: 'UTC', now: 0 });
  const both = (a: Parameters<typeof summaryOf>[1], b: Parameters<typeof summaryOf>[1]) =>
    knownSplits([a, b].map((columns) => ({ summary: summaryOf(10, columns) })));
  const splits = both(
    { i: { type: INT, nulls: 0, min: 3n, max: 7n }, s: { type: STRING, nulls: 10 }, d: { type: DOUBLE, nulls: 0, claimed: [0, 5] } },
    { i: { type: INT, nulls: 0, min: -2n, max: 4n }, s: { type: STRING, nulls: 0 }, d: { type: DOUBLE, nulls: 0, claimed: [2, 9] } },
  );

  it.each([
    ['i >= -2', true], ['i >= 3', undefined], ['i <= 7', true], ['i < 7', undefined], ['i > 7', false], ['i < -2', false], ['s IS NULL', undefined],
    ['i IS NOT NULL', true], ['d >= 0', undefined],
  ])('%s', (text, verdict) => expect(knownVerdict(bound(text), knowledgeOfAll(splits))).toBe(verdict));

  it.each([['d >= 0', true], ['d >= 1', undefined], ['d <= 9', true], ['d <= 8', undefined], ['d > 9', false], ['isnan(d)', false]])(
    '%s, if claims of extremes are true', (text, verdict) => expect(knownVerdict(bound(text), knowledgeOfAll(splits, true))).toBe(verdict),
  );

  it('is what one of them does not contradict, split by split', () => {
    const of = (at: number, isBelieving: boolean) => knownVerdict(bound('d >= 1'), knowledgeOf(splits, at, isBelieving));
    expect([of(0, false), of(0, true), of(1, false), of(1, true)]).toEqual([undefined, undefined, undefined, true]);
    const gap = both({ d: { type: DOUBLE, nulls: 0, claimed: [2, 9] } }, { d: { type: DOUBLE, nulls: 0 } });
    expect(knownVerdict(bound('d >= 1'), knowledgeOfAll(gap, true))).toBeUndefined();
    const nulls = both({ d: { type: DOUBLE, nulls: 0, claimed: [2, 9] } }, { d: { type: DOUBLE, nulls: 1, claimed: [2, 9] } });
    expect(knownVerdict(bound('d >= 1'), knowledgeOfAll(nulls, true))).toBeUndefined();
  });
});
