import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, test } from 'vitest';
import { expectSame } from './parquet-states.js';

const hasPyarrow = spawnSync('python3', ['-c', 'import pyarrow']).status === 0;
if (!hasPyarrow) console.log('skipped: files of pyarrow, since python3 has no pyarrow (pip install pyarrow)');

const folder = mkdtempSync(join(tmpdir(), 'parquet-pyarrow-'));
const script = fileURLToPath(new URL('fixtures/write-parquet.py', import.meta.url));
const files = hasPyarrow ? filesOf() : [];
afterAll(() => rmSync(folder, { recursive: true }));

/** A part of the matrix, or all of it with PARQUET_LAWS=all. */
function filesOf(): string[] {
  execFileSync('python3', [script, folder, process.env.PARQUET_LAWS ?? '']);
  return readdirSync(folder);
}

describe.skipIf(!hasPyarrow)('law: states do not depend on who decodes what pyarrow wrote', () => {
  test.each(files.length > 0 ? files : [''])('%s', (name) => expectSame(join(folder, name)));
});
