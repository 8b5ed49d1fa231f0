import type { Thread, ThreadPort } from './threads.js';

/** Whether there is a disk for temporary files. */
export const hasTemporaryFiles = false;

/** Processors for threads of ours: none, scans run on the calling thread. */
export function cores(): number {
  return 1;
}

/** Whether a worker thread can be started from that module. */
export function canStart(_module: URL): boolean {
  return false;
}

/** Never called, since nothing can be started. */
export function startThread(module: URL): Thread {
  throw new Error(`no worker threads here: ${module.href}`);
}

/** The way back to the thread that started this one; null: nobody did. */
export function threadPort(): ThreadPort | null {
  return null;
}

/** Memory for one thread: pages share memory only under cross-origin isolation. */
export function sharedBuffer(bytes: number): ArrayBufferLike {
  return new ArrayBuffer(bytes);
}

const waiting: (() => void)[] = [];
let channel: MessageChannel | undefined;

/** Lets timers, messages and aborts be heard in between; a message, since nested timers are held back for 4 ms. */
export function pause(): Promise<void> {
  if (!channel) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => waiting.shift()?.();
  }
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel!.port2.postMessage(null);
  });
}
