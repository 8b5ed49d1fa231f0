import type { Distribution } from '../metrics/distribution.js';
import { classes } from '../states/classes.js';
import { column, where } from './common-params.js';
import { defineAnalyzer } from './define.js';
import { withWhere } from './params.js';
import { hasColumn, isNotNested } from './preconditions.js';
import { ofColumn } from './shapes.js';

/** What values look like: how many are missing, fractional, integral, boolean, and other texts. */
export const DataType = defineAnalyzer({
  name: 'DataType',
  doc: 'What the values of a column look like as text: Unknown (null), Fractional, Integral, Boolean, String.',
  kind: 'histogram',
  params: { column, where },
  create: withWhere,
  metric: (p) => ofColumn('Histogram', p.column),
  requires: (p) => [hasColumn(p.column), isNotNested(p.column)],
  ask: (p, bind) => ({ classes: bind.state(classes, { inputs: [bind.column(p.column)], where: bind.where(p.where) }) }),
  answer: ({ classes: c }): Distribution => {
    const counts: [DataTypeName, number][] = [
      ['Unknown', c.null], ['Fractional', c.fractional], ['Integral', c.integral],
      ['Boolean', c.boolean], ['String', c.string],
    ];
    const total = counts.reduce((sum, [, n]) => sum + n, 0);
    return {
      values: new Map(counts.map(([name, n]) => [name, { absolute: n, ratio: n / total }])),
      numberOfBins: counts.length,
      tailCount: 0,
    };
  },
  vacuous: ({ classes: c }) => c.null + c.fractional + c.integral + c.boolean + c.string === 0,
});

/** The types that a column of texts may be seen to hold. */
export type DataTypeName = 'Unknown' | 'Fractional' | 'Integral' | 'Boolean' | 'String';

/** The one type that fits all values of a DataType distribution; Unknown where there is none to judge by. */
export function inferredType(d: Distribution): DataTypeName {
  const has = (name: DataTypeName) => (d.values.get(name)?.absolute ?? 0) > 0;
  const numeric = has('Integral') || has('Fractional');
  if (has('String') || (has('Boolean') && numeric)) return 'String';
  if (has('Boolean')) return 'Boolean';
  if (has('Fractional')) return 'Fractional';
  return has('Integral') ? 'Integral' : 'Unknown';
}
