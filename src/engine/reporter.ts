import { pause } from '#platform';
import type { OpenSource } from '../data/source.js';
import type { Board } from './board.js';
import type { Progress, RunOptions } from './plan.js';
import type { Planned } from './planner.js';
import { Stopped } from './stopped.js';

const EVERY_MS = 100; // between progress events
const BREATH_MS = 25; // of work before others may run

/** Tells how far a run is, and gives the thread back now and then. */
export class Reporter {
  #phase: Progress['phase'] = 'scan';
  #reported = -Infinity;
  #failure: { thrown: unknown } | null = null;
  #breathed = performance.now();
  readonly #started = performance.now();
  readonly #options: RunOptions;
  readonly #board: Board;
  readonly #splits: number;
  readonly #unread: number;
  readonly #totalBytes: number | undefined;

  constructor(options: RunOptions, board: Board, { plan, bytes }: Planned, source: OpenSource) {
    this.#options = options;
    this.#board = board;
    this.#splits = source.splits.length;
    this.#unread = source.splits.length - plan.jobs.length;
    this.#totalBytes = bytes;
  }

  /** Called often, acts seldom: reports, and lets timers and aborts be heard. */
  breathe(): Promise<void> | undefined {
    const now = performance.now();
    this.#report(now);
    this.#check();
    if (now - this.#breathed < BREATH_MS) return undefined;
    return pause().then(() => {
      this.#breathed = performance.now();
      if (this.#options.signal?.aborted) throw new Stopped();
    });
  }

  /** Enters a phase and says so at once. */
  enter(phase: Progress['phase']): void {
    this.#phase = phase;
    this.#reported = -Infinity;
    this.#report(performance.now());
    this.#check();
  }

  /** Reports while this thread only waits; returns how to end that. */
  watch(): () => void {
    if (!this.#options.onProgress) return () => {};
    const timer = setInterval(() => this.#report(performance.now()), EVERY_MS);
    return () => clearInterval(timer);
  }

  #report(now: number): void {
    const { onProgress } = this.#options;
    if (!onProgress || this.#failure || now - this.#reported < EVERY_MS) return;
    this.#reported = now;
    try {
      onProgress({
        phase: this.#phase,
        splitsDone: this.#unread + this.#board.jobsDone,
        splits: this.#splits,
        rows: this.#board.rows,
        bytes: this.#board.bytes,
        ...(this.#totalBytes === undefined ? {} : { totalBytes: this.#totalBytes }),
        elapsedMs: now - this.#started,
      });
    } catch (thrown) {
      this.#failure = { thrown }; // a timer cannot throw: kept for the next call that can
    }
  }

  #check(): void {
    if (this.#failure) throw this.#failure.thrown;
  }
}
