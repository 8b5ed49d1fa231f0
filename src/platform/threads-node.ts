import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker, parentPort } from 'node:worker_threads';
import type { Thread, ThreadPort } from './threads.js';

/** Whether there is a disk for temporary files. */
export const hasTemporaryFiles = true;

/** Processors that this process may use. */
export function cores(): number {
  return availableParallelism();
}

/** Whether a worker thread can be started from that module: a bundler may have lost the file. */
export function canStart(module: URL): boolean {
  return module.protocol === 'file:' && existsSync(fileURLToPath(module));
}

/** What a thread makes in JavaScript is little and short-lived; by default up to 48 MB of it would lie about. */
const YOUNG_MB = 6;

/** Starts a worker thread from a module; it does not keep the process alive until it is held. */
export function startThread(module: URL): Thread {
  const worker = new Worker(module, {
    execArgv: [], // no loaders of the parent: the module is plain JavaScript
    name: 'assay',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  let failure: Error | null = null;
  const thread: Thread = {
    onMessage: null,
    onExit: null,
    post: (message, transfer) => worker.postMessage(message, transfer),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    stop: async () => void (await worker.terminate()),
  };
  worker.on('message', (message) => thread.onMessage?.(message));
  worker.on('messageerror', (error) => {
    failure = error;
    void worker.terminate();
  });
  worker.on('error', (error: unknown) => (failure = error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => thread.onExit?.(failure, code));
  worker.unref();
  return thread;
}

/** The way back to the thread that started this one; null on the main thread. */
export function threadPort(): ThreadPort | null {
  const port = parentPort;
  if (!port) return null;
  return {
    post: (message, transfer) => port.postMessage(message, transfer ?? []),
    onMessage: (listener) => void port.on('message', listener),
  };
}

/** Memory that threads see together. */
export function sharedBuffer(bytes: number): ArrayBufferLike {
  return new SharedArrayBuffer(bytes);
}

/** Lets timers, messages and aborts be heard in between. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
