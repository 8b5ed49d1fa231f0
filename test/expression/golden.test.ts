import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { expression } from '../../src/analysis/expression.js';
import { parquet } from '../../src/sources/parquet/source.js';
// @ts-expect-error: plain JS, shared with `npm run golden`
import { expressionDifference } from '../golden/expressions.mjs';

interface Case {
  readonly expression: string | null;
  readonly type?: string;
  readonly values?: readonly (null | boolean | number | string)[];
  readonly error?: string;
}

const folder = process.env['GOLDEN_DIR'] ?? fileURLToPath(new URL('../../../shared/golden', import.meta.url));
const file = join(folder, 'expressions.json');
const present = existsSync(file);
if (!present) test.skip(`no ${file}; set GOLDEN_DIR`, () => {});
const cases: readonly Case[] = present ? JSON.parse(readFileSync(file, 'utf8')).cases : [];
const source = present ? parquet(join(folder, 'data/x-expressions.parquet')) : null;

test.runIf(present).each(cases.map((c) => [String(c.expression), c] as const))('%s', async (_, c) => {
  expect(await expressionDifference({ ...c, expression: c.expression ?? '' }, expression, source)).toBe(null);
});

test.runIf(present)('a wrong value, a wrong type and a refusal that is none are seen', async () => {
  const right = cases.find((c) => c.type === 'int' && c.values?.some((v) => v !== null))!;
  const changed = right.values!.map((v) => (typeof v === 'number' ? v + 1 : v));
  for (const wrong of [{ ...right, values: changed }, { ...right, type: 'bigint' }, { expression: right.expression, error: 'X' }]) {
    expect(await expressionDifference(wrong, expression, source)).not.toBe(null);
  }
});
