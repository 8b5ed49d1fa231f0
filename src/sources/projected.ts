import type { Source } from '../data/source.js';
import { unknownColumn } from '../expression/resolve.js';

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
        throw unknownColumn(name, fields.map((f) => f.name), ` in '${source.name}'`);
      });
      return { ...opened, schema: { fields: wanted } };
    },
  };
}
