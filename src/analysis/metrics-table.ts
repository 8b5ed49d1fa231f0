import Table from 'cli-table3';
import type { Analyzer } from '../analyzers/contract.js';
import type { Metric } from '../metrics/metric.js';
import { readableValue } from '../metrics/text.js';

const WIDEST = 72;

/** Metrics as a table for a reader; numbers are aligned to the right. */
export function metricsTable(entries: readonly (readonly [Analyzer, Metric])[]): string {
  const table = new Table({
    head: ['entity', 'instance', 'metric', 'value'],
    colAligns: ['left', 'left', 'left', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const [analyzer, metric] of entries) {
    const { where } = analyzer.params;
    const name = typeof where === 'string' ? `${metric.name} (where: ${where})` : metric.name;
    table.push([metric.entity, shortened(metric.instance), shortened(name), shortened(readableValue(metric))]);
  }
  return table.toString();
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= WIDEST ? line : `${line.slice(0, WIDEST - 1)}…`;
}
