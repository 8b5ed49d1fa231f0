import { javaDouble, javaFloat } from '../../base/number-text.js';
import type { DataType } from '../../data/types.js';
import { HOUR, MINUTE, SECOND, civilOf, splitMicros } from './calendar.js';
import type { Value } from './values.js';
import { localOf, zoneOf } from './zones.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of a value as Spark casts it to string; null stays null. */
export function valueText(type: DataType, value: Value, zone: string): string | null {
  if (value === null) return null;
  switch (type.kind) {
    case 'null': return null;
    case 'boolean': case 'byte': case 'short': case 'int': case 'long': case 'string': case 'unsupported':
      return String(value);
    case 'float': return javaFloat(value as number);
    case 'double': return javaDouble(value as number);
    case 'decimal': return decimalString(value as bigint, type.scale);
    case 'binary': return decoder.decode(value as Uint8Array);
    case 'date': return dateText(value as number);
    case 'timestamp': return timestampText(localOf(value as bigint, zoneOf(zone)));
    case 'timestamp_ntz': return timestampText(value as bigint);
    case 'time': return timeText(value as bigint);
    case 'interval_ym': return monthsText(value as number);
    case 'interval_ds': return secondsText(value as bigint);
    case 'array':
      return `[${(value as readonly Value[]).map((v) => valueText(type.element, v, zone) ?? 'null').join(', ')}]`;
    case 'struct':
      return `{${type.fields.map((f, i) => valueText(f.type, (value as readonly Value[])[i]!, zone) ?? 'null').join(', ')}}`;
    case 'map': {
      const entry = ([k, v]: readonly Value[]) =>
        `${valueText(type.key, k!, zone) ?? 'null'} -> ${valueText(type.value, v!, zone) ?? 'null'}`;
      return `{${(value as readonly (readonly Value[])[]).map(entry).join(', ')}}`;
    }
  }
}

/** An unscaled decimal as Java's `BigDecimal.toString`: scientific below 1e-6. */
export function decimalString(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled < 0n ? -unscaled : unscaled);
  const exponent = digits.length - 1 - scale;
  if (scale === 0) return sign + digits;
  if (exponent < -6) return `${sign}${digits[0]!}${digits.length > 1 ? '.' : ''}${digits.slice(1)}E${exponent}`;
  const padded = digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** A year with at least four digits, signed beyond 9999. */
export function yearText(year: number): string {
  const digits = String(Math.abs(year)).padStart(4, '0');
  return year < 0 ? `-${digits}` : year > 9999 ? `+${digits}` : digits;
}

/** Two digits. */
export const two = (n: number | bigint): string => String(n).padStart(2, '0');

/** A day as `yyyy-MM-dd`. */
export function dateText(days: number): string {
  const { year, month, day } = civilOf(days);
  return `${yearText(year)}-${two(month)}-${two(day)}`;
}

/** Date and time of local microseconds, the fraction without trailing zeros. */
export function timestampText(local: bigint): string {
  const { days, time } = splitMicros(local);
  return `${dateText(days)} ${timeText(time)}`;
}

function timeText(time: bigint): string {
  const fraction = String(time % SECOND).padStart(6, '0').replace(/0+$/, '');
  const clock = `${two(time / HOUR)}:${two((time / MINUTE) % 60n)}:${two((time / SECOND) % 60n)}`;
  return fraction === '' ? clock : `${clock}.${fraction}`;
}

function monthsText(months: number): string {
  const size = Math.abs(months);
  return `INTERVAL '${months < 0 ? '-' : ''}${Math.floor(size / 12)}-${size % 12}' YEAR TO MONTH`;
}

function secondsText(micros: bigint): string {
  const size = micros < 0n ? -micros : micros;
  return `INTERVAL '${micros < 0n ? '-' : ''}${size / (24n * HOUR)} ${timeText(size % (24n * HOUR))}' DAY TO SECOND`;
}
