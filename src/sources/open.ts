import { AssayError } from '../base/errors.js';
import type { OpenSource, Portable } from '../data/source.js';

/** How each kind of portable source is opened; modules are loaded when they are needed. */
const KINDS: Readonly<Record<string, (args: unknown) => Promise<OpenSource>>> = {
  parquet: async (args) => (await import('./parquet/source.js')).openPortableParquet(args),
};

/** Opens, in a worker thread, the source that a portable form describes. */
export async function openPortable(portable: Portable): Promise<OpenSource> {
  const open = KINDS[portable.kind];
  if (!open) throw new AssayError('UNSUPPORTED', `sources of kind '${portable.kind}' cannot be opened here`);
  return open(portable.args);
}
