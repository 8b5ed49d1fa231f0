import { Option, type Command } from 'commander';
import { VerificationSuite } from '../../checks/verification-suite.js';
import type { CheckStatus } from '../../checks/check.js';
import { reportText, REPORT_FORMATS, formatOfPath, type ReportFormat } from '../../report/formats.js';
import { verificationReport } from '../../report/verification.js';
import { EXIT, type ExitCode } from '../exit.js';
import { nameOf, tableOf } from '../inputs.js';
import { addInputOptions, addRunOptions, runOptions, type RunFlags } from '../options.js';
import { writeWhole } from '../output.js';
import { checksOf } from '../suite-file.js';
import { coloured, hasColours, type Terminal } from '../terminal.js';

interface CheckFlags extends RunFlags {
  readonly format?: ReportFormat;
  readonly out?: readonly string[];
  readonly failOn: 'error' | 'warning';
  readonly strict?: boolean;
  readonly title?: string;
}

const RANK: Readonly<Record<CheckStatus, number>> = { Success: 0, Warning: 1, Error: 2 };

/** `assay check SUITE FILE…`: judges a table and says the verdict, also by how it ends. */
export function addCheckCommand(program: Command, terminal: Terminal, done: (code: ExitCode) => void): void {
  const command = program.command('check')
    .summary('verify a table against the checks of a suite')
    .description('Verifies a table against the checks of a suite. Ends with 0 if it passes, with 1 if it does not, with 2 if that cannot be said.')
    .argument('<suite>', 'checks: a module (.js, .mjs, .ts) whose default export is a check or an array of them, or JSON')
    .argument('<files...>', "Parquet, CSV, NDJSON, Arrow: paths, globs, folders, addresses, or '-'")
    .addOption(new Option('-f, --format <format>', 'of what is printed').choices(REPORT_FORMATS))
    .option('-o, --out <files...>', 'writes reports; their endings tell the format: .html .md .xml (JUnit) .sarif .json .txt')
    .addOption(new Option('--fail-on <level>', 'the mildest status that ends with 1').choices(['error', 'warning']).default('error'))
    .option('--strict', 'whatever did not simply pass fails')
    .option('--title <text>', 'of the report');
  addRunOptions(addInputOptions(command)).action(async (suite: string, files: string[], flags: CheckFlags) => {
    done(await check(suite, files, flags, terminal));
  });
}

async function check(suite: string, files: readonly string[], flags: CheckFlags, terminal: Terminal): Promise<ExitCode> {
  const outputs = (flags.out ?? []).map((path) => ({ path, format: formatOfPath(path) }));
  const checks = await checksOf(suite, terminal.folder);
  const table = await tableOf(files, flags, terminal);
  const stop = new AbortController();
  const { bar, ...options } = runOptions(flags, terminal, stop.signal);
  const start = performance.now();
  const result = await VerificationSuite().onData(table).addChecks(checks)
    .run({ ...options, ...(flags.strict && { strict: true }) }).finally(() => bar.end());
  const report = verificationReport(result, {
    table: nameOf(files), milliseconds: performance.now() - start, ...(flags.title !== undefined && { title: flags.title }),
  });
  for (const { path, format } of outputs) await writeWhole(path, reportText(report, format, String(result), files), terminal.folder);
  const format = flags.format ?? 'table';
  const text = reportText(report, format, String(result), files);
  terminal.stdout.write(format === 'table' ? coloured(text, flags.color && hasColours(terminal.stdout, terminal.env)) : text);
  return RANK[result.status] >= RANK[flags.failOn === 'error' ? 'Error' : 'Warning'] ? EXIT.failed : EXIT.passed;
}
