import { asAssayError, type AssayError } from '../base/errors.js';
import { decodeState } from '../states/codec.js';
import { Joining } from './board.js';
import { exchangeTables } from './exchange.js';
import { Member } from './member.js';
import { errorOf, type FromWorker, type PlainFailure, type PlainState, type ToWorker } from './messages.js';
import type { PoolThread } from './pool.js';
import { collectOwn, type Run } from './run.js';
import { Stopped } from './stopped.js';

const GRACE_MS = 300; // for threads to end by themselves after an abort

/** Scans with worker threads, merges and folds; returns how many of them took part. */
export async function scanWithCrew(run: Run, threads: readonly PoolThread[], tasks: () => (thread: number) => ToWorker): Promise<number> {
  const crew = new Crew(run, threads);
  const abort = () => crew.abort();
  run.options.signal?.addEventListener('abort', abort, { once: true });
  const unwatch = run.reporter.watch();
  try {
    run.reporter.enter('scan');
    crew.start(tasks());
    await crew.scan();
    run.reporter.enter('merge');
    collectOwn(run);
    await exchangeTables(run, crew.scanned);
    return crew.scanned.length;
  } catch (thrown) {
    run.board.stop();
    throw thrown;
  } finally {
    unwatch();
    run.options.signal?.removeEventListener('abort', abort);
    await crew.end();
  }
}

class Crew {
  readonly #run: Run;
  readonly #members: Member[];
  /** Whether threads must start first, so that this one reads meanwhile. */
  readonly #cold: boolean;
  #error: { split: number; error: AssayError } | null = null;
  #ring: () => void = () => {};
  #change: Promise<void> = Promise.resolve();

  constructor(run: Run, threads: readonly PoolThread[]) {
    this.#run = run;
    this.#cold = threads.every((t) => !t.up);
    this.#arm();
    this.#members = threads.map((thread, number) => new Member(thread, number, (m, message) => {
      try {
        if (message === null) this.#mourn(m);
        else this.#hear(m, message);
      } catch (thrown) {
        m.phase = 'out';
        this.#break(Number.MAX_SAFE_INTEGER, asAssayError(thrown)); // there is nobody above to catch it
      }
      this.#arm();
    }));
  }

  get scanned(): Member[] {
    return this.#members.filter((m) => m.phase === 'scanned');
  }

  start(task: (thread: number) => ToWorker): void {
    for (const m of this.#members) m.post(task(m.number));
  }

  /** Until every split is read: while threads start, and if none can, this thread reads too. */
  async scan(): Promise<void> {
    const { board, planned, scanner, collector } = this.#run;
    while (!board.empty && !board.stopped) {
      if (this.#members.some((m) => board.joined(m.number))) break;
      if (!this.#cold && this.#members.some((m) => m.phase === 'starting')) {
        await this.#change;
        continue;
      }
      const job = board.take();
      if (job === null) break;
      const result = await scanner.scan(planned.plan.jobs[job]!);
      if (!result) break;
      collector.addSplit(result);
      board.done(-1);
      await this.#run.reporter.breathe();
    }
    for (;;) {
      if (board.empty || board.stopped) this.#excuse();
      if (!this.#members.some((m) => m.phase === 'starting' || m.phase === 'scanning')) break;
      if (this.#run.options.signal?.aborted) break;
      await this.#change;
    }
    if (this.#error) throw this.#error.error;
    if (board.stopped) throw new Stopped();
  }

  abort(): void {
    this.#stop();
    this.#arm();
  }

  /** Has every member free what it holds; those that never began are not waited for, unless spilled files must go. */
  async end(): Promise<void> {
    const { board } = this.#run;
    const ends = this.#members.map((m) => ({ m, ended: m.end(board.stopped ? GRACE_MS : null) }));
    await Promise.all(ends.map(({ m, ended }) => (board.stopped || board.joined(m.number) ? ended : undefined)));
  }

  #stop(): void {
    this.#run.board.stop();
    for (const m of this.#members) m.post({ kind: 'stop' });
  }

  /** Lets those go that have not begun when everything is taken. */
  #excuse(): void {
    const { board, notes } = this.#run;
    const late = this.#members.filter((m) => m.phase === 'starting' && board.settle(m.number, Joining.Excused));
    for (const m of late) m.letGo();
    if (late.length > 0) notes.push(`all splits were read before ${late.length} of ${this.#members.length} worker threads were ready`);
  }

  #hear(m: Member, message: FromWorker): void {
    const { collector, board, notes } = this.#run;
    switch (message.kind) {
      case 'joined':
        m.phase = 'scanning';
        break;
      case 'unable':
        m.phase = 'out';
        board.settle(m.number, Joining.Excused);
        notes.push(`a worker thread could not open the source: ${message.error.message}`);
        break;
      case 'splits':
        for (const { split, states, verdicts } of message.results) {
          collector.addSplit({ split, states: states.map((s) => this.#decode(s)), verdicts });
        }
        break;
      case 'scanned':
        m.phase = 'scanned';
        m.tables = new Map(message.tables.map((t) => [t.request, t.bytes]));
        for (const s of message.states) collector.addExact(s.request, this.#decode(s).state);
        for (const f of message.failures) collector.fail(f.of, failureOf(f));
        for (const f of message.verdictFailures) collector.failVerdict(f.of, failureOf(f));
        break;
      case 'broken':
        m.phase = 'out';
        this.#break(message.split, errorOf(message.error));
        break;
    }
  }

  #mourn(m: Member): void {
    const { board, notes } = this.#run;
    if (m.phase === 'out') return;
    const before = m.phase;
    m.phase = 'out';
    if (before === 'scanned') return; // whoever waits for its answer is told
    if (board.settle(m.number, Joining.Excused)) {
      notes.push(`a worker thread did not start: ${m.causeOfDeath}`);
      return;
    }
    const job = board.jobOf(m.number);
    const split = job === null ? null : this.#run.planned.plan.jobs[job]!.split;
    const at = split === null ? 'between two splits' : `while it read ${this.#run.source.splits[split]!.label}`;
    this.#break(split ?? Number.MAX_SAFE_INTEGER, m.death(at));
  }

  #break(split: number, error: AssayError): void {
    if (!this.#error || split < this.#error.split) this.#error = { split, error };
    this.#stop();
  }

  #decode({ request, bytes }: PlainState): { request: number; state: object } {
    const { specs, plan } = this.#run.planned;
    const spec = specs[request]!;
    if (spec.kind !== 'record') throw asAssayError(new TypeError(`${spec.name} is not a record state`));
    return { request, state: decodeState(spec, plan.requests[request]!.request, bytes) };
  }

  /** Wakes whoever waits for a change. */
  #arm(): void {
    this.#ring();
    this.#change = new Promise((resolve) => (this.#ring = resolve));
  }
}

function failureOf({ split, error }: PlainFailure) {
  return { split, error: errorOf(error) };
}
