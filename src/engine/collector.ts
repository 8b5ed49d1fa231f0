import { asAssayError, type AssayError } from '../base/errors.js';
import type { Kernels } from '../kernels/kernels.js';
import type { StateSpec } from '../states/contract.js';
import type { SplitVerdicts } from './plan.js';
import type { Planned } from './planner.js';
import type { Failure, SplitResult } from './scanner.js';

/** Brings together what all threads found: `exact` states as they come, `ordered` ones in the order of the splits. */
export class Collector {
  #verdicts: SplitVerdicts[] | null = [];
  #verdictBytes = 0;
  readonly #verdictLimit: number;
  readonly failures = new Map<number, Failure>();
  readonly verdictFailures = new Map<number, Failure>();
  readonly #planned: Planned;
  readonly #states: (object | undefined)[];
  /** Per `ordered` request: the split whose state is merged next, and later ones that came before their turn. */
  readonly #turns: { next: number; early: Map<number, object> }[];

  constructor(planned: Planned, verdictLimit = Infinity) {
    this.#verdictLimit = verdictLimit;
    this.#verdicts = [...planned.verdicts];
    this.#planned = planned;
    this.#states = planned.specs.map(() => undefined);
    this.#turns = planned.specs.map(() => ({ next: 0, early: new Map() }));
    for (const [request, error] of planned.failures) this.fail(request, { split: -1, error });
    for (const { request, state } of planned.summaries) this.#merge(request, state);
  }

  addSplit(result: SplitResult): void {
    for (const { request, state } of result.states) this.#take(request, result.split, state);
    if (result.verdicts) this.#keep(result.verdicts);
  }

  #keep(verdicts: SplitVerdicts): void {
    if (!this.#verdicts) return;
    this.#verdictBytes += verdicts.packed.length;
    this.#verdicts.push(verdicts);
    if (this.#verdictBytes > this.#verdictLimit) this.#verdicts = null;
  }

  addExact(request: number, state: object): void {
    this.#merge(request, state);
  }

  /** Keeps the failure of the first split: the same one for any number of threads. */
  fail(request: number, failure: Failure): void {
    keepFirst(this.failures, request, failure);
  }

  failVerdict(verdict: number, failure: Failure): void {
    keepFirst(this.verdictFailures, verdict, failure);
  }

  /** Row verdicts in the order of the splits; null: there were too many to keep. */
  orderedVerdicts(): SplitVerdicts[] | null {
    return this.#verdicts && this.#verdicts.sort((a, b) => a.split - b.split);
  }

  /** The state of a record request over all splits. */
  state(request: number, kernels: Kernels): object {
    const failure = this.failures.get(request);
    if (failure) throw failure.error;
    return (this.#states[request] ??= emptyState(this.#planned.specs[request]!, this.#planned, request, kernels));
  }

  error(request: number): AssayError | null {
    return this.failures.get(request)?.error ?? null;
  }

  #take(request: number, split: number, state: object): void {
    if (this.#planned.plan.requests[request]!.law === 'exact') return this.#merge(request, state);
    const turn = this.#turns[request]!;
    turn.early.set(split, state);
    for (let ready; (ready = turn.early.get(turn.next)) !== undefined; ++turn.next) {
      turn.early.delete(turn.next);
      this.#merge(request, ready);
    }
  }

  #merge(request: number, state: object): void {
    const spec = this.#planned.specs[request]!;
    if (spec.kind !== 'record' || this.failures.has(request)) return;
    const before = this.#states[request];
    try {
      this.#states[request] = before === undefined ? state : spec.merge(before, state, this.#planned.plan.requests[request]!.request);
    } catch (thrown) {
      this.fail(request, { split: Number.MAX_SAFE_INTEGER, error: asAssayError(thrown) });
    }
  }
}

/** The state of no rows at all. */
function emptyState(spec: StateSpec, { plan }: Planned, request: number, kernels: Kernels): object {
  if (spec.kind !== 'record') throw new TypeError(`${spec.name} is not a record state`);
  const accumulator = spec.open(plan.requests[request]!.request, kernels);
  try {
    return accumulator.finish();
  } finally {
    accumulator.close();
  }
}

function keepFirst(failures: Map<number, Failure>, key: number, failure: Failure): void {
  const before = failures.get(key);
  if (!before || failure.split < before.split) failures.set(key, failure);
}
