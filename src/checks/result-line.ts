import { javaDouble } from '../base/number-text.js';
import { readableNumber, readableValue } from '../metrics/text.js';
import { demandText } from './assertions.js';
import { isAnalysis, isCombined, type Constraint, type ConstraintResult } from './constraint.js';

/** A constraint's result in words, for tables and reports. */
export interface ResultLine {
  /** What is judged. */
  readonly subject: string;
  /** What the assertion was given; empty: there was nothing. */
  readonly value: string;
  /** What is asked for. */
  readonly required: string;
  /** Why there is no verdict, or the user's hint; may be empty. */
  readonly note: string;
}

/** The result of a constraint in words. */
export function resultLine(result: ConstraintResult): ResultLine {
  return { subject: subjectOf(result), value: givenValue(result), required: requirement(result.constraint), note: noteOn(result) };
}

/** What is judged: the name that the constraint was given, or its analyzer and column. */
function subjectOf({ constraint, metric }: ConstraintResult): string {
  if (isCombined(constraint)) {
    const { combine, name, of } = constraint;
    if (!name.startsWith(`${combine}(`)) return name;
    return combine === 'not' ? 'not' : `${combine} of ${of.length}`;
  }
  if (!isAnalysis(constraint)) return constraint.name;
  const { analyzer, name, subject } = constraint;
  const { where } = analyzer.params;
  const filter = typeof where === 'string' ? ` where ${where}` : '';
  if (!metric || !name.includes(String(analyzer))) return name + filter;
  if (subject !== undefined) return subject + filter;
  if (analyzer.analyzer === 'Compliance') return metric.instance + filter;
  return (metric.instance === '*' ? analyzer.analyzer : `${analyzer.analyzer}(${metric.instance})`) + filter;
}

/** Numbers that were refused are shown to the last digit: 0.99999999 is not 1. */
function givenValue({ value, metric, outcome }: ConstraintResult): string {
  if (typeof value === 'number') {
    return outcome === 'passed' || Number.isInteger(value) ? readableNumber(value) : javaDouble(value);
  }
  return value === undefined || !metric ? '' : readableValue(metric);
}

/** What is asked of the value; of a combination, of how many parts. */
function requirement(constraint: Constraint): string {
  if (isAnalysis(constraint)) return demandText(constraint, readableNumber);
  return isCombined(constraint) ? { and: 'all hold', or: 'any holds', not: 'it does not hold' }[constraint.combine] : '';
}

/** Why there is no verdict, in one line; hints where there is one. */
function noteOn({ constraint, outcome, message, parts, note = '' }: ConstraintResult): string {
  if (outcome === 'failed') return ['hint' in constraint ? constraint.hint ?? '' : '', note].filter((t) => t !== '').join(' ');
  if (note !== '') return note;
  if (parts) return ''; // they say it themselves
  const why = message?.trim().split('\n', 1)[0] ?? '';
  return outcome === 'vacuous' && why === '' ? 'nothing was in scope' : why;
}
