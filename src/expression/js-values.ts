import type { DataType } from '../data/types.js';
import { decimalString, valueText } from './evaluate/value-text.js';
import type { Value } from './evaluate/values.js';

/**
 * A value as JS programs hold it: boolean; whole numbers up to 32 bits, float and double as number; bigint as bigint;
 * string; binary as Uint8Array; decimals, dates, times and intervals as the text that CAST gives, which loses nothing;
 * arrays as arrays, structs as objects without a prototype, maps as Map.
 */
export type JsValue =
  | null | boolean | number | bigint | string | Uint8Array
  | readonly JsValue[] | { readonly [name: string]: JsValue } | ReadonlyMap<JsValue, JsValue>;

/** A value of a logical type as JS programs hold it; timestamps are texts in the time zone. */
export function jsValue(type: DataType, value: Value, zone: string): JsValue {
  if (value === null) return null;
  switch (type.kind) {
    case 'decimal': return decimalString(value as bigint, type.scale);
    case 'date': case 'timestamp': case 'timestamp_ntz': case 'time': case 'interval_ym': case 'interval_ds':
      return valueText(type, value, zone);
    case 'array': return (value as readonly Value[]).map((x) => jsValue(type.element, x, zone));
    case 'map': {
      const entries = value as readonly (readonly [Value, Value])[];
      return new Map(entries.map(([k, v]) => [jsValue(type.key, k, zone), jsValue(type.value, v, zone)]));
    }
    case 'struct': {
      const members = type.fields.map((f, i) => [f.name, jsValue(f.type, (value as readonly Value[])[i]!, zone)]);
      return Object.assign(Object.create(null), Object.fromEntries(members)) as { [name: string]: JsValue };
    }
    default: return value as JsValue;
  }
}
