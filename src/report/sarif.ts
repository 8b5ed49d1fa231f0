import type { ReportCheck, ReportConstraint, VerificationReport } from './model.js';

/** A SARIF 2.1.0 log, as far as it is written here. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly unknown[];
}

/**
 * A verification as SARIF 2.1.0, for code scanning: a rule per analyzer, a result per constraint that did not simply pass.
 * `files` are the addresses of what was checked, relative ones to the root of the repository.
 */
export function verificationSarif(report: VerificationReport, files: readonly string[] = [report.table]): SarifLog {
  const judged = report.checks.flatMap((check) => check.constraints.map((constraint) => ({ check, constraint })));
  const rules = [...new Set(judged.map(({ constraint }) => constraint.analyzer))];
  const locations = files.map((file) => ({ physicalLocation: { artifactLocation: { uri: uriOf(file) } } }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: report.tool.name,
          version: report.tool.version,
          rules: rules.map((id) => ({ id, name: id, shortDescription: { text: `The metric ${id} of a table` } })),
        },
      },
      invocations: [{ executionSuccessful: report.outcomes.error === 0, endTimeUtc: report.createdAt }],
      results: judged.filter(({ constraint }) => constraint.outcome !== 'passed').map(({ check, constraint }) => ({
        ruleId: constraint.analyzer,
        ruleIndex: rules.indexOf(constraint.analyzer),
        kind: kindOf(constraint),
        level: levelOf(constraint),
        message: { text: textOf(check, constraint) },
        locations,
        partialFingerprints: { constraint: `${check.description}/${constraint.constraint}` },
        properties: { check: check.description, outcome: constraint.outcome, value: constraint.number ?? constraint.value },
      })),
      columnKind: 'unicodeCodePoints',
    }],
  };
}

function kindOf({ outcome, status }: ReportConstraint): string {
  if (outcome === 'vacuous' || outcome === 'skipped') return status === 'Failure' ? 'fail' : 'notApplicable';
  return outcome === 'inconclusive' && status !== 'Failure' ? 'open' : 'fail';
}

/** SARIF wants the level `none` wherever the kind is not `fail`. */
function levelOf(constraint: ReportConstraint): string {
  if (kindOf(constraint) !== 'fail') return 'none';
  return constraint.level === 'Error' ? 'error' : 'warning';
}

function textOf({ description }: ReportCheck, { subject, message, note, required, outcome }: ReportConstraint): string {
  return [`${description}: ${subject}: ${message ?? outcome}`, required && `required: ${required}`, note].filter(Boolean).join('; ');
}

/** A path as a reference to an address; addresses stay as they are. */
function uriOf(file: string): string {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(file) ? file : file.split(/[\\/]/).map(encodeURIComponent).join('/');
}
