import { asAssayError, type AssayError } from '../base/errors.js';
import { decodeState } from '../states/codec.js';
import { Joining } from './board.js';
import { exchangeTables } from './exchange.js';
import { judgeKept } from './kept-keys.js';
import { Pace, type Later } from './later.js';
import { Member } from './member.js';
import { errorOf, type FromWorker, type PlainFailure, type PlainState, type ToWorker } from './messages.js';
import type { PoolThread } from './pool.js';
import { collectOwn, type Run } from './run.js';
import { Stopped } from './stopped.js';

const GRACE_MS = 300; // for threads to end by themselves after an abort

/** The worker threads of a run, and what they are told. */
export interface Hands {
  readonly threads: readonly PoolThread[];
  /** Whether none of them has loaded: the calling thread reads until all have. */
  readonly cold: boolean;
  /** When others are taken, one after the other. */
  readonly later: readonly Later[];
  /** Takes one of these; undefined: none can be had. */
  readonly take: () => PoolThread | undefined;
  readonly tasks: () => (thread: number) => ToWorker;
}

/** Scans with worker threads, merges and folds; returns how many of them took part. */
export async function scanWithCrew(run: Run, hands: Hands): Promise<number> {
  const crew = new Crew(run, hands);
  const abort = () => crew.abort();
  run.options.signal?.addEventListener('abort', abort, { once: true });
  const unwatch = run.reporter.watch();
  try {
    run.reporter.enter('scan');
    crew.start();
    await crew.scan();
    run.reporter.enter('merge');
    collectOwn(run);
    await exchangeTables(run, crew.scanned, crew.helping);
    await judgeKept(run, crew.scanned);
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
  /** Whether the calling thread has read until everything was taken. */
  helping: boolean;
  readonly #run: Run;
  readonly #hands: Hands;
  readonly #members: Member[] = [];
  readonly #later: Later[];
  #task: ((thread: number) => ToWorker) | null = null;
  #error: { split: number; error: AssayError } | null = null;
  #ring: () => void = () => {};
  #change: Promise<void> = Promise.resolve();

  constructor(run: Run, hands: Hands) {
    this.#run = run;
    this.#hands = hands;
    this.#later = [...hands.later];
    this.helping = hands.cold;
    this.#arm();
  }

  get scanned(): Member[] {
    return this.#members.filter((m) => m.phase === 'scanned');
  }

  start(): void {
    for (const thread of this.#hands.threads) this.#employ(thread);
  }

  /** Until every split is read: while threads start, and if none can, this thread reads too. */
  async scan(): Promise<void> {
    const { board, planned, scanner, collector } = this.#run;
    const pace = new Pace();
    const started = performance.now();
    while (!board.empty && !board.stopped) {
      const now = performance.now();
      while (this.#later[0] && pace.calls(this.#later[0], now - started, board.left)) this.#takeAnother();
      if (this.#enough()) {
        this.helping = false;
        break;
      }
      if (!this.helping && this.#members.some((m) => m.phase === 'starting')) {
        await this.#change;
        continue;
      }
      const job = board.take();
      if (job === null) break;
      const result = await scanner.scan(planned.plan.jobs[job]!);
      if (!result) break;
      collector.addSplit(result);
      board.done(-1);
      pace.took(performance.now() - now);
      await this.#run.reporter.breathe();
    }
    if (this.#later.length > 0) {
      const more = `${this.#later.length} more worker thread${this.#later.length === 1 ? '' : 's'}`;
      this.#run.notes.push(`the calling thread read, too: all splits were taken before it paid to start ${more}`);
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

  #employ(thread: PoolThread): void {
    const member = new Member(thread, this.#members.length, (m, message) => {
      try {
        if (message === null) this.#mourn(m);
        else this.#hear(m, message);
      } catch (thrown) {
        m.phase = 'out';
        this.#break(Number.MAX_SAFE_INTEGER, asAssayError(thrown)); // there is nobody above to catch it
      }
      this.#arm();
    });
    this.#members.push(member);
    member.post((this.#task ??= this.#hands.tasks())(member.number));
  }

  #takeAnother(): void {
    this.#later.shift();
    const thread = this.#hands.take();
    if (thread) this.#employ(thread);
  }

  /** Whether the others need no help. */
  #enough(): boolean {
    const joined = this.#members.filter((m) => this.#run.board.joined(m.number)).length;
    return joined > 0 && (!this.helping || (this.#later.length === 0 && joined === this.#members.length));
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
        m.tables = new Map(message.tables.map((t) => [t.request, t]));
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
    if (m.phase === 'out' || m.phase === 'scanned') return; // whoever wants its answer is told
    m.phase = 'out';
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
