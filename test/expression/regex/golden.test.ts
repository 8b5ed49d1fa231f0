import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableFromIPC } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import { Patterns } from '../../../src/expression/regex/patterns.js';
import { compileRegex } from '../../../src/expression/regex/regex.js';
import { matchTexts } from './rows.js';

const folder = process.env['GOLDEN_DIR'] ?? fileURLToPath(new URL('../../../../shared/golden', import.meta.url));
const there = existsSync(join(folder, 'analyzers.json'));
if (!there) console.log(`regex goldens skipped: ${folder} is not there`);

interface Case {
  readonly id: string;
  readonly dataset: string;
  readonly analyzer: { readonly name: string; readonly args: { readonly column: string; readonly pattern: string; readonly where?: string } };
  readonly result: { readonly value?: number };
}

describe.skipIf(!there)('PatternMatch as Deequ computed it', () => {
  let readParquet: (bytes: Uint8Array) => { intoIPCStream(): Uint8Array };
  beforeAll(() => {
    ({ readParquet } = createRequire(import.meta.url)('parquet-wasm/node') as { readParquet: typeof readParquet });
  });

  it('matches the same rows', () => {
    const cases = (JSON.parse(readFileSync(join(folder, 'analyzers.json'), 'utf8')) as Case[]).filter(
      ({ analyzer, result }) => analyzer.name === 'PatternMatch' && result.value !== undefined && analyzer.args.where === undefined,
    );
    for (const { id, dataset, analyzer, result } of cases) {
      const table = tableFromIPC(readParquet(readFileSync(join(folder, 'data', `${dataset}.parquet`))).intoIPCStream());
      const values = [...table.getChild(analyzer.args.column)!] as (string | null)[];
      const name = /^@(.*)/.exec(analyzer.args.pattern)?.[1];
      const pattern = name === undefined ? analyzer.args.pattern : Patterns[name as keyof typeof Patterns];
      const bits = matchTexts(compileRegex(pattern), 'nonEmptyFind', values.map((v) => v ?? ''), values.map((v) => v !== null));
      expect(bits.filter(Boolean).length / values.length, id).toBe(result.value);
    }
    console.log(`regex goldens: ${cases.length} cases`);
    expect(cases.length).toBeGreaterThanOrEqual(30);
  });
});
