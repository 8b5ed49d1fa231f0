import { Check, CheckLevel } from '../checks/check.js';
import { checksToJSON, type SuiteJson } from '../checks/json/write.js';
import { AssayError } from '../base/errors.js';
import { comparatorsIn, wrappedCallCode } from './code.js';
import { stringCode } from './literal-code.js';
import { verdictText } from './print.js';
import type { EvaluatedSuggestion } from './result.js';
import type { ConstraintSuggestion } from './suggestion.js';

/** Suggestions with or without what became of them. */
export type AnySuggestion = ConstraintSuggestion & Partial<Pick<EvaluatedSuggestion, 'onData' | 'onTest'>>;

/** Which suggestions become constraints. */
export interface ApplyOptions {
  /** Also those that failed where they were tried; default false. */
  readonly failed?: boolean | undefined;
}

/**
 * A check with the constraints of suggestions more: what their code adds, the same constraint once. Suggestions that failed on the
 * data or on the test are left out, and so are those without code.
 */
export function applySuggestions(check: Check, suggestions: Iterable<AnySuggestion>, { failed = false }: ApplyOptions = {}): Check {
  const list = distinct([...suggestions].filter((s) => s.codeConstraint !== null && (failed || failedWhere(s) === null)));
  return list.reduce((whole, s) => whole.addConstraint(s.codeConstraint!), check);
}

/** What the checks of a generated file are called. */
export interface SuiteOptions extends ApplyOptions {
  /** Default: Error. */
  readonly level?: CheckLevel | undefined;
  /** What the table is called; default `data`. */
  readonly table?: string | undefined;
  /** Default: 'Suggested for ' and the table. */
  readonly description?: string | undefined;
}

const WIDEST = 100;

/**
 * A module of TypeScript, which is one of JavaScript, too, that exports a check with what was suggested, to be run by `assay check` or
 * imported. What cannot be written or failed where it was tried stands in it as a comment.
 */
export function suggestedModule(suggestions: Iterable<AnySuggestion>, options: SuiteOptions = {}): string {
  const all = [...suggestions];
  const { level = CheckLevel.Error, table = 'data', description = `Suggested for ${table}` } = options;
  const kept = written(all, options);
  const calls = kept.map((s) => s.codeConstraint!.call!);
  const used = [...new Set(calls.flatMap(comparatorsIn))].sort();
  const others = [...new Set(calls.map(({ params }) => params['reference']).filter((name) => typeof name === 'string'))];
  const lines = kept.flatMap((s, i) => {
    const begins = i === 0 || kept[i - 1]!.columnName !== s.columnName;
    return [...(begins ? [`  // ${oneLine(s.columnName)}`] : []), wrappedCallCode(calls[i]!, '  ', WIDEST)!];
  });
  const check = `Check(CheckLevel.${level}, ${stringCode(oneLine(description))})`;
  return [
    `// Suggested for ${oneLine(table)}. Read it before you rely on it: it says what the data was like, not what it should be.`,
    ...(others.length > 0 ? [needed(others.map(oneLine))] : []),
    `import { ${['Check', 'CheckLevel', ...used].join(', ')} } from 'assay';`,
    '',
    `export default ${[check, ...lines].join('\n')};`,
    ...leftOut(all, kept),
    '',
  ].join('\n');
}

/** Which other tables a module needs. */
function needed(tables: readonly string[]): string {
  return `// Needs ${tables.join(', ')}: withSource('${tables[0]!}', …), or assay check --reference NAME=FILE.`;
}

/** The same checks as the content of a JSON file. */
export function suggestedSuite(suggestions: Iterable<AnySuggestion>, options: SuiteOptions = {}): SuiteJson {
  const { level = CheckLevel.Error, table = 'data', description = `Suggested for ${table}` } = options;
  return checksToJSON([applySuggestions(Check(level, description), written([...suggestions], options), { failed: true })]);
}

/** The suggestions that a file can hold. */
function written(all: readonly AnySuggestion[], { failed = false }: ApplyOptions): AnySuggestion[] {
  return distinct(all.filter((s) => textOf(s) !== null && (failed || failedWhere(s) === null)));
}

/** The code of what a suggestion adds; null: there is none. */
function textOf({ codeConstraint }: AnySuggestion): string | null {
  return codeConstraint?.call ? wrappedCallCode(codeConstraint.call, '', Infinity) : null;
}

/** One of those that add the same constraint, and no share of values of which all must be. */
function distinct(suggestions: readonly AnySuggestion[]): AnySuggestion[] {
  const seen = new Set<string>();
  const ranges = new Set(suggestions.flatMap((s) => (rangeOf(s)?.strict ? [rangeOf(s)!.key] : [])));
  return suggestions.filter((s) => {
    const text = textOf(s);
    if (text === null) return true;
    const range = rangeOf(s);
    if (range && !range.strict && ranges.has(range.key)) return false;
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** The values that a column is held to, and whether without exception. */
function rangeOf({ codeConstraint }: AnySuggestion): { readonly key: string; readonly strict: boolean } | null {
  const call = codeConstraint?.call;
  if (call?.method !== 'isContainedIn' || !Array.isArray(call.params['values'])) return null;
  const values = (call.params['values'] as unknown[]).map((v) => `${typeof v}:${String(v)}`).sort();
  return { key: JSON.stringify([call.params['column'], values]), strict: call.params['assertion'] === undefined };
}

/** Where a suggestion was tried and did not hold; null: nowhere. */
function failedWhere({ onData, onTest }: AnySuggestion): string | null {
  if (onData && onData.outcome !== 'passed') return `on the data: ${verdictText(onData)}`;
  // What had nothing in scope says nothing.
  return onTest && onTest.outcome !== 'passed' && onTest.outcome !== 'vacuous' ? `on the test: ${verdictText(onTest)}` : null;
}

function leftOut(all: readonly AnySuggestion[], kept: readonly AnySuggestion[]): string[] {
  const known = new Set(kept.map(textOf));
  const others = all.filter((s) => !known.has(textOf(s)) && (textOf(s) === null || failedWhere(s) !== null));
  if (others.length === 0) return [];
  const why = (s: AnySuggestion) => failedWhere(s) ?? 'no check can say it';
  return ['', '// Left out:', ...others.map((s) => `//   ${oneLine(s.description)} (${oneLine(s.columnName)}; ${why(s)})`)];
}

/** Text that ends no comment. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** The module or the JSON of suggestions, as the ending of a path asks for. */
export function suggestedFile(path: string, suggestions: Iterable<AnySuggestion>, options: SuiteOptions = {}): string {
  if (/\.[cm]?[jt]s$/i.test(path)) return suggestedModule(suggestions, options);
  if (/\.json$/i.test(path)) return `${JSON.stringify(suggestedSuite(suggestions, options), null, 2)}\n`;
  throw new AssayError('INVALID_ARGUMENT', `the ending of '${path}' names no file of checks: .ts .mts .js .mjs .json`);
}
