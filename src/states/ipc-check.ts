import { AssayError } from '../base/errors.js';
import { FlatTable } from '../data/flatbuffer.js';

/*
 * An Arrow IPC stream is messages of 8 bytes (0xffffffff, int32 bytes m of metadata), m bytes of metadata, a
 * FlatBuffer, and a body; the last one has m = 0. A reader makes as many objects as the metadata promises, so nothing
 * is promised here that the bytes do not hold.
 */
const PREFIX = 8;
const MOST_METADATA = 1 << 20;
const SCHEMA = 1;
const RECORD_BATCH = 3;
/** By `Type` of Arrow's Schema.fbs: those of one array without children. */
const FLAT_TYPES = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 18, 19, 20]);
const TIMESTAMP = 10;

/** Checks the messages of a stream of batches of so many flat columns before anybody reads them; throws STATE. */
export class IpcCheck {
  readonly #columns: number;
  #held = new Uint8Array(PREFIX);
  #used = 0;
  #inPrefix = true;
  #body = 0;
  #schema = false;
  #ended = false;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** The next bytes of the stream. */
  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#ended) throw wrong('there is something behind its end');
      if (this.#body > 0) {
        const skipped = Math.min(this.#body, bytes.length - at);
        this.#body -= skipped;
        at += skipped;
        continue;
      }
      const piece = bytes.subarray(at, at + this.#held.length - this.#used);
      this.#held.set(piece, this.#used);
      this.#used += piece.length;
      at += piece.length;
      if (this.#used === this.#held.length) this.#next();
    }
  }

  /** At the end of the stream. */
  end(): void {
    if (!this.#ended || !this.#schema) throw wrong('its end is missing');
  }

  /** Looks at a prefix or at metadata, once they are there. */
  #next(): void {
    const view = new DataView(this.#held.buffer);
    this.#used = 0;
    if (!this.#inPrefix) {
      this.#body = this.#bodyOf(view);
      this.#held = new Uint8Array(PREFIX);
      this.#inPrefix = true;
      return;
    }
    const length = view.getInt32(4, true);
    if (view.getInt32(0, true) !== -1 || length < 0) throw wrong('no message begins where one should');
    if (length > MOST_METADATA) throw wrong(`a message has ${length} bytes of metadata`);
    if (length === 0) this.#ended = true;
    else {
      this.#held = new Uint8Array(length);
      this.#inPrefix = false;
    }
  }

  #bodyOf(metadata: DataView): number {
    try {
      return this.#message(FlatTable.root(metadata), new Texts(metadata));
    } catch (thrown) {
      throw thrown instanceof RangeError ? wrong('its metadata point out of themselves') : thrown;
    }
  }

  /** Checks one message; returns the bytes of its body. */
  #message(message: FlatTable, texts: Texts): number {
    const kind = message.byte(1);
    const header = message.table(2);
    const body = message.count(3);
    texts.skipPairs(message, 4);
    if (!header) throw wrong('a message has no header');
    if (kind === SCHEMA && !this.#schema) {
      this.#schema = true;
      this.#fields(texts, header);
    } else if (kind === RECORD_BATCH && this.#schema) this.#batch(header, body);
    else throw wrong(`there is a message of kind ${kind} where a schema or a batch should be`);
    return body;
  }

  #fields(texts: Texts, schema: FlatTable): void {
    const fields = schema.tables(1);
    texts.skipPairs(schema, 2);
    if (fields.length !== this.#columns) throw wrong(`it has ${fields.length} columns instead of ${this.#columns}`);
    for (const field of fields) {
      texts.skip(field, 0);
      const kind = field.byte(2);
      const type = field.table(3);
      const flatType = FLAT_TYPES.has(kind) && type && !field.table(4) && field.vector(5, 4).length === 0;
      if (!flatType) throw wrong(`a column is of Arrow's type ${kind}, in a dictionary or nested`);
      if (kind === TIMESTAMP) texts.skip(type, 1);
      texts.skipPairs(field, 6);
    }
  }

  #batch(batch: FlatTable, body: number): void {
    const rows = batch.count(0);
    // each row has a count of 8 bytes
    if (rows * 8 > body) throw wrong(`a batch of ${rows} rows has a body of ${body} bytes`);
    if (batch.table(3)) throw wrong('a batch is compressed');
    const nodes = batch.vector(1, 16);
    if (nodes.length !== this.#columns) throw wrong(`a batch has ${nodes.length} columns instead of ${this.#columns}`);
    for (let i = 0; i < nodes.length; ++i) {
      if (nodes.count(i, 0) !== rows || nodes.count(i, 8) > rows) throw wrong('a column is not as long as its batch');
    }
    const buffers = batch.vector(2, 16);
    for (let i = 0; i < buffers.length; ++i) {
      if (buffers.count(i, 0) + buffers.count(i, 8) > body) throw wrong('a buffer lies out of the body of its batch');
    }
  }
}

function wrong(message: string): AssayError {
  return new AssayError('STATE', `a table is no Arrow IPC stream of groups: ${message}`);
}

/** The texts of a message. */
class Texts {
  /** Bytes that may still be looked at: texts that overlap could add up to much more than there is. */
  #left: number;

  constructor(metadata: DataView) {
    this.#left = metadata.byteLength;
  }

  skip(table: FlatTable, field: number): void {
    this.#left -= table.vector(field, 1).length;
    if (this.#left < 0) throw new RangeError('texts overlap');
  }

  /** Pairs of texts. */
  skipPairs(table: FlatTable, field: number): void {
    for (const pair of table.tables(field)) {
      this.#left -= 4;
      this.skip(pair, 0);
      this.skip(pair, 1);
    }
  }
}
