import { AssayError } from '../base/errors.js';
import type { FromWorker, PlainTable, ToWorker } from './messages.js';
import { giveBack, letGo, type PoolThread } from './pool.js';

/** What a thread answers after its scan. */
type Reply = 'parts' | 'merged' | 'answer';

function isReply({ kind }: FromWorker): boolean {
  return kind === 'parts' || kind === 'merged' || kind === 'answer';
}

/** A worker thread in a run. */
export class Member {
  /** Its number on the board. */
  readonly number: number;
  phase: 'starting' | 'scanning' | 'scanned' | 'out' = 'starting';
  /** Its tables, by request. */
  tables: ReadonlyMap<number, PlainTable> = new Map();
  readonly #thread: PoolThread;
  readonly #replies: FromWorker[] = [];
  #wake: () => void = () => {};
  #gone = false;
  readonly #left: Promise<void>;

  /** Takes a thread; `hear` gets what it says about its scan, null when it dies. */
  constructor(thread: PoolThread, number: number, hear: (member: Member, message: FromWorker | null) => void) {
    this.number = number;
    this.#thread = thread;
    this.#left = new Promise((leave) => {
      thread.listen((message) => {
        if (message === null || message.kind === 'ended') {
          this.#gone = true;
          leave();
        }
        if (message && isReply(message)) this.#replies.push(message);
        else if (message?.kind !== 'ended') hear(this, message);
        this.#wake();
      });
    });
  }

  post(message: ToWorker, transfer?: readonly ArrayBuffer[]): void {
    if (!this.#thread.death) this.#thread.post(message, transfer);
  }

  /** The next answer to what a thread was told after its scan; throws if the thread is gone, or the run aborted. */
  reply<K extends Reply>(kind: K, doing: string, signal: AbortSignal | undefined): Promise<FromWorker & { kind: K }> {
    return unlessAborted(this.#reply(kind, doing), signal);
  }

  async #reply<K extends Reply>(kind: K, doing: string): Promise<FromWorker & { kind: K }> {
    while (this.#replies.length === 0) {
      if (this.#gone) throw this.death(doing);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const message = this.#replies.shift()!;
    if (message.kind !== kind) throw new AssayError('INTERNAL', `a worker thread answered ${message.kind} instead of ${kind}`);
    return message as FromWorker & { kind: K };
  }

  /** Goes on without the thread, which has not begun. */
  letGo(): void {
    this.phase = 'out';
    letGo(this.#thread);
  }

  /** Has the thread free what it holds, and gives it back; after the grace time, if there is one, it is ended by force. */
  async end(graceMs: number | null): Promise<void> {
    const timer = graceMs === null ? undefined : setTimeout(() => void this.#thread.stop(), graceMs);
    this.post({ kind: 'end' });
    await this.#left;
    clearTimeout(timer);
    giveBack(this.#thread);
  }

  /** Why the thread died. */
  get causeOfDeath(): string {
    const { death } = this.#thread;
    if (!death) return 'it was ended';
    return death.cause ? death.cause.message : `exit code ${death.code}`;
  }

  /** The error of a run whose thread died. */
  death(doing: string): AssayError {
    const cause = this.#thread.death?.cause ?? undefined;
    return new AssayError('WORKER', `a worker thread died ${doing}: ${this.causeOfDeath}`, { cause });
  }
}

/** The promise, or the reason of an abort as soon as that comes. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  if (signal.aborted) {
    promise.catch(() => {}); // nobody asks
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
