import { Marks } from './marks.js';

const LF = 10, CR = 13;

/**
 * A field as it stands; quoted without and with escapes; text behind the closing quote; a quote that is never closed.
 */
export const PLAIN: number = 0, QUOTED = 1, ESCAPED = 2, MALFORMED = 3, UNCLOSED = 4;

/**
 * Finds the records and fields of CSV (RFC 4180) in bytes. Lines end in LF or CR LF, blank lines are skipped, a
 * quote inside of a field that does not begin with one is an ordinary character. Nothing is decoded or copied:
 * fields are places in the bytes that were scanned.
 */
export class CsvScanner {
  /** Fields of all records, one behind the other: where they begin and end, without their quotes, and what they are. */
  starts = new Int32Array(1 << 16);
  ends = new Int32Array(1 << 16);
  kinds = new Uint8Array(1 << 16);
  /** Per record its first field; one more entry closes the last. */
  first = new Int32Array(1 << 13);
  /** Per record where it begins. */
  at = new Int32Array(1 << 13);
  rows = 0;
  /** Line ends up to the end of the last record. */
  lines = 0;

  readonly #delimiter: number;
  readonly quote: number;
  readonly escape: number;
  readonly #marks: Marks;
  #escaped = false;
  #inside = 0;
  #kind = PLAIN;

  /** Character codes; a quote of -1: no quoting. */
  constructor(delimiter: number, quote: number, escape: number) {
    this.#delimiter = delimiter;
    this.quote = quote;
    this.escape = escape;
    this.#marks = new Marks([delimiter, LF, quote < 0 ? LF : quote, escape < 0 ? LF : escape]);
  }

  /**
   * Scans whole records between two places and returns where the next one begins. The last record may end without
   * a line end if `final`; otherwise a record that is not complete is left to the next scan.
   */
  scan(bytes: Uint8Array, from: number, to: number, final: boolean, mostRows: number, mostFields: number): number {
    const delimiter = this.#delimiter, quote = this.quote;
    let { starts, ends, kinds } = this;
    let at = from, fields = 0, rows = 0, lines = 0, consumed = from;
    this.first[0] = 0;
    this.#marks.begin(bytes, from, to);
    records: while (at < to && rows < mostRows && fields < mostFields) {
      consumed = at;
      if (bytes[at] === LF) {
        consumed = at += 1;
        lines += 1;
        continue;
      }
      if (bytes[at] === CR && at + 1 === to && !final) break;
      if (bytes[at] === CR && (at + 1 === to || bytes[at + 1] === LF)) {
        consumed = at = Math.min(to, at + 2);
        lines += 1;
        continue;
      }
      const begun = fields;
      this.#inside = 0;
      for (;;) {
        if (fields === starts.length) {
          this.#growFields();
          ({ starts, ends, kinds } = this);
        }
        let start = at, end = at, kind = PLAIN;
        if (at < to && bytes[at] === quote) {
          end = this.#closing(bytes, at + 1, to);
          const isOpen = end >= to - 1 && !final;
          at = isOpen ? -1 : this.#behind(bytes, end, to, final);
          if (at < 0) {
            fields = begun;
            at = consumed;
            break records;
          }
          kind = this.#kind;
          if (kind === MALFORMED) end = at;
          else start += 1;
        } else {
          at = this.#ending(bytes, at, to);
          if (at === to && !final) {
            fields = begun;
            at = consumed;
            break records;
          }
          end = at > start && bytes[at - 1] === CR && (at === to || bytes[at] === LF) ? at - 1 : at;
        }
        starts[fields] = start;
        ends[fields] = end;
        kinds[fields] = kind;
        fields += 1;
        if (at >= to || bytes[at] !== delimiter) break;
        at += 1;
      }
      at = Math.min(to, at + 1); // behind the line end
      if (rows + 1 === this.first.length) this.#growRows();
      this.at[rows] = consumed;
      rows += 1;
      lines += this.#inside + 1;
      this.first[rows] = fields;
      consumed = at;
    }
    this.rows = rows;
    this.lines = lines;
    return consumed;
  }

  /** The place behind a field whose closing quote is at `closed`, and its kind; -1: more bytes must tell. */
  #behind(bytes: Uint8Array, closed: number, to: number, final: boolean): number {
    this.#kind = closed === to ? UNCLOSED : this.#escaped ? ESCAPED : QUOTED;
    let at = Math.min(to, closed + 1);
    const next = at < to ? bytes[at]! : LF;
    if (next === LF || next === this.#delimiter) return at;
    if (next === CR) {
      if (at + 1 === to && !final) return -1;
      if (at + 1 === to || bytes[at + 1] === LF) return at + 1;
    }
    this.#kind = MALFORMED;
    at = this.#ending(bytes, at, to);
    return at === to && !final ? -1 : at;
  }

  /** Where the closing quote is, `to` if there is none; tells whether escapes were passed. */
  #closing(bytes: Uint8Array, from: number, to: number): number {
    const quote = this.quote, escape = this.escape, marks = this.#marks;
    this.#escaped = false;
    for (let at = marks.from(from); at < to; at = marks.from(at + 1)) {
      const byte = bytes[at]!;
      const next = at + 1 < to ? bytes[at + 1] : -1;
      if (byte === escape && (next === quote || (escape !== quote && next === escape))) {
        this.#escaped = true;
        at += 1;
      } else if (byte === quote) return at;
      else if (byte === LF) this.#inside += 1;
    }
    return to;
  }

  /** The next delimiter or line end, `to` if there is none. */
  #ending(bytes: Uint8Array, from: number, to: number): number {
    const delimiter = this.#delimiter, marks = this.#marks;
    for (let at = marks.from(from); ; at = marks.from(at + 1)) {
      if (at >= to || bytes[at] === delimiter || bytes[at] === LF) return at;
    }
  }

  #growFields(): void {
    this.starts = grown(this.starts);
    this.ends = grown(this.ends);
    const kinds = new Uint8Array(this.kinds.length * 2);
    kinds.set(this.kinds);
    this.kinds = kinds;
  }

  #growRows(): void {
    this.first = grown(this.first);
    this.at = grown(this.at);
  }
}

function grown(from: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}
