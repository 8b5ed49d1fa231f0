import { joined } from '../base/joined.js';
import { BitPacker, unpackBits } from '../data/packed-bits.js';
import { HashSet } from './hash-set.js';
import type { KeptAnswer, KeptQuestion } from './kept-hashes.js';
import type { Member } from './member.js';
import type { KeptKeys, RowsWithout } from './plan.js';
import { answerOf, type Run } from './run.js';

/** Has rows judged by the hashes of their keys, which this thread and others keep. */
export async function judgeKept(run: Run, members: readonly Member[]): Promise<void> {
  const { board, collector, options: { kept } } = run;
  const verdicts = collector.orderedVerdicts();
  if (!kept || !verdicts || !board.keepsAll) return;
  await kept.judge(kept.asks.map((ask) => answerOf(run, run.asks.indexOf(ask))), verdicts, new KeysOfRun(run, members));
}

/** The hashes that the threads of a run keep. */
class KeysOfRun implements KeptKeys {
  readonly #run: Run;
  readonly #members: readonly Member[];
  /** How many there are in each split. */
  readonly #rows: ReadonlyMap<number, number>;

  constructor(run: Run, members: readonly Member[]) {
    this.#run = run;
    this.#members = members;
    this.#rows = new Map(run.collector.orderedVerdicts()!.map(({ split, rows }) => [split, rows]));
  }

  async rowsWithout(
    ask: number, hashes: readonly Int32Array[], nulls: boolean,
  ): Promise<ReadonlyMap<number, RowsWithout> | null> {
    const found = new Map<number, RowsWithout>();
    const table = this.#tableOf(ask);
    for (const [i, some] of this.#pieces(hashes).entries()) {
      const answers = await this.#ask({ of: 'rows', table, hashes: some, nulls: nulls && i === 0 });
      if (!answers) return null;
      for (const { split, ...rows } of answers.flatMap((answer) => (answer.of === 'rows' ? answer.rows : []))) {
        const before = found.get(split);
        found.set(split, before ? withoutBoth(before, rows, this.#rows.get(split)!) : rows);
      }
    }
    for (const [split, rows] of this.#rows) {
      if (found.has(split)) continue;
      if (rows > 0) return null;
      found.set(split, { packed: new Uint8Array(0), others: 0 });
    }
    return found;
  }

  async hashesOf(ask: number, rows: ReadonlyMap<number, Uint8Array>): Promise<readonly Int32Array[] | null> {
    const some = [...rows].map(([split, bits]) => ({ split, bits }));
    const answers = await this.#ask({ of: 'hashes', table: this.#tableOf(ask), rows: some });
    return answers && answers.flatMap((answer) => (answer.of === 'hashes' ? answer.hashes : []));
  }

  /** Parts of a list so small that sets of one, which every thread makes, take no more than may be kept. */
  #pieces(hashes: readonly Int32Array[]): Int32Array[] {
    const { verdictLimit = Infinity } = this.#run.options;
    const most = Math.max(1, Math.floor(verdictLimit / HashSet.BYTES / (this.#members.length + 1))) * 2;
    const all = hashes.length === 1 ? hashes[0]! : joined(Int32Array, hashes);
    if (all.length <= most) return [all];
    return Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most));
  }

  /** The number of a table among those of which hashes are kept. */
  #tableOf(ask: number): number {
    const { asks, planned, options } = this.#run;
    return planned.plan.kept.indexOf(planned.requestOf[asks.indexOf(options.kept!.asks[ask]!)]!);
  }

  /** What all threads answer; null: one of them has no memory for it. */
  async #ask(question: KeptQuestion): Promise<KeptAnswer[] | null> {
    for (const m of this.#members) m.post({ kind: 'ask', question });
    const answers = [this.#own(question)];
    for (const m of this.#members) {
      answers.push((await m.reply('answer', 'while it judged rows by their keys', this.#run.options.signal)).answer);
    }
    const known = answers.filter((answer) => answer !== null);
    return known.length === answers.length ? known : null;
  }

  #own(question: KeptQuestion): KeptAnswer | null {
    try {
      return this.#run.scanner.kept!.answer(question);
    } catch {
      return null;
    }
  }
}

/** The rows that two parts of a list leave, which have no key in common. */
function withoutBoth(a: RowsWithout, b: RowsWithout, rows: number): RowsWithout {
  const [truth, other] = [a, b].map(({ packed }) => unpackBits(packed, rows, [0]).get(0)!) as [Uint8Array, Uint8Array];
  other.forEach((byte, i) => (truth[i]! &= byte));
  const packer = new BitPacker(2);
  packer.batch(rows);
  packer.add(truth);
  packer.addSame(true);
  return { packed: packer.finish(), others: a.others + b.others };
}
