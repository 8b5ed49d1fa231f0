import { AssayError } from '../base/errors.js';
import { nearestName } from '../base/names.js';
import type { Source } from '../data/source.js';

/** A table of which only some columns are seen, in the order given. */
export function projected(source: Source, columns: readonly string[]): Source {
  return {
    name: source.name,
    async open(options) {
      const opened = await source.open(options);
      const { fields } = opened.schema;
      const wanted = columns.map((name) => {
        const field = fields.find((f) => f.name === name);
        if (field) return field;
        const near = nearestName(name, fields.map((f) => f.name));
        throw new AssayError('UNKNOWN_COLUMN', `column '${name}' not found in '${source.name}'${near ? `; did you mean '${near}'?` : ''}`);
      });
      return { ...opened, schema: { fields: wanted } };
    },
  };
}
