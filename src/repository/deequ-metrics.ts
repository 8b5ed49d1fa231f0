import { AssayError } from '../base/errors.js';
import type { Json, JsonObject } from '../base/lossless-json.js';
import { failure, success, type Entity, type Metric, type MetricKind, type MetricValues } from '../metrics/metric.js';

const NAMES: Readonly<Record<MetricKind, string>> = {
  double: 'DoubleMetric', keyed: 'KeyedDoubleMetric', attributes: 'AttributeDoubleMetric',
  histogram: 'HistogramMetric', binned: 'HistogramBinnedMetric', kll: 'KLLMetric',
};
const KINDS = new Map(Object.entries(NAMES).map(([kind, name]) => [name, kind as MetricKind]));
const ENTITIES: readonly string[] = ['Dataset', 'Column', 'Multicolumn'];

const object = (...entries: (readonly [string, Json])[]): JsonObject => new Map(entries);

/** Whether Deequ can read the metric: failed ones and those of several attributes it cannot. */
export function isDeequMetric(metric: Metric): boolean {
  return metric.value.ok && metric.kind !== 'attributes';
}

/** A metric as JSON with Deequ's fields; a failed one has `failure` in the place of its value. */
export function writeMetric(metric: Metric): JsonObject {
  const { kind, entity, instance, name, value } = metric;
  const place = [['entity', entity], ['instance', instance], ['name', name]] as const;
  const head = ['metricName', NAMES[kind]] as const;
  if (!value.ok) {
    const { exception, message } = value.failure;
    return object(head, ...place, ['failure', object(['exception', exception], ['message', message])]);
  }
  switch (kind) {
    case 'double': return object(head, ...place, ['value', value.value as number]);
    case 'keyed': case 'attributes': {
      return object(head, ...place, ['value', new Map(value.value as MetricValues['keyed'])]);
    }
    case 'histogram': {
      const { values, numberOfBins, tailCount } = value.value as MetricValues['histogram'];
      const bins = new Map([...values].map(([key, v]) =>
        [key, object(['absolute', count(v.absolute)], ['ratio', v.ratio])] as const));
      const tail = tailCount > 0 ? [['tailCount', count(tailCount)] as const] : [];
      const inner = object(['numberOfBins', count(numberOfBins)], ['values', bins], ...tail);
      return object(head, ['column', instance], ['numberOfBins', count(numberOfBins)], ['value', inner]);
    }
    case 'binned': {
      const { bins, numberOfBins, nullCount } = value.value as MetricValues['binned'];
      const list = bins.map((b) => object(['binStart', b.binStart], ['binEnd', b.binEnd],
        ['frequency', count(b.frequency)], ['ratio', b.ratio]));
      const nulls = nullCount > 0 ? [['nullCount', count(nullCount)] as const] : [];
      const inner = object(['numberOfBins', count(numberOfBins)], ['bins', list], ...nulls);
      return object(head, ['column', instance], ['numberOfBins', count(numberOfBins)], ['value', inner]);
    }
    case 'kll': {
      const { buckets, parameters, data } = value.value as MetricValues['kll'];
      const list = buckets.map((b) =>
        object(['lowValue', b.lowValue], ['highValue', b.highValue], ['count', count(b.count)]));
      const inner = object(['buckets', list], ['parameters', [...parameters]], ['data', data]);
      return object(head, ['column', instance], ['value', inner]);
    }
  }
}

/** Whole numbers are written without a decimal point. */
function count(n: number): Json {
  return Number.isInteger(n) ? BigInt(n) : n;
}

/** The metric that JSON describes; throws SYNTAX for what Deequ would not read. */
export function readMetric(json: Json | undefined): Metric {
  const m = objectOf(json, 'a metric');
  const kind = KINDS.get(String(m.get('metricName')));
  if (!kind) throw new AssayError('SYNTAX', `unknown metric '${String(m.get('metricName'))}'`);
  const { entity, instance, name } = placeOf(m, kind);
  const failed = m.get('failure');
  if (failed instanceof Map) {
    const value = failure(textOf(failed, 'exception'), textOf(failed, 'message'));
    return Object.freeze({ kind, entity, instance, name, value });
  }
  const value = m.get('value');
  if (value === null) { // as Deequ reads it
    return Object.freeze({ kind, entity, instance, name, value: failure('UnsupportedOperationException', 'JsonNull') });
  }
  return Object.freeze({ kind, entity, instance, name, value: success(valueOf(kind, value)) });
}

const HISTOGRAM_NAMES: Partial<Record<MetricKind, string>> = {
  histogram: 'Histogram', binned: 'HistogramBinned', kll: 'KLL',
};

function placeOf(m: JsonObject, kind: MetricKind): { entity: Entity; instance: string; name: string } {
  const name = HISTOGRAM_NAMES[kind];
  if (name !== undefined && !m.has('entity')) return { entity: 'Column', instance: textOf(m, 'column'), name };
  const entity = textOf(m, 'entity');
  if (!ENTITIES.includes(entity)) {
    throw new AssayError('SYNTAX', `unknown entity '${entity}'; known: ${ENTITIES.join(', ')}`);
  }
  return { entity: entity as Entity, instance: textOf(m, 'instance'), name: textOf(m, 'name') };
}

function valueOf(kind: MetricKind, value: Json | undefined): MetricValues[MetricKind] {
  if (kind === 'double') return numberOf(value, 'value');
  const v = objectOf(value, `the value of a ${NAMES[kind]}`);
  switch (kind) {
    case 'keyed': case 'attributes': return new Map([...v].map(([key, x]) => [key, numberOf(x, key)]));
    case 'histogram': {
      const values = new Map([...objectOf(v.get('values'), 'the values of a histogram')].map(([key, bin]) => {
        const b = objectOf(bin, 'a bin');
        return [key, { absolute: numberOf(b.get('absolute'), 'absolute'), ratio: numberOf(b.get('ratio'), 'ratio') }];
      }));
      const tailCount = v.has('tailCount') ? numberOf(v.get('tailCount'), 'tailCount') : 0;
      return { values, numberOfBins: numberOf(v.get('numberOfBins'), 'numberOfBins'), tailCount };
    }
    case 'binned': {
      const bins = listOf(v.get('bins'), 'bins').map((item) => {
        const b = objectOf(item, 'a bin');
        const at = (name: string) => numberOf(b.get(name), name);
        return { binStart: at('binStart'), binEnd: at('binEnd'), frequency: at('frequency'), ratio: at('ratio') };
      });
      const nullCount = v.has('nullCount') ? numberOf(v.get('nullCount'), 'nullCount') : 0;
      return { bins, numberOfBins: numberOf(v.get('numberOfBins'), 'numberOfBins'), nullCount };
    }
    case 'kll': {
      const buckets = listOf(v.get('buckets'), 'buckets').map((item) => {
        const b = objectOf(item, 'a bucket');
        const at = (name: string) => numberOf(b.get(name), name);
        return { lowValue: at('lowValue'), highValue: at('highValue'), count: at('count') };
      });
      const [factor, size] = listOf(v.get('parameters'), 'parameters');
      const data = listOf(v.get('data'), 'data')
        .map((level) => listOf(level, 'a level').map((x) => numberOf(x, 'an item')));
      return { buckets, parameters: [numberOf(factor, 'shrinkingFactor'), numberOf(size, 'sketchSize')], data };
    }
  }
}

function objectOf(json: Json | undefined, what: string): JsonObject {
  if (json instanceof Map) return json as JsonObject;
  throw new AssayError('SYNTAX', `${what} is a JSON object`);
}

function listOf(json: Json | undefined, name: string): readonly Json[] {
  if (Array.isArray(json)) return json as readonly Json[];
  throw new AssayError('SYNTAX', `'${name}' is a JSON array`);
}

function textOf(json: JsonObject, name: string): string {
  const text = json.get(name);
  if (typeof text === 'string') return text;
  throw new AssayError('SYNTAX', `a metric lacks the text '${name}'`);
}

/** A number, which Gson also reads from a text. */
function numberOf(json: Json | undefined, name: string): number {
  const x = typeof json === 'string' && json.trim() !== '' ? Number(json) : json;
  if (typeof x === 'bigint') return Number(x);
  if (typeof x === 'number' && (typeof json !== 'string' || !Number.isNaN(x) || json === 'NaN')) return x;
  throw new AssayError('SYNTAX', `'${name}' of a metric is a number`);
}
