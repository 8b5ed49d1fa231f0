import { AssayError } from '../base/errors.js';
import type { AnalyzerFactory } from '../analyzers/define.js';
import type { Schema } from '../data/types.js';
import { requestKey } from '../states/contract.js';
import type { Storage } from '../storage/storage.js';
import { folderStorage } from '../storage/folder.js';
import { heldInMemory } from '../states/saved-table.js';
import { contentOfSet, openSet } from './state-file.js';
import { stateFinder } from './state-keys.js';
import { lackOf, type StateSet, type StateValue, type WantedState } from './state-set.js';

/** Stored states of one table, as a run reads them. */
export interface LoadedStates {
  /** The columns of the table; null: the store does not know them. */
  readonly schema: Schema | null;
  /** Rows of the table; null: unknown. */
  readonly rows: number | null;
  /** The state that answers a request; null: it was empty. Throws STATE if there is none, naming what is there. */
  state(wanted: WantedState): Promise<StateValue | null>;
}

/** Keeps the states of one table, or of a part of it: what a run computes, and what later runs merge. */
export interface StateProvider {
  /** For messages. */
  readonly place: string;
  /** What is stored; null: nothing yet. */
  load(): Promise<LoadedStates | null>;
  /**
   * Stores states in place of what was there: all of them or, if it fails, none. Groupings of the set can be read
   * until this is done.
   */
  save(set: StateSet): Promise<void>;
}

/** Keeps states in memory. */
export function InMemoryStateProvider(): StateProvider & { readonly set: StateSet | null } {
  let stored: StateSet | null = null;
  return Object.freeze({
    place: 'a state provider in memory',
    get set() {
      return stored;
    },
    load: async () => stored && loadedSet(stored, 'a state provider in memory'),
    async save(set: StateSet) {
      const states = [...set.states].map(([key, value]) =>
        [key, value.kind === 'table' ? { ...value, table: heldInMemory(value.table) } : value] as const);
      stored = { ...set, states: new Map(states) };
    },
  });
}

/** A set as a run reads it. */
export function loadedSet(set: StateSet, place: string): LoadedStates {
  const find = stateFinder(set.states.values());
  return {
    schema: set.schema,
    rows: set.rows,
    async state(wanted) {
      const value = find(requestKey(wanted.request), wanted.analyzer);
      if (value) return value;
      throw lackOf(wanted, [...set.states.values()].map((s) => s.request), place);
    },
  };
}

/** How states are kept in files. */
export interface FileStateOptions {
  /** Whether states may take the place of others; default true. */
  readonly allowOverwrite?: boolean | undefined;
  /** Analyzers of your own, which the manifest may name. */
  readonly analyzers?: readonly AnalyzerFactory<never>[] | undefined;
}

/**
 * Keeps states in one file, written whole or not at all; `docs/state-format.md` describes it. Groupings are Arrow IPC
 * in it and need the peer `apache-arrow`.
 *
 * @param path of the file, by custom `….states`
 */
export function FileStateProvider(path: string, options: FileStateOptions = {}): StateProvider {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return storedStates(folderStorage(cut < 0 ? '.' : path.slice(0, cut) || '/'), path.slice(cut + 1), options);
}

/** Keeps states in one object of a storage. */
export function storedStates(storage: Storage, name: string, options: FileStateOptions = {}): StateProvider {
  const place = storage.place(name);
  return Object.freeze<StateProvider>({
    place,
    async load() {
      const stored = await openSet(storage, name, options.analyzers);
      if (!stored) return null;
      const find = stateFinder(stored.entries);
      return {
        schema: stored.schema,
        rows: stored.rows,
        async state(wanted) {
          const entry = find(requestKey(wanted.request), wanted.analyzer);
          if (entry) return entry.state(wanted.room);
          throw lackOf(wanted, stored.entries.map((e) => e.request), place);
        },
      };
    },
    async save(set) {
      const overwrite = options.allowOverwrite ?? true;
      const written = await storage.write(name, await contentOfSet(set), overwrite ? {} : { ifAbsent: true });
      if (written !== null) return;
      throw new AssayError('CONFLICT', `'${place}' is there already: choose another name, or allow to overwrite it`);
    },
  });
}
