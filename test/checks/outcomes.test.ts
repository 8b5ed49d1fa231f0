import { describe, expect, it } from 'vitest';
import { analyzerContext } from '../../src/repository/analyzer-context.js';
import { Check, Mean, Size, atLeast, between, equals, not } from '../../src/index.js';
import type { Constraint } from '../../src/checks/constraint.js';
import { verdict, verify } from './verify.js';

describe('a constraint', () => {
  it('passes without a message', async () => {
    expect(await verdict((c) => c.hasSize((n) => n === 4))).toEqual(['Success', 'passed', null]);
  });

  it('fails with the value, as an integer if it is a count', async () => {
    expect(await verdict((c) => c.hasSize((n) => n > 4)))
      .toEqual(['Failure', 'failed', 'Value: 4 does not meet the constraint requirement!']);
    expect(await verdict((c) => c.hasMean('price', (x) => x > 4)))
      .toEqual(['Failure', 'failed', 'Value: 4.0 does not meet the constraint requirement!']);
  });

  it('appends its hint when it fails, given as a text or as an option', async () => {
    const message = 'Value: 0.75 does not meet the constraint requirement! ask the shop';
    expect(await verdict((c) => c.isComplete('price', 'ask the shop'))).toEqual(['Failure', 'failed', message]);
    const hint = 'ask the shop';
    expect(await verdict((c) => c.isComplete('price', { hint }))).toEqual(['Failure', 'failed', message]);
    expect(await verdict((c) => c.isComplete('id', 'ask the shop'))).toEqual(['Success', 'passed', null]);
  });

  it('names what a comparator of the user asks for', async () => {
    const [, , message] = await verdict((c) => c.hasCompleteness('price', atLeast(0.95), 'why'));
    expect(message).toBe('Value: 0.75 does not meet the constraint requirement (>= 0.95)! why');
    const [, , count] = await verdict((c) => c.hasSize(between(10, 3_000_000)));
    expect(count).toBe('Value: 4 does not meet the constraint requirement (between 10 and 3000000)!');
    const [, , assumed] = await verdict((c) => c.hasUniqueness('id', equals(1)));
    expect(assumed).toBe('Value: 0.5 does not meet the constraint requirement (= 1.0)!');
  });

  it('is an error if it cannot be computed, and spoils no other', async () => {
    const { status, constraintResults } = await verify((c) => c
      .isComplete('prize').hasMin('shop', (x) => x > 0).satisfies('price > ', 'broken')
      .hasMean('price', (x) => x > 0).where('nope = 1').hasSize((n) => n === 4));
    expect(constraintResults.map((r) => [r.status, r.outcome])).toEqual([
      ...Array(4).fill(['Failure', 'error']), ['Success', 'passed'],
    ]);
    expect(constraintResults[0]!.message).toBe('Input data does not include column prize!');
    expect(constraintResults[0]!.note).toBe("column 'prize' not found; did you mean 'price'?");
    expect(constraintResults[1]!.message)
      .toMatch(/^Expected type of column shop to be one of \(.*\), but found StringType/);
    expect(constraintResults[3]!.message).toMatch(/column 'nope' not found/);
    expect(status).toBe('Error');
  });

  it('is an error if its assertion throws, or returns no boolean', async () => {
    const boom = () => { throw new Error('boom'); };
    expect(await verdict((c) => c.hasSize(boom)))
      .toEqual(['Failure', 'error', "Can't execute the assertion: boom!"]);
    expect(await verdict((c) => c.hasSize((() => { throw 'a text'; }) as never)))
      .toEqual(['Failure', 'error', "Can't execute the assertion: a text!"]);
    for (const answer of [undefined, 1, 'true', Promise.resolve(true)]) {
      const [status, outcome, message] = await verdict((c) => c.hasSize((() => answer) as never));
      expect([status, outcome]).toEqual(['Failure', 'error']);
      expect(message).toMatch(/instead of true or false/);
    }
  });

  it('is an error if a distribution lacks what the assertion looks for', async () => {
    const [status, outcome, message] = await verdict((c) =>
      c.hasHistogramValues('shop', (d) => d.values.get('JP')!.ratio > 0.1));
    expect([status, outcome]).toEqual(['Failure', 'error']);
    expect(message).toMatch(/^Can't execute the assertion: /);
  });

  it('is an error if a comparator meets something that is no number', async () => {
    const [, outcome, message] = await verdict((c) => c.hasHistogramValues('shop', not(atLeast(1)) as never));
    expect([outcome, message]).toEqual(['error', expect.stringMatching(/a comparator compares numbers/)]);
  });

  it('is vacuous if nothing is in scope: a Success under a filter, otherwise a Failure', async () => {
    const filtered = await verdict((c) => c.hasMin('price', (x) => x > 0).where("shop = 'JP'"));
    expect(filtered).toEqual(['Success', 'vacuous', null]);
    expect(await verdict((c) => c.isUnique('id').where('false'))).toEqual(['Success', 'vacuous', null]);
    const none = [{ price: null as number | null }];
    expect(await verdict((c) => c.hasMin('price', () => true, { where: 'true' }))).toEqual(['Success', 'passed', null]);
    expect(await verdict((c) => c.hasDistinctness('price', () => true), none))
      .toEqual(['Failure', 'vacuous', expect.stringMatching(/^Empty state for analyzer Distinctness/)]);
  });

  it('is an error if nobody computed its metric, or nothing can be picked from it', () => {
    const value = { ok: true, value: 2 } as const;
    const metric = { kind: 'double', entity: 'Column', name: 'Mean', instance: 'price', value } as const;
    const context = analyzerContext([[Mean('price'), metric]]);
    const pick = () => { throw new Error('no bins'); };
    const constraint: Constraint = { name: 'c', analyzer: Mean('price'), assertion: () => true, pick };
    const check = Check('Warning', 'by hand').hasSize(() => true).addConstraint(constraint);
    const { constraintResults, status } = check.evaluate(context);
    expect(constraintResults.map((r) => r.message)).toEqual([
      "Missing Analysis, can't run the constraint!", "Can't retrieve the value to assert on: no bins!",
    ]);
    expect([constraintResults[0]!.metric, constraintResults[1]!.metric, status]).toEqual([null, metric, 'Warning']);
  });

  it('keeps its metric and the value that was judged', async () => {
    const { constraintResults: [size, types, broken] } = await verify((c) =>
      c.hasSize((n) => n > 0).hasDataType('code', 'Integral').isComplete('nope'));
    expect([size!.metric!.name, size!.value]).toEqual([Size().analyzer, 4]);
    expect([types!.metric!.kind, types!.value]).toEqual(['histogram', 2 / 3]);
    expect([broken!.metric!.value.ok, broken!.value]).toEqual([false, undefined]);
  });
});
