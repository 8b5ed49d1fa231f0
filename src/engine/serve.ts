import { threadPort, type ThreadPort } from '#platform';
import { asAssayError, AssayError } from '../base/errors.js';
import type { OpenSource, Portable } from '../data/source.js';
import { openKernels, type Kernels } from '../kernels/kernels.js';
import { encodeState } from '../states/codec.js';
import type { RecordSpec, StateSpec, TablePart, TableSpec } from '../states/contract.js';
import { Board, Joining } from './board.js';
import { ThreadBudget } from './budgets.js';
import { mergePartition } from './folds.js';
import type { KeptQuestion } from './kept-hashes.js';
import { plainError, type FromWorker, type Merged, type Parts, type PlainFailure, type PlainSplit, type ToWorker } from './messages.js';
import { readPlan, type Plan } from './planner.js';
import { Scanner, type Failure, type SplitResult } from './scanner.js';
import type { Setting } from './setting.js';

/** What a worker thread needs besides the messages. */
export interface Service extends Pick<Setting, 'states' | 'view'> {
  readonly open: (portable: Portable) => Promise<OpenSource>;
}

/** Makes this thread a worker: it answers the messages of the thread that started it. */
export function serve(service: Service): void {
  const port = threadPort();
  if (!port) throw new AssayError('INTERNAL', 'this module is for worker threads only');
  const post = (message: FromWorker) => port.post(message);
  let run: ServedRun | null = null;
  port.onMessage((message) => {
    const m = message as ToWorker;
    switch (m.kind) {
      case 'run':
        try {
          run = new ServedRun(service, port, m);
          run.start();
        } catch (thrown) {
          post({ kind: 'unable', error: plainError(asAssayError(thrown)) });
        }
        break;
      case 'take': run!.take(m.table, m.partitions); break;
      case 'merge': run!.merge(m.table, m.partitions); break;
      case 'ask': run!.ask(m.question); break;
      case 'stop': run?.abort.abort(); break;
      case 'end': {
        const ended = () => post({ kind: 'ended' }); // even if closing failed: the answers were given before
        const ending = run?.end();
        run = null;
        void Promise.resolve(ending).then(ended, ended);
      }
    }
  });
  post({ kind: 'up' });
}

const POST_EVERY = 256; // results of splits in one message
const POST_MS = 50;

/** One run as a worker does it. */
class ServedRun {
  readonly abort = new AbortController();
  readonly #service: Service;
  readonly #port: ThreadPort;
  readonly #task: ToWorker & { kind: 'run' };
  readonly #plan: Plan;
  readonly #specs: readonly StateSpec[];
  readonly #board: Board;
  readonly #budget: ThreadBudget;
  #source: OpenSource | null = null;
  #kernels: Kernels | null = null;
  #scanner: Scanner | null = null;
  #scanning: Promise<void> = Promise.resolve();
  #waiting: PlainSplit[] = [];
  #posted = performance.now();

  constructor(service: Service, port: ThreadPort, task: ToWorker & { kind: 'run' }) {
    this.#service = service;
    this.#port = port;
    this.#task = task;
    this.#plan = readPlan(task.plan);
    this.#specs = this.#plan.requests.map(({ request: { state } }) => {
      const spec = service.states.get(state);
      if (!spec) throw new AssayError('INTERNAL', `there is no state '${state}' here`);
      return spec;
    });
    this.#board = new Board(task.jobs, task.board);
    this.#budget = new ThreadBudget(task.memoryLimit, task.seed, task.spillFolder);
  }

  start(): void {
    this.#scanning = this.#scan();
  }

  /** Gives partitions away to the threads that merge them. */
  take(table: number, partitions: readonly number[]): void {
    const given: Parts[] = [];
    try {
      for (const partition of partitions) {
        const parts = this.#scanner?.tables.get(table)?.take(partition) ?? [];
        if (parts.length > 0) given.push({ partition, parts });
      }
      this.#post({ kind: 'parts', partitions: given, error: null }, given.flatMap((g) => g.parts).flatMap(buffersOf));
    } catch (thrown) {
      this.#post({ kind: 'parts', partitions: [], error: plainError(asAssayError(thrown)) });
    }
  }

  /** Merges partitions: this thread's parts and those that others gave away. */
  merge(table: number, partitions: readonly Parts[]): void {
    const { request, needs } = this.#plan.requests[table]!;
    const spec = this.#specs[table] as TableSpec<unknown>;
    const merged: Merged[] = [];
    try {
      for (const { partition, parts } of partitions) {
        const found = mergePartition(spec, request, needs!, this.#kernels!, this.#scanner!.tables.get(table), partition, parts, this.#budget.budget);
        if (found) merged.push({ partition, ...found });
      }
      this.#post({ kind: 'merged', partitions: merged, error: null }, merged.flatMap((m) => m.parts).flatMap(buffersOf));
    } catch (thrown) {
      this.#post({ kind: 'merged', partitions: [], error: plainError(asAssayError(thrown)) });
    }
  }

  /** Answers a question about the hashes of keys that this thread keeps. */
  ask(question: KeptQuestion): void {
    try {
      this.#post({ kind: 'answer', answer: this.#scanner!.kept!.answer(question) });
    } catch {
      this.#post({ kind: 'answer', answer: null });
    }
  }

  /** Frees everything, once the scan has come to its end. */
  async end(): Promise<void> {
    await this.#scanning;
    this.#scanner?.close();
    this.#budget.close();
    await this.#source?.close();
  }

  async #scan(): Promise<void> {
    const { portable, splits, thread } = this.#task;
    const board = this.#board;
    let split = 0;
    try {
      try {
        this.#source = await this.#service.open(portable);
      } catch (thrown) {
        return this.#post({ kind: 'unable', error: plainError(asAssayError(thrown, 'SOURCE')) });
      }
      if (this.#source.splits.length !== splits) {
        throw new AssayError('SOURCE', `the data changed while it was read: ${splits} splits became ${this.#source.splits.length}`);
      }
      if (!board.settle(thread, Joining.Joined)) return; // the others were done before this thread was ready
      this.#post({ kind: 'joined' });
      const kernels = (this.#kernels = openKernels(this.#source.memory));
      const scanner = (this.#scanner = new Scanner({
        plan: this.#plan,
        specs: this.#specs,
        source: this.#source,
        kernels,
        budget: this.#budget.budget,
        view: this.#service.view,
        board,
        signal: this.abort.signal,
      }));
      const { jobs } = this.#plan;
      await board.each(thread, this.#source.prefetchesFor, async (job, next) => {
        split = jobs[job]!.split;
        const result = await scanner.scan(jobs[job]!, next === null ? null : jobs[next]!);
        if (result) this.#add(result);
        return result !== null;
      });
      this.#flush();
      this.#report(scanner);
    } catch (thrown) {
      this.#post({ kind: 'broken', split, error: plainError(asAssayError(thrown)) });
    }
  }

  /** Says what this thread found; failures last, since finishing a state may fail too. */
  #report(scanner: Scanner): void {
    const states = scanner.finish().map(({ request, state }) => this.#encode(request, state));
    const tables = [...scanner.tables].map(([request, table]) => ({ request, bytes: table.bytes, singles: table.singles?.() ?? null }));
    const failures = plainFailures(scanner.failures);
    const verdictFailures = plainFailures(scanner.verdictFailures);
    this.#post({ kind: 'scanned', states, failures, verdictFailures, tables });
  }

  #add({ split, states, verdicts }: SplitResult): void {
    if (states.length === 0 && !verdicts) return;
    this.#waiting.push({ split, states: states.map((s) => this.#encode(s.request, s.state)), verdicts });
    if (this.#waiting.length >= POST_EVERY || performance.now() - this.#posted > POST_MS) this.#flush();
  }

  #flush(): void {
    const states = this.#waiting.flatMap((result) => result.states).map(({ bytes }) => bytes.buffer as ArrayBuffer);
    if (this.#waiting.length > 0) this.#post({ kind: 'splits', results: this.#waiting }, states);
    this.#waiting = [];
    this.#posted = performance.now();
  }

  #encode(request: number, state: object) {
    const spec = this.#specs[request] as RecordSpec<unknown, object>;
    return { request, bytes: encodeState(spec, this.#plan.requests[request]!.request, state) };
  }

  #post(message: FromWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.#port.post(message, transfer);
  }
}

function plainFailures(failures: ReadonlyMap<number, Failure>): PlainFailure[] {
  return [...failures].map(([of, { split, error }]) => ({ of, split, error: plainError(error) }));
}

function buffersOf(part: TablePart): ArrayBuffer[] {
  return 'bytes' in part ? [part.bytes] : [];
}
