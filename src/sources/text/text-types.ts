import {
  parseBig, parseBoolean, parseDate, parseDouble, parseTimestamp, parseWhole, type Instant,
} from '../../data/text-parse.js';
import * as t from '../../data/types.js';
import type { DataType } from '../../data/types.js';

const INT = 1, LONG = 2, BIG = 4, DOUBLE = 8, DATE = 16, TIMESTAMP = 32, BOOLEAN = 64, TEXT = 128;
const scratch: Instant = { days: 0, micros: 0 };

/**
 * The type that texts have in common, as Spark's `inferSchema` finds it: int, long, decimal (whole numbers beyond
 * 64 bits), double, date, timestamp, boolean, or else string; string if there is no value.
 */
export class TextInference {
  #seen = 0;
  #digits = 0;

  /** Takes the text of one value that is not null. */
  add(bytes: Uint8Array, start: number, end: number): void {
    if (!this.isText) this.#seen |= this.#kindOf(bytes, start, end);
  }

  /** Whether it is settled that the texts are no more than texts. */
  get isText(): boolean {
    return this.#seen >= TEXT;
  }

  /** The type. */
  type(): DataType {
    const seen = this.#seen;
    if (seen === 0 || seen >= TEXT) return t.STRING;
    if (seen === BOOLEAN) return t.BOOLEAN;
    if (seen < DATE) {
      if (seen & DOUBLE || (seen & BIG && this.#digits > 38)) return t.DOUBLE;
      return seen & BIG ? t.decimal(Math.max(this.#digits, 20), 0) : seen & LONG ? t.LONG : t.INT;
    }
    return seen === DATE ? t.DATE : (seen & ~(DATE | TIMESTAMP)) === 0 ? t.TIMESTAMP : t.STRING;
  }

  #kindOf(bytes: Uint8Array, start: number, end: number): number {
    const whole = parseWhole(bytes, start, end);
    if (whole === undefined) {
      const value = parseBig(bytes, start, end)!;
      if (BigInt.asIntN(64, value) === value) return LONG;
      this.#digits = Math.max(this.#digits, String(value).replace('-', '').length);
      return BIG;
    }
    if (!Number.isNaN(whole)) return whole === (whole | 0) ? INT : LONG;
    if (parseDouble(bytes, start, end) !== undefined) return DOUBLE;
    if (parseDate(bytes, start, end) !== undefined) return DATE;
    if (parseTimestamp(bytes, start, end, scratch)) return TIMESTAMP;
    return parseBoolean(bytes, start, end) === undefined ? TEXT : BOOLEAN;
  }
}
