import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { analyzers } from '../../src/index.js';
// @ts-expect-error -- a plain script
import { analyzersPage } from '../../scripts/analyzers-table.mjs';

it('docs/analyzers.md is what the registry says: node scripts/analyzers-table.mjs writes it', () => {
  const page = readFileSync(new URL('../../docs/analyzers.md', import.meta.url), 'utf8');
  expect(page).toBe(analyzersPage(analyzers));
});
