import type { ArrowField } from '../../data/arrow.js';

// https://github.com/apache/arrow/blob/main/format/Schema.fbs and Message.fbs, fields of tables by number
const MESSAGE = { type: 1, header: 2 };
const SCHEMA_HEADER = 1;
const SCHEMA = { fields: 1 };
const FIELD = { name: 0, kind: 2, type: 3, dictionary: 4 };
const DICTIONARY = { index: 1 };
const UNITS = ['s', 'm', 'u', 'n'];

/** What the Arrow schema of whoever wrote a file says of a column. */
export interface ArrowHint {
  readonly name: string;
  /** Its format in the Arrow C data interface, that of the values of a dictionary; null: not one of the flat ones. */
  readonly format: string | null;
  /** The format of the indices of a dictionary; null: it is none. */
  readonly indices: string | null;
}

/** Reads the base64 text of an IPC message with a schema; null: it is malformed. */
export function readArrowHints(base64: string): ArrowHint[] | null {
  try {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const start = view.getInt32(0, true) === -1 ? 8 : 4; // older messages have no mark in front of their size
    return new Tables(view, bytes).hints(start);
  } catch {
    return null; // a place leads out of the message, or the text is no base64: the library says what is wrong
  }
}

/** A flatbuffer: `DataView` checks every place. */
class Tables {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor(view: DataView, bytes: Uint8Array) {
    this.#view = view;
    this.#bytes = bytes;
  }

  hints(start: number): ArrowHint[] | null {
    const message = this.#follow(start);
    if (this.#byte(message, MESSAGE.type) !== SCHEMA_HEADER) return null;
    const schema = this.#table(message, MESSAGE.header);
    const fields = this.#table(schema, SCHEMA.fields);
    const count = this.#view.getUint32(fields, true);
    if (count * 4 > this.#bytes.length) return null;
    return Array.from({ length: count }, (_, i) => this.#hint(this.#follow(fields + 4 + i * 4)));
  }

  #hint(field: number): ArrowHint {
    const dictionary = this.#place(field, FIELD.dictionary);
    const index = dictionary === 0 ? 0 : this.#place(this.#follow(dictionary), DICTIONARY.index);
    // indices are int32, if it is not said
    const indices = dictionary === 0 ? null : index === 0 ? 'i' : this.#integer(this.#follow(index));
    return { name: this.#text(field, FIELD.name), format: this.#format(field), indices };
  }

  #format(field: number): string | null {
    const type = this.#table(field, FIELD.type);
    const unit = (other: number) => {
      const found = UNITS[this.#short(type, 0, other)];
      if (found === undefined) throw new RangeError('a unit is not known');
      return found;
    };
    switch (this.#byte(field, FIELD.kind)) {
      case 2: return this.#integer(type);
      case 3: return ['e', 'f', 'g'][this.#short(type, 0, 0)] ?? null;
      case 4: return 'z';
      case 5: return 'u';
      case 6: return 'b';
      case 7: {
        const bits = this.#int(type, 2, 128);
        return `d:${this.#int(type, 0, 0)},${this.#int(type, 1, 0)}${bits === 128 ? '' : `,${bits}`}`;
      }
      case 8: return ['tdD', 'tdm'][this.#short(type, 0, 1)] ?? null;
      case 9: return `tt${unit(1)}`;
      case 10: return `ts${unit(0)}:${this.#text(type, 1)}`;
      case 15: return `w:${this.#int(type, 0, 0)}`;
      case 18: return `tD${unit(1)}`;
      case 19: return 'Z';
      case 20: return 'U';
      case 23: return 'vz';
      case 24: return 'vu';
      default: return null;
    }
  }

  #integer(type: number): string | null {
    const place = [8, 16, 32, 64].indexOf(this.#int(type, 0, 0));
    return place < 0 ? null : (this.#flag(type, 1) ? 'csil' : 'CSIL')[place]!;
  }

  /** Where a field of a table lies; 0: it is not there. */
  #place(table: number, field: number): number {
    const fields = table - this.#view.getInt32(table, true);
    const at = 4 + field * 2;
    if (at + 2 > this.#view.getUint16(fields, true)) return 0;
    const offset = this.#view.getUint16(fields + at, true);
    return offset === 0 ? 0 : table + offset;
  }

  #follow(place: number): number {
    return place + this.#view.getUint32(place, true);
  }

  #table(table: number, field: number): number {
    const place = this.#place(table, field);
    if (place === 0) throw new RangeError('a table is missing');
    return this.#follow(place);
  }

  #text(table: number, field: number): string {
    const place = this.#place(table, field);
    if (place === 0) return '';
    const at = this.#follow(place);
    const size = this.#view.getUint32(at, true);
    if (at + 4 + size > this.#bytes.length) throw new RangeError('a text leads out of the message');
    return new TextDecoder('utf-8', { fatal: true }).decode(this.#bytes.subarray(at + 4, at + 4 + size));
  }

  #byte(table: number, field: number): number {
    const place = this.#place(table, field);
    return place === 0 ? 0 : this.#view.getUint8(place);
  }

  #flag(table: number, field: number): boolean {
    return this.#byte(table, field) !== 0;
  }

  #short(table: number, field: number, other: number): number {
    const place = this.#place(table, field);
    return place === 0 ? other : this.#view.getInt16(place, true);
  }

  #int(table: number, field: number, other: number): number {
    const place = this.#place(table, field);
    return place === 0 ? other : this.#view.getInt32(place, true);
  }
}

/**
 * The fields with what the Arrow schema says beyond Parquet's: other offsets, zones, units that Parquet has not,
 * dictionaries. As parquet-wasm does; null: that is not sure.
 */
export function withHints(fields: readonly ArrowField[], hints: readonly ArrowHint[]): ArrowField[] | null {
  if (fields.length !== hints.length) return null;
  const found: ArrowField[] = [];
  for (const [i, field] of fields.entries()) {
    const { name, format, indices } = hints[i]!;
    if (name !== field.name || format === null) return null;
    const hinted = hintedFormat(field.format, format);
    if (hinted === null) return null;
    const own = { ...field, format: hinted };
    found.push(indices !== null && hinted === format ? { ...own, format: indices, dictionary: own } : own);
  }
  return found;
}

const HINTS: readonly (readonly [parquet: RegExp, hint: RegExp, taken: boolean])[] = [
  [/^[il]$/, /^ts/, true], [/^i$/, /^tt[sm]$/, true], [/^l$/, /^(tt[un]|tD.|tdm)$/, true], [/^tdD$/, /^tdm$/, true],
  [/^tsn:$/, /^ts[smu]:/, true],
  [/^u$/, /^(U|vu)$/, true], [/^z$/, /^(Z|vz|u|U|vu)$/, true],
  [/^[cCsSiIlL]$/, /^[cCsSiIlL]$/, false], [/^tt/, /^tt/, false], [/^ts/, /^ts/, false],
];

/** The format that holds where Parquet and Arrow's schema say different things; null: that is not sure. */
function hintedFormat(parquet: string, hint: string): string | null {
  if (parquet === hint) return hint;
  if (hint.startsWith('ts') && hint.length > 4 && hint.slice(0, 3) === parquet.slice(0, 3)) return hint; // another zone
  const rule = HINTS.find(([a, b]) => a.test(parquet) && b.test(hint));
  return rule ? (rule[2] ? hint : parquet) : null;
}
