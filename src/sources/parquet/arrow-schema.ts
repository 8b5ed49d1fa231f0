import type { ArrowField } from '../../data/arrow.js';
import { FlatTable } from '../../data/flatbuffer.js';

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
    const view = new DataView(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer);
    const start = view.getInt32(0, true) === -1 ? 8 : 4; // older messages have no mark in front of their size
    const message = FlatTable.root(view, start);
    if (message.byte(MESSAGE.type) !== SCHEMA_HEADER) return null;
    return required(message, MESSAGE.header).tables(SCHEMA.fields).map(hintOf);
  } catch {
    return null; // a place leads out of the message, or the text is no base64: the library says what is wrong
  }
}

function hintOf(field: FlatTable): ArrowHint {
  const dictionary = field.table(FIELD.dictionary);
  const index = dictionary?.table(DICTIONARY.index);
  // indices are int32, if it is not said
  const indices = dictionary ? (index ? integer(index) : 'i') : null;
  return { name: field.text(FIELD.name), format: formatOf(field), indices };
}

function formatOf(field: FlatTable): string | null {
  const type = required(field, FIELD.type);
  const unit = (absent: number) => {
    const found = UNITS[type.short(0, absent)];
    if (found === undefined) throw new RangeError('a unit is not known');
    return found;
  };
  switch (field.byte(FIELD.kind)) {
    case 2: return integer(type);
    case 3: return ['e', 'f', 'g'][type.short(0)] ?? null;
    case 4: return 'z';
    case 5: return 'u';
    case 6: return 'b';
    case 7: {
      const bits = type.int(2, 128);
      return `d:${type.int(0)},${type.int(1)}${bits === 128 ? '' : `,${bits}`}`;
    }
    case 8: return ['tdD', 'tdm'][type.short(0, 1)] ?? null;
    case 9: return `tt${unit(1)}`;
    case 10: return `ts${unit(0)}:${type.text(1)}`;
    case 15: return `w:${type.int(0)}`;
    case 18: return `tD${unit(1)}`;
    case 19: return 'Z';
    case 20: return 'U';
    case 23: return 'vz';
    case 24: return 'vu';
    default: return null;
  }
}

function integer(type: FlatTable): string | null {
  const place = [8, 16, 32, 64].indexOf(type.int(0));
  return place < 0 ? null : (type.byte(1) !== 0 ? 'csil' : 'CSIL')[place]!;
}

function required(table: FlatTable, field: number): FlatTable {
  const found = table.table(field);
  if (found) return found;
  throw new RangeError('a table is missing');
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
