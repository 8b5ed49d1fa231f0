import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Check, atLeast, type Check as CheckOf } from '../../src/index.js';
import { OUTCOMES, combined, type Combination, type Outcome, type Verdict } from '../../src/checks/outcomes.js';
import { verify } from './verify.js';

const STATUS: Readonly<Record<Outcome, Verdict['status'][]>> = {
  passed: ['Success'], failed: ['Failure'], error: ['Failure'], inconclusive: ['Failure', 'Success'],
  skipped: ['Success'], vacuous: ['Success', 'Failure'],
};
const all: readonly Verdict[] = OUTCOMES.flatMap((outcome) => STATUS[outcome].map((status) => ({ outcome, status })));
const verdict = fc.constantFrom(...all);
const not = (v: Verdict) => combined('not', [v]);
const and = (...of: Verdict[]) => combined('and', of);
const or = (...of: Verdict[]) => combined('or', of);

describe('outcomes', () => {
  it.each(all)('are not turned green by not: $outcome, $status', (v) => {
    expect(not(not(v))).toEqual(v);
    const known = v.outcome === 'passed' || v.outcome === 'failed';
    if (!known) expect(not(v)).toEqual(v);
    else expect(not(v).outcome).toBe(v.outcome === 'passed' ? 'failed' : 'passed');
  });

  const law = (name: string, holds: (a: Verdict, b: Verdict, c: Verdict) => void) =>
    it(name, () => fc.assert(fc.property(verdict, verdict, verdict, holds)));
  law('are combined in any order', (a, b, c) => {
    expect(and(a, b, c)).toEqual(and(c, and(b, a)));
    expect(or(a, b, c)).toEqual(or(or(c, b), a));
  });
  law('follow De Morgan', (a, b) => {
    expect(not(and(a, b))).toEqual(or(not(a), not(b)));
    expect(not(or(a, b))).toEqual(and(not(a), not(b)));
  });
  law('are absorbed and idempotent', (a, b) => {
    expect(and(a)).toEqual(a);
    expect(or(a, a)).toEqual(a);
    expect(or(a, and(a, { outcome: 'failed', status: 'Failure' }))).toEqual(or(a, { outcome: 'failed', status: 'Failure' }));
    expect(and(a, b).outcome === 'passed').toBe(a.outcome === 'passed' && b.outcome === 'passed');
  });

  it('are combined as the table of the documentation says', () => {
    const page = readFileSync(new URL('../../docs/checks.md', import.meta.url), 'utf8');
    for (const how of ['and', 'or', 'not'] as const) expect(page).toContain(table(how));
  });
});

/** The truth table of a combination as the documentation prints it. */
function table(how: Combination): string {
  const first = (outcome: Outcome): Verdict => ({ outcome, status: STATUS[outcome][0]! });
  if (how === 'not') {
    const rows = OUTCOMES.map((o) => `| ${o} | ${not(first(o)).outcome} |`);
    return ['| c | not c |', '|---|---|', ...rows].join('\n');
  }
  const rows = OUTCOMES.map((a) => `| **${a}** | ${OUTCOMES.map((b) => combined(how, [first(a), first(b)]).outcome).join(' | ')} |`);
  return [`| ${how} | ${OUTCOMES.join(' | ')} |`, `|---|${'---|'.repeat(OUTCOMES.length)}`, ...rows].join('\n');
}

describe('constraints combined', () => {
  const outcomes = async (build: (c: Check) => Check) =>
    (await verify(build)).constraintResults.map((r) => [r.status, r.outcome]);

  it('hold together, or one of them, or not', async () => {
    expect(await outcomes((c) => c
      .and((d) => d.isComplete('id').hasSize(atLeast(4)))
      .and((d) => d.isComplete('id').isComplete('price'))
      .or((d) => d.isComplete('price').isComplete('id'))
      .or((d) => d.isComplete('price').isUnique('id'))
      .not((d) => d.isUnique('id'))
      .not((d) => d.isComplete('id'))
      .not((d) => d.or((e) => e.isUnique('id').and((f) => f.isComplete('id').isComplete('note')))),
    )).toEqual([
      ['Success', 'passed'], ['Failure', 'failed'], ['Success', 'passed'], ['Failure', 'failed'], ['Success', 'passed'],
      ['Failure', 'failed'], ['Success', 'passed'],
    ]);
  });

  it('keep errors and what was not in scope', async () => {
    expect(await outcomes((c) => c
      .not((d) => d.isComplete('nope'))
      .not((d) => d.not((e) => e.hasMin('price', () => true).where('false')))
      .and((d) => d.isComplete('id').isComplete('nope'))
      .or((d) => d.isComplete('price').hasSize(() => { throw new Error('boom'); }))
      .or((d) => d.isComplete('id').isComplete('nope'))
      .and((d) => d.isComplete('id').isComplete('price', { skip: 'later' })),
    )).toEqual([
      ['Failure', 'error'], ['Success', 'vacuous'], ['Failure', 'error'], ['Failure', 'error'], ['Success', 'passed'],
      ['Success', 'skipped'],
    ]);
  });

  it('name their parts, and say what did not hold', async () => {
    const check = Check('Error', 'c').or((c) => c.isUnique('id').isComplete('price'), 'ask the shop')
      .not((c) => c.isComplete('id'), { name: 'ids may be missing' });
    expect(check.constraints.map((c) => c.name)).toEqual([
      'or(UniquenessConstraint(Uniqueness(List(id),None,None)), CompletenessConstraint(Completeness(price,None,None)))',
      'ids may be missing',
    ]);
    const { constraintResults: [a, b] } = await verify(() => check);
    expect(a!.message).toBe('UniquenessConstraint(Uniqueness(List(id),None,None)): '
      + 'Value: 0.5 does not meet the constraint requirement!; CompletenessConstraint(Completeness(price,None,None)): '
      + 'Value: 0.75 does not meet the constraint requirement! ask the shop');
    expect(a!.parts!.map((p) => p.value)).toEqual([0.5, 0.75]);
    expect(b!.message).toBe('It holds, and must not: CompletenessConstraint(Completeness(id,None,None))!');
  });

  it('are in the same pass, and each analyzer is asked for once', () => {
    const check = Check('Error', 'c').isComplete('id').not((c) => c.or((d) => d.isComplete('id').isUnique('id')));
    expect(check.requiredAnalyzers().map((a) => a.analyzer)).toEqual(['Completeness', 'Uniqueness']);
  });

  const misuse = (build: (c: CheckOf) => unknown) => () => build(Check('Error', 'c'));
  it.each([
    ['nothing to combine', misuse((c) => c.and((d) => d)), /and\(…\) takes constraints, and was given 0/],
    ['not of several', misuse((c) => c.not((d) => d.isComplete('a').isComplete('b'))), /exactly one constraint/],
    ['not of thresholds', misuse((c) => c.not((d) => d.and((e) => e.hasSize({ warn: atLeast(1) })))), /has thresholds/],
    ['no function', misuse((c) => c.or(c.isComplete('a') as never)), /not a function/],
    ['a function without a check', misuse((c) => c.or((() => undefined) as never)), /returned undefined/],
  ])('refuse %s', (_, use, message) => {
    expect(use).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }));
  });
});
