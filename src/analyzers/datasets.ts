import { arrowSchema } from '../data/arrow.js';
import { arrowFields, isArrowTable } from '../data/arrow-in.js';
import { sqlTypeName, type Schema } from '../data/types.js';

/**
 * The text of a table that is a parameter: its schema as Spark prints a DataFrame where the schema is known before the
 * table is opened, otherwise its name.
 */
export function datasetText(data: unknown): string {
  if (typeof data === 'string') return data;
  if (isArrowTable(data)) return schemaText(arrowSchema(arrowFields(data.schema)));
  const { schema, name } = (data ?? {}) as { schema?: Schema; name?: unknown };
  if (schema !== undefined) return schemaText(schema);
  return typeof name === 'string' ? name : 'DataFrame';
}

/** A schema as Spark prints a DataFrame: `[id: int, name: string ... 1 more field]`. */
export function schemaText(schema: Schema): string {
  const shown = schema.fields.slice(0, 2).map((f) => `${f.name}: ${sqlTypeName(f.type)}`);
  const more = schema.fields.length - shown.length;
  const rest = more === 0 ? '' : ` ... ${more} more field${more === 1 ? '' : 's'}`;
  return `[${shown.join(', ')}${rest}]`;
}
