import { AssayError } from '../../base/errors.js';

const encoder = new TextEncoder();

/** One step of a LIKE pattern: a byte, any code point, any text. */
export const ANY_ONE = 0x100;
/** Any text. */
export const ANY_TEXT = 0x200;

/** A step that no text takes. */
export const NEVER = 0x300;

/**
 * The steps of a LIKE pattern. Spark matches characters beyond U+FFFF only in literal patterns that it turns into
 * comparisons, prefixes and the like: there the halves of a surrogate pair are not told apart.
 */
export function likeSteps(pattern: string, escape: string, literal: boolean): number[] {
  const steps: number[] = [];
  const plain = literal && !pattern.includes(escape) && /^(?:%?[^_%]+%?|[^_%]+%[^_%]+|)$/s.test(pattern);
  if (!plain && /[\u{10000}-\u{10ffff}]/u.test(pattern)) steps.push(NEVER);
  const chars = Array.from(pattern);
  for (let i = 0; i < chars.length; ++i) {
    const c = chars[i]!;
    if (c === escape) {
      const next = chars[++i];
      if (next === undefined) throw new AssayError('EVALUATION', `the pattern '${pattern}' must not end with the escape character`);
      if (next !== '_' && next !== '%' && next !== escape) {
        throw new AssayError('EVALUATION', `the escape character in '${pattern}' must stand before _, % or itself`);
      }
      steps.push(...encoder.encode(next));
    } else if (c === '_') {
      steps.push(ANY_ONE);
    } else if (c === '%') {
      if (steps[steps.length - 1] !== ANY_TEXT) steps.push(ANY_TEXT);
    } else {
      steps.push(...encoder.encode(c));
    }
  }
  return steps;
}
