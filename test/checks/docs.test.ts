import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { VerificationSuite, checksFromJSON, checksToJSON } from '../../src/index.js';
import { checkSchema } from '../../src/checks/json/schema.js';
import { OUTCOMES } from '../../src/checks/outcomes.js';
import { signatures, type Signature } from '../../src/checks/signatures.js';
import { samples } from './samples.js';

const page = readFileSync(new URL('../../docs/checks.md', import.meta.url), 'utf8');
const code = [...page.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, text]) => text).join('\n');

const BEYOND_DEEQU = new Set(['hasFunctionalDependency', 'hasReferentialIntegrity']);

describe('docs/checks.md', () => {
  it.each(Object.keys(samples))('has %s: its signature, the name in Deequ, and a sample that runs', (method) => {
    const signature = (signatures as Record<string, Signature | null>)[method]!;
    const row = page.split('\n').find((line) => line.startsWith(`| \`${method}(`));
    if (!signature) return expect(row).toMatch(/options\?\)` \|/); // shown in a page of its own
    const inDeequ = BEYOND_DEEQU.has(method) ? '–' : method;
    expect(row).toMatch(new RegExp(`^\\| \`${method}\\([^|]*options\\?\\)\` \\| ${inDeequ}`));
    const names = signature.params.map((p) => (p.name === 'instance' ? 'name' : p.name) + (p.optional ? '?' : ''));
    expect(row).toContain(`${method}(${[...names, 'options?'].join(', ')})`);
    expect(code).toContain(`.${method}(`);
  });

  it('says what every outcome means', () => {
    for (const outcome of OUTCOMES) expect(page).toContain(`\n| ${outcome} | `);
  });

  it('has a file of checks that is read, written and judged', async () => {
    const json = JSON.parse(/^```json\n([^]*?)^```/m.exec(page)![1]!);
    const validate = new Ajv({ allowUnionTypes: true }).compile(checkSchema());
    expect([validate(json), validate.errors]).toEqual([true, null]);
    const checks = checksFromJSON(json);
    expect(checksToJSON(checks)).toEqual(json);
    const rows = [
      { shop: 'US', price: 1, paid: 1, email: 'a', url: 'a' }, { shop: 'US', price: 2, paid: 1, email: null, url: 'b' },
    ];
    const { status } = await VerificationSuite().onData(rows).addChecks(checks).run({ threads: 0 });
    expect(status).toBe('Warning');
  });
});
