import { asAssayError, type AssayError } from '../base/errors.js';
import { PARTITIONS, type Singles, type TablePart, type TableSpec } from '../states/contract.js';
import { mergePartition, type FoldRun } from './folds.js';
import type { Member } from './member.js';
import { errorOf, type FromWorker, type Merged, type Parts } from './messages.js';
import { foldOwn, type Run } from './run.js';
import { Stopped } from './stopped.js';

const ROUND_BYTES = 32 * 2 ** 20; // of table parts on their way between threads

/**
 * Merges the tables of all threads: partition p by thread p modulo their number, the calling one among them if it is `here`, which
 * get the parts of the others through this thread. Partitions go in rounds, so that only some bytes are on their way at a time; the
 * next round is taken while one is merged.
 */
export async function exchangeTables(run: Run, members: readonly Member[], here: boolean): Promise<void> {
  if (members.length === 0) return foldOwn(run);
  for (const fold of run.folds.values()) {
    if (run.collector.error(fold.request) || fold.addSingles(tablesOf(run, members, fold.request))) continue;
    const error = await new Exchange(run, members, here, fold).run();
    if (error) run.collector.fail(fold.request, { split: Number.MAX_SAFE_INTEGER, error });
  }
}

/** What each thread knows of a table, if it has one; it need not be moved if none of its keys can be on two of them. */
function tablesOf({ scanner }: Run, members: readonly Member[], table: number): (Singles | null)[] {
  const own = scanner.tables.get(table);
  const others = members.flatMap(({ tables }) => tables.get(table) ?? []).map(({ singles }) => singles);
  return own ? [own.singles?.() ?? null, ...others] : others;
}

class Exchange {
  readonly #run: Run;
  readonly #members: readonly Member[];
  /** Whether this thread merges, too. */
  readonly #here: boolean;
  readonly #fold: FoldRun;
  #error: AssayError | null = null;

  constructor(run: Run, members: readonly Member[], here: boolean, fold: FoldRun) {
    this.#run = run;
    this.#members = members;
    this.#here = here;
    this.#fold = fold;
  }

  async run(): Promise<AssayError | null> {
    const rounds = this.#rounds();
    this.#ask(rounds[0]!);
    let foreign = await this.#parts(rounds[0]!);
    for (let r = 0; r < rounds.length && !this.#error; ++r) {
      const next = rounds[r + 1];
      if (next) this.#ask(next);
      this.#give(rounds[r]!, foreign);
      const own = await this.#mergeHere(rounds[r]!, foreign);
      if (next) foreign = await this.#parts(next);
      this.#add([...own, ...(await this.#merged())]);
      await this.#run.reporter.breathe();
    }
    return this.#error;
  }

  /** Partitions in groups of a bounded size. */
  #rounds(): number[][] {
    const table = this.#fold.request;
    let bytes = this.#run.scanner.tables.get(table)?.bytes ?? 0;
    for (const m of this.#members) bytes += m.tables.get(table)?.bytes ?? 0;
    const count = Math.min(PARTITIONS, Math.ceil(bytes / ROUND_BYTES) || 1);
    const size = Math.ceil(PARTITIONS / count);
    return Array.from({ length: Math.ceil(PARTITIONS / size) }, (_, r) =>
      Array.from({ length: Math.min(size, PARTITIONS - r * size) }, (_, i) => r * size + i));
  }

  /** Who merges a partition; undefined: this thread. */
  #owner(partition: number): Member | undefined {
    return this.#members[partition % (this.#members.length + (this.#here ? 1 : 0))];
  }

  /** Asks every member for the partitions that others merge. */
  #ask(partitions: readonly number[]): void {
    for (const m of this.#members) {
      m.post({ kind: 'take', table: this.#fold.request, partitions: partitions.filter((p) => this.#owner(p) !== m) });
    }
  }

  /** What the members and this thread gave away, by partition. */
  async #parts(partitions: readonly number[]): Promise<Map<number, TablePart[]>> {
    const given = new Map<number, TablePart[]>(partitions.map((p) => [p, []]));
    try {
      const own = this.#run.scanner.tables.get(this.#fold.request);
      if (own) for (const p of partitions) if (this.#owner(p)) given.get(p)!.push(...own.take(p));
    } catch (thrown) {
      this.#error ??= asAssayError(thrown);
    }
    for (const m of this.#members) {
      const message = await this.#next(m, 'parts');
      if (message.error) this.#error ??= errorOf(message.error);
      for (const { partition, parts } of message.partitions) given.get(partition)!.push(...parts);
    }
    return given;
  }

  /** Has every member merge its partitions. */
  #give(partitions: readonly number[], foreign: ReadonlyMap<number, TablePart[]>): void {
    for (const m of this.#members) {
      const parts: Parts[] = partitions.filter((p) => this.#owner(p) === m).map((p) => ({ partition: p, parts: foreign.get(p)! }));
      const buffers = parts.flatMap((p) => p.parts).flatMap((p) => ('bytes' in p ? [p.bytes] : []));
      m.post({ kind: 'merge', table: this.#fold.request, partitions: parts }, buffers);
    }
  }

  /** Merges the partitions of this thread. */
  async #mergeHere(partitions: readonly number[], foreign: ReadonlyMap<number, TablePart[]>): Promise<Merged[]> {
    const { planned, scanner, kernels, budget, reporter } = this.#run;
    const spec = planned.specs[this.#fold.request] as TableSpec<unknown>;
    const { request, needs } = planned.plan.requests[this.#fold.request]!;
    const all: Merged[] = [];
    try {
      for (const p of partitions) {
        if (this.#owner(p) || this.#error) continue;
        const merged = mergePartition(spec, request, needs!, kernels, scanner.tables.get(this.#fold.request), p, foreign.get(p)!, budget);
        if (merged) all.push({ partition: p, ...merged });
        await reporter.breathe();
      }
    } catch (thrown) {
      if (thrown instanceof Stopped) throw thrown;
      this.#error ??= asAssayError(thrown);
    }
    return all;
  }

  async #merged(): Promise<Merged[]> {
    const all: Merged[] = [];
    for (const m of this.#members) {
      const message = await this.#next(m, 'merged');
      if (message.error) this.#error ??= errorOf(message.error);
      all.push(...message.partitions);
    }
    return all;
  }

  #add(merged: readonly Merged[]): void {
    if (this.#error) return;
    for (const each of [...merged].sort((a, b) => a.partition - b.partition)) this.#fold.add(each.partition, each);
  }

  async #next<K extends 'parts' | 'merged'>(m: Member, kind: K): Promise<FromWorker & { kind: K }> {
    const { name } = this.#run.planned.specs[this.#fold.request]!;
    return m.reply(kind, `while it merged '${name}' over all splits`, this.#run.options.signal);
  }
}
