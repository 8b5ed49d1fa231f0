import { AssayError } from '../base/errors.js';
import { nearestName } from '../base/names.js';
import type { Answers, Asks, Bind, QueryContext } from '../analyzers/contract.js';
import { bindTo, type Moment } from '../analyzers/bind.js';
import type { OpenSource, Source } from '../data/source.js';
import { execute } from '../engine/execute.js';
import type { RunOptions } from '../engine/plan.js';
import { toSource } from '../sources/open.js';
import { answersOf, engineAsks } from './questions.js';

/** The tables of a run by name, and what its predicates share. */
export interface Tables {
  /** The name of the table under analysis. */
  readonly name: string;
  readonly others: ReadonlyMap<string, Source>;
  readonly moment: Moment;
}

/** What an analyzer that reads sources itself is given; closing it closes what it opened. */
export function queryContext(
  source: OpenSource,
  bind: Bind,
  tables: Tables,
  consumed: boolean,
  options: RunOptions,
): QueryContext & { close(): Promise<void> } {
  const opened: OpenSource[] = [];
  const { signal, threads, memoryLimit } = options;
  const limits = { signal, threads, memoryLimit };
  const own = () => {
    if (consumed && !source.replayable) {
      throw new AssayError('SOURCE', 'the source can be read only once, and other analyzers of this run have read it');
    }
    return source;
  };
  const openSource = async (other: Source) => {
    const open = await other.open(signal ? { signal } : {});
    opened.push(open);
    return { source: open, bind: bindTo(open.schema, tables.moment) };
  };
  return {
    get source() {
      return own();
    },
    bind,
    async open(name) {
      if (name === tables.name) return { source: own(), bind };
      const other = tables.others.get(name);
      if (!other) throw unknownTable(name, tables);
      return openSource(other);
    },
    openData: (data) => openSource(toSource(data)),
    async run<K extends Asks>(over: OpenSource, asks: K) {
      const { answers } = await execute(engineAsks(asks), over, limits);
      return answersOf(asks, answers[Symbol.iterator]()) as Answers<K>;
    },
    signal,
    options: limits,
    async close() {
      for (const open of opened) await open.close();
    },
  };
}

function unknownTable(name: string, tables: Tables): AssayError {
  const known = [tables.name, ...tables.others.keys()];
  const near = nearestName(name, known);
  const hint = near ? `did you mean '${near}'?` : `known: ${known.join(', ')}`;
  const remedy = `name other tables by withSource('${name}', …)`;
  return new AssayError('INVALID_ARGUMENT', `unknown table '${name}'; ${hint}; ${remedy}`);
}
