import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The package as users install it. */
export interface Packed {
  /** The archive that npm would publish. */
  readonly tarball: string;
  /** A project in whose `node_modules` the archive is unpacked; remove it when done. */
  readonly project: string;
  /** The unpacked package. */
  readonly folder: string;
}

/** Packs the built package and installs it into an empty project, beside the packages that are installed here. */
export function pack(): Packed {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('the package is not built: npm run build');
  const project = mkdtempSync(join(tmpdir(), 'assay-packed-'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', project], { cwd: root, stdio: 'ignore' });
  const tarball = join(project, readdirSync(project).find((name) => name.endsWith('.tgz'))!);
  execFileSync('tar', ['-xzf', tarball, '-C', project]);
  const modules = join(project, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  const folder = join(modules, 'assay');
  renameSync(join(project, 'package'), folder);
  return { tarball, project, folder };
}
