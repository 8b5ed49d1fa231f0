export type { ReportOptions } from './report/head.js';
export { verificationReport, type VerificationReportOptions } from './report/verification.js';
export { profileReport } from './report/profile.js';
export { suggestionReport, type SuggestionReportOptions } from './report/suggestions.js';
export { historyReport, type HistoryReportOptions } from './report/history.js';
export { htmlOf as reportHtml, markdownOf as reportMarkdown } from './report/formats.js';
export { verificationJUnit as reportJUnit } from './report/junit.js';
export { verificationSarif as reportSarif, type SarifLog } from './report/sarif.js';
export type {
  Chart, HistoryReport, JsonNumber, ProfileReport, Report, ReportBounds, ReportCheck, ReportColumn, ReportConstraint, ReportHead,
  ReportMetric, ReportRows, ReportSeries, ReportSuggestion, ReportTry, SuggestionReport, VerificationReport,
} from './report/model.js';
