import { InvalidArgumentError, Option, type Command } from 'commander';
import { AssayError } from '../../base/errors.js';
import { formatOfPath, reportText, type ReportFormat } from '../../report/formats.js';
import { suggestionReport } from '../../report/suggestions.js';
import { ConstraintSuggestionRunner } from '../../suggestions/constraint-suggestion-runner.js';
import { Rules } from '../../suggestions/rules.js';
import { suggestedFile, suggestedModule } from '../../suggestions/suite.js';
import { EXIT, type ExitCode } from '../exit.js';
import { nameOf, referencesOf, tableOf, type Reference } from '../inputs.js';
import { addInputOptions, addReferenceOption, addRunOptions, list, runOptions, wholeNumber, type RunFlags } from '../options.js';
import { writeOutputs } from '../output.js';
import { shown, type Terminal } from '../terminal.js';

const FORMATS = ['table', 'json', 'deequ', 'markdown', 'html', 'ts'] as const;

interface SuggestFlags extends RunFlags {
  readonly format: (typeof FORMATS)[number];
  readonly out?: readonly string[];
  readonly title?: string;
  readonly rules?: readonly string[];
  readonly testRatio?: number;
  readonly seed?: bigint;
  readonly testData?: string;
  readonly histograms?: number;
  readonly level: 'error' | 'warning';
  readonly verify: boolean;
  readonly reference?: readonly Reference[];
}

/** `assay suggest FILE…`: says what could be demanded of a table, and writes it as checks. */
export function addSuggestCommand(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  const command = program.command('suggest')
    .summary('suggest checks for a table')
    .description('Profiles a table, suggests checks that it passes, and writes them as a module or JSON for assay check.')
    .argument('<files...>', "Parquet, CSV, NDJSON, Arrow: paths, globs, folders, addresses, or '-'")
    .addOption(new Option('-f, --format <format>', "of what is printed; deequ: its JSON").choices(FORMATS).default('table'))
    .option('-o, --out <files...>', 'writes files; checks: .ts .mts .js .mjs .json, reports: .html .md .txt')
    .option('--title <text>', 'of the report')
    .option('-r, --rules <sets>', `sets of rules, between commas: ${Object.keys(Rules).join(', ').toLowerCase()}; by default the first of them`, list)
    .option('--test-ratio <part>', 'part of the rows that is held back to try the suggestions on, e.g. 0.1', part)
    .option('--test-data <file>', 'other rows to try the suggestions on, instead of a part', testFile)
    .option('--seed <n>', 'chooses the rows that are held back (default: 0)', integer)
    .option('--histograms <n>', 'categories of columns with at most so many distinct values (default: 120)', wholeNumber)
    .addOption(new Option('--level <level>', 'of the written check').choices(['error', 'warning']).default('error'))
    .option('--no-verify', 'does not try the suggestions on the table itself');
  addRunOptions(addReferenceOption(addInputOptions(command))).action(async (files: string[], flags: SuggestFlags) => {
    done(await suggest(files, flags, terminal));
  });
}

async function suggest(files: readonly string[], flags: SuggestFlags, terminal: Terminal): Promise<ExitCode> {
  const outputs = (flags.out ?? []).map((path) => ({ path, format: CHECKS.test(path) ? null : formatOfPath(path) }));
  let runner = ConstraintSuggestionRunner().onData(await tableOf(files, flags, terminal, true));
  for (const [name, table] of await referencesOf(flags.reference, flags)) runner = runner.withSource(name, table);
  for (const name of flags.rules ?? ['default']) runner = runner.addConstraintRules(rulesOf(name));
  if (flags.testRatio !== undefined) runner = runner.useTrainTestSplitWithTestsetRatio(flags.testRatio, flags.seed);
  if (flags.testData !== undefined) {
    if (flags.testRatio !== undefined) throw new AssayError('INVALID_ARGUMENT', 'give --test-ratio or --test-data, not both');
    runner = runner.withTestData(await tableOf([flags.testData], flags, terminal));
  }
  if (flags.histograms !== undefined) runner = runner.withLowCardinalityHistogramThreshold(flags.histograms);
  if (!flags.verify) runner = runner.withoutVerification();
  const { bar, ...options } = runOptions(flags, terminal);
  const start = performance.now();
  const found = await runner.run(options).finally(() => bar.end());
  const level = flags.level === 'error' ? 'Error' : 'Warning';
  const suite = { table: nameOf(files), level } as const;
  const report = suggestionReport(found, {
    ...suite, milliseconds: performance.now() - start, ...(flags.title !== undefined && { title: flags.title }),
  });
  const text = (format: ReportFormat) => reportText(report, format, String(found), files);
  const written = outputs.map(({ path, format }) => ({
    path, text: format === null ? suggestedFile(path, found.suggestions, suite) : text(format),
  }));
  await writeOutputs(written, terminal.folder);
  terminal.stdout.write(flags.format === 'table' ? shown(printed(), terminal.stdout) : printed());
  return EXIT.passed;

  function printed(): string {
    switch (flags.format) {
      case 'deequ': return `${found.verificationResult === null ? found.getConstraintSuggestionsAsJson() : found.getEvaluationResultsAsJson()}\n`;
      case 'ts': return suggestedModule(found.suggestions, suite);
      default: return text(flags.format);
    }
  }
}

const CHECKS = /\.(?:[cm]?[jt]s|json)$/i;

function rulesOf(name: string) {
  const set = Object.entries(Rules).find(([key]) => key === name.toUpperCase());
  if (set) return set[1];
  throw new AssayError('INVALID_ARGUMENT', `unknown rules: '${name}'; known: ${Object.keys(Rules).join(', ').toLowerCase()}`);
}

function part(text: string): number {
  const ratio = Number(text);
  if (text.trim() !== '' && ratio > 0 && ratio < 1) return ratio;
  throw new InvalidArgumentError('Give a part between 0 and 1.');
}

function testFile(text: string): string {
  if (text !== '-') return text;
  throw new InvalidArgumentError('Other rows cannot come from the standard input.');
}

function integer(text: string): bigint {
  if (/^-?\d{1,19}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError('Give a whole number.');
}
