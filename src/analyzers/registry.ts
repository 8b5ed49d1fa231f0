import { AssayError } from '../base/errors.js';
import { nearestName } from '../base/names.js';
import type { Analyzer } from './contract.js';
import { readAnalyzer, type AnalyzerFactory } from './define.js';
import { analyzers } from './index.js';

/** The analyzers of Deequ's names. */
const byName = new Map<string, AnalyzerFactory<never>>(analyzers.map((a) => [a.spec.name, a]));

/** The analyzer that JSON describes; `own` are user-defined factories that it may name. */
export function analyzerFromJSON(json: unknown, own: readonly AnalyzerFactory<never>[] = []): Analyzer {
  const fields = (typeof json === 'string' ? JSON.parse(json) : json) as Record<string, unknown> | null;
  const name = fields?.analyzerName;
  if (typeof name !== 'string') throw new AssayError('SYNTAX', "the JSON of an analyzer has a field 'analyzerName'");
  const factory = own.find((f) => f.spec.name === name) ?? byName.get(name);
  if (!factory) {
    const near = nearestName(name, byName.keys());
    throw new AssayError('INVALID_ARGUMENT', `unknown analyzer '${name}'${near ? `; did you mean '${near}'?` : ''}`);
  }
  return readAnalyzer(factory.spec, fields!);
}
