import { describe, expect, it } from 'vitest';
import { Check, VerificationSuite, atLeast, equals, type Check as CheckOf } from '../../src/index.js';
import { orders, verify } from './verify.js';

const run = (checks: readonly CheckOf[], strict: boolean, rows: readonly object[] = orders) =>
  VerificationSuite().onData(rows).addChecks(checks).run({ threads: 0, strict });

describe('a strict verification', () => {
  const empty = (level: 'Error' | 'Warning') => Check(level, 'empty').hasMin('price', atLeast(0)).where("shop = 'JP'");
  const skipping = Check('Error', 'skipping').isComplete('price', { skip: 'the shop repairs it' });
  const fine = Check('Error', 'fine').isComplete('id');

  it.each([
    ['what had nothing in scope', [fine, empty('Error')], 'Error'],
    ['what was skipped', [skipping], 'Error'],
    ['at the level of the check', [empty('Warning'), fine], 'Warning'],
    ['nothing where all passed', [fine], 'Success'],
    ['a combination of them', [Check('Error', 'c').not((c) => c.hasMin('price', atLeast(0)).where('false'))], 'Error'],
  ] as const)('fails %s', async (_, checks, expected) => {
    expect((await run(checks, false)).status).toBe('Success');
    const result = await run(checks, true);
    expect(result.status).toBe(expected);
    if (expected !== 'Success') expect(() => result.throwIfFailed(expected)).toThrow(/: (vacuous|skipped)/);
  });

  it('makes nothing better', async () => {
    const bad = Check('Warning', 'bad').isUnique('id').hasMin('price', atLeast(0)).where('false').hasSize({ error: atLeast(9) });
    expect((await run([bad], false)).status).toBe('Error');
    expect((await run([bad], true)).status).toBe('Error');
  });
});

describe('a constraint that is skipped', () => {
  it('is not computed, and says why', async () => {
    const check = Check('Error', 'c').isComplete('nope', { skip: 'not yet' }).isComplete('id');
    expect(check.requiredAnalyzers().map(String)).toEqual(['Completeness(id,None,None)']);
    const { status, constraintResults: [r] } = await verify(() => check);
    expect([status, r!.status, r!.outcome, r!.message, r!.metric]).toEqual(['Success', 'Success', 'skipped', 'not yet', null]);
  });
});

describe('counts of nothing', () => {
  const counts = (c: CheckOf) => c
    .hasSize(equals(0)).where('false')
    .hasZerosCount('price', equals(0)).where('false')
    .hasDuplicateRowCount('id', equals(0)).where('false')
    .hasDuplicateRowCount([], equals(0)).where('false')
    .hasApproxCountDistinct('id', equals(0)).where('false')
    .hasNumberOfDistinctValues('id', equals(0)).where('false')
    .hasHistogramValues('id', (d) => d.numberOfBins === 0).where('false')
    .hasHistogramBinnedBins('price', equals(0)).where('false')
    .hasHistogramBinnedBins('price', equals(1), { customEdges: [0, 9] }).where('false')
    .hasHistogramBinnedValues('price', (d) => d.nullCount === 0).where('false')
    .hasDataType('code', 'Integral', equals(0)).where('false');

  it('are vacuous, with the status that Deequ gives them', async () => {
    const { status, constraintResults } = await verify(counts);
    expect(constraintResults.map((r) => [r.constraint.name, r.status, r.outcome]).filter(([, s, o]) => s !== 'Success' || o !== 'vacuous'))
      .toEqual([]);
    expect(status).toBe('Success');
    const { constraintResults: [failing] } = await verify((c) => c.hasSize(atLeast(1)).where('false'));
    expect([failing!.status, failing!.outcome, failing!.value]).toEqual(['Failure', 'vacuous', 0]);
  });

  it('are vacuous on a table without rows, but for the size itself', async () => {
    const { rows } = await import('../../src/sources/rows.js');
    const schema = { fields: [{ name: 'id', type: { kind: 'int' }, nullable: true }, { name: 'code', type: { kind: 'string' }, nullable: true }] } as const;
    const check = Check('Error', 'c').hasSize(equals(0)).hasApproxCountDistinct('id', equals(0)).hasDuplicateRowCount('id', equals(0))
      .hasNumberOfDistinctValues('id', equals(0)).hasDataType('code', 'String', () => true);
    const { results } = await VerificationSuite().onData(rows([], { schema } as never)).addCheck(check).run({ threads: 0 });
    expect(results[0]!.constraintResults.map((r) => r.outcome)).toEqual(['passed', 'vacuous', 'vacuous', 'vacuous', 'vacuous']);
  });

  it('of zeros among rows in scope are counts', async () => {
    const { constraintResults } = await verify((c) => c.hasSize(equals(2)).where("shop = 'US'").hasZerosCount('price', equals(0)).where("shop = 'US'")
      .hasApproxCountDistinct('price', equals(0)).where("shop = 'UK'").hasDuplicateRowCount('id', equals(0)).where("shop = 'US'"));
    expect(constraintResults.map((r) => r.outcome)).toEqual(['passed', 'passed', 'passed', 'passed']);
  });
});
