import { asAssayError, AssayError } from '../base/errors.js';
import type { Batch } from '../data/column.js';
import { BitPacker } from '../data/packed-bits.js';
import type { OpenSource } from '../data/source.js';
import type { BatchView, Pointer } from '../expression/batch-view.js';
import { simplified } from '../expression/evaluate/simplify.js';
import { textsKey } from '../expression/view.js';
import type { Kernels } from '../kernels/kernels.js';
import type { Accumulator, Budget, RecordSpec, StateSpec, TableAccumulator } from '../states/contract.js';
import type { Board } from './board.js';
import { KeptHashes } from './kept-hashes.js';
import type { Observer, SplitVerdicts } from './plan.js';
import { wantedBy, type Demand, type Job, type Plan } from './planner.js';
import { bundled, TOGETHER_BYTES, type Reading } from './readings.js';
import { addLetter, extremesColumn, isClaimed, isTold } from './split-verdicts.js';

/** Why a request or verdict has no answer, and the split at which that happened. */
export interface Failure {
  readonly split: number;
  readonly error: AssayError;
}

/** What one split gave by itself. */
export interface SplitResult {
  readonly split: number;
  /** The states of `ordered` requests over this split alone. */
  readonly states: readonly { readonly request: number; readonly state: object }[];
  readonly verdicts: SplitVerdicts | null;
}

/** Where and over what a thread scans. */
export interface ScanSetting {
  readonly plan: Plan;
  readonly specs: readonly StateSpec[];
  readonly source: OpenSource;
  readonly kernels: Kernels;
  readonly budget: Budget;
  readonly view: (batch: Batch, kernels: Kernels, shared: ReadonlySet<string>) => BatchView;
  readonly board: Board;
  /** Ends reads that wait. */
  readonly signal?: AbortSignal | undefined;
  readonly observer?: Observer | undefined;
  /** Called after each batch: to report, to let others run. */
  readonly breathe?: () => Promise<void> | undefined;
}

interface Adding {
  readonly request: number;
  readonly accumulator: { add(view: BatchView): void };
}

/** What takes part in a reading of any split, until something fails. */
interface Opened {
  readonly lasting: Adding[];
  readonly ordered: readonly number[];
  /** How many requests had failed by then. */
  readonly failures: number;
}

/** The accumulators of one thread: one per `exact` state and table, one per split for `ordered` states. */
export class Scanner {
  readonly failures = new Map<number, Failure>();
  readonly verdictFailures = new Map<number, Failure>();
  readonly tables = new Map<number, TableAccumulator>();
  /** Null: nobody judges rows by their keys. */
  readonly kept: KeptHashes | null;
  readonly #setting: ScanSetting;
  readonly #shared = new Map<Demand, ReadonlySet<string>>();
  readonly #opened = new Map<Reading, Opened>();
  readonly #bundled = new Map<Demand, readonly Reading[]>();
  readonly #columns: string[] = [];
  readonly #exact = new Map<number, Accumulator<object>>();

  constructor(setting: ScanSetting) {
    this.#setting = setting;
    const { plan, kernels, board } = setting;
    this.kept = plan.kept.length > 0 ? new KeptHashes(kernels, plan.kept, board) : null;
  }

  /**
   * Reads one split; null: it was stopped. Throws what the source throws. The bytes of the one that follows
   * are asked for behind its own.
   */
  async scan(job: Job, following: Job | null = null): Promise<SplitResult | null> {
    const { plan, source, board } = this.#setting;
    const demand = plan.demands[job.demand]!;
    const split = source.splits[job.split]!;
    const packer = plan.verdicts.length > 0 ? new BitPacker(plan.verdicts.length * 2) : null;
    const states: { request: number; state: object }[] = [];
    let rows = 0;
    for (const [i, reading] of this.#readings(demand, job.split).entries()) {
      const ordered = new Map<number, Accumulator<object>>();
      try {
        const found = await this.#read(reading, job, i === 0 ? following : null, ordered, packer, i === 0);
        if (found === null) return null;
        if (i > 0 && found !== rows) {
          throw new AssayError('SOURCE', `${split.label}: some columns have ${found} rows, others ${rows}`);
        }
        rows = found;
        for (const [request, accumulator] of ordered) {
          if (!this.failures.has(request)) this.#guard(request, job.split, () => states.push({ request, state: accumulator.finish() }));
        }
      } finally {
        for (const accumulator of ordered.values()) accumulator.close();
      }
    }
    const packed = packer?.finish();
    if (packed) board.keep(packed.length);
    return { split: job.split, states, verdicts: packed ? { split: job.split, rows, packed } : null };
  }

  /** What of a split is read at once: everything, unless it takes much memory. */
  #readings(demand: Demand, split: number): readonly Reading[] {
    const { source } = this.#setting;
    if (!source.held || demand.readings.length === 1) return [demand];
    return source.held(source.splits[split]!, wantedBy(demand)) <= TOGETHER_BYTES ? [demand] : this.#bundles(demand);
  }

  /** The columns that are read together of splits that take much memory: the same of each, by the one that takes most. */
  #bundles(demand: Demand): readonly Reading[] {
    let bundles = this.#bundled.get(demand);
    if (bundles) return bundles;
    const { source, plan } = this.#setting;
    const held = (job: Job, reading: Pick<Reading, 'wanted'>) => source.held!(source.splits[job.split]!, wantedBy(reading));
    let largest: Job | null = null;
    let most = -1;
    for (const job of plan.jobs) {
      if (plan.demands[job.demand] !== demand) continue;
      const bytes = held(job, demand);
      if (bytes > most) [largest, most] = [job, bytes];
    }
    bundles = bundled(demand.readings, (reading) => held(largest!, reading));
    this.#bundled.set(demand, bundles);
    return bundles;
  }

  /** Reads some columns of a split; how many rows there are, null: it was stopped. `isFirst`: the rows count. */
  async #read(
    reading: Reading, job: Job, following: Job | null, ordered: Map<number, Accumulator<object>>,
    packer: BitPacker | null, isFirst: boolean,
  ): Promise<number | null> {
    const { plan, source, board } = this.#setting;
    const split = source.splits[job.split]!;
    const adding = this.#open(reading, job.split, ordered);
    const shared = this.#sharedTexts(plan.demands[job.demand]!);
    const batches = source.read(split, wantedBy(reading), {
      signal: this.#setting.signal,
      onBytes: (bytes) => board.addBytes(bytes),
    })[Symbol.asyncIterator]();
    let rows = 0;
    try {
      for (;;) {
        const coming = this.#next(batches, split.label);
        if (rows === 0 && following) {
          source.prefetch?.(source.splits[following.split]!, wantedBy(plan.demands[following.demand]!));
        }
        const next = await coming;
        if (next.done) return rows;
        if (board.stopped) return null;
        rows += next.value.rows;
        this.#add(next.value, adding, shared, job, packer);
        if (isFirst) board.addRows(next.value.rows);
        await this.#setting.breathe?.();
      }
    } finally {
      void batches.return?.().then(undefined, () => {}); // not waited for: a read that hangs would hold up an abort
      this.#setting.kernels.scratch.close(); // the next columns are of other sizes
    }
  }

  /** The `exact` states of everything that this thread read. */
  finish(): { request: number; state: object }[] {
    const states: { request: number; state: object }[] = [];
    for (const [request, accumulator] of this.#exact) {
      this.#guard(request, Number.MAX_SAFE_INTEGER, () => states.push({ request, state: accumulator.finish() }));
    }
    return states;
  }

  /** Gives a request up: what it holds is freed. */
  fail(request: number, split: number, thrown: unknown): void {
    const before = this.failures.get(request);
    if (!before || split < before.split) this.failures.set(request, { split, error: asAssayError(thrown) });
    this.#exact.get(request)?.close();
    this.#exact.delete(request);
    this.tables.get(request)?.close();
    this.tables.delete(request);
  }

  close(): void {
    for (const accumulator of this.#exact.values()) accumulator.close();
    for (const table of this.tables.values()) table.close();
    this.kept?.close();
    this.#exact.clear();
    this.tables.clear();
  }

  /** The next batch; what a source throws that is no error of ours is given the place at which that happened. */
  async #next(batches: AsyncIterator<Batch>, label: string): Promise<IteratorResult<Batch>> {
    const { signal } = this.#setting;
    try {
      return await nextUnlessAborted(batches, signal);
    } catch (thrown) {
      if (signal?.aborted || thrown instanceof AssayError) throw thrown;
      throw asAssayError(thrown, 'SOURCE', label);
    }
  }

  /** The accumulators that take part in a reading of a split: those that last, and new ones for the split. */
  #open(reading: Reading, split: number, ordered: Map<number, Accumulator<object>>): Adding[] {
    let opened = this.#opened.get(reading);
    if (!opened || opened.failures !== this.failures.size) {
      opened = this.#openLasting(reading, split);
      this.#opened.set(reading, opened);
    }
    if (opened.ordered.length === 0) return opened.lasting;
    const { plan, specs, kernels } = this.#setting;
    const adding = [...opened.lasting];
    for (const request of opened.ordered) {
      this.#guard(request, split, () => {
        const accumulator = (specs[request] as RecordSpec).open(plan.requests[request]!.request, kernels);
        ordered.set(request, accumulator);
        adding.push({ request, accumulator });
      });
    }
    return adding;
  }

  /** The accumulators of a reading that all splits share, and the requests of the others. */
  #openLasting({ requests }: Reading, split: number): Opened {
    const { plan, specs, kernels, budget } = this.#setting;
    const lasting: Adding[] = [];
    const ordered: number[] = [];
    for (const r of requests) {
      if (this.failures.has(r)) continue;
      const spec = specs[r]!;
      const { request, law, needs } = plan.requests[r]!;
      if (law === 'ordered') {
        ordered.push(r);
        continue;
      }
      this.#guard(r, split, () => {
        let accumulator: Accumulator<object> | TableAccumulator | undefined;
        if (spec.kind === 'table') {
          accumulator = this.tables.get(r);
          if (!accumulator) this.tables.set(r, (accumulator = spec.open(request, kernels, budget, needs!)));
        } else {
          accumulator = this.#exact.get(r);
          if (!accumulator) this.#exact.set(r, (accumulator = spec.open(request, kernels)));
        }
        lasting.push({ request: r, accumulator });
      });
    }
    return { lasting, ordered, failures: this.failures.size };
  }

  /** The texts that several requests of a demand read. */
  #sharedTexts(demand: Demand): ReadonlySet<string> {
    let shared = this.#shared.get(demand);
    if (shared) return shared;
    const { plan, specs } = this.#setting;
    const asked = new Map<string, number>();
    for (const r of demand.requests) {
      const spec = specs[r]!;
      const { request } = plan.requests[r]!;
      const text = spec.kind === 'record' ? spec.texts?.(request) : null;
      if (!text) continue;
      const key = textsKey(text, request.where);
      asked.set(key, (asked.get(key) ?? 0) + 1);
    }
    shared = new Set([...asked].filter(([, n]) => n > 1).map(([key]) => key));
    this.#shared.set(demand, shared);
    return shared;
  }

  #add(
    batch: Batch, adding: Adding[], shared: ReadonlySet<string>, { split, demand }: Job, packer: BitPacker | null,
  ): void {
    try {
      const view = this.#setting.view(batch, this.#setting.kernels, shared);
      try {
        let failed = false;
        const room = this.kept?.begin(split, view.rows) ?? null;
        const { kept } = this.#setting.plan;
        for (let i = 0; i < adding.length; ++i) {
          const { request, accumulator } = adding[i]!;
          const table: Pick<TableAccumulator, 'add'> = accumulator; // other states need no room
          try {
            table.add(view, room?.[kept.indexOf(request)]);
          } catch (thrown) {
            this.fail(request, split, thrown);
            failed = true;
          }
        }
        if (failed) adding.splice(0, adding.length, ...adding.filter((a) => !this.failures.has(a.request)));
        if (packer) this.#judge(batch, view, packer, split, this.#setting.plan.demands[demand]!.verdicts);
        if (room) this.kept!.fill(view, this.tables, room);
        this.#setting.observer?.look(view, split);
      } finally {
        view.close();
      }
    } finally {
      batch.release?.();
    }
  }

  /** Packs what each verdict says of a batch; `letters`: what was known of them before. */
  #judge(batch: Batch, view: BatchView, packer: BitPacker, split: number, letters: string): void {
    if (view.rows === 0) return;
    const { verdicts } = this.#setting.plan;
    packer.batch(view.rows);
    const added = new Map<Pointer, number>();
    for (let v = 0; v < verdicts.length; ++v) {
      const letter = letters[v]!;
      if (isTold(letter) || (isClaimed(letter) && batch.column(this.#extremesOf(v)).extremes)) {
        addLetter(packer, letter);
        continue;
      }
      const found = this.#verdictOn(view, v, split);
      this.#pack(view, packer, found ? found.truth : null, v * 2, added);
      this.#pack(view, packer, found ? found.known : null, v * 2 + 1, added);
    }
  }

  /** The column of whose extremes a verdict is a matter. */
  #extremesOf(v: number): string {
    return (this.#columns[v] ??= extremesColumn(simplified(this.#setting.plan.verdicts[v]!))!.name);
  }

  /** Where a verdict is TRUE and where it is known (0: everywhere); null: it cannot be evaluated, and is FALSE from here on. */
  #verdictOn(view: BatchView, v: number, split: number): { truth: Pointer; known: Pointer } | null {
    if (this.verdictFailures.has(v)) return null;
    const e = this.#setting.plan.verdicts[v]!;
    try {
      return { truth: view.truths(e, null).bits, known: view.known(e, null).bits };
    } catch (thrown) {
      this.verdictFailures.set(v, { split, error: asAssayError(thrown, 'EVALUATION') });
      return null;
    }
  }

  /** Packs bitmap `k` of a batch from the memory of the kernels; verdicts on one column often share it. */
  #pack({ rows }: BatchView, packer: BitPacker, bits: Pointer | null, k: number, added: Map<Pointer, number>): void {
    if (bits === null || bits === 0) return packer.addSame(bits === 0);
    const before = added.get(bits);
    if (before !== undefined) return packer.addAgain(before);
    added.set(bits, k);
    const { fn, memory } = this.#setting.kernels;
    const set = fn.bitsCount(bits, rows);
    packer.add(new Uint8Array(memory.buffer, bits, (rows + 7) >> 3), set);
  }

  #guard(request: number, split: number, work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.fail(request, split, thrown);
    }
  }
}

/** The next item, or the reason of an abort as soon as that comes. */
function nextUnlessAborted<T>(items: AsyncIterator<T>, signal: AbortSignal | undefined): Promise<IteratorResult<T>> {
  if (!signal) return items.next();
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const settle = <A>(then: (a: A) => void) => (a: A) => {
      signal.removeEventListener('abort', abort);
      then(a);
    };
    items.next().then(settle(resolve), settle(reject));
  });
}
