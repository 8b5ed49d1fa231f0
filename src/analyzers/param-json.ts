import { AssayError } from '../base/errors.js';
import {
  analyzerOptions, type AggregateFunction, type AnalyzerOptions, type KLLParameters, type Param,
} from './params.js';

/** The JSON fields of a parameter that is set. */
export function paramJson(p: Param, name: string, value: unknown, analyzer: unknown): Record<string, unknown> {
  switch (p.kind) {
    case 'function': case 'optional-function': case 'dataset':
      throw notPlain(`${String(analyzer)} cannot be written as JSON`, name);
    case 'double': return { [name]: numberJson(value as number) };
    case 'doubles': case 'optional-doubles': return { [name]: (value as number[]).map(numberJson) };
    case 'kll': return { ...(value as KLLParameters) };
    case 'aggregate': {
      const a = value as AggregateFunction;
      return a === 'Count' ? {} : { aggregateFunction: 'sum', aggregateColumn: a.sum };
    }
    default: return { [name]: value };
  }
}

/** A parameter's value out of an analyzer's JSON. */
export function paramValue(p: Param, name: string, json: Record<string, unknown>, analyzer: string): unknown {
  const value = json[name] ?? p.default ?? null;
  switch (p.kind) {
    case 'function': case 'dataset':
      throw notPlain(`${analyzer} cannot be read from JSON`, name);
    case 'optional-function': return null;
    case 'double': return numberValue(required(value, name, analyzer));
    case 'doubles': return numberList(required(value, name, analyzer));
    case 'optional-doubles': return value === null ? null : numberList(value);
    case 'kll': {
      const { sketchSize, shrinkingFactor, numberOfBuckets } = json;
      return sketchSize === undefined ? null : Object.freeze({ sketchSize, shrinkingFactor, numberOfBuckets });
    }
    case 'aggregate':
      return typeof json.aggregateColumn === 'string' ? Object.freeze({ sum: json.aggregateColumn }) : 'Count';
    case 'options': return value === null ? null : analyzerOptions(value as Partial<AnalyzerOptions>);
    case 'where': case 'optional-int': case 'optional-mapping':
      return value;
    default: return required(value, name, analyzer);
  }
}

function notPlain(what: string, name: string): AssayError {
  return new AssayError('UNSUPPORTED', `${what}: its parameter '${name}' is not plain data`);
}

function required(value: unknown, name: string, analyzer: string): unknown {
  if (value === null) throw new AssayError('SYNTAX', `the JSON of a ${analyzer} lacks '${name}'`);
  return value;
}

/** JSON has no special numbers: they are texts. */
function numberJson(x: number): number | string {
  return Number.isFinite(x) && !Object.is(x, -0) ? x : Object.is(x, -0) ? '-0.0' : String(x);
}

function numberValue(value: unknown): number {
  return Number(value);
}

/** Deequ writes quantiles as one text, `0.1,0.5`. */
function numberList(value: unknown): readonly number[] {
  const items = typeof value === 'string' ? value.split(',') : (value as unknown[]);
  return Object.freeze(items.map(numberValue));
}
