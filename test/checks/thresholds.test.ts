import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Check, VerificationSuite, atLeast, atMost, holds, type Check as CheckOf } from '../../src/index.js';
import { orders, verify } from './verify.js';

const outcome = async (build: (c: CheckOf) => CheckOf, level: 'Error' | 'Warning' = 'Error') => {
  const check = build(Check(level, 't'));
  const result = await VerificationSuite().onData(orders).addCheck(check).run({ threads: 0 });
  const [r] = result.results[0]!.constraintResults;
  return [result.status, r!.outcome, r!.level, r!.message];
};

describe('two thresholds in one constraint', () => {
  const price = (error: number, warn: number) => (c: CheckOf) =>
    c.hasCompleteness('price', { error: atLeast(error), warn: atLeast(warn) });

  it('settle the level by the value', async () => {
    expect(await outcome(price(0.5, 0.7))).toEqual(['Success', 'passed', undefined, null]);
    expect(await outcome(price(0.5, 0.9)))
      .toEqual(['Warning', 'failed', 'Warning', 'Value: 0.75 does not meet the constraint requirement (warn: >= 0.9)!']);
    expect(await outcome(price(0.8, 0.9)))
      .toEqual(['Error', 'failed', 'Error', 'Value: 0.75 does not meet the constraint requirement (error: >= 0.8)!']);
    expect(await outcome(price(0.8, 0.9), 'Warning')).toEqual(['Error', 'failed', 'Error', expect.any(String)]);
  });

  it('may be functions, or one alone', async () => {
    expect(await outcome((c) => c.hasSize({ error: (n) => n > 1, warn: atMost(3) })))
      .toEqual(['Warning', 'failed', 'Warning', expect.stringMatching(/Value: 4 .*\(warn: <= 3\)/)]);
    expect(await outcome((c) => c.hasSize({ warn: (n) => n > 9 })))
      .toEqual(['Warning', 'failed', 'Warning', 'Value: 4 does not meet the constraint requirement (warn)!']);
    expect(await outcome((c) => c.hasSize({ error: (n) => n > 9 }), 'Warning')).toEqual(['Error', 'failed', 'Error', expect.anything()]);
  });

  it('that cannot be judged fail at the worst level they know', async () => {
    const boom = () => { throw new Error('boom'); };
    expect((await outcome((c) => c.hasMin('nope', { error: atLeast(1), warn: atLeast(2) }))).slice(0, 3)).toEqual(['Error', 'error', 'Error']);
    expect((await outcome((c) => c.hasMin('nope', { warn: atLeast(2) }))).slice(0, 3)).toEqual(['Warning', 'error', 'Warning']);
    expect((await outcome((c) => c.hasSize({ warn: boom, error: atLeast(9) }))).slice(0, 3)).toEqual(['Error', 'failed', 'Error']);
    expect((await outcome((c) => c.hasSize({ warn: boom, error: atLeast(1) }))).slice(0, 3)).toEqual(['Error', 'error', 'Error']);
  });

  it('in combinations: all must hold at the worst, one at the least level', async () => {
    const [warning, error] = [{ warn: atLeast(9) }, { error: atLeast(9) }];
    expect((await outcome((c) => c.and((d) => d.hasSize(warning).hasSize(error))))[0]).toBe('Error');
    expect((await outcome((c) => c.or((d) => d.hasSize(warning).hasSize(error))))[0]).toBe('Warning');
    expect((await outcome((c) => c.and((d) => d.hasSize(warning).hasSize(atLeast(1)))))[0]).toBe('Warning');
    expect((await outcome((c) => c.or((d) => d.hasSize(warning).hasSize(atLeast(1)))))[0]).toBe('Success');
  });

  it('agree with two constraints of two checks', () => fc.assert(fc.asyncProperty(
    fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }), async (e, w) => {
      const [error, warn] = [atLeast(e), atLeast(w)];
      const expected = !holds(error, 4) ? 'Error' : holds(warn, 4) ? 'Success' : 'Warning';
      expect((await outcome((c) => c.hasSize({ error, warn })))[0]).toBe(expected);
    }), { numRuns: 30 }));

  it('are both met where rows are judged', async () => {
    const { constraintResults: [r] } = await verify((c) => c.hasMin('price', { warn: atLeast(1), error: atLeast(0) }));
    expect(r!.constraint).toMatchObject({ assertion: { op: 'and' }, rowLevel: { kind: 'asserted' } });
  });

  it.each([{}, { warn: 3 }, { error: atLeast(1), warning: atLeast(2) }, { op: 'atLeast' }])('refuse %j', (wrong) => {
    expect(() => Check('Error', 'x').hasSize(wrong as never)).toThrow(/not an assertion/);
  });
});
