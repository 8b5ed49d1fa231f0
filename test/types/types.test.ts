import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pack, root, type Packed } from '../packed.js';

const sources = fileURLToPath(new URL('project', import.meta.url));

// The files in project/ are compiled as a user would, against the declarations of the packed package.
let packed: Packed;
beforeAll(() => {
  packed = pack();
  cpSync(sources, join(packed.project, 'types'), { recursive: true });
  writeFileSync(join(packed.project, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(packed.project, { recursive: true, force: true }));

const STRICT = {
  strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false, noEmit: true, target: 'es2022', types: [],
};

/** What the compiler says of all files in a folder. */
function compile(folder: string, options: object): string {
  const config = join(packed.project, folder, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ compilerOptions: { ...STRICT, ...options }, include: ['*.ts'] }));
  try {
    return execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', config, '--pretty', 'false'], { encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

describe('the types of the package', () => {
  const lib = ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'];

  test.each([
    ['Node', { module: 'nodenext', types: ['node'], lib }],
    ['a bundler, without types of Node', { module: 'esnext', moduleResolution: 'bundler', lib, customConditions: ['browser'] }],
  ])('hold what they promise in a project for %s', (_name, options) => {
    expect(compile('types', options)).toBe('');
  });

  test('are really looked at: a wrong promise is found', () => {
    mkdirSync(join(packed.project, 'planted'));
    writeFileSync(join(packed.project, 'planted/planted.ts'), `
      import { Check, CheckLevel, Size } from 'assay';
      import type { Analyzer } from 'assay';
      Check(CheckLevel.Error, 'x').hasColumn('id').where('id > 1');
      export const a: Analyzer<'kll'> = Size();
      // @ts-expect-error -- nothing is wrong here
      Check(CheckLevel.Error, 'x').isComplete('id').where('id > 1');`);
    const codes = [...compile('planted', { module: 'nodenext', lib }).matchAll(/error (TS\d+)/g)].map(([, code]) => code);
    expect(codes).toEqual(['TS2339', 'TS2375', 'TS2578']);
  });
});
