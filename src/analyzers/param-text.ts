import { javaDouble } from '../base/number-text.js';
import { scalaList, scalaMap, scalaOption } from '../base/scala-text.js';
import { datasetText } from './datasets.js';
import type { AggregateFunction, AnalyzerOptions, KLLParameters, ParamKind } from './params.js';

/** The text of a parameter's value inside an analyzer's text, as Scala prints it. */
export function paramText(kind: ParamKind, value: unknown): string {
  switch (kind) {
    case 'column': case 'text': case 'predicate': case 'int': case 'boolean':
      return String(value);
    case 'columns': return scalaList(value as string[]);
    case 'double': return javaDouble(value as number);
    case 'doubles': return scalaList((value as number[]).map(javaDouble));
    case 'where': return scalaOption(value as string | null);
    case 'options': return scalaOption(value === null ? null : optionsText(value as AnalyzerOptions));
    case 'optional-int': return scalaOption(value === null ? null : String(value));
    case 'optional-doubles': return scalaOption(value === null ? null : arrayText(value as number[]));
    case 'function': return '<function1>';
    case 'optional-function': return scalaOption(value === null ? null : '<udf>');
    case 'kll': return scalaOption(value === null ? null : kllText(value as KLLParameters));
    case 'aggregate': return aggregateText(value as AggregateFunction);
    case 'dataset': return datasetText(value);
    case 'mapping': return mappingText(value as Pairs);
    case 'optional-mapping': return scalaOption(value === null ? null : mappingText(value as Pairs));
  }
}

/** Deequ prints the identity of a JVM array here, which says nothing; the values do. */
function arrayText(values: readonly number[]): string {
  return `Array(${values.map(javaDouble).join(', ')})`;
}

function optionsText(o: AnalyzerOptions): string {
  return `AnalyzerOptions(${o.nullBehavior},${o.filteredRow})`;
}

function kllText(k: KLLParameters): string {
  return `KLLParameters(${k.sketchSize},${javaDouble(k.shrinkingFactor)},${k.numberOfBuckets})`;
}

function aggregateText(a: AggregateFunction): string {
  return a === 'Count' ? 'Count' : `Sum(${a.sum})`;
}

type Pairs = readonly (readonly [string, string])[];

function mappingText(pairs: Pairs): string {
  return scalaMap(pairs);
}
