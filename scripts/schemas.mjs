// Writes the JSON Schemas that the package publishes, beside what tsc built.
import { writeFileSync } from 'node:fs';
import { checkSchema } from '../dist/checks/json/schema.js';

writeFileSync(new URL('../dist/check.schema.json', import.meta.url), `${JSON.stringify(checkSchema(), null, 2)}\n`);
