import { AssayError } from '../base/errors.js';
import type { SuccessMetric } from './success-metric.js';

/** The peer `apache-arrow`; throws UNSUPPORTED where it is not installed. */
export async function importArrow(): Promise<typeof import('apache-arrow')> {
  return import('apache-arrow').catch((cause: unknown) => {
    throw new AssayError('UNSUPPORTED', "toArrow() needs the package 'apache-arrow'; install it", { cause });
  });
}

/** Success metrics as an Arrow table with the columns entity, instance, name, value. */
export async function metricsToArrow(rows: readonly SuccessMetric[]): Promise<unknown> {
  const arrow = await importArrow();
  const texts = (field: 'entity' | 'instance' | 'name') =>
    arrow.vectorFromArray(rows.map((r) => r[field]), new arrow.Utf8());
  return new arrow.Table({
    entity: texts('entity'),
    instance: texts('instance'),
    name: texts('name'),
    value: arrow.vectorFromArray(rows.map((r) => r.value), new arrow.Float64()),
  });
}
