import { sharedBuffer } from '#platform';
import type { OpenSource } from '../data/source.js';

const NEXT = 0;
const STOP = 1;
const DONE = 2;
const SLOTS = 4;
const KEPT = 2;
const MOST = 3;
const NOTHING = Number.MAX_SAFE_INTEGER; // more bytes than there are
const COUNTERS = 32; // bytes before the rest: rows, bytes, bytes kept, and how many of these may be

/** What a thread does in a run. */
export const Joining = { Waiting: 0, Joined: 1, Excused: 2 } as const;

/**
 * What the threads of a run see together, in shared memory: the next job, whether to stop, how far everybody is.
 *
 *     rows i64 | bytes i64 | kept i64 | most kept i64 | next i32 | stop i32 | jobs done i32 | -
 *     per thread: joining i32, job + 1 i32
 */
export class Board {
  readonly buffer: ArrayBufferLike;
  readonly #jobs: number;
  readonly #counters: BigInt64Array;
  readonly #words: Int32Array;

  constructor(jobs: number, buffer: ArrayBufferLike) {
    this.buffer = buffer;
    this.#jobs = jobs;
    this.#counters = new BigInt64Array(buffer, 0, COUNTERS / 8);
    this.#words = new Int32Array(buffer, COUNTERS);
  }

  /** A board for that many jobs and threads; `most`: bytes of verdicts and of what is kept of rows beside them. */
  static make(jobs: number, threads: number, most = Infinity): Board {
    const bytes = COUNTERS + 4 * (SLOTS + 2 * threads);
    const board = new Board(jobs, threads === 0 ? new ArrayBuffer(bytes) : sharedBuffer(bytes));
    board.#counters[MOST] = BigInt(Math.floor(Math.min(most, NOTHING)));
    return board;
  }

  /** Takes the next job; null: there is none, or everybody stops. */
  take(): number | null {
    if (this.stopped) return null;
    const job = Atomics.add(this.#words, NEXT, 1);
    return job >= this.#jobs ? null : job;
  }

  /**
   * Takes jobs one after the other, and tells the one that follows, whose bytes may be asked for ahead: if they are for this thread
   * alone it takes that one, too, though others may be idle by then.
   */
  async each(thread: number, ahead: OpenSource['prefetchesFor'], work: (job: number, next: number | null) => Promise<boolean>): Promise<void> {
    const takes = ahead === 'this thread';
    let job = this.take();
    while (job !== null) {
      const next = takes ? this.take() : ahead ? this.#coming() : null;
      if (thread >= 0) Atomics.store(this.#words, SLOTS + 2 * thread + 1, job + 1);
      if (!(await work(job, next))) return;
      this.done(thread);
      job = takes ? next : this.take();
    }
  }

  /** The job that somebody will take next, most likely this thread. */
  #coming(): number | null {
    const job = Atomics.load(this.#words, NEXT);
    return job < this.#jobs ? job : null;
  }

  /** Says that a job is done. */
  done(thread: number): void {
    Atomics.add(this.#words, DONE, 1);
    if (thread >= 0) Atomics.store(this.#words, SLOTS + 2 * thread + 1, 0);
  }

  /** The job that a thread was at; null: between jobs. */
  jobOf(thread: number): number | null {
    const job = Atomics.load(this.#words, SLOTS + 2 * thread + 1);
    return job === 0 ? null : job - 1;
  }

  /** Decides once what a thread does: the first to say wins. */
  settle(thread: number, as: 1 | 2): boolean {
    return Atomics.compareExchange(this.#words, SLOTS + 2 * thread, Joining.Waiting, as) === Joining.Waiting;
  }

  /** Whether a thread takes part by now. */
  joined(thread: number): boolean {
    return Atomics.load(this.#words, SLOTS + 2 * thread) === Joining.Joined;
  }

  stop(): void {
    Atomics.store(this.#words, STOP, 1);
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, STOP) === 1;
  }

  /** Whether every job was handed out. */
  get empty(): boolean {
    return this.left === 0;
  }

  /** How many jobs nobody has taken. */
  get left(): number {
    return Math.max(0, this.#jobs - Atomics.load(this.#words, NEXT));
  }

  get jobsDone(): number {
    return Atomics.load(this.#words, DONE);
  }

  addRows(rows: number): void {
    Atomics.add(this.#counters, 0, BigInt(rows));
  }

  addBytes(bytes: number): void {
    Atomics.add(this.#counters, 1, BigInt(bytes));
  }

  /** Notes bytes that are kept of rows; false: they are too many by now. */
  keep(bytes: number): boolean {
    return Atomics.add(this.#counters, KEPT, BigInt(bytes)) + BigInt(bytes) <= this.#counters[MOST]!;
  }

  /** Says that somebody could not keep what belongs to all. */
  keepNothing(): void {
    Atomics.add(this.#counters, KEPT, BigInt(NOTHING) + 1n);
  }

  /** Whether everything could be kept so far. */
  get keepsAll(): boolean {
    return Atomics.load(this.#counters, KEPT) <= this.#counters[MOST]!;
  }

  get rows(): number {
    return Number(Atomics.load(this.#counters, 0));
  }

  get bytes(): number {
    return Number(Atomics.load(this.#counters, 1));
  }
}
