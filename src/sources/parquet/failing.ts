import { AssayError } from '../../base/errors.js';

/** Errors of the library, as text or as a trap, under the label of what was read. */
export async function failing<T>(label: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    if (cause instanceof AssayError && cause.code !== 'SOURCE') throw cause;
    const text = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof AssayError && text.startsWith(label)) throw cause;
    const why = cause instanceof WebAssembly.RuntimeError ? `the data is corrupt or too large (${text})` : text;
    throw new AssayError('SOURCE', `${label}: ${why}`, { cause });
  }
}
