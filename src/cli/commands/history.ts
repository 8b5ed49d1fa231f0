import { Option, type Command } from 'commander';
import { historyText } from '../../repository/history-text.js';
import { formatOfPath, reportText, type ReportFormat } from '../../report/formats.js';
import { historyReport } from '../../report/history.js';
import { EXIT, type ExitCode } from '../exit.js';
import { addHistoryOptions, chosenHistory, storedRepositoryAt, type HistoryFlags } from '../history-options.js';
import { nameOf } from '../inputs.js';
import { list } from '../options.js';
import { writeOutputs } from '../output.js';
import { STRATEGY_NAMES, strategyOfText } from '../strategy-text.js';
import { shown, type Terminal } from '../terminal.js';

interface Flags extends HistoryFlags {
  readonly by?: readonly string[];
  readonly strategy?: string;
  readonly format: 'table' | 'json' | 'markdown' | 'html';
  readonly out?: readonly string[];
  readonly title?: string;
}

/** `assay history REPOSITORY`: how metrics went over time. */
export function addHistoryCommand(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  const command = program.command('history')
    .summary('show how metrics went over time')
    .description('Shows the history of metrics that runs have saved, and what a strategy would have called an anomaly.')
    .argument('<repository>', "a file of Deequ's JSON (.json) or the folder of a log")
    .option('--by <tags>', 'a series for every value of these tags, between commas', list)
    .option('--strategy <strategy>', `marks anomalies, e.g. 'OnlineNormal' or 'RelativeRateOfChange(maxRateIncrease=2)'; known: ${STRATEGY_NAMES.join(', ')}`)
    .addOption(new Option('-f, --format <format>', 'of what is printed').choices(['table', 'json', 'markdown', 'html']).default('table'))
    .option('-o, --out <files...>', 'writes reports; their endings tell the format: .html .md .json .txt')
    .option('--title <text>', 'of the report');
  addHistoryOptions(command).action(async (path: string, flags: Flags) => {
    done(await history(path, flags, terminal));
  });
}

async function history(path: string, flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const outputs = (flags.out ?? []).map((file) => ({ path: file, format: formatOfPath(file) }));
  const strategy = flags.strategy === undefined ? undefined : strategyOfText(flags.strategy);
  const series = await chosenHistory(await storedRepositoryAt(path, terminal.folder), flags).series({ by: flags.by ?? [] });
  const report = historyReport(series, {
    table: nameOf([path]), strategy, ...(flags.title !== undefined && { title: flags.title }),
  });
  const printed = historyText(series, { strategy });
  const text = (format: ReportFormat) => reportText(report, format, printed, [path]);
  await writeOutputs(outputs.map(({ path: file, format }) => ({ path: file, text: text(format) })), terminal.folder);
  terminal.stdout.write(flags.format === 'table' ? shown(text('table'), terminal.stdout) : text(flags.format));
  return EXIT.passed;
}
