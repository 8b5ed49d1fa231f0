import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../src/cli/program.js';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const main = join(root, 'dist/cli/main.js');
export const built = existsSync(main);
if (!built) console.log('the command is not tested: npm run build');

/** A folder below the package, so that suites find `assay`. */
export function workFolder(): string {
  mkdirSync(join(root, '.data'), { recursive: true });
  return mkdtempSync(join(root, '.data/cli-'));
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as a process. */
export function assay(
  folder: string, args: readonly string[], { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {},
): Ended {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder, input, encoding: 'utf8', env: { ...inherited, ...env },
  });
  return { code: status, out: stdout, err: stderr };
}

/** Runs the command here: suites in JSON alone, since modules would load the built package. */
export async function within(folder: string, args: readonly string[]): Promise<Ended> {
  const said = { out: '', err: '' };
  const output = (name: 'out' | 'err') => ({ write: (text: string) => { said[name] += text; } });
  const stdin = { async *[Symbol.asyncIterator]() {} };
  const code = await runCommand(args, { stdin, stdout: output('out'), stderr: output('err'), env: {}, folder });
  return { code, ...said };
}
