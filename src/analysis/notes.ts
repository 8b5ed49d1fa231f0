import type { Explanation } from '../engine/plan.js';
import type { Question } from './questions.js';

/** The plan of the fused pass with what it does not show: failures, second readings, own readings. */
export function explained(
  planned: Explanation,
  questions: readonly Question[],
  others: readonly string[] = [],
): Explanation {
  return withNotes(planned, [...questions.flatMap(noteOn), ...others]);
}

/** A plan with notes more. */
export function withNotes(planned: Explanation, more: readonly string[]): Explanation {
  if (more.length === 0) return planned;
  const text = `${planned.toString()}\n${more.map((note) => `- ${note}`).join('\n')}`;
  return { ...planned, notes: [...planned.notes, ...more], toString: () => text };
}

function noteOn(question: Question): string[] {
  const name = String(question.analyzer);
  if (question.kind === 'failed') return [`${name} fails: ${question.failure.message}`];
  if (question.kind === 'query') return [`${name} reads its tables itself, apart from the fused pass`];
  return question.spec.then ? [`${name} may need a second reading, after its first answers`] : [];
}
