import { AssayError } from '../base/errors.js';
import { historyHtml } from './html/history.js';
import { profileHtml } from './html/profile.js';
import { suggestionHtml } from './html/suggestions.js';
import { verificationHtml } from './html/verification.js';
import { verificationJUnit } from './junit.js';
import { verificationMarkdown } from './markdown.js';
import { historyMarkdown } from './markdown-history.js';
import { suggestionMarkdown } from './markdown-suggestions.js';
import { profileMarkdown } from './markdown-profile.js';
import type { Report, VerificationReport } from './model.js';
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
  switch (format) {
    case 'table': return `${printed}\n`;
    case 'json': return `${JSON.stringify(report, null, 2)}\n`;
    case 'markdown': return markdownOf(report);
    case 'html': return htmlOf(report);
    case 'junit': return verificationJUnit(verdictOf(report, format));
    case 'sarif': return `${JSON.stringify(verificationSarif(verdictOf(report, format), files), null, 2)}\n`;
  }
}

/** A report of any kind as one page of HTML. */
export function htmlOf(report: Report): string {
  switch (report.kind) {
    case 'verification': return verificationHtml(report);
    case 'profile': return profileHtml(report);
    case 'history': return historyHtml(report);
    case 'suggestions': return suggestionHtml(report);
  }
}

/** A report of any kind as Markdown. */
export function markdownOf(report: Report): string {
  switch (report.kind) {
    case 'verification': return verificationMarkdown(report);
    case 'profile': return profileMarkdown(report);
    case 'history': return historyMarkdown(report);
    case 'suggestions': return suggestionMarkdown(report);
  }
}

function verdictOf(report: Report, format: ReportFormat): VerificationReport {
  if (report.kind === 'verification') return report;
  const what = report.kind === 'suggestions' ? 'suggestion' : report.kind;
  throw new AssayError('UNSUPPORTED', `a ${what} has no verdict to write as ${format}: use json, markdown or html`);
}
