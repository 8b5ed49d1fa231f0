import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Batch } from '../../src/data/column.js';
import type { OpenSource, Wanted } from '../../src/data/source.js';
import { sqlTypeName, type DataType } from '../../src/data/types.js';
import { bindExpression } from '../../src/expression/bind.js';
import { decimalString, timestampText } from '../../src/expression/evaluate/value-text.js';
import { readerOf, type Value } from '../../src/expression/evaluate/values.js';
import { openView } from '../../src/expression/view.js';
import { openKernels } from '../../src/kernels/kernels.js';
import { parquet } from '../../src/sources/parquet/source.js';

interface Case {
  readonly expression: string | null;
  readonly type?: string;
  readonly values?: readonly (null | boolean | number | string)[];
  readonly error?: string;
  readonly unsupported?: string;
}

const folder = process.env['GOLDEN_DIR'] ?? fileURLToPath(new URL('../../../shared/golden', import.meta.url));
const file = join(folder, 'expressions.json');
const present = existsSync(file);
if (!present) test.skip(`no ${file}; set GOLDEN_DIR`, () => {});
const cases: readonly Case[] = present ? JSON.parse(readFileSync(file, 'utf8')).cases : [];

let source: OpenSource;
let batch: Batch;

beforeAll(async () => {
  if (!present) return;
  source = await parquet(join(folder, 'data/x-expressions.parquet')).open();
  const wanted: Wanted = new Map(source.schema.fields.map((f) => [f.name, ['values']]));
  const batches = source.read(source.splits[0]!, wanted)[Symbol.asyncIterator](); // the batch lives until the next one is asked for
  batch = (await batches.next()).value;
});

afterAll(() => source?.close());

/** A value as the goldens write it. */
function shown(type: DataType, v: Value): null | boolean | number | string {
  if (v === null) return null;
  switch (type.kind) {
    case 'decimal': return decimalString(v as bigint, type.scale);
    case 'timestamp': {
      const [whole, fraction = ''] = timestampText(v as bigint).split('.');
      return `${whole}.${fraction.padEnd(6, '0')}`;
    }
    case 'date': return new Date((v as number) * 86_400_000).toISOString().slice(0, 10);
    case 'long': return Number.isSafeInteger(Number(v)) ? Number(v) : String(v);
    case 'float': case 'double': return Object.is(v, -0) ? '-0.0' : Number.isFinite(v) ? (v as number) : String(v);
    default: return v as string;
  }
}

function evaluated(expression: string) {
  const bound = bindExpression(expression, source.schema);
  const kernels = openKernels(source.memory);
  const view = openView(batch, kernels);
  try {
    const v = view.vector(bound);
    const read = readerOf(kernels, v);
    return { type: bound.type, values: Array.from({ length: batch.rows }, (_, i) => shown(bound.type, read(i))) };
  } finally {
    view.close();
  }
}

test.runIf(present).each(cases.filter((c) => c.values).map((c) => [c.expression, c] as const))('%s', (expression, c) => {
  const { type, values } = evaluated(expression!);
  expect(sqlTypeName(type)).toBe(c.type);
  const close = type.kind === 'double' || type.kind === 'float';
  expect(values.length).toBe(c.values!.length);
  values.forEach((v, i) => {
    const wanted = c.values![i]!;
    if (close && typeof v === 'number' && typeof wanted === 'number' && v !== wanted) expect(Math.abs(v - wanted) / Math.abs(wanted)).toBeLessThan(1e-14);
    else if (type.kind === 'decimal') expect(v === null ? null : Number(v)).toBe(wanted === null ? null : Number(wanted));
    else expect(v).toBe(wanted);
  });
});

test.runIf(present).each(cases.filter((c) => c.error || c.unsupported).map((c) => [String(c.expression), c] as const))('refused: %s', (_, c) => {
  expect(() => evaluated(c.expression ?? '')).toThrow();
});
