import type { Entity } from '../metrics/metric.js';

/** Where a metric stands: entity, instance and name. */
export interface MetricPlace {
  readonly entity: Entity;
  readonly instance: string;
  readonly name: string;
}

/** The place of a metric of one column. */
export function ofColumn(name: string, column: string): MetricPlace {
  return { entity: 'Column', instance: column, name };
}

/** The place of a metric of one or more columns. */
export function ofColumns(name: string, columns: readonly string[]): MetricPlace {
  return { entity: columns.length === 1 ? 'Column' : 'Multicolumn', instance: columns.join(','), name };
}

/** The place of a metric of the whole table. */
export function ofDataset(name: string, instance = '*'): MetricPlace {
  return { entity: 'Dataset', instance, name };
}
