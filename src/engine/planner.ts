import { asAssayError, AssayError } from '../base/errors.js';
import { knownSplits, type KnownSplits } from '../data/known-splits.js';
import type { Facet, OpenSource, Wanted } from '../data/source.js';
import type { Bound } from '../expression/bound.js';
import { simplified } from '../expression/evaluate/simplify.js';
import { facetsOf } from '../expression/facets.js';
import { lawOf, type Request, type StateSpec, type TableNeeds } from '../states/contract.js';
import { Interner } from './intern.js';
import { plainText, readPlain } from './plain-text.js';
import type { EngineAsk, RunOptions, SplitVerdicts } from './plan.js';
import { readingsOf, type Reading } from './readings.js';
import { extremesColumn, isClaimed, isTold, lettersOf, packedLetters } from './split-verdicts.js';

/** What threads need to know of a run: plain JSON. */
export interface Plan {
  readonly requests: readonly PlannedRequest[];
  readonly verdicts: readonly Bound[];
  /** The requests of tables of which a hash of each row's key is kept. */
  readonly kept: readonly number[];
  /** What is wanted of a split: most splits want the same. */
  readonly demands: readonly Demand[];
  /** Splits to read, in the order of the data; those that summaries answer are left out. */
  readonly jobs: readonly Job[];
}

export interface PlannedRequest {
  readonly request: Request;
  readonly law: 'exact' | 'ordered';
  /** Of a table: whether some fold reads its keys; null: a record state. */
  readonly needs: TableNeeds | null;
  readonly askedBy: number;
}

export interface Demand {
  /** Which requests the split's rows answer. */
  readonly requests: readonly number[];
  /** A letter per verdict: what is known of it before the rows are read (`Letter`). */
  readonly verdicts: string;
  readonly wanted: readonly (readonly [string, readonly Facet[]])[];
  /** The same in readings of a part of the columns each, one after the other; one reading: rows are seen as a whole. */
  readonly readings: readonly Reading[];
}

export interface Job {
  /** Position among the splits of the source. */
  readonly split: number;
  readonly demand: number;
}

/** A plan with what stays on the calling thread. */
export interface Planned {
  readonly plan: Plan;
  /** The spec of each request. */
  readonly specs: readonly StateSpec[];
  /** The request of each ask. */
  readonly requestOf: readonly number[];
  /** States that summaries gave, over all splits that told them. */
  readonly summaries: readonly { readonly request: number; readonly state: object }[];
  /** Verdicts on splits that are not read. */
  readonly verdicts: readonly SplitVerdicts[];
  /** Bytes that are read, at most; undefined: that cannot be told. */
  readonly bytes: number | undefined;
  /** Requests that cannot be planned. */
  readonly failures: ReadonlyMap<number, AssayError>;
}

/** Collects the distinct requests of some asks, and finds what must be read of each split. Reads nothing. */
export function planRun(
  asks: readonly EngineAsk[],
  source: OpenSource,
  { verdicts = [], kept, observer }: Pick<RunOptions, 'verdicts' | 'kept' | 'observer'> = {},
): Planned {
  const { requests, specs, requestOf, interner, failures } = distinct(asks);
  const interned = verdicts.map((v) => interner.bound(v));
  const keeping = [...new Set((kept?.asks ?? []).map((ask) => requestOf[asks.indexOf(ask)]!))];
  const always = [...keeping.flatMap((r) => requests[r]!.request.inputs), ...(observer?.reads ?? [])];
  const known: SplitVerdicts[] = [];
  const demands: Demand[] = [];
  const jobs: Job[] = [];
  const splits = knownSplits(source.splits);
  const { summaries, told } = toldBefore(requests, specs, splits, failures);
  const conditions = interned.map(simplified);
  const lettersIn = lettersOf(conditions, splits);
  // most requests are told by all splits or by none
  const some = told.flatMap((of, r) => (of && !of.every((x) => x === 1) ? [r] : []));
  const leftOf = new Map<string, number[]>();
  const leftIn = (position: number): number[] => {
    const which = some.map((r) => told[r]![position]).join('');
    let left = leftOf.get(which);
    if (!left) {
      left = requests.flatMap((_, r) => (failures.has(r) || told[r]?.[position] === 1 ? [] : [r]));
      leftOf.set(which, left);
    }
    return left;
  };
  const demandOf = new Map<readonly number[], Map<string, number>>();
  source.splits.forEach((split, position) => {
    const left = leftIn(position);
    let letters = '';
    for (const of of lettersIn) letters += typeof of === 'string' ? of : of[position]!;
    const { rows } = split.summary;
    if (left.length === 0 && always.length === 0 && !observer && [...letters].every(isTold) && (letters === '' || rows !== undefined)) {
      if (letters !== '') known.push({ split: position, rows: rows!, packed: packedLetters(letters, rows!) });
      return;
    }
    let byLetters = demandOf.get(left);
    if (!byLetters) demandOf.set(left, (byLetters = new Map()));
    let demand = byLetters.get(letters);
    if (demand === undefined) {
      const judged = conditions.flatMap((e, v): (Bound | [Bound, Facet])[] =>
        letters[v] === '?' ? [interned[v]!] : isClaimed(letters[v]!) ? [[extremesColumn(e)!, 'extrema']] : []);
      const wanted = [
        ...facetsOf([...left.flatMap((r) => read(requests[r]!.request, specs[r]!)), ...judged, ...always]),
      ];
      const isWhole = observer !== undefined || letters !== '' || keeping.length > 0;
      const readings = isWhole ? [{ requests: left, wanted }] : readingsOf(left, wanted, (r) => requests[r]!.request);
      demand = demands.push({ requests: left, verdicts: letters, wanted, readings }) - 1;
      byLetters.set(letters, demand);
    }
    jobs.push({ split: position, demand });
  });
  const plan = { requests, verdicts: interned, kept: keeping, demands, jobs };
  return { plan, specs, requestOf, summaries, verdicts: known, bytes: bytesToRead(plan, source), failures };
}

/** What each request is told before anything is read: states, and by which splits. */
function toldBefore(
  requests: readonly PlannedRequest[], specs: readonly StateSpec[], splits: KnownSplits, failures: Map<number, AssayError>,
): { summaries: Planned['summaries'][number][]; told: readonly (Uint8Array | null)[] } {
  const summaries: Planned['summaries'][number][] = [];
  const told = requests.map(({ request }, r) => {
    const spec = specs[r]!;
    if (spec.kind !== 'record' || !spec.summary || failures.has(r)) return null;
    try {
      const found = spec.summary(splits, request);
      if (found) summaries.push({ request: r, state: found.state });
      return found?.splits ?? null;
    } catch (thrown) {
      failures.set(r, asAssayError(thrown));
      return null;
    }
  });
  return { summaries, told };
}

function bytesToRead({ jobs, demands }: Plan, source: OpenSource): number | undefined {
  let bytes = 0;
  for (const job of jobs) {
    const split = source.splits[job.split]!;
    const size = source.bytesOf ? source.bytesOf(split, wantedBy(demands[job.demand]!)) : split.summary.bytes;
    if (size === undefined) return undefined;
    bytes += size;
  }
  return bytes;
}

/** The expressions that a request reads, and what it asks of its inputs. */
function read(request: Request, spec: StateSpec): (Bound | [Bound, Facet])[] {
  const { inputs, where } = request;
  const given = spec.kind === 'record' ? spec.facet ?? 'values' : 'values';
  const facet = typeof given === 'function' ? given(request) : given;
  const asked = inputs.map((e): [Bound, Facet] => [e, facet]);
  return where ? [...asked, where] : asked;
}

/** The distinct requests of asks. Specs are told apart too: two may have one name. */
function distinct(asks: readonly EngineAsk[]) {
  const interner = new Interner();
  const specNumbers = new Map<StateSpec, number>();
  const found = new Map<string, number>();
  const requests: { request: Request; law: 'exact' | 'ordered'; needs: TableNeeds | null; askedBy: number }[] = [];
  const specs: StateSpec[] = [];
  const failures = new Map<number, AssayError>();
  const requestOf = asks.map((ask) => {
    const { spec, request } = ask;
    let number = specNumbers.get(spec);
    if (number === undefined) specNumbers.set(spec, (number = specNumbers.size));
    const inputs = request.inputs.map((e) => interner.bound(e));
    const where = request.where && interner.bound(request.where);
    const key = plainText([number, inputs.map((e) => interner.id(e)), where && interner.id(where), request.options ?? null]);
    let r = found.get(key);
    if (r === undefined) {
      const own: Request = Object.freeze({ state: request.state, inputs, where, options: request.options ?? null });
      r = requests.length;
      let law: 'exact' | 'ordered' = 'exact';
      try {
        law = lawOf(spec, own);
      } catch (thrown) {
        failures.set(r, asAssayError(thrown));
      }
      requests.push({ request: own, law, needs: spec.kind === 'table' ? 'counts' : null, askedBy: 0 });
      specs.push(spec);
      found.set(key, r);
    }
    const planned = requests[r]!;
    if (ask.kind === 'fold') planned.needs = planned.askedBy === 0 ? ask.fold.needs : more(planned.needs!, ask.fold.needs);
    ++planned.askedBy;
    return r;
  });
  return { requests, specs, requestOf, interner, failures };
}

/** What folds over one table need together. */
function more(a: TableNeeds, b: TableNeeds): TableNeeds {
  if (a === b) return a;
  if (a === 'parts' || b === 'parts') {
    throw new AssayError('UNSUPPORTED', 'parts of a table cannot be read beside its keys or counts in one run');
  }
  return a === 'keys' || b === 'counts' ? a : b;
}

/** The plan that `plainText` wrote, with equal expressions made one object again. */
export function readPlan(text: string): Plan {
  const plan = readPlain(text) as Plan;
  const interner = new Interner();
  return {
    ...plan,
    verdicts: plan.verdicts.map((v) => interner.bound(v)),
    requests: plan.requests.map((p) => ({
      ...p,
      request: {
        ...p.request,
        inputs: p.request.inputs.map((e) => interner.bound(e)),
        where: p.request.where && interner.bound(p.request.where),
      },
    })),
  };
}

const wantedOf = new WeakMap<Reading['wanted'], Wanted>();

/** The columns and facets of a demand or reading, as sources take them. */
export function wantedBy({ wanted }: Pick<Reading, 'wanted'>): Wanted {
  let found = wantedOf.get(wanted);
  if (!found) wantedOf.set(wanted, (found = new Map(wanted)));
  return found;
}
