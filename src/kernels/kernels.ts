import { kernelBytes } from './binary.js';
import { Heap, Scratch } from './heap.js';
import type { KernelExports } from './module.js';

/** The kernels instantiated on one memory, and the memory's blocks. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  readonly heap: Heap;
  readonly scratch: Scratch;
  /** The functions of `assembly/`, by name; pointers and counts are numbers, 64-bit integers bigints. */
  readonly fn: KernelExports;
}

let compiled: WebAssembly.Module | undefined;
const instances = new WeakMap<WebAssembly.Memory, Kernels>();
let standalone: Kernels | undefined;

/**
 * The kernels on a memory: one instance per memory, made when first asked for. Without a memory, the thread's own.
 * The module has no data of its own, so it may run in a memory that belongs to another module.
 */
export function openKernels(memory?: WebAssembly.Memory | null): Kernels {
  if (!memory) return (standalone ??= openKernels(new WebAssembly.Memory({ initial: 1 })));
  let kernels = instances.get(memory);
  if (!kernels) {
    compiled ??= new WebAssembly.Module(kernelBytes());
    const heap = new Heap(memory);
    const instance = new WebAssembly.Instance(compiled, { env: { memory } });
    kernels = { memory, heap, scratch: new Scratch(heap), fn: instance.exports as unknown as KernelExports };
    instances.set(memory, kernels);
  }
  return kernels;
}
