import { AssayError } from '../base/errors.js';
import { profileHtml } from './html/profile.js';
import { verificationHtml } from './html/verification.js';
import { verificationJUnit } from './junit.js';
import { verificationMarkdown } from './markdown.js';
import { profileMarkdown } from './markdown-profile.js';
import type { ProfileReport, Report } from './model.js';
import { verificationSarif } from './sarif.js';

/** The formats of reports. */
export const REPORT_FORMATS = ['table', 'json', 'junit', 'markdown', 'sarif', 'html'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const ENDINGS: readonly (readonly [string, ReportFormat])[] = [
  ['.sarif', 'sarif'], ['.sarif.json', 'sarif'], ['.json', 'json'], ['.xml', 'junit'], ['.md', 'markdown'], ['.markdown', 'markdown'],
  ['.html', 'html'], ['.htm', 'html'], ['.txt', 'table'],
];

/** The format that the ending of a path asks for. */
export function formatOfPath(path: string): ReportFormat {
  const found = ENDINGS.findLast(([ending]) => path.toLowerCase().endsWith(ending) && (ending !== '.json' || !path.toLowerCase().endsWith('.sarif.json')));
  if (found) return found[1];
  throw new AssayError('INVALID_ARGUMENT', `the ending of '${path}' names no format of reports: ${ENDINGS.map(([e]) => e).join(' ')}`);
}

/** A report in a format; `printed` is the table for terminals. JUnit and SARIF speak of verdicts alone. */
export function reportText(report: Report, format: ReportFormat, printed: string, files: readonly string[]): string {
  const verdict = report.kind === 'verification' ? report : null;
  switch (format) {
    case 'table': return `${printed}\n`;
    case 'json': return `${JSON.stringify(report, null, 2)}\n`;
    case 'markdown': return verdict ? verificationMarkdown(verdict) : profileMarkdown(report as ProfileReport);
    case 'html': return verdict ? verificationHtml(verdict) : profileHtml(report as ProfileReport);
    case 'junit': return verificationJUnit(verdict ?? noVerdict(report, format));
    case 'sarif': return `${JSON.stringify(verificationSarif(verdict ?? noVerdict(report, format), files), null, 2)}\n`;
  }
}

function noVerdict({ kind }: Report, format: ReportFormat): never {
  throw new AssayError('UNSUPPORTED', `a ${kind} has no verdict to write as ${format}: use json, markdown or html`);
}
