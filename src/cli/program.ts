import { Command, CommanderError } from 'commander';
import { AssayError } from '../base/errors.js';
import { VERSION } from '../base/version.js';
import { addAnalyzeCommand } from './commands/analyze.js';
import { addBacktestCommand } from './commands/backtest.js';
import { addCheckCommand } from './commands/check.js';
import { addExplainCommand } from './commands/explain.js';
import { addHistoryCommand } from './commands/history.js';
import { addProfileCommand } from './commands/profile.js';
import { addSuggestCommand } from './commands/suggest.js';
import { EXIT, type ExitCode } from './exit.js';
import type { Terminal } from './terminal.js';

const EXAMPLES = `
Examples:
  assay profile 'reviews/*.parquet' --out profile.html
  assay suggest reviews.parquet --out checks.ts
  assay check checks.json reviews.parquet --out report.html report.xml
  gzip -dc orders.csv.gz | assay check checks.ts - --input csv

Ends with 0: passed, 1: failed, 2: misuse or could not run.`;

/** Runs the command `assay` and gives what it ends with. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.passed;
  const program = new Command('assay')
    .description('Data quality: what is in a table, is it right, has it changed.')
    .version(VERSION, '-V, --version')
    .showHelpAfterError('(assay --help says more)')
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'assay: ')),
    })
    .addHelpText('after', EXAMPLES)
    .exitOverride();
  const done = (ended: ExitCode) => {
    code = ended;
  };
  const commands = [
    addProfileCommand, addSuggestCommand, addCheckCommand, addAnalyzeCommand, addExplainCommand, addHistoryCommand, addBacktestCommand,
  ];
  for (const add of commands) add(program, terminal, done);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.misuse;
    terminal.stderr.write(`assay: ${messageOf(error)}\n`);
    return EXIT.misuse;
  }
}

/** Errors of Assay say all there is to say; of others their place helps to find what is wrong. */
function messageOf(error: unknown): string {
  if (error instanceof AssayError) return error.code === 'INTERNAL' ? `${error.stack}` : error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
