import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, test } from 'vitest';
import { loadParquet } from '../../src/sources/parquet/library.js';
import { expectSame } from './parquet-states.js';

/** Spark takes a minute to write, so it is asked for: PARQUET_LAWS=all, with a Python that has pyspark. */
const python = process.env.SPARK_PYTHON ?? 'python3';
const isAsked = process.env.PARQUET_LAWS === 'all';
const hasSpark = isAsked && spawnSync(python, ['-c', 'import pyspark']).status === 0;
if (!hasSpark) {
  console.log(`skipped: files of Spark, since ${isAsked ? `${python} has no pyspark (pip install pyspark==3.5.7; SPARK_PYTHON names a Python)` : 'PARQUET_LAWS is not all'}`);
}

const folder = mkdtempSync(join(tmpdir(), 'parquet-spark-'));
afterAll(() => rmSync(folder, { recursive: true }));

function filesOf(): string[] {
  execFileSync(python, [fileURLToPath(new URL('fixtures/write-spark.py', import.meta.url)), folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  return readdirSync(folder).filter((name) => name.endsWith('.parquet'));
}

const files = hasSpark ? filesOf() : [];
if (hasSpark) await loadParquet();

describe.skipIf(!hasSpark)('law: states do not depend on who decodes what Spark wrote', () => {
  test.each(files.length > 0 ? files : [''])('%s', (name) => expectSame(join(folder, name)));
});
