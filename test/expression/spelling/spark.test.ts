import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
// @ts-expect-error: plain JS, run by hand too
import { EXAMPLES, EXAMPLE_NOW, EXAMPLE_SCHEMA } from '../../../scripts/expression-examples.mjs';
import { schemaOf } from '../../../src/data/schema-text.js';
import { BOOLEAN, STRING } from '../../../src/data/types.js';
import { bindExpression } from '../../../src/expression/bind.js';
import type { Bound } from '../../../src/expression/bound.js';
import { spell } from '../../../src/expression/spelling/index.js';

const python = process.env.SPARK_PYTHON ?? 'python3';
const hasJava = spawnSync('java', ['-version']).status === 0;
const hasSpark = hasJava && spawnSync(python, ['-c', 'import pyspark']).status === 0;
if (!hasSpark) {
  const reason = hasJava ? `${python} has no pyspark (pip install pyspark==3.5.7; SPARK_PYTHON names a Python)` : 'there is no Java';
  console.log(`skipped: what is spelled for Spark is not run by it, since ${reason}`);
}

/** EXAMPLE_ROW in Spark's words. */
const ROW = [
  'CAST(255 AS BIGINT) AS id', 'CAST(2.45 AS DECIMAL(10,2)) AS price', "'Ann' AS name", "'ann@example.org' AS mail",
  "DATE'2024-02-29' AS day", "TIMESTAMP'2024-02-29 12:34:56.789' AS at", "array('new', 'sale') AS tags",
  'array(3, CAST(NULL AS INT), 1) AS scores', "map('color', 'red', 'size', 'L') AS attributes",
].join(', ');

const schema = schemaOf(EXAMPLE_SCHEMA as string);
const mail: Bound = { kind: 'column', name: 'mail', type: STRING };
const matches = (value: string): Bound =>
  ({ kind: 'call', fn: 'regexp_matches', args: [mail, { kind: 'literal', type: STRING, value }], type: BOOLEAN });
const asText = (e: Bound): Bound => ({ kind: 'call', fn: 'cast', args: [e], type: STRING });

const CASES: readonly { readonly text: string; readonly bound: Bound; readonly value: string | null }[] = [
  ...(EXAMPLES as readonly (readonly [string, string, string | null])[]).map(([, text, value]) =>
    ({ text, value, bound: bindExpression(`CAST(${text} AS string)`, schema, { now: EXAMPLE_NOW as number }) })),
  // What the language has no word for.
  { text: 'a match', bound: asText(matches('@')), value: 'true' },
  { text: 'an empty match', bound: asText(matches('x*')), value: 'false' },
  { text: 'numbers', bound: { kind: 'call', fn: 'cast_if_numbers', args: [mail], type: { kind: 'double' } }, value: null },
];

function ask(expressions: readonly (string | null)[]): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const asked = spawn(python, [fileURLToPath(new URL('ask-spark.py', import.meta.url))], { stdio: ['pipe', 'pipe', 'ignore'] });
    const parts: Buffer[] = [];
    asked.stdout.on('data', (part: Buffer) => parts.push(part));
    asked.on('error', reject);
    asked.on('close', (code) => (code === 0 ? resolve(JSON.parse(Buffer.concat(parts).toString('utf8'))) : reject(new Error(`Spark ended with ${code}`))));
    asked.stdin.end(JSON.stringify({ row: ROW, expressions }));
  });
}

describe.skipIf(!hasSpark)('Spark 3.5 gives the value of every example from what is spelled for it', () => {
  let answers: unknown[] = [];
  beforeAll(async () => {
    answers = await ask(CASES.map(({ bound }) => spell(bound, 'spark')));
  });

  test.each(CASES.map(({ text, value }, i) => [text, value, i] as const))('%s is %s', (_text, value, i) => {
    expect(answers[i]).toEqual(value);
  });
});
