import { packageFile } from '#platform';
import { AssayError } from '../../base/errors.js';

type Library = typeof import('parquet-wasm/esm');

/** The loaded parquet-wasm and the memory that it decodes into. */
export interface ParquetLibrary {
  readonly api: Library;
  readonly memory: WebAssembly.Memory;
  /** The compiled module, which worker threads may be handed instead of compiling it again. */
  readonly module: WebAssembly.Module | null;
}

const GLUE = './parquet_wasm_bg.js';
let loading: Promise<ParquetLibrary> | undefined;

/** Loads parquet-wasm once per thread, from a module that another thread compiled if there is one. */
export function loadParquet(compiled?: unknown): Promise<ParquetLibrary> {
  return (loading ??= load(compiled).catch((error) => {
    loading = undefined;
    throw error;
  }));
}

async function load(compiled: unknown): Promise<ParquetLibrary> {
  try {
    const [api, module] = await Promise.all([
      import('parquet-wasm/esm'),
      compiled instanceof WebAssembly.Module ? compiled : compile(),
    ]);
    await guarded(() => api.default(module ? { module_or_path: module } : undefined));
    return { api, memory: api.wasmMemory() as WebAssembly.Memory, module };
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw cause;
    throw new AssayError(
      'UNSUPPORTED',
      'reading Parquet needs the package parquet-wasm: npm install parquet-wasm',
      { cause },
    );
  }
}

async function compile(): Promise<WebAssembly.Module | null> {
  const bytes = await packageFile('parquet-wasm/esm/parquet_wasm_bg.wasm');
  return bytes && WebAssembly.compile(bytes);
}

/**
 * Runs the initialisation so that every task of the library that is queued later ends in `failed` if it traps. Without
 * this a panic on a corrupt page would be an uncaught exception of the process, and the promise of the read would
 * never settle. The imports can be reached at instantiation only; other modules that are instantiated meanwhile pass
 * unchanged.
 */
async function guarded(initialise: () => Promise<unknown>): Promise<void> {
  const { instantiate, instantiateStreaming } = WebAssembly;
  const wrap = (imports: WebAssembly.Imports | undefined) => {
    const glue = imports?.[GLUE];
    for (const [name, value] of Object.entries(glue ?? {})) {
      if (!name.startsWith('__wbg_queueMicrotask') || typeof value !== 'function') continue;
      // One import queues its argument, another one of that name reads the property of the global object.
      glue![name] = (arg: unknown) => {
        if (typeof arg !== 'function') return value(arg);
        queueMicrotask(() => attempt(arg as () => void));
      };
    }
    return imports;
  };
  const patched = {
    instantiate: (source: WebAssembly.Module, imports?: WebAssembly.Imports) =>
      instantiate.call(WebAssembly, source, wrap(imports)),
    instantiateStreaming: instantiateStreaming && ((source: Response, imports?: WebAssembly.Imports) =>
      instantiateStreaming.call(WebAssembly, source, wrap(imports))),
  };
  Object.assign(WebAssembly, patched);
  try {
    await initialise();
  } finally {
    Object.assign(WebAssembly, { instantiate, instantiateStreaming });
  }
}

let failed: ((error: unknown) => void) | undefined;
let last: Promise<unknown> = Promise.resolve();

function attempt(task: () => void): void {
  try {
    task();
  } catch (error) {
    failed?.(error);
  }
}

/** Runs one operation of the library at a time, so that a trap is known to be its own. */
export function exclusively<T>(operation: () => Promise<T>): Promise<T> {
  const run = last.then(() => new Promise<T>((resolve, reject) => {
    failed = reject;
    operation().then(resolve, reject);
  })).finally(() => {
    failed = undefined;
  });
  last = run.catch(() => {});
  return run;
}
