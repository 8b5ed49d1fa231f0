import { AssayError } from '../base/errors.js';
import type { Analyzer } from '../analyzers/contract.js';
import type { AnalyzerFactory } from '../analyzers/define.js';
import type { AnalyzerContext } from '../repository/analyzer-context.js';
import { decodeSet, encodeSet, wholeSet } from '../repository/state-file.js';
import { InMemoryStateProvider, loadedSet, type StateProvider } from '../repository/state-provider.js';
import type { StateSet } from '../repository/state-set.js';
import { folderStorage } from '../storage/folder.js';
import { memoryStorage } from '../storage/memory.js';
import { below, type Storage } from '../storage/storage.js';
import { AnalysisRunner, type AnalysisOptions } from './analysis-runner.js';
import { stateTree, type StateTree } from './state-tree.js';

/** A table that comes in partitions, such as days, of which each keeps its states. */
export interface PartitionedDataset {
  /** The partitions, in the order of their names. */
  partitions(): Promise<string[]>;
  /** Reads the rows of a partition, and keeps their states in place of those it had. Gives the partition's metrics. */
  update(name: string, data: unknown, options?: AnalysisOptions): Promise<AnalyzerContext>;
  /** Keeps states that were computed elsewhere. */
  put(name: string, states: StateSet): Promise<void>;
  /** Forgets a partition; false: there was none. */
  remove(name: string): Promise<boolean>;
  /** The metrics of the whole table, or of the partitions from one name to another, both included. No rows are read. */
  metrics(range?: PartitionRange): Promise<AnalyzerContext>;
  /** The states of the same, for `aggregateWith` and `onStates`. */
  states(range?: PartitionRange): StateProvider;
  /** Metrics of every run of so many partitions that lie next to each other, under the name of its last one. */
  windows(length: number): AsyncIterable<readonly [string, AnalyzerContext]>;
  /** Merges of states that were done so far. */
  readonly merges: number;
}

/** Partitions by the order of their names; absent: from the first, to the last. */
export interface PartitionRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** How the partitions of a table are kept. */
export interface PartitionedOptions {
  /** What is asked of each partition, and of the table. */
  readonly analyzers: Iterable<Analyzer>;
  /** Analyzers of your own that stored states may name. */
  readonly own?: readonly AnalyzerFactory<never>[] | undefined;
}

/** A table whose partitions keep their states in memory. */
export function PartitionedDataset(options: PartitionedOptions): PartitionedDataset {
  return partitionedIn(memoryStorage(), options);
}

/** A table whose partitions keep their states in a folder: one file per partition, named for it. */
export function PartitionedFolder(folder: string, options: PartitionedOptions): PartitionedDataset {
  return partitionedIn(folderStorage(folder), options);
}

/** A table whose partitions keep their states in a storage: one file per partition, named for it. */
export function partitionedIn(storage: Storage, { analyzers, own = [] }: PartitionedOptions): PartitionedDataset {
  const asked = Object.freeze([...analyzers]);
  const files = below(storage, 'partitions');
  const tree: StateTree = stateTree();
  let opened: Promise<void> | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  /** Reads what is stored, once. */
  const open = () => (opened ??= (async () => {
    for (const { path } of await files.list('')) {
      if (!path.endsWith(SUFFIX)) continue;
      const bytes = await files.read(path);
      if (bytes) tree.set(nameOf(path), await wholeSet(decodeSet(bytes, files.place(path), own)));
    }
  })());
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(open).then(work);
    turn = next.catch(() => {});
    return next;
  };
  const put = (name: string, states: StateSet) => inTurn(async () => {
    await files.write(pathOf(name), await encodeSet(states));
    tree.set(name, states);
  });
  const provider = ({ from, to }: PartitionRange = {}): StateProvider => ({
    place: `the partitions${from === undefined ? '' : ` from '${from}'`}${to === undefined ? '' : ` to '${to}'`}`,
    async load() {
      await inTurn(async () => {});
      const states = tree.between(from, to);
      return states && loadedSet(states, this.place);
    },
    async save() {
      throw new AssayError('UNSUPPORTED', 'states of several partitions are not saved as one: update() a partition');
    },
  });
  const metrics = (range?: PartitionRange) => AnalysisRunner().onStates([provider(range)]).addAnalyzers(asked).run();

  return Object.freeze<PartitionedDataset>({
    async partitions() {
      await inTurn(async () => {});
      return tree.names();
    },
    async update(name, data, options) {
      pathOf(name);
      const store = InMemoryStateProvider();
      const context = await AnalysisRunner().onData(data).addAnalyzers(asked).saveStatesWith(store).run(options);
      await put(name, store.set!);
      return context;
    },
    put,
    remove: (name) => inTurn(async () => {
      const there = tree.delete(name);
      await files.remove(pathOf(name));
      return there;
    }),
    metrics,
    states: provider,
    async *windows(length) {
      if (!Number.isSafeInteger(length) || length < 1) {
        throw new AssayError('INVALID_ARGUMENT', `a window has at least one partition, not ${length}`);
      }
      await inTurn(async () => {});
      const names = tree.names();
      for (let last = length - 1; last < names.length; ++last) {
        yield [names[last]!, await metrics({ from: names[last - length + 1]!, to: names[last]! })] as const;
      }
    },
    get merges() {
      return tree.merges;
    },
  });
}

const SUFFIX = '.states';

/** Names become file names: everything but letters, digits, `-`, `_`, `=` and `.` inside is written as `%xx`. */
function pathOf(name: string): string {
  if (typeof name !== 'string' || name === '') throw new AssayError(
    'INVALID_ARGUMENT', `a partition needs a name, not '${name}'`,
  );
  const text = encodeURIComponent(name).replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16)}`).replace(/^\./, '%2e');
  return `${text}${SUFFIX}`;
}

function nameOf(path: string): string {
  return decodeURIComponent(path.slice(0, -SUFFIX.length));
}
