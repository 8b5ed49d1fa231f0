import { resolve } from 'node:path';
import { kindOfPath } from '#platform';
import { Option, type Command } from 'commander';
import { AssayError } from '../../base/errors.js';
import { textTable } from '../../base/text-table.js';
import type { CheckStatus } from '../../checks/check.js';
import type { ConstraintResult } from '../../checks/constraint.js';
import { resultLine } from '../../checks/result-line.js';
import type { VerificationResult } from '../../checks/verification-result.js';
import { VerificationSuite, type VerificationRun } from '../../checks/verification-suite.js';
import { reportText, REPORT_FORMATS, formatOfPath, type ReportFormat } from '../../report/formats.js';
import type { ReportRows } from '../../report/model.js';
import { verificationReport } from '../../report/verification.js';
import type { ResultKey } from '../../repository/result-key.js';
import { FileStateProvider } from '../../repository/state-provider.js';
import { EXIT, type ExitCode } from '../exit.js';
import { repositoryAt, resultKey } from '../history-options.js';
import { nameOf, referencesOf, tableOf, type Reference } from '../inputs.js';
import { addInputOptions, addReferenceOption, addRunOptions, list, runOptions, wholeNumber, type RunFlags } from '../options.js';
import { writeOutputs } from '../output.js';
import { checksOf } from '../suite-file.js';
import { coloured, hasColours, shown, type Terminal } from '../terminal.js';

interface CheckFlags extends RunFlags {
  readonly format?: ReportFormat;
  readonly out?: readonly string[];
  readonly failOn: 'error' | 'warning';
  readonly strict?: boolean;
  readonly title?: string;
  readonly examples?: number;
  readonly keyColumns?: readonly string[];
  readonly passed?: string;
  readonly failed?: string;
  readonly repository?: string;
  readonly key?: ResultKey;
  readonly states?: string;
  readonly reference: readonly Reference[];
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
    .option('--title <text>', 'of the report')
    .option('-n, --examples <n>', 'shows so many of the rows that fail each constraint', wholeNumber)
    .option('--key-columns <names>', 'the columns of these rows that are shown, between commas; default: all', list)
    .option('--passed <file>', 'writes the rows that fail nothing: .parquet .csv .ndjson')
    .option('--failed <file>', 'writes the rows that fail something, with what they fail')
    .option('--repository <path>', "saves the metrics: a file of Deequ's JSON (.json) or the folder of a log")
    .option('--key <key>', "under which they are saved: a date and tags, e.g. 2026-01-31,shop=EU; default: now", resultKey)
    .option('--states <file>', 'judges the rows of earlier runs as well: reads their states from there and writes the new ones');
  addRunOptions(addReferenceOption(addInputOptions(command))).action(async (suite: string, files: string[], flags: CheckFlags) => {
    done(await check(suite, files, flags, terminal));
  });
}

async function check(suite: string, files: readonly string[], flags: CheckFlags, terminal: Terminal): Promise<ExitCode> {
  const outputs = (flags.out ?? []).map((path) => ({ path, format: formatOfPath(path) }));
  const checks = await checksOf(suite, terminal.folder);
  let suited = VerificationSuite().onData(await tableOf(files, flags, terminal)).addChecks(checks);
  for (const [name, table] of await referencesOf(flags.reference, flags)) suited = suited.withSource(name, table);
  const run = await prepared(suited, flags, terminal);
  const { bar, ...options } = runOptions(flags, terminal);
  const start = performance.now();
  const result = await run.run({ ...options, ...(flags.strict && { strict: true }) }).finally(() => bar.end());
  const examples = await examplesOf(result, flags);
  const report = verificationReport(result, {
    table: nameOf(files), milliseconds: performance.now() - start, ...(flags.title !== undefined && { title: flags.title }),
    examples: (r) => examples.get(r) ?? null,
  });
  if (flags.passed !== undefined || flags.failed !== undefined) {
    const place = (path: string | undefined) => path && resolve(terminal.folder, path);
    await result.quarantine({ passed: place(flags.passed), failed: place(flags.failed) });
  }
  const printed = [String(result), ...[...examples].map(([r, rows]) => exampleText(r, rows))].join('\n\n');
  await writeOutputs(outputs.map(({ path, format }) => ({ path, text: reportText(report, format, printed, files) })), terminal.folder);
  const format = flags.format ?? 'table';
  const text = reportText(report, format, printed, files);
  terminal.stdout.write(format === 'table' ? coloured(shown(text, terminal.stdout), flags.color && hasColours(terminal.stdout, terminal.env)) : text);
  return RANK[result.status] >= RANK[flags.failOn === 'error' ? 'Error' : 'Warning'] ? EXIT.failed : EXIT.passed;
}

/** The run with what it saves and what it will be asked about rows. */
async function prepared(run: VerificationRun, flags: CheckFlags, { folder }: Terminal): Promise<VerificationRun> {
  let more = run;
  if (flags.examples || flags.passed !== undefined || flags.failed !== undefined) more = more.withRowLevelResults();
  if (flags.repository !== undefined) {
    more = more.useRepository(repositoryAt(flags.repository, folder)).saveOrAppendResult(flags.key ?? resultKey(''));
  }
  if (flags.states !== undefined) {
    const path = resolve(folder, flags.states);
    const states = FileStateProvider(path);
    if (await kindOfPath(path) !== null) more = more.aggregateWith(states);
    more = more.saveStatesWith(states);
  }
  return more;
}

/** Some of the rows that fail each constraint that speaks of rows. */
async function examplesOf(result: VerificationResult, { examples = 0, keyColumns }: CheckFlags): Promise<Map<ConstraintResult, ReportRows>> {
  const found = new Map<ConstraintResult, ReportRows>();
  if (examples === 0) return found;
  for (const constraintResult of result.results.flatMap((r) => r.constraintResults)) {
    if (constraintResult.outcome !== 'failed') continue;
    let rows: Record<string, unknown>[];
    try {
      rows = await result.failingRows(constraintResult.constraint, { limit: examples + 1, keyColumns });
    } catch (error) {
      if (error instanceof AssayError && error.code === 'INVALID_ARGUMENT') continue; // it says nothing of single rows
      throw error;
    }
    if (rows.length === 0) continue;
    const columns = Object.keys(rows[0]!);
    const cells = rows.slice(0, examples).map((row) => columns.map((c) => (row[c] == null ? null : String(row[c]))));
    found.set(constraintResult, { columns, rows: cells, more: rows.length > examples });
  }
  return found;
}

function exampleText(result: ConstraintResult, { columns, rows, more }: ReportRows): string {
  const table = textTable(columns.map((head) => ({ head, widest: 32 })), rows.map((row) => row.map((cell) => cell ?? 'null')));
  return `Rows that fail ${resultLine(result).subject}${more ? ', the first of them' : ''}\n${table}`;
}
