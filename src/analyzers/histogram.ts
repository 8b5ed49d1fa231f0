import { LONG, isIntegral, isNested, typeName } from '../data/types.js';
import type { Bound } from '../expression/bound.js';
import { valueText } from '../expression/evaluate/value-text.js';
import type { Distribution } from '../metrics/distribution.js';
import { groups } from '../states/groups.js';
import { sums } from '../states/sums.js';
import { column, where } from './common-params.js';
import { empty, type Bind, type Precondition } from './contract.js';
import { defineAnalyzer } from './define.js';
import { asText, castTo, groupsByText } from './lower.js';
import { whereOf, type AggregateFunction, type WhereOptions } from './params.js';
import { failed, fieldOf, hasColumn, parameter } from './preconditions.js';
import { ofColumn } from './shapes.js';
import { countsOf, groupsByFunction, largestGroups, ranked } from './text-counts.js';
import { keyValue, type BinValue } from './bin-values.js';

const MOST_BINS = 1000;

/** Options of a Histogram. */
export interface HistogramOptions extends WhereOptions {
  /** Maps a value to the text of its bin, once per distinct value, null included; null is reported as NullValue. */
  readonly binning?: ((value: BinValue) => string | number | boolean | null) | undefined;
  /** How many bins are reported; default and at most 1000. */
  readonly maxDetailBins?: number | undefined;
  /** Whether ratios are parts of the whole; otherwise they repeat the counts. Default true. */
  readonly computeFrequenciesAsRatio?: boolean | undefined;
  /** Count rows, or add up a column: `{ sum: 'units' }`. */
  readonly aggregateFunction?: AggregateFunction | undefined;
}

/** How often each value of a column occurs, the most frequent first. */
export const Histogram = defineAnalyzer({
  name: 'Histogram',
  doc: 'How often each value of a column occurs, the most frequent first; nulls are reported as NullValue.',
  kind: 'histogram',
  params: {
    column,
    binning: { kind: 'optional-function', json: 'binningUdf', doc: 'Maps a value to the text of its bin.' },
    maxDetailBins: { kind: 'int', default: MOST_BINS, doc: 'How many bins are reported.' },
    where,
    computeFrequenciesAsRatio: { kind: 'boolean', default: true, doc: 'Whether ratios are parts of the whole.' },
    aggregateFunction: { kind: 'aggregate', doc: 'Count rows, or add up a column.' },
  },
  create: (name: string, options?: HistogramOptions) => ({
    column: name,
    binning: options?.binning ?? null,
    maxDetailBins: options?.maxDetailBins ?? MOST_BINS,
    where: whereOf(options),
    computeFrequenciesAsRatio: options?.computeFrequenciesAsRatio ?? true,
    aggregateFunction: aggregateOf(options?.aggregateFunction),
  }),
  metric: (p) => ofColumn('Histogram', p.column),
  requires: (p) => [
    parameter(p.maxDetailBins >= 1, 'maxDetailBins must be at least 1'),
    parameter(p.maxDetailBins <= MOST_BINS, `Cannot return histogram values for more than ${MOST_BINS} values`),
    hasColumn(p.column),
    ...aggregateRequires(p.aggregateFunction, p.computeFrequenciesAsRatio),
  ],
  ask: (p, bind) => {
    const value = bind.column(p.column);
    const summed = summedColumn(p.aggregateFunction, bind);
    const byText = p.binning ? isNested(value.type) : groupsByText(value.type);
    const key = byText ? asText(value, bind.zone) : value;
    const request = {
      inputs: summed ? [key, summed] : [key],
      where: bind.where(p.where),
      ...(summed ? { options: { measure: true } } : {}),
    };
    const whole = askWhole(p, bind);
    const { binning } = p;
    if (binning) {
      const name = (k: Parameters<typeof keyValue>[1]) => binText(binning(keyValue(key.type, k, bind.zone)));
      const fold = groupsByFunction(name, summed !== null);
      return { binned: bind.fold(groups, fold, request), largest: bind.constant(null), whole };
    }
    const text = (k: Parameters<typeof keyValue>[1]) => valueText(key.type, k, bind.zone) ?? '';
    return {
      binned: bind.constant(null),
      largest: bind.fold(groups, largestGroups(p.maxDetailBins, text, summed !== null), request),
      whole,
    };
  },
  answer: ({ binned, largest, whole }, p): Distribution | typeof empty => {
    if (whole?.n === 0) return empty;
    const counts = largest ?? countsOf(binned!);
    const { kept, groups: bins, tail } = ranked(counts, p.maxDetailBins);
    const divisor = p.computeFrequenciesAsRatio ? counts.total : 1;
    return {
      values: new Map(kept.map(({ key, absolute }) => [key, { absolute, ratio: absolute / divisor }])),
      numberOfBins: bins,
      tailCount: tail,
    };
  },
  vacuous: ({ binned, largest }) => (largest ?? countsOf(binned!)).groups === 0,
});

/** What a histogram adds up, as a parameter. */
export function aggregateOf(a: AggregateFunction | undefined): AggregateFunction {
  return a === undefined || a === 'Count' ? 'Count' : Object.freeze({ sum: a.sum });
}

/** The column that a histogram adds up, as int64; null: it counts rows. */
export function summedColumn(a: AggregateFunction, bind: Bind): Bound | null {
  return a === 'Count' ? null : castTo(bind.column(a.sum), LONG, bind.zone);
}

/** The whole of which ratios of a sum are parts, filtered or not: there is none if no value is known. */
export function askWhole(p: { aggregateFunction: AggregateFunction; computeFrequenciesAsRatio: boolean }, bind: Bind) {
  const { aggregateFunction: a, computeFrequenciesAsRatio: asRatio } = p;
  return a === 'Count' || !asRatio ? bind.constant(null) : bind.state(sums, { inputs: [bind.column(a.sum)] });
}

/** What a histogram requires of the column that it adds up: ratios need whole numbers. */
export function aggregateRequires(a: AggregateFunction, asRatio: boolean): Precondition[] {
  if (a === 'Count') return [];
  return [hasColumn(a.sum), (schema) => {
    const field = fieldOf(schema, a.sum);
    if (!asRatio || !field || isIntegral(field.type)) return;
    const expected = `Expected type of column ${a.sum} to be integral for ratios of its sum`;
    throw failed('WrongColumnTypeException', `${expected}, but found ${typeName(field.type)} instead!`);
  }];
}

function binText(bin: string | number | boolean | null): string | null {
  return bin === null ? null : String(bin);
}
