import type { Analyzer } from '../analyzers/contract.js';
import { textTable } from '../base/text-table.js';
import type { Metric } from '../metrics/metric.js';
import { readableValue } from '../metrics/text.js';

/** Why a metric failed is told to its end, where the remedy stands. */
const WIDEST = 200;

/** Metrics as a table for a reader; numbers are aligned to the right. */
export function metricsTable(entries: readonly (readonly [Analyzer, Metric])[]): string {
  const rows = entries.map(([analyzer, metric]) => {
    const { where } = analyzer.params;
    const name = typeof where === 'string' ? `${metric.name} (where: ${where})` : metric.name;
    return [metric.entity, metric.instance, name, readableValue(metric)];
  });
  return textTable(
    [{ head: 'entity' }, { head: 'instance' }, { head: 'metric' }, { head: 'value', align: 'right', widest: WIDEST }],
    rows,
  );
}
