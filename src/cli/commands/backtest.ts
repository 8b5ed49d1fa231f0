import { Option, type Command } from 'commander';
import { backtest } from '../../repository/backtest.js';
import { analyzerOfText } from '../analyzer-text.js';
import { EXIT, type ExitCode } from '../exit.js';
import { date, storedRepositoryAt, tag } from '../history-options.js';
import { STRATEGY_NAMES, strategyOfText } from '../strategy-text.js';
import { shown, type Terminal } from '../terminal.js';

interface Flags {
  readonly metric: string;
  readonly number?: string;
  readonly strategy: string;
  readonly tag?: ReadonlyMap<string, string>;
  readonly from?: Date;
  readonly format: 'table' | 'json';
}

/** `assay backtest REPOSITORY`: what a strategy would have said on every day of a history. */
export function addBacktestCommand(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  program.command('backtest')
    .summary('replay an anomaly strategy over a history')
    .description('Says what a strategy would have said about every result on its day, from the earlier ones alone: how often it fires, and when.')
    .argument('<repository>', "a file of Deequ's JSON (.json) or the folder of a log")
    .requiredOption('-m, --metric <analyzer>', "the metric, e.g. 'Size' or 'Completeness(id)'")
    .requiredOption('--strategy <strategy>', `e.g. 'OnlineNormal' or 'RelativeRateOfChange(maxRateIncrease=2)'; known: ${STRATEGY_NAMES.join(', ')}`)
    .option('--number <name>', 'which number of a metric that has several')
    .option('--tag <name=value>', 'only results with this tag; several times for several tags', tag)
    .option('--from <date>', 'results before it are only learned from', date)
    .addOption(new Option('-f, --format <format>', 'of what is printed').choices(['table', 'json']).default('table'))
    .action(async (path: string, { metric, number, strategy, tag: tags, from, format }: Flags) => {
      const found = await backtest(await storedRepositoryAt(path, terminal.folder), {
        analyzer: analyzerOfText(metric), name: number, strategy: strategyOfText(strategy), withTagValues: tags, from,
      });
      terminal.stdout.write(format === 'json' ? `${JSON.stringify(found, null, 2)}\n` : `${shown(String(found), terminal.stdout)}\n`);
      done(EXIT.passed);
    });
}
