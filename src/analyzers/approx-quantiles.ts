import { javaDouble } from '../base/number-text.js';
import { gk, quantileOf } from '../states/gk.js';
import { column, relativeError } from './common-params.js';
import { defineAnalyzer } from './define.js';
import { hasColumn, isNumeric } from './preconditions.js';
import { errorInRange, quantileInRange, type ErrorOptions } from './quantiles.js';
import { ofColumn } from './shapes.js';

/** Several quantiles of a numeric column by one Greenwald-Khanna digest, keyed by the quantile's text. */
export const ApproxQuantiles = defineAnalyzer({
  name: 'ApproxQuantiles',
  doc: 'Several quantiles of a numeric column by one Greenwald-Khanna digest.',
  kind: 'keyed',
  params: { column, quantiles: { kind: 'doubles', doc: 'The quantiles, each from 0 to 1.' }, relativeError },
  create: (name: string, quantiles: readonly number[], options?: ErrorOptions) => ({
    column: name, quantiles, relativeError: options?.relativeError ?? 0.01,
  }),
  metric: (p) => ofColumn('ApproxQuantiles', p.column),
  requires: (p) => [
    ...p.quantiles.map(quantileInRange), errorInRange(p.relativeError), hasColumn(p.column), isNumeric(p.column),
  ],
  ask: (p, bind) => ({
    digest: bind.state(gk, { inputs: [bind.column(p.column)], options: { relativeError: p.relativeError } }),
  }),
  answer: ({ digest }, p) => {
    const values = new Map<string, number>();
    for (const q of p.quantiles) {
      const value = quantileOf(digest, q);
      if (value !== null) values.set(javaDouble(q), value);
    }
    return values;
  },
});
