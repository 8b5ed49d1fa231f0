import { Size } from '../analyzers/size.js';
import { Check } from '../checks/check.js';
import type { ConstraintResult } from '../checks/constraint.js';
import { VerificationSuite } from '../checks/verification-suite.js';
import type { VerificationResult } from '../checks/verification-result.js';
import type { AnalysisOptions } from '../analysis/analysis-runner.js';
import type { Source } from '../data/source.js';
import type { SuggestionVerdict } from './result.js';
import type { ConstraintSuggestion } from './suggestion.js';
import type { References } from './training-data.js';

/** What Deequ calls the check of its demands. */
const GENERATED = 'generated constraints';
const CODE = 'suggested code';

/** What became of suggestions on some data, in their order. */
export interface Verified {
  readonly result: VerificationResult;
  readonly deequ: readonly (SuggestionVerdict | null)[];
  readonly code: readonly (SuggestionVerdict | null)[];
  readonly rows: number;
}

/** Tries what the code of suggestions adds, and on request Deequ's demands, in one reading. */
export async function verified(
  data: Source, suggestions: readonly ConstraintSuggestion[], references: References, deequToo: boolean,
  options: AnalysisOptions | undefined,
): Promise<Verified> {
  const coded = suggestions.filter((s) => s.codeConstraint !== null);
  const code = coded.reduce((check, s) => check.addConstraint(s.codeConstraint!), Check('Warning', CODE));
  const deequ = suggestions.reduce((check, s) => check.addConstraint(s.constraint), Check('Warning', GENERATED));
  let suite = VerificationSuite().onData(data).addChecks(deequToo ? [deequ, code] : [code]).addRequiredAnalyzer(Size());
  for (const [name, source] of references) suite = suite.withSource(name, source);
  const result = await suite.run(options);
  const size = result.metric(Size());
  const ofCode = result.result(code)!.constraintResults;
  const placed = new Map(coded.map((s, i) => [s, ofCode[i]!]));
  return {
    result,
    deequ: deequToo ? result.result(deequ)!.constraintResults.map(verdict) : suggestions.map(() => null),
    code: suggestions.map((s) => (placed.has(s) ? verdict(placed.get(s)!) : null)),
    rows: size?.value.ok ? size.value.value : 0,
  };
}

function verdict({ status, outcome, message, value }: ConstraintResult): SuggestionVerdict {
  return Object.freeze({ status, outcome, message, value: typeof value === 'number' ? value : null });
}
