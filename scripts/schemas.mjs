// Writes the JSON Schemas that the package publishes, beside what tsc built.
import { writeFileSync } from 'node:fs';
import { checkSchema } from '../dist/checks/json/schema.js';
import { reportSchema } from '../dist/report/schema.js';

const schemas = { check: checkSchema(), report: reportSchema };
for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(new URL(`../dist/${name}.schema.json`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
