import { InvalidArgumentError, Option, type Command } from 'commander';
import type { AnalysisOptions } from '../analysis/analysis-runner.js';
import { INPUT_FORMATS, type InputOptions, type Reference } from './inputs.js';
import { progressBar, type ProgressBar } from './progress.js';
import type { Terminal } from './terminal.js';

/** How a run is done, as the command's options say it. */
export interface RunFlags extends InputOptions {
  readonly threads?: number;
  readonly memoryLimit?: number;
  readonly progress: boolean;
  readonly color: boolean;
}

/** Adds what all commands that read tables take. */
export function addInputOptions(command: Command): Command {
  return command
    .addOption(new Option('-i, --input <form>', 'what the files are; by default their endings tell').choices(INPUT_FORMATS))
    .option('--delimiter <character>', 'what stands between the fields of CSV; by default a comma')
    .option('--no-header', 'the first line of CSV is data, not names')
    .option('--nulls <texts...>', 'texts that mean null in CSV; by default the empty one')
    .addOption(new Option('--mode <mode>', 'what cannot be read in CSV or NDJSON ends the run, or is null')
      .choices(['fail', 'null']))
    .option('--schema <columns>', "columns and types of CSV or NDJSON, e.g. 'id bigint, name string'")
    .option('-c, --columns <names>', 'only these columns, between commas', list)
    .option('-w, --where <predicate>', 'only rows on which this predicate of Spark SQL is true');
}

/** Adds the tables beside the one that is looked at. */
export function addReferenceOption(command: Command): Command {
  return command.option(
    '--reference <name=file>', 'another table, to which columns may refer; once for each', reference);
}

function reference(text: string, before: readonly Reference[] = []): readonly Reference[] {
  const [, name, file] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || file === undefined) throw new InvalidArgumentError('Give a name and a file: products=products.csv.');
  if (before.some((r) => r.name === name)) throw new InvalidArgumentError(`'${name}' is given twice.`);
  return [...before, { name, file }];
}

/** Adds what all commands that run take. */
export function addRunOptions(command: Command): Command {
  return command
    .option('-t, --threads <n>', 'worker threads; 0: none; by default as the table is worth it, at most one for each processor', wholeNumber)
    .option('--memory-limit <size>', 'memory of exact groupings before they go to disk, e.g. 2G; by default 512M', bytes)
    .option('--time-zone <zone>', 'of timestamps in predicates, e.g. Europe/Berlin', 'UTC')
    .option('--no-progress', 'no progress bar')
    .option('--no-color', 'no colours, as NO_COLOR says it');
}

/** The options of a run, and its progress bar. */
export function runOptions(flags: RunFlags, { stderr }: Terminal): AnalysisOptions & { bar: ProgressBar } {
  const bar = progressBar(stderr, !flags.progress);
  return {
    bar, onProgress: bar.update, timeZone: flags.timeZone, threads: flags.threads, memoryLimit: flags.memoryLimit,
  };
}

/** Names between commas; backticks hold names with commas. */
export function list(text: string): string[] {
  const names = [...text.matchAll(/`((?:[^`]|``)+)`|([^,`]+)/g)].map(([, quoted, bare]) => quoted?.replaceAll('``', '`') ?? bare!.trim());
  const known = names.filter((name) => name !== '');
  if (known.length === 0) throw new InvalidArgumentError('Give names between commas.');
  return known;
}

/** A number of things. */
export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number.');
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

function bytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMG]?)i?B?$/i.exec(text.trim());
  if (!match) throw new InvalidArgumentError('Give a size such as 512M or 2G.');
  return Math.floor(Number(match[1]) * UNITS[match[2]!.toUpperCase()]!);
}
