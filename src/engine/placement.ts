import { canStart, cores } from '#platform';
import type { OpenSource } from '../data/source.js';
import type { RunOptions } from './plan.js';
import type { Plan, Planned } from './planner.js';
import { busyThreads, readyThreads } from './pool.js';
import type { Setting } from './setting.js';

/** Where a run goes, and why. */
export interface Placement {
  /** Worker threads; 0: the calling thread. */
  readonly threads: number;
  readonly why: string;
  /** Whether the calling thread alone would be done before threads that must start first have paid. */
  readonly small: boolean;
}

/**
 * Input below this is read sooner by the calling thread than by threads that must start first: two of them cost 250 ms of processor
 * time until they have loaded, in which Parquet of this size is read.
 */
const COLD_BYTES = 64 * 2 ** 20;
/** The same where threads wait already: a run costs them some milliseconds. */
const WARM_BYTES = 2 * 2 ** 20;
/** A source may read little of the columns that nobody wants; of text it reads everything. */
const LEAST_PART = 1 / 3;
/** Threads over all runs that choose their number by themselves. */
const MOST_A_CORE = 4;
/** Stands for a split whose size is not known. */
const UNKNOWN_BYTES = 4 * 2 ** 20;

/** Decides how many worker threads a run gets. */
export function place({ plan, specs, bytes: known }: Planned, source: OpenSource, options: RunOptions, setting: Setting): Placement {
  const here = (why: string): Placement => ({ threads: 0, why, small: true });
  if (plan.jobs.length === 0) return here('nothing has to be read');
  if (options.threads === 0) return here('on the calling thread, as asked');
  if (options.observer) return here('on the calling thread: functions of the caller look at rows');
  if (!source.portable) return here('on the calling thread: the data lives in its memory');
  const own = specs.find((spec) => setting.states.get(spec.name) !== spec);
  if (own) return here(`on the calling thread: worker threads do not know the state '${own.name}'`);
  if (plan.jobs.length === 1) return here('on the calling thread: there is one split to read');
  if (!setting.worker || !canStart(setting.worker)) {
    const none = cores() === 1 ? 'there are no worker threads here' : 'the worker module is missing (bundled?)';
    return here(`on the calling thread: ${none}`);
  }
  const most = Math.min(options.threads ?? cores(), plan.jobs.length);
  const part = source.bytesOf ? 1 : wantedPart(plan, source);
  const bytes = (known ?? plan.jobs.length * UNKNOWN_BYTES) * part;
  const small = bytes < COLD_BYTES;
  if (options.threads !== undefined) return { threads: most, why: `on at most ${most} worker thread${most === 1 ? '' : 's'}, as asked`, small };
  if (most < 2) return here('on the calling thread: there is one processor');
  const free = MOST_A_CORE * cores() - busyThreads();
  if (free < 1) return here('on the calling thread: other runs have taken the worker threads');
  const least = readyThreads(setting.worker) > 0 ? WARM_BYTES : COLD_BYTES;
  const size = `about ${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const ready = least === COLD_BYTES ? 'start' : 'are told';
  if (bytes < least) return here(`on the calling thread: ${size} are read sooner than worker threads ${ready}`);
  const threads = Math.min(most, free);
  return { threads, why: `on ${threads} worker thread${threads === 1 ? '' : 's'}: ${size} to read`, small };
}

/** Which part of the columns is wanted, at least a third. */
function wantedPart({ demands }: Plan, { schema }: OpenSource): number {
  const wanted = new Set(demands.flatMap((d) => d.wanted.map(([name]) => name)));
  return Math.max(LEAST_PART, wanted.size / Math.max(1, schema.fields.length));
}
