import { VERSION } from '../base/version.js';
import type { JsonNumber, ReportHead } from './model.js';

/** What a report says of itself. */
export interface ReportOptions {
  /** Default: what kind of report it is. */
  readonly title?: string;
  /** What was looked at. */
  readonly table?: string;
  /** Default: now. */
  readonly createdAt?: Date;
  readonly milliseconds?: number;
}

/** What every report begins with. */
export function reportHead(title: string, rows: number | null, options: ReportOptions): ReportHead {
  return {
    version: 1,
    tool: { name: 'assay', version: VERSION },
    title: options.title ?? title,
    createdAt: (options.createdAt ?? new Date()).toISOString(),
    table: options.table ?? 'data',
    rows,
    milliseconds: options.milliseconds ?? null,
  };
}

/** A number as JSON can hold it. */
export function jsonNumber(x: number): JsonNumber {
  return Number.isFinite(x) ? x : (String(x) as JsonNumber);
}
