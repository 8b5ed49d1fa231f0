import { describe, expect, it } from 'vitest';
import {
  AssayError, Check, Completeness, Correlation, Mean, Size, VerificationSuite, above, atLeast, below, type VerificationResult,
} from '../../src/index.js';
import { rows } from '../../src/sources/rows.js';
import { orders } from './verify.js';

const run = (checks: readonly Check[], table: readonly object[] = orders): Promise<VerificationResult> =>
  VerificationSuite().onData(table, { name: 'orders' }).addChecks(checks).run({ threads: 0 });

function thrownBy(act: () => void): AssayError {
  try {
    act();
  } catch (error) {
    return error as AssayError;
  }
  throw new Error('nothing was thrown');
}

const passing = Check('Error', 'fine').hasSize((n) => n === 4);
const warning = Check('Warning', 'odd').isComplete('price');
const failing = Check('Error', 'bad').isUnique('id').isComplete('id');

describe('a verification', () => {
  it.each([
    ['Success', []], ['Success', [passing]], ['Success', [Check('Error', 'empty')]],
    ['Warning', [warning, passing]], ['Error', [failing, passing]], ['Error', [warning, failing, passing]],
  ] as const)('ends with the worst status: %s', async (status, checks) => {
    const result = await run(checks);
    expect(result.status).toBe(status);
    expect(result.results.map((r) => r.check)).toEqual(checks);
  });

  it('finds a check by identity, equal ones apart', async () => {
    const twin = Check('Warning', 'odd').isComplete('price');
    const result = await run([warning, twin]);
    expect(result.results.map((r) => r.status)).toEqual(['Warning', 'Warning']);
    expect(result.result(twin)).toBe(result.results[1]);
    expect(result.result(passing)).toBeUndefined();
  });

  it('computes analyzers that several constraints need once, in one reading', async () => {
    const inner = rows(orders);
    let readings = 0;
    const source = {
      name: 'counted',
      open: async () => {
        const open = await inner.open();
        return { ...open, read: (...args: Parameters<typeof open.read>) => (++readings, open.read(...args)) };
      },
    };
    const check = Check('Error', 'c').isComplete('id').hasCompleteness('id', atLeast(0.5)).hasMean('price', below(9));
    const suite = VerificationSuite().onData(source).addCheck(check).addCheck(check.hasSize(atLeast(1)))
      .addRequiredAnalyzers([Completeness('id'), Size()]).addRequiredAnalyzer(Size());
    const result = await suite.run({ threads: 0 });
    expect(result.context.entries.map(([a]) => String(a)))
      .toEqual([Completeness('id'), Size(), Mean('price')].map(String));
    expect(readings).toBe(1);
    expect(result.metric(Mean('price'))?.value).toEqual({ ok: true, value: 4 });
  });

  it('explains itself without reading, and may run again', async () => {
    const suite = VerificationSuite().onData(orders).addCheck(passing);
    expect(String(await suite.explain())).not.toBe('');
    expect((await suite.run()).status).toBe('Success');
    expect((await suite.addCheck(failing).run()).status).toBe('Error');
    expect((await suite.run()).status).toBe('Success');
  });

  it('gives rows with the columns of Deequ, of all checks or of some', async () => {
    const result = await run([warning, passing]);
    const row = {
      check: 'odd', check_level: 'Warning', check_status: 'Warning',
      constraint: 'CompletenessConstraint(Completeness(price,None,None))', constraint_status: 'Failure',
      constraint_message: 'Value: 0.75 does not meet the constraint requirement!',
    };
    expect(result.checkResults()).toEqual([row, {
      check: 'fine', check_level: 'Error', check_status: 'Success',
      constraint: 'SizeConstraint(Size(None))', constraint_status: 'Success', constraint_message: '',
    }]);
    expect(result.checkResults([warning])).toEqual([row]);
    expect(JSON.parse(result.checkResultsAsJson([warning]))).toEqual([row]);
    expect(result.successMetrics([Size()])).toEqual([{ entity: 'Dataset', instance: '*', name: 'Size', value: 4 }]);
  });

  it('serialises with outcomes, failures and special numbers', async () => {
    const nan = Check('Error', 'nan')
      .hasCorrelation('id', 'same', () => false).isComplete('nope').hasMin('id', () => true).where('false');
    const result = await run([nan], [{ id: 1, same: 5 }, { id: 2, same: 5 }]);
    const json = JSON.parse(JSON.stringify(result));
    expect(json.status).toBe('Error');
    expect(json.checkResults.map((r: { outcome: string }) => r.outcome)).toEqual(['failed', 'error', 'vacuous']);
    expect(json.checkResults.map((r: { note?: string }) => r.note)).toEqual([undefined, "column 'nope' not found; columns: id, same", undefined]);
    expect(json.metrics).toEqual([{ entity: 'Multicolumn', instance: 'id,same', name: 'Correlation', value: 'NaN' }]);
    expect(json.failures.map((f: { exception: string }) => f.exception))
      .toEqual(['NoSuchColumnException', 'EmptyStateException']);
    expect(String(result.metric(Correlation('id', 'same'))?.value.ok)).toBe('true');
  });

  it('throws what failed, if asked to', async () => {
    (await run([passing])).throwIfFailed();
    const result = await run([warning, failing, passing]);
    const thrown = thrownBy(() => result.throwIfFailed());
    expect(thrown).toBeInstanceOf(AssayError);
    expect([thrown.code, thrown.message]).toEqual(['VERIFICATION_FAILED', [
      'the verification ended with status Error',
      "Warning 'odd': CompletenessConstraint(Completeness(price,None,None)): "
        + 'Value: 0.75 does not meet the constraint requirement!',
      "Error 'bad': UniquenessConstraint(Uniqueness(List(id),None,None)): "
        + 'Value: 0.5 does not meet the constraint requirement!',
    ].join('\n')]);
    const errors = thrownBy(() => result.throwIfFailed('Error')).message;
    expect(errors).toMatch(/^the verification ended with status Error\nError 'bad'[^\n]*$/);
    const odd = await run([warning]);
    expect(() => odd.throwIfFailed()).toThrow(/status Warning/);
    odd.throwIfFailed('Error');
  });

  it('reads well', async () => {
    const result = await run([
      Check('Error', 'Orders').hasSize((n) => n >= 3).isUnique('id').isContainedIn('shop', ['US', 'UK'])
        .hasCompleteness('note', atLeast(0.8), 'ask the shop').where("shop = 'US'"),
      Check('Warning', 'Odd').hasMin('prize', above(0)).hasMax('price', below(9)).where('id > 5')
        .hasDataType('code', 'Integral', atLeast(0.9)).isUnique('note', { name: 'notes are unique' }),
      Check('Error', 'Nothing'),
    ]);
    expect(`\n${result}\n`).toBe(`
Orders (Error): Error
┌──────────┬──────────────────────────────────────┬───────┬───────────────┬──────────────┐
│ outcome  │ constraint                           │ value │ required      │ note         │
├──────────┼──────────────────────────────────────┼───────┼───────────────┼──────────────┤
│ ✓ passed │ Size                                 │     4 │ (n) => n >= 3 │              │
│ ✗ failed │ Uniqueness(id)                       │   0.5 │ = 1           │              │
│ ✓ passed │ shop contained in US,UK              │     1 │ = 1           │              │
│ ✗ failed │ Completeness(note) where shop = 'US' │   0.5 │ >= 0.8        │ ask the shop │
└──────────┴──────────────────────────────────────┴───────┴───────────────┴──────────────┘

Odd (Warning): Warning
┌───────────┬─────────────────────────────┬────────────────────┬──────────┬─────────────────────────────────────────────────┐
│ outcome   │ constraint                  │              value │ required │ note                                            │
├───────────┼─────────────────────────────┼────────────────────┼──────────┼─────────────────────────────────────────────────┤
│ ! error   │ Minimum(prize)              │                    │ > 0      │ column 'prize' not found; did you mean 'price'? │
│ ∅ vacuous │ Maximum(price) where id > 5 │                    │ < 9      │ nothing was in scope                            │
│ ✗ failed  │ DataType(code) is Integral  │ 0.6666666666666666 │ >= 0.9   │                                                 │
│ ✓ passed  │ notes are unique            │                  1 │ = 1      │                                                 │
└───────────┴─────────────────────────────┴────────────────────┴──────────┴─────────────────────────────────────────────────┘

Nothing (Error): Success
no constraints

Verification: Error (8 constraints, 3 failed, 1 error, 1 vacuous)
`);
  });

  it('shows what was refused to the last digit', async () => {
    const table = Array.from({ length: 3001 }, (_, id) => ({ id: id === 0 ? null : id }));
    const text = String(await run([Check('Error', 'c').isComplete('id').hasCompleteness('id', atLeast(0.9))], table));
    expect(text).toContain('│ 0.9996667777407531 │');
    expect(text).toContain('│           0.999667 │');
  });

  it('says when nothing was checked', async () => {
    expect(String(await run([]))).toBe('Verification: Success (nothing was checked)');
  });
});
