import { Option, type Command } from 'commander';
import { AnalysisRunner } from '../../analysis/analysis-runner.js';
import type { Analyzer } from '../../analyzers/contract.js';
import { ApproxCountDistinct } from '../../analyzers/approx-count-distinct.js';
import { Completeness } from '../../analyzers/completeness.js';
import { Maximum } from '../../analyzers/maximum.js';
import { Mean } from '../../analyzers/mean.js';
import { Minimum } from '../../analyzers/minimum.js';
import { Size } from '../../analyzers/size.js';
import type { Source } from '../../data/source.js';
import { isNested, isNumeric } from '../../data/types.js';
import { analyzerOfText } from '../analyzer-text.js';
import { EXIT, type ExitCode } from '../exit.js';
import { tableOf } from '../inputs.js';
import { addInputOptions, addRunOptions, runOptions, type RunFlags } from '../options.js';
import { shown, type Terminal } from '../terminal.js';

interface AnalyzeFlags extends RunFlags {
  readonly analyzer?: readonly string[];
  readonly format: 'table' | 'json';
  readonly explain?: boolean;
}

const ABOUT = "metrics to compute, e.g. 'Size' 'Completeness(id)' 'ApproxQuantile(price, 0.5)' 'Uniqueness(a, b)'; by default some for every column";

/** `assay analyze FILE…`: computes metrics. */
export function addAnalyzeCommand(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  const command = program.command('analyze')
    .summary('compute metrics of a table')
    .description('Computes metrics of a table in one pass and prints them.')
    .argument('<files...>', "Parquet, CSV, NDJSON, Arrow: paths, globs, folders, addresses, or '-'")
    .option('-a, --analyzer <analyzers...>', ABOUT)
    .addOption(new Option('-f, --format <format>', 'of what is printed').choices(['table', 'json']).default('table'));
  addRunOptions(addInputOptions(command)).action(async (files: string[], flags: AnalyzeFlags) => {
    done(await analyze(files, flags, terminal));
  });
}

async function analyze(files: readonly string[], flags: AnalyzeFlags, terminal: Terminal): Promise<ExitCode> {
  const table = await tableOf(files, flags, terminal);
  const asked = flags.analyzer?.map((text) => analyzerOfText(text)) ?? await usual(table);
  const { bar, ...options } = runOptions(flags, terminal);
  const context = await AnalysisRunner().onData(table).addAnalyzers(asked).run(options).finally(() => bar.end());
  terminal.stdout.write(flags.format === 'json' ? `${JSON.stringify(context.toJSON(), null, 2)}\n` : `${shown(String(context), terminal.stdout)}\n`);
  return context.allMetrics.every((m) => m.value.ok) ? EXIT.passed : EXIT.failed;
}

/** What one wants to know of a table that one does not know. */
export async function usual(table: Source): Promise<Analyzer[]> {
  const opened = await table.open();
  try {
    return [Size(), ...opened.schema.fields.flatMap(({ name, type }) => [
      Completeness(quoted(name)),
      ...(isNested(type) ? [] : [ApproxCountDistinct(quoted(name))]),
      ...(isNumeric(type) ? [Minimum(quoted(name)), Mean(quoted(name)), Maximum(quoted(name))] : []),
    ])];
  } finally {
    await opened.close();
  }
}

/** Names with dots and the like are columns, too: analyzers take one pair of backticks off, and the inside as it is. */
function quoted(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``;
}
