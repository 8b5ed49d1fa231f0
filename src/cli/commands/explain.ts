import type { Command } from 'commander';
import { AnalysisRunner } from '../../analysis/analysis-runner.js';
import { VerificationSuite } from '../../checks/verification-suite.js';
import { analyzerOfText } from '../analyzer-text.js';
import { EXIT, type ExitCode } from '../exit.js';
import { schemaText, tableOf } from '../inputs.js';
import { addInputOptions, addRunOptions, runOptions, type RunFlags } from '../options.js';
import { checksOf } from '../suite-file.js';
import { shown, type Terminal } from '../terminal.js';
import { usual } from './analyze.js';

interface ExplainFlags extends RunFlags {
  readonly suite?: string;
  readonly analyzer?: readonly string[];
}

/** `assay explain FILE…`: what a run would read, by whom, and why; nothing but headers is read for it. */
export function addExplainCommand(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  const command = program.command('explain')
    .summary('say what a run would read, and why')
    .description('Says which columns a run would read, which states it would compute, where and why; without reading the data.')
    .argument('<files...>', 'Parquet, CSV, NDJSON, Arrow: paths, globs, folders, addresses')
    .option('-s, --suite <suite>', 'the run of `assay check` with these checks')
    .option('-a, --analyzer <analyzers...>', 'the run of `assay analyze` with these analyzers');
  addRunOptions(addInputOptions(command)).action(async (files: string[], flags: ExplainFlags) => {
    done(await explain(files, flags, terminal));
  });
}

async function explain(files: readonly string[], flags: ExplainFlags, terminal: Terminal): Promise<ExitCode> {
  const table = await tableOf(files, flags, terminal);
  const { bar: _, onProgress: __, ...options } = runOptions(flags, terminal);
  const asked = flags.analyzer?.map((text) => analyzerOfText(text)) ?? (flags.suite ? [] : await usual(table));
  const explanation = flags.suite
    ? await VerificationSuite().onData(table).addChecks(await checksOf(flags.suite, terminal.folder)).addRequiredAnalyzers(asked).explain(options)
    : await AnalysisRunner().onData(table).addAnalyzers(asked).explain(options);
  terminal.stdout.write(`${await schemaText(table)}\n\n${shown(String(explanation), terminal.stdout)}\n`);
  return EXIT.passed;
}
