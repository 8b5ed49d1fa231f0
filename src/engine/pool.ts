import { canStart, startThread, type Thread } from '#platform';
import type { FromWorker, ToWorker } from './messages.js';

const IDLE_MS = 30_000;
const MOST_THREADS = 256; // over all runs

/** A worker thread of the pool. */
export class PoolThread {
  /** Whether its module is loaded: it starts on a run at once. */
  up = false;
  /** What killed it. */
  death: { readonly cause: Error | null; readonly code: number } | null = null;
  readonly module: string;
  readonly #thread: Thread;
  #listener: ((message: FromWorker | null) => void) | null = null;

  constructor(module: URL) {
    this.module = module.href;
    this.#thread = startThread(module);
    this.#thread.onMessage = (message) => {
      const m = message as FromWorker;
      if (m.kind === 'up') this.up = true;
      else this.#listener?.(m);
    };
    this.#thread.onExit = (cause, code) => {
      this.death = { cause, code };
      idle = idle.filter((t) => t !== this);
      this.#listener?.(null);
    };
  }

  post(message: ToWorker, transfer?: readonly ArrayBuffer[]): void {
    this.#thread.post(message, transfer);
  }

  /** Has somebody told each message, and null when the thread dies. */
  listen(listener: ((message: FromWorker | null) => void) | null): void {
    this.#listener = listener;
  }

  hold(held: boolean): void {
    this.#thread.hold(held);
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }
}

let idle: PoolThread[] = [];
let busy = 0;
/** Those that were let go before they had started: they come back when they have. */
const late = new Set<PoolThread>();
let timer: ReturnType<typeof setTimeout> | undefined;
let called = false;

/**
 * Threads of a module, idle ones first, others newly started; fewer if there are too many already, or some are still starting
 * that an earlier run did not wait for: runs in quick succession would start more and more of them.
 */
export function takeThreads(module: URL, count: number): PoolThread[] {
  if (!canStart(module)) return [];
  const taken: PoolThread[] = [];
  const starting = [...late].filter((t) => t.module === module.href).length;
  while (taken.length < count) {
    const at = idle.findIndex((t) => t.module === module.href);
    if (at < 0 && (busy + idle.length >= MOST_THREADS || taken.length + starting >= count)) break;
    try {
      taken.push(at < 0 ? new PoolThread(module) : idle.splice(at, 1)[0]!);
    } catch {
      break; // the system gives no more threads: fewer will do
    }
    ++busy;
  }
  for (const thread of taken) thread.hold(true);
  return taken;
}

/** Gives a thread back, to be used again; it does not keep the process alive and ends after a while. */
export function giveBack(thread: PoolThread): void {
  --busy;
  late.delete(thread);
  thread.listen(null);
  if (thread.death) return;
  thread.hold(false);
  idle.push(thread);
  clearTimeout(timer);
  timer = setTimeout(() => void stopIdleThreads(), IDLE_MS);
  (timer as { unref?: () => void }).unref?.();
}

/** Notes that a run goes on without a thread that has not started yet; it is given back when it has. */
export function letGo(thread: PoolThread): void {
  late.add(thread);
}

/** Ends the threads that nobody uses. */
export async function stopIdleThreads(): Promise<void> {
  const ending = idle;
  idle = [];
  await Promise.all(ending.map((t) => t.stop()));
}

/** Whether an earlier run wanted threads. */
export function calledBefore(): boolean {
  const before = called;
  called = true;
  return before;
}

/** How many threads work in runs. */
export function busyThreads(): number {
  return busy;
}

/** How many threads of a module are loaded and free. */
export function readyThreads(module: URL): number {
  return idle.filter((t) => t.up && t.module === module.href).length;
}
