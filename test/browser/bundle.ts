import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';

const page = fileURLToPath(new URL('page', import.meta.url));

/** What a bundler made of the page. */
export interface Bundle {
  /** The folder with the files to serve. */
  readonly folder: string;
  readonly files: readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[];
  /** What the bundler warned of. */
  readonly warnings: readonly string[];
}

/** Bundles the page with the package as it is installed in a project. */
export async function bundlePage(project: string): Promise<Bundle> {
  const source = join(project, 'page');
  const folder = join(project, 'site');
  cpSync(page, source, { recursive: true });
  const warnings: string[] = [];
  const made = await build({
    root: source,
    configFile: false,
    logLevel: 'silent',
    customLogger: logger(warnings),
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { onLog: (_level, log) => void warnings.push(log.message) },
    },
  });
  return { folder, files: (made as Rolldown.RolldownOutput).output, warnings };
}

function logger(warnings: string[]) {
  const warn = (message: string) => void warnings.push(message);
  const nothing = () => {};
  return { info: nothing, warn, warnOnce: warn, error: warn, clearScreen: nothing, hasErrorLogged: () => false, hasWarned: false };
}
