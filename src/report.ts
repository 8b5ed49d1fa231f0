export type { ReportOptions } from './report/head.js';
export { verificationReport, type VerificationReportOptions } from './report/verification.js';
export { profileReport } from './report/profile.js';
export { profileHtml } from './report/html/profile.js';
export { profileMarkdown } from './report/markdown-profile.js';
export { verificationHtml } from './report/html/verification.js';
export { verificationMarkdown } from './report/markdown.js';
export { verificationJUnit } from './report/junit.js';
export { verificationSarif, type SarifLog } from './report/sarif.js';
export type {
  Chart, JsonNumber, ProfileReport, Report, ReportBounds, ReportCheck, ReportColumn, ReportConstraint, ReportHead, ReportMetric, ReportRows, VerificationReport,
} from './report/model.js';
