import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const EVALUATES = /(?<![.\w])(?:eval|new\s+Function|Function)\s*\(|(?:setTimeout|setInterval)\s*\(\s*['"`]/;

describe('code is never made from text', () => {
  test('in the sources', () => {
    const folder = join(root, 'src');
    const guilty = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('kernels/module.ts'))
      .filter((name) => EVALUATES.test(readFileSync(join(folder, name), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '')));
    expect(guilty).toEqual([]);
    for (const planted of ['eval(x)', 'return new Function(a)', "setTimeout('x', 1)"]) expect(EVALUATES.test(planted)).toBe(true);
  });

  test.runIf(existsSync(join(root, 'dist/index.js')))('where the engine forbids it, as under a strict content-security policy', () => {
    const program = `
      import { Check, CheckLevel, VerificationSuite, expression } from 'assay';
      let forbidden = false;
      try { new Function('return 1')(); } catch { forbidden = true; }
      const rows = [{ id: 1, mail: 'ann@example.org', at: new Date(0) }, { id: 2, mail: 'x', at: null }];
      const check = Check(CheckLevel.Error, 'strict').satisfies("mail RLIKE '^(a|[^@]+)@' AND year(at) = 1970", 'a', (x) => x === 0.5)
        .hasPattern('mail', '(.)\\\\1', (x) => x === 0.5).satisfies("concat(upper(mail), id) LIKE '%1'", 'b', (x) => x === 0.5);
      const result = await VerificationSuite().onData(rows).addCheck(check).run();
      console.log(forbidden, result.status, JSON.stringify(await expression("regexp_replace(mail, 'n', 'm')").evaluate(rows)));`;
    const args = ['--disallow-code-generation-from-strings', '--input-type=module', '-e', program];
    expect(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })).toBe('true Success ["amm@example.org","x"]\n');
  });
});
