import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
// @ts-expect-error: plain JS, run by hand too
import { EXAMPLES, EXAMPLE_NOW, EXAMPLE_ROW, EXAMPLE_SCHEMA } from '../../scripts/expression-examples.mjs';
// @ts-expect-error: plain JS, run by hand too
import { expressionsPage, pageArguments } from '../../scripts/expressions-page.mjs';
import { expression } from '../../src/analysis/expression.js';
import { schemaOf } from '../../src/data/schema-text.js';
import { bindExpression } from '../../src/expression/bind.js';
import { functions } from './every-function.js';
import { conditionals } from '../../src/expression/functions/conditionals.js';
import { dates } from '../../src/expression/functions/dates.js';
import { FUNCTIONS } from '../../src/expression/functions/index.js';
import { mathematics } from '../../src/expression/functions/mathematics.js';
import { nested } from '../../src/expression/functions/nested.js';
import { strings } from '../../src/expression/functions/strings.js';
import { parseExpression } from '../../src/expression/parse.js';
import { DUCKDB, isHere } from '../../src/expression/spelling/index.js';
import { rows } from '../../src/sources/rows.js';

const page = readFileSync(new URL('../../docs/expressions.md', import.meta.url), 'utf8');
const tables = { conditionals, mathematics, strings, dates, nested };
const examples = EXAMPLES as readonly (readonly [string, string, string | null])[];

describe('docs/expressions.md', () => {
  test('is what the function table says: node scripts/expressions-page.mjs writes it', () => {
    expect(page).toBe(expressionsPage(...pageArguments({ tables, bindExpression, schemaOf, DUCKDB, isHere })));
    expect(Object.values(tables).flat()).toEqual(FUNCTIONS);
  });

  test('has one example of every function', () => {
    expect(examples.map(([name]) => name)).toEqual(FUNCTIONS.map(({ name }) => name));
  });

  const table = rows([EXAMPLE_ROW], { schema: EXAMPLE_SCHEMA });
  test.each(examples)('%s: %s', async (name, text, value) => {
    expect(text).toContain(`${name}(`);
    expect(await expression(`CAST(${text} AS string)`).evaluate(table, { now: EXAMPLE_NOW })).toEqual([value]);
  });

  test('shows texts that parse', () => {
    const language = page.slice(page.indexOf('## The language'), page.indexOf('Operators, from'));
    const shown = [...language.matchAll(/`` (.+?) ``|`([^`]+)`/g)].map(([, a, b]) => a ?? b!);
    expect(shown.length).toBeGreaterThan(25);
    for (const text of shown) expect(() => parseExpression(/^(--|\/\*)/.test(text) ? `1 ${text}` : text), text).not.toThrow();
    const beside = page.slice(page.indexOf('Beside these'), page.indexOf('Types:'));
    for (const [, text] of beside.matchAll(/`([^`]+)`/g)) expect(() => parseExpression(text!.replace(/\btype\b/, 'int')), text).not.toThrow();
  });
});

test('the contract of bound functions speaks of every one', () => {
  const source = readFileSync(new URL('../../src/expression/functions/index.ts', import.meta.url), 'utf8');
  const contract = source.slice(0, source.indexOf('*/'));
  const words = new Set(contract.split(/[\s,]+/));
  expect(Object.keys(functions).filter((name) => !words.has(name))).toEqual([]);
});
