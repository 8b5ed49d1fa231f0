import { javaDouble } from '../base/number-text.js';
import type { ColumnProfile, NumericColumnProfile } from './profile.js';

/** A piece of JSON that is written as it stands. */
interface Raw { readonly raw: string }
type Json = string | Raw | readonly Json[] | { readonly [key: string]: Json };

const whole = (n: number): Raw => ({ raw: String(n) });
const double = (x: number): Raw => ({ raw: javaDouble(x) });

/** The text of Deequ's `ColumnProfiles.toJson`: two blanks of indent, doubles as Java prints them, Gson's escapes. */
export function deequJson(profiles: Iterable<ColumnProfile>): string {
  return write({ columns: [...profiles].map(columnJson) }, '');
}

function columnJson(p: ColumnProfile): Json {
  return {
    column: p.column,
    dataType: p.dataType,
    isDataTypeInferred: String(p.isDataTypeInferred),
    completeness: double(p.completeness),
    approximateNumDistinctValues: whole(p.approximateNumDistinctValues),
    ...(p.histogram
      ? {
          histogram: [...p.histogram.values].map(([value, d]) => (
            { value, count: whole(d.absolute), ratio: double(d.ratio) })),
        }
      : {}),
    ...(p.kind === 'numeric' ? numbersJson(p) : {}),
  };
}

const DOUBLES = [
  'mean', 'maximum', 'minimum', 'range', 'interquartileRange', 'sum', 'stdDev', 'variance', 'skewness', 'kurtosis',
] as const;

function numbersJson(p: NumericColumnProfile): { [key: string]: Json } {
  const json: { [key: string]: Json } = {};
  if (p.zerosCount !== null) json['zerosCount'] = whole(p.zerosCount);
  for (const name of DOUBLES) if (p[name] !== null) json[name] = double(p[name]);
  if (p.kll) {
    const [c, k] = p.kll.parameters;
    json['kll'] = {
      buckets: p.kll.buckets.map((b) => (
        { low_value: double(b.lowValue), high_value: double(b.highValue), count: whole(b.count) })),
      sketch: {
        parameters: { c: double(c), k: double(k) },
        data: `[${p.kll.data.map((level) => `[${level.map(javaDouble).join(',')}]`).join(',')}]`,
      },
    };
  }
  json['approxPercentiles'] = (p.approxPercentiles ?? []).map(double);
  return json;
}

function write(json: Json, indent: string): string {
  const inner = `${indent}  `;
  if (typeof json === 'string') return quoted(json);
  if (Array.isArray(json)) {
    const items = (json as readonly Json[]).map((item) => inner + write(item, inner));
    return items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n${indent}]`;
  }
  if ('raw' in json && Object.keys(json).length === 1) return (json as Raw).raw;
  const fields = Object.entries(json as { [key: string]: Json })
    .map(([k, v]) => `${inner}${quoted(k)}: ${write(v, inner)}`);
  return fields.length === 0 ? '{}' : `{\n${fields.join(',\n')}\n${indent}}`;
}

/** Gson escapes what HTML would read, and what ends lines in JavaScript. */
function quoted(text: string): string {
  return JSON.stringify(text)
    .replace(/[<>&='\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
