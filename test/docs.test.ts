import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pack, root, type Packed } from './packed.js';

const PAGES = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((page) => page.endsWith('.md'));
const read = (page: string) => readFileSync(join(root, page), 'utf8');

interface Sample {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

const samples = PAGES.flatMap((page): Sample[] => {
  const text = read(page);
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```/gm)].map((found) => ({
    page, line: text.slice(0, found.index).split('\n').length, language: found[1]!, code: found[2]!,
  }));
});
const programs = samples.filter(({ language }) => language === 'ts' || language === 'js');
const fileOf = ({ page, line }: Sample) => `${page.replace(/\W+/g, '-')}-${line}`;

/** What samples may use without saying where it comes from. */
const KNOWN: Readonly<Record<string, string>> = {
  reviews: "const reviews = [{ review_id: 'R1', marketplace: 'US', stars: 5 }, { review_id: 'R2', marketplace: 'DE', stars: 3 }];",
};

let packed: Packed;
beforeAll(async () => {
  packed = pack();
  const { project } = packed;
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  for (const sample of programs) {
    const given = Object.entries(KNOWN).filter(([name]) => new RegExp(`\\(${name}\\)`).test(sample.code)).map(([, code]) => code);
    writeFileSync(join(project, `${fileOf(sample)}.ts`), `${given.join('\n')}\n${sample.code}\nexport {};\n`);
  }
  const compilerOptions = { strict: true, module: 'nodenext', target: 'es2022', types: ['node'], outDir: 'out', skipLibCheck: true };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  mkdirSync(join(project, 'reviews'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (SELECT 'R' || i AS review_id, ['US', 'UK', 'DE', 'JP', 'FR'][i % 5 + 1] AS marketplace, 'fine' AS review_headline
    FROM range(3000000) t(i)) TO '${join(project, 'reviews/part-0.parquet')}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  writeFileSync(join(project, 'orders.csv'), 'id,price\n1,2.5\n2,3.5\n');
  writeFileSync(join(project, 'orders.csv.gz'), gzipSync('id,price\n1,2.5\n2,3.5\n'));
  writeFileSync(join(project, 'events.ndjson'), '{"id":1}\n{"id":2}\n');
});
afterAll(() => rmSync(packed.project, { recursive: true, force: true }));

describe('the samples of the documentation', () => {
  test('are found', () => {
    expect(programs.map(({ page }) => page)).toEqual(expect.arrayContaining(['README.md', 'docs/analyzers.md']));
  });

  test('compile', () => {
    let said = '';
    try {
      execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', packed.project, '--pretty', 'false'], { encoding: 'utf8' });
    } catch (error) {
      said = (error as { stdout: string }).stdout;
    }
    expect(said).toBe('');
  });

  test.each(programs.map((sample) => [`${sample.page}:${sample.line}`, sample] as const))('%s runs', (_name, sample) => {
    const { project } = packed;
    const out = execFileSync(process.execPath, [join(project, 'out', `${fileOf(sample)}.js`)], { cwd: project, encoding: 'utf8', stdio: 'pipe' });
    if (sample.code.includes('console.log')) expect(out).toMatch(/[│┌]/);
  });
});

describe('the pages', () => {
  test('name commands that there are', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const commands = samples.filter(({ language }) => language === 'sh').flatMap(({ code }) => [...code.matchAll(/npm (?:run )?([\w:-]+)/g)]);
    const names = commands.map(([, name]) => name!).filter((name) => !['ci', 'install'].includes(name));
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
  });

  test.each(PAGES)('%s links to files that there are', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path]) => path!);
    const missing = links.filter((path) => {
      try {
        readFileSync(join(root, page, '..', path));
        return false;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code !== 'EISDIR';
      }
    });
    expect(missing).toEqual([]);
  });
});
