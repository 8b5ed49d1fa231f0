import { describe, expect, it } from 'vitest';
// @ts-expect-error -- plain JavaScript, as the runner is
import { anomaliesDiffer, errorDiffers, kinds } from './anomaly.mjs';
import * as assay from '../../src/index.js';

const anomaly = [1, 2.5, 1, 'Value 2.5 is not in bounds [0.0, 1.0]'];
const found = (change: object = {}, place = 1) =>
  [[place, { value: 2.5, confidence: 1, detail: 'Value 2.5 is not in bounds [0.0, 1.0000000000000002]', ...change }]];

describe('the comparison of golden anomalies', () => {
  it('finds nothing in what agrees', () => expect(anomaliesDiffer([anomaly], found())).toBeNull());

  it.each([
    [[]],
    [found({}, 2)],
    [found({ value: 2.6 })],
    [found({ confidence: 0.5 })],
    [found({ detail: 'Value 2.5 is not in bounds [0.0, 1.001]' })],
    [found({ detail: 'Value 2.5 is in bounds [0.0, 1.0]' })],
  ])('finds what differs: %j', (actual) => expect(anomaliesDiffer([anomaly], actual)).toMatch(/\w/));

  it('wants an error where there is one, in the words of the reference where they are its own', () => {
    const error = (message: string) => new assay.AssayError('INVALID_ARGUMENT', message);
    expect(errorDiffers({ message: 'requirement failed: x' }, error('requirement failed: x'))).toBeNull();
    expect(errorDiffers({ message: 'requirement failed: x' }, error('requirement failed: y'))).toMatch(/x/);
    expect(errorDiffers({ message: 'Slice 2, 1' }, error('any'))).toBeNull();
    expect(errorDiffers({ message: 'Slice 2, 1' }, undefined)).toMatch(/Slice/);
    expect(errorDiffers({ message: 'Slice 2, 1' }, new TypeError('any'))).toMatch(/TypeError/);
  });

  it('compares checks with a history', async () => {
    const stored = (dataSetDate: number, value: number) => ({ dataSetDate, tags: {}, metrics: [{ analyzer: { analyzerName: 'Size' }, value }] });
    const result = { constraint: 'AnomalyConstraint(Size(None))', status: 'Failure', message: 'Value: 2.0 does not meet the constraint requirement!', metric: { entity: 'Dataset', instance: '*', name: 'Size', value: 2 } };
    const check = { description: 'Anomaly check for Size(None)', level: 'Warning', status: 'Warning', results: [result] };
    const run = (change: object = {}, history = [stored(1, 9)]) => kinds.endToEnd(assay, {
      data: 'd', history, checks: [{ strategy: { strategy: 'AbsoluteChange', maxRateDecrease: -1 }, analyzer: { analyzerName: 'Size' } }],
      saveOrAppendResult: { dataSetDate: 5, tags: {} }, runs: [{ status: 'Warning', checks: [{ ...check, results: [{ ...result, ...change }] }] }],
    }, {}, { table: async () => [{ x: 1 }, { x: 2 }] });
    expect(await run()).toBeNull();
    expect(await run({ message: null })).toMatch(/message/);
    expect(await run({ metric: { ...result.metric, value: 3 } })).toMatch(/value/);
    expect(await run({ metric: { ...result.metric, value: undefined, error: { message: 'm' } } })).toMatch(/error/);
    expect(await run({}, [stored(1, 2)])).toMatch(/expected "Warning", got "Success"/);
  });

  it('compares fits by their parameters, or by their squares', () => {
    const values = [1, 5, 2, 8, 3, 9, 1, 7, 2, 6, 4, 8, 2];
    const strategy = { strategy: 'HoltWinters', seriesPeriodicity: 2 };
    const { alpha, beta, gamma } = assay.fitHoltWinters(values.slice(0, 12), 2);
    const run = (printed: string, anomalies: unknown[] = []) => kinds.detect(assay,
      { strategy, series: 's', searchInterval: [12, 13], printed: `to be ${printed} respectively.`, anomalies }, { s: values });
    expect(run(`${alpha}, ${beta} and ${gamma}`)).toBeNull();
    expect(run(`${alpha}, ${beta} and ${gamma}`, [anomaly])).toMatch(/places/);
    expect(run('0.9, 0.9 and 0.9', [anomaly])).toBeNull(); // a worse fit, whose anomalies mean nothing
  });
});
