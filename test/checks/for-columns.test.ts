import { describe, expect, it } from 'vitest';
import { Check, VerificationSuite, atLeast, type Check as CheckOf } from '../../src/index.js';
import { verify } from './verify.js';

const sales = [
  { id: 1, amount_net: 1.5, amount_tax: 0.5, note: 'a' },
  { id: 2, amount_net: 2.5, amount_tax: null, note: null },
];
const named = async (build: (c: CheckOf) => CheckOf, rows: readonly object[] = sales) =>
  (await verify(build, rows)).constraintResults.map((r) => [r.constraint.name, r.outcome]);
const complete = (c: string) => `CompletenessConstraint(Completeness(${c},None,None))`;

describe('the same constraint over many columns', () => {
  it('by the names that match', async () => {
    expect(await named((c) => c.isComplete('id').forColumns(/^AMOUNT_/gi, (d, name) => d.isComplete(name).hasMin(name, atLeast(0)))
      .hasSize(atLeast(1)))).toEqual([
      [complete('id'), 'passed'],
      [complete('amount_net'), 'passed'], ['MinimumConstraint(Minimum(amount_net,None,None))', 'passed'],
      [complete('amount_tax'), 'failed'], ['MinimumConstraint(Minimum(amount_tax,None,None))', 'passed'],
      ['SizeConstraint(Size(None))', 'passed'],
    ]);
  });

  it('by a function of the field, or by a list of names', async () => {
    expect(await named((c) => c.forColumns((f) => f.type.kind === 'string', (d, name) => d.isComplete(name))))
      .toEqual([[complete('note'), 'failed']]);
    expect(await named((c) => c.forColumns(['id', 'nope'], (d, name) => d.isComplete(name))))
      .toEqual([[complete('id'), 'passed'], [complete('nope'), 'error']]);
  });

  it('keeps filters, thresholds and combinations of its constraints', async () => {
    const results = await named((c) => c.forColumns(/^amount_t/, (d, name) =>
      d.isComplete(name).where('id = 1').or((e) => e.isComplete(name).isUnique(name)).hasCompleteness(name, { warn: atLeast(1) })));
    expect(results.map(([, outcome]) => outcome)).toEqual(['passed', 'passed', 'failed']);
  });

  it('in a combination means all of the columns', async () => {
    const of = (rows: readonly object[]) => named((c) => c.or((d) => d.forColumns(/^amount_/, (e, name) => e.isComplete(name))
      .isComplete('nope')), rows);
    expect((await of(sales)).map(([, o]) => o)).toEqual(['error']);
    expect((await of(sales.slice(0, 1))).map(([, o]) => o)).toEqual(['passed']);
    expect(await named((c) => c.not((d) => d.forColumns(/^amount_/, (e, name) => e.isComplete(name)))))
      .toEqual([[`not(and(${complete('amount_net')}, ${complete('amount_tax')}))`, 'passed']]);
  });

  it('is vacuous, and a Failure, if there is no such column', async () => {
    const { status, constraintResults: [r] } = await verify((c) => c.forColumns(/^prize/, (d, n) => d.isComplete(n)), sales);
    expect([status, r!.status, r!.outcome, r!.constraint.name]).toEqual(['Error', 'Failure', 'vacuous', 'forColumns(/^prize/)']);
    expect(r!.message).toBe('No column is chosen by /^prize/; columns: id, amount_net, amount_tax, note');
  });

  it('is an error, and spoils no other, if its function throws', async () => {
    const boom = () => { throw new Error('boom'); };
    const outcomes = (await named((c) => c.isComplete('id').forColumns(/./, boom).forColumns(boom, (d) => d)
      .and((d) => d.forColumns(/./, boom)).forColumns(/^id$/, (d) => d.not((e) => e)).hasSize(atLeast(1)))).map(([, o]) => o);
    expect(outcomes).toEqual(['passed', 'error', 'error', 'error', 'error', 'passed']);
  });

  it('is written out for a schema, and needs one to be judged', async () => {
    const check = Check('Error', 'c').forColumns(/^a/, (c, name) => c.isComplete(name));
    expect(check.requiredAnalyzers()).toEqual([]);
    const schema = { fields: [{ name: 'a1', type: { kind: 'int' }, nullable: true }, { name: 'b', type: { kind: 'int' }, nullable: true }] } as const;
    expect(check.forSchema(schema).constraints.map((c) => c.name)).toEqual([complete('a1')]);
    const { context } = await VerificationSuite().onData(sales).run({ threads: 0 });
    expect(check.evaluate(context).constraintResults[0]).toMatchObject({ outcome: 'error', message: expect.stringMatching(/forSchema/) });
  });

  it('is explained with the columns that there are', async () => {
    const plan = await VerificationSuite().onData(sales)
      .check('Error', 'c', (c) => c.forColumns(/^amount_/, (d, name) => d.isComplete(name))).explain({ threads: 0 });
    expect(plan.columns.map((c) => c.name)).toEqual(['amount_net', 'amount_tax']);
  });

  it.each([5, null, 'a', [1]])('refuses to choose by %j', (wrong) => {
    expect(() => Check('Error', 'c').forColumns(wrong as never, (c: CheckOf) => c)).toThrow(/cannot choose columns by/);
  });
});
