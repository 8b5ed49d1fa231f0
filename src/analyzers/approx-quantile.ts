import { javaDouble } from '../base/number-text.js';
import { gk, quantileOf } from '../states/gk.js';
import { column, quantile, relativeError, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { whereOf, type WhereOptions } from './params.js';
import { hasColumn, isNumeric } from './preconditions.js';
import { errorInRange, quantileInRange, type ErrorOptions } from './quantiles.js';
import { ofColumn } from './shapes.js';

/** Quantile of a numeric column by a Greenwald-Khanna digest. */
export const ApproxQuantile = defineAnalyzer({
  name: 'ApproxQuantile',
  doc: 'Quantile of a numeric column by a Greenwald-Khanna digest.',
  params: { column, quantile, relativeError, where },
  create: (name: string, q: number, options?: ErrorOptions & WhereOptions) => ({
    column: name, quantile: q, relativeError: options?.relativeError ?? 0.01, where: whereOf(options),
  }),
  metric: (p) => ofColumn(`ApproxQuantile-${javaDouble(p.quantile)}`, p.column),
  requires: (p) => [
    quantileInRange(p.quantile), errorInRange(p.relativeError), hasColumn(p.column), isNumeric(p.column),
  ],
  ask: (p, bind) => ({
    digest: bind.state(gk, {
      inputs: [bind.column(p.column)], where: bind.where(p.where), options: { relativeError: p.relativeError },
    }),
  }),
  answer: ({ digest }, p) => quantileOf(digest, p.quantile) ?? empty,
});
