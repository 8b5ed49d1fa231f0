import { Option, type Command } from 'commander';
import { ColumnProfilerRunner } from '../../profiles/column-profiler-runner.js';
import { formatOfPath, reportText, type ReportFormat } from '../../report/formats.js';
import { profileReport } from '../../report/profile.js';
import { EXIT, type ExitCode } from '../exit.js';
import { nameOf, tableOf } from '../inputs.js';
import { addInputOptions, addRunOptions, runOptions, wholeNumber, type RunFlags } from '../options.js';
import { writeOutputs } from '../output.js';
import { shown, type Terminal } from '../terminal.js';

interface ProfileFlags extends RunFlags {
  readonly format: 'table' | 'json' | 'deequ' | 'markdown' | 'html';
  readonly out?: readonly string[];
  readonly title?: string;
  readonly histograms?: number;
  readonly top?: number;
  readonly kll?: boolean;
  readonly correlations?: boolean;
  readonly missing?: boolean;
}

/** `assay profile FILE…`: says what is in a table. */
export function addProfileCommand(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  const command = program.command('profile')
    .summary('say what is in a table')
    .description('Looks at every column of a table in one pass: completeness, distinct values, types, statistics, histograms.')
    .argument('<files...>', "Parquet, CSV, NDJSON, Arrow: paths, globs, folders, addresses, or '-'")
    .addOption(new Option('-f, --format <format>', 'of what is printed; deequ: its JSON').choices(['table', 'json', 'deequ', 'markdown', 'html']).default('table'))
    .option('-o, --out <files...>', 'writes reports; their endings tell the format: .html .md .json .txt')
    .option('--title <text>', 'of the report')
    .option('--histograms <n>', 'histograms of columns with at most so many distinct values (default: 120)', wholeNumber)
    .option('--top <n>', 'how many of the most frequent values are shown (default: 10)', wholeNumber)
    .option('--kll', 'sketches and percentiles of numbers; pages have them always')
    .option('--correlations', 'correlations of all pairs of numeric columns')
    .option('--missing', 'which columns lack a value together');
  addRunOptions(addInputOptions(command)).action(async (files: string[], flags: ProfileFlags) => {
    done(await profile(files, flags, terminal));
  });
}

async function profile(files: readonly string[], flags: ProfileFlags, terminal: Terminal): Promise<ExitCode> {
  const outputs = (flags.out ?? []).map((path) => ({ path, format: formatOfPath(path) }));
  const hasPage = flags.format === 'html' || outputs.some(({ format }) => format === 'html');
  let runner = ColumnProfilerRunner().onData(await tableOf(files, flags, terminal));
  if (flags.kll || hasPage) runner = runner.withKLLProfiling();
  if (flags.histograms !== undefined) runner = runner.withLowCardinalityHistogramThreshold(flags.histograms);
  if (flags.top !== undefined) runner = runner.withTopValues(flags.top);
  if (flags.correlations) runner = runner.withCorrelationMatrix();
  if (flags.missing) runner = runner.withMissingnessPattern();
  const { bar, ...options } = runOptions(flags, terminal);
  const start = performance.now();
  const found = await runner.run(options).finally(() => bar.end());
  const report = profileReport(found, {
    table: nameOf(files), milliseconds: performance.now() - start, ...(flags.title !== undefined && { title: flags.title }),
  });
  const text = (format: ReportFormat) => reportText(report, format, String(found), files);
  await writeOutputs(outputs.map(({ path, format }) => ({ path, text: text(format) })), terminal.folder);
  const printed = flags.format === 'deequ' ? `${found.asJson()}\n` : text(flags.format);
  terminal.stdout.write(flags.format === 'table' ? shown(printed, terminal.stdout) : printed);
  return EXIT.passed;
}
