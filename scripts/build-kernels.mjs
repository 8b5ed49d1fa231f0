// Compiles src/kernels/assembly into src/kernels/module.ts: the WASM bytes as base64 and the type of its exports.
import { readFileSync, readdirSync, statSync, writeFileSync, mkdtempSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const assembly = join(root, 'src/kernels/assembly');
const target = join(root, 'src/kernels/module.ts');

const newest = Math.max(...readdirSync(assembly).map((f) => statSync(join(assembly, f)).mtimeMs), statSync(fileURLToPath(import.meta.url)).mtimeMs);
if (existsSync(target) && statSync(target).mtimeMs > newest && !process.argv.includes('--force')) process.exit(0);

const { default: asc } = await import('assemblyscript/asc');
const folder = mkdtempSync(join(tmpdir(), 'kernels-'));
try {
  const wasm = join(folder, 'kernels.wasm');
  const { error, stderr } = await asc.main([
    join(assembly, 'index.ts'), '-o', wasm, '--runtime', 'stub', '-O3', '--converge', '--noAssert', '--use', 'abort=',
    '--enable', 'simd', '--enable', 'bulk-memory', '--importMemory', '--initialMemory', '1', '--bindings', 'raw', '--baseDir', root,
  ]);
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
  const bytes = readFileSync(wasm);
  const module = new WebAssembly.Module(bytes);
  const imports = WebAssembly.Module.imports(module).filter((i) => i.kind !== 'memory');
  if (imports.length > 0) throw new Error(`kernels must import nothing but the memory: ${imports.map((i) => i.name).join(', ')}`);
  if (hasDataSegment(bytes)) throw new Error('kernels must have no data segment: they run in memories of other modules');
  const declared = readFileSync(join(folder, 'kernels.d.ts'), 'utf8');
  const functions = [...declared.matchAll(/export (?:declare )?function (\w+)\(([^)]*)\): (\w+);/g)]
    .map(([, name, params, result]) => `  ${name}(${params.trim()}): ${result};`);
  writeFileSync(target, `// Made by scripts/build-kernels.mjs.
export interface KernelExports {
${functions.join('\n')}
}

/** The WebAssembly module in base64. */
export const BASE64 = '${bytes.toString('base64')}';
`);
  console.log(`kernels: ${functions.length} functions, ${bytes.length} bytes`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Whether the module has a data section (id 11) that is not empty. */
function hasDataSegment(bytes) {
  let at = 8;
  const leb = () => {
    let value = 0, shift = 0, byte;
    do {
      byte = bytes[at++];
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128);
    return value >>> 0;
  };
  while (at < bytes.length) {
    const id = bytes[at++];
    const size = leb();
    if (id === 11 && bytes[at] !== 0) return true;
    at += size;
  }
  return false;
}
