import { AssayError } from '../base/errors.js';
import { scalaCase } from '../base/scala-text.js';
import type { MetricKind } from '../metrics/metric.js';
import type { Analyzer, AnalyzerSpec, Asks } from './contract.js';
import { identityText } from './identity.js';
import { checkParam } from './param-check.js';
import { paramJson, paramValue } from './param-json.js';
import { paramText } from './param-text.js';
import type { Param } from './params.js';

/** Makes analyzers of one kind: called without `new`, with Deequ's parameters and then options. */
export interface AnalyzerFactory<A extends readonly any[], M extends MetricKind = MetricKind> {
  (...args: A): Analyzer<M>;
  readonly spec: AnalyzerSpec;
}

/** Declares an analyzer; what it returns is the function that users call. */
export function defineAnalyzer<
  A extends readonly any[],
  P extends object,
  K extends Asks,
  M extends MetricKind = 'double',
>(spec: AnalyzerSpec<A, P, K, M>): AnalyzerFactory<A, M> {
  const declared = Object.freeze({ ...spec }) as unknown as AnalyzerSpec;
  const factory = (...args: A): Analyzer<M> => analyzerOf(declared, spec.create(...args)) as Analyzer<M>;
  Object.defineProperty(factory, 'name', { value: spec.name });
  return Object.freeze(Object.assign(factory, { spec: declared }));
}

const specs = new WeakMap<object, AnalyzerSpec>();

/** What an analyzer is made by. */
export function specOf(analyzer: Analyzer): AnalyzerSpec {
  const spec = specs.get(analyzer);
  if (!spec) throw notAnAnalyzer(analyzer);
  return spec;
}

/** The error about a value that should have been an analyzer. */
export function notAnAnalyzer(value: unknown): AssayError {
  const message = `not an analyzer: ${String(value)}; make one by its factory, e.g. Size()`;
  return new AssayError('INVALID_ARGUMENT', message);
}

/** Whether a value is an analyzer. */
export function isAnalyzer(value: unknown): value is Analyzer {
  return typeof value === 'object' && value !== null && specs.has(value);
}

/** The parameters of a spec with their names, in Deequ's order. */
export function paramsOf(spec: AnalyzerSpec): [string, Param][] {
  return Object.entries(spec.params) as [string, Param][];
}

/** The analyzer with these parameters. */
export function analyzerOf(spec: AnalyzerSpec, params: object): Analyzer {
  const given = params as Record<string, unknown>;
  const values: Record<string, unknown> = {};
  for (const [name, { kind }] of paramsOf(spec)) {
    const value = frozen(given[name]);
    checkParam(spec.name, name, kind, value);
    values[name] = value;
  }
  const value = Object.create(behaviour, {
    analyzer: { value: spec.name, enumerable: true },
    params: { value: Object.freeze(values), enumerable: true },
    key: { value: `${spec.name}${identityText(values)}`, enumerable: true },
    kind: { value: spec.kind ?? 'double', enumerable: true },
  }) as Analyzer;
  specs.set(value, spec);
  return Object.freeze(value);
}

/** What all analyzers do, derived from their specs. */
const behaviour = {
  toString(this: Analyzer): string {
    const spec = specOf(this);
    return scalaCase(spec.name, paramsOf(spec).map(([name, p]) => paramText(p.kind, this.params[name])));
  },
  /** JSON with Deequ's field names; parameters that are not set are left out. */
  toJSON(this: Analyzer): Record<string, unknown> {
    const spec = specOf(this);
    const json: Record<string, unknown> = { analyzerName: spec.name };
    for (const [name, p] of paramsOf(spec)) {
      const value = this.params[name];
      if (value !== null) Object.assign(json, paramJson(p, p.json ?? name, value, this));
    }
    return json;
  },
};

/** Reads what `toJSON` wrote, by the spec of that name. */
export function readAnalyzer(spec: AnalyzerSpec, json: Record<string, unknown>): Analyzer {
  const params: Record<string, unknown> = {};
  for (const [name, p] of paramsOf(spec)) params[name] = paramValue(p, p.json ?? name, json, spec.name);
  return analyzerOf(spec, params);
}

function frozen(value: unknown): unknown {
  if (Array.isArray(value)) return Object.isFrozen(value) ? value : Object.freeze(value.map(frozen));
  return value === undefined ? null : value;
}
