import type { ReportCheck, ReportConstraint, VerificationReport } from './model.js';

/**
 * A verification as JUnit XML: a suite per check, a case per constraint. What a check of level Warning finds is a
 * skipped case with its message, since servers take failures for broken builds; what could not be computed is an error.
 */
export function verificationJUnit(report: VerificationReport): string {
  const seconds = ((report.milliseconds ?? 0) / 1000).toFixed(3);
  const suites = report.checks.map((check, i) => suite(report, check, i, i === 0 ? seconds : '0'));
  const all = report.checks.flatMap((check) => check.constraints.map((c) => kindOf(check, c)));
  const count = (kind: Kind) => all.filter((k) => k === kind).length;
  const totals = attributes({
    name: report.title, tests: all.length, failures: count('failure'), errors: count('error'), time: seconds,
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${totals}>\n${suites.join('')}</testsuites>\n`;
}

type Kind = 'pass' | 'failure' | 'error' | 'skipped';

function kindOf({ status }: ReportCheck, { outcome, level, status: own }: ReportConstraint): Kind {
  if (outcome === 'passed') return 'pass';
  if (outcome === 'skipped') return 'skipped';
  const bad = own === 'Failure' || status !== 'Success' && outcome !== 'vacuous';
  if (!bad || level === 'Warning') return 'skipped';
  return outcome === 'error' ? 'error' : 'failure';
}

function suite(report: VerificationReport, check: ReportCheck, id: number, time: string): string {
  const kinds = check.constraints.map((c) => kindOf(check, c));
  const count = (kind: Kind) => kinds.filter((k) => k === kind).length;
  const head = attributes({
    id, name: check.description, package: report.table, timestamp: report.createdAt.slice(0, 19), hostname: 'localhost', time,
    tests: kinds.length, failures: count('failure'), errors: count('error'), skipped: count('skipped'),
  });
  const cases = check.constraints.map((c, i) => testCase(report, check, c, kinds[i]!));
  return `  <testsuite${head}>\n${cases.join('')}  </testsuite>\n`;
}

function testCase({ table }: VerificationReport, { description }: ReportCheck, c: ReportConstraint, kind: Kind): string {
  const head = attributes({ name: c.subject, classname: `${table}.${description}`, time: '0' });
  // Of what could not be computed the note is one line, and says what to do.
  const message = c.outcome === 'error' && c.note ? c.note : c.message ?? (c.note || c.outcome);
  const detail = [c.constraint, c.value && `value: ${c.value}`, c.required && `required: ${c.required}`, c.note]
    .filter(Boolean).join('\n');
  switch (kind) {
    case 'pass': return `    <testcase${head}/>\n`;
    case 'skipped':
      return `    <testcase${head}>\n      <skipped/>\n      <system-out>${xml(`${c.level}: ${message}`)}</system-out>\n    </testcase>\n`;
    default:
      return `    <testcase${head}>\n      <${kind}${attributes({ message, type: c.outcome })}>${xml(detail)}</${kind}>\n    </testcase>\n`;
  }
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values).map(([name, value]) => ` ${name}="${xml(String(value)).replace(/\s/g, ' ')}"`).join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text in XML 1.0, which holds no control characters and no halves of surrogate pairs. */
function xml(text: string): string {
  const allowed = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, '\ufffd');
  return allowed.replace(/[&<>"']/g, (c) => ENTITIES[c]!);
}
