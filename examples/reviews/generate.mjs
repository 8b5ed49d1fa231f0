// Writes the product reviews of the worked example: deterministic, with a few nulls, and review_id about 0.7 % not unique.
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync, fsyncSync, openSync, closeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { makeData, RecordBatch, Schema, Field, Struct, Table, tableToIPC, Utf8, Int32, Float64, DateDay } from 'apache-arrow';
import * as parquet from 'parquet-wasm';

/** Rows of the article's table. */
export const ROWS = 3_120_938;
const GROUP = 120_000;

/** A small fast generator of random numbers (sfc32), so that the same seed gives the same file everywhere. */
function random(seed) {
  let a = 0x9e3779b9 ^ seed, b = 0x243f6a88, c = 0xb7e15162, counter = 1;
  const next = () => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; ++i) next();
  return { int: next, unit: () => next() / 4294967296, below: (n) => Math.floor((next() / 4294967296) * n) };
}

/** Mixes 32 bits so that different inputs give different outputs (MurmurHash3's finaliser, a bijection). */
function mix(x) {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

const LETTERS = Buffer.from('0123456789ABCDEFGHJKMNPQRSTVWXYZ');
const WORDS = ('the a this is was it sound cable screen battery phone great good works well very price quality bought product for my with and of ' +
  'easy setup charger case love perfect bad broke after two weeks returned excellent fast shipping camera speaker light small cheap solid recommend ' +
  'would not buy again exactly what I needed nice fits picture clear volume remote wireless bluetooth headphones café naïve 音質 größe').split(' ');

/** Words in random order, from which headlines and bodies are cut, and where each word starts. */
function prose(count) {
  const r = random(7);
  const text = Array.from({ length: count }, () => WORDS[r.below(WORDS.length)]).join(' ') + ' ';
  const bytes = Buffer.from(text);
  const starts = new Int32Array(count + 1);
  for (let i = 0, word = 1; i < bytes.length; ++i) if (bytes[i] === 32) starts[word++] = i + 1;
  return { bytes, starts, count };
}
const PROSE = prose(60_000);

/** Appends that many words of the prose. */
function words(column, r, count) {
  const first = r.below(PROSE.count - count);
  return column.copy(PROSE.bytes, PROSE.starts[first], PROSE.starts[first + count]);
}

const NOUNS = ['Cable', 'Charger', 'Headphones', 'Speaker', 'Camera', 'Case', 'Adapter', 'Keyboard', 'Monitor', 'Battery', 'Tripod', 'Antenna', 'Lens', 'Dock', 'Router', 'Mount'];
const BRANDS = ['Acme', 'Borealis', 'Cobalt', 'Dynamo', 'Ember', 'Fjord', 'Gamma', 'Halcyon', 'Ion', 'Juno', 'Kepler', 'Lumen'];
const MARKETPLACES = ['US', 'UK', 'DE', 'JP', 'FR'];

/** A column of UTF-8 strings that is filled row by row and used again for the next row group. */
class Strings {
  constructor(width) {
    this.offsets = new Int32Array(GROUP + 1);
    this.validity = new Uint8Array((GROUP + 7) >> 3);
    this.bytes = new Uint8Array(GROUP * width);
    this.clear();
  }
  clear() {
    this.at = this.row = this.nulls = 0;
    this.validity.fill(255);
  }
  #room(n) {
    if (this.at + n <= this.bytes.length) return;
    const larger = new Uint8Array(this.bytes.length * 2 + n);
    larger.set(this.bytes);
    this.bytes = larger;
  }
  /** Appends ASCII text. */
  ascii(text) {
    this.#room(text.length);
    for (let i = 0; i < text.length; ++i) this.bytes[this.at++] = text.charCodeAt(i);
    return this;
  }
  copy(from, start, end) {
    this.#room(end - start);
    this.bytes.set(from.subarray(start, end), this.at);
    this.at += end - start;
    return this;
  }
  byte(byte) {
    this.#room(1);
    this.bytes[this.at++] = byte;
    return this;
  }
  end() {
    this.offsets[++this.row] = this.at;
  }
  null() {
    this.validity[this.row >> 3] &= ~(1 << (this.row & 7));
    ++this.nulls;
    this.end();
  }
  data() {
    return makeData({
      type: new Utf8(), length: this.row, nullCount: this.nulls, nullBitmap: this.nulls > 0 ? this.validity : null,
      valueOffsets: this.offsets.subarray(0, this.row + 1), data: this.bytes.subarray(0, this.at),
    });
  }
}

/** A column of numbers with the rows at which it is null. */
function numbers(type, values, nullRows = []) {
  let validity = null;
  if (nullRows.length > 0) {
    validity = new Uint8Array((values.length + 7) >> 3).fill(255);
    for (const i of nullRows) validity[i >> 3] &= ~(1 << (i & 7));
  }
  return makeData({ type, length: values.length, nullCount: nullRows.length, nullBitmap: validity, data: values });
}

function reviewId(column, i) {
  let high = mix(i), low = mix(i ^ 0x5bd1e995) ^ 0x27d4eb2f;
  column.byte(82);
  for (let k = 0; k < 7; ++k, high = Math.floor(high / 32)) column.byte(LETTERS[high % 32]);
  for (let k = 0; k < 6; ++k, low >>>= 5) column.byte(LETTERS[low & 31]);
  column.end();
}

/** The columns of one row group. */
function group(texts, first, rows, seed) {
  const r = random(seed ^ mix(first + 1));
  const { marketplace, customer, review, product, title, vine, verified, headline, body } = texts;
  for (const column of Object.values(texts)) column.clear();
  const star = new Int32Array(rows), helpful = new Int32Array(rows), total = new Int32Array(rows), date = new Int32Array(rows), price = new Float64Array(rows), year = new Int32Array(rows);
  const noPrice = [], noDate = [];
  for (let i = 0; i < rows; ++i) {
    const row = first + i;
    const m = r.unit();
    marketplace.ascii(MARKETPLACES[m < 0.8 ? 0 : m < 0.9 ? 1 : m < 0.95 ? 2 : m < 0.98 ? 3 : 4]).end();
    customer.ascii(String(10_000_000 + r.below(40_000_000))).end();
    reviewId(review, row > 0 && r.unit() < 0.003685 ? r.below(row) : row);
    const item = Math.floor(r.unit() ** 2 * 180_000);
    product.byte(66);
    for (let k = 0, x = mix(item); k < 9; ++k, x = Math.floor(x / 32)) product.byte(LETTERS[x % 32]);
    product.end();
    if (r.unit() < 0.0001) title.null();
    else title.ascii(`${BRANDS[item % 12]} ${NOUNS[mix(item) % 16]} ${100 + (mix(item + 7) % 900)}${item % 3 === 0 ? ' Pro' : ''}, ${1 + (item % 9)}-pack, model ${item}`).end();
    const s = r.unit();
    const stars = s < 0.577 ? 5 : s < 0.7494 ? 4 : s < 0.8259 ? 3 : s < 0.8834 ? 2 : 1;
    star[i] = stars;
    // Votes have a long tail, and angry reviews get a few more of them.
    const votes = Math.floor((1 - r.unit()) ** -0.45 * 2 * (1 + 0.04 * (5 - stars)) - 2);
    total[i] = Math.min(votes, 30_000);
    helpful[i] = Math.max(0, Math.round(total[i] * (0.7 + r.unit() * 0.3) - (r.unit() < 0.25 ? 1 : 0)));
    vine.byte(r.unit() < 0.006 ? 89 : 78).end();
    verified.byte(r.unit() < 0.84 ? 89 : 78).end();
    if (r.unit() < 0.001) headline.null();
    else {
      words(headline, r, 2 + r.below(5)).byte(33).end();
    }
    if (r.unit() < 0.0004) body.null();
    else {
      for (let left = 4 + Math.floor(-Math.log(1 - r.unit()) * 20); left > 0; left -= 6) words(body, r, Math.min(left, 6));
      body.ascii(String(r.int())).end();
    }
    const day = 10_957 + Math.floor(r.unit() ** 0.4 * 5_722); // 2000-01-01 to 2015-08-31, most of them late
    date[i] = day;
    if (r.unit() < 0.00003) noDate.push(i);
    year[i] = 1970 + Math.floor((day + 0.5) / 365.2425);
    price[i] = Math.round(Math.exp(1.2 + 3.6 * r.unit() + 0.9 * r.unit()) * 100) / 100;
    if (r.unit() < 0.02) noPrice.push(i);
  }
  return [
    ['marketplace', marketplace.data()], ['customer_id', customer.data()], ['review_id', review.data()], ['product_id', product.data()], ['product_title', title.data()],
    ['star_rating', numbers(new Int32(), star)], ['helpful_votes', numbers(new Int32(), helpful)], ['total_votes', numbers(new Int32(), total)],
    ['vine', vine.data()], ['verified_purchase', verified.data()], ['review_headline', headline.data()], ['review_body', body.data()],
    ['review_date', numbers(new DateDay(), date, noDate)], ['price', numbers(new Float64(), price, noPrice)], ['year', numbers(new Int32(), year)],
  ];
}

/** Record batches of parquet-wasm, one per row group, made when they are asked for. */
function* batches(rows, seed, onRows) {
  const widths = { marketplace: 2, customer: 8, review: 14, product: 10, title: 60, vine: 1, verified: 1, headline: 40, body: 200 };
  const texts = Object.fromEntries(Object.entries(widths).map(([name, width]) => [name, new Strings(width)]));
  for (let first = 0; first < rows; first += GROUP) {
    const n = Math.min(GROUP, rows - first);
    const columns = group(texts, first, n, seed);
    const schema = new Schema(columns.map(([name, data]) => new Field(name, data.type, true)));
    const batch = new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: n, children: columns.map(([, data]) => data) }));
    const table = parquet.Table.fromIPCStream(tableToIPC(new Table([batch]), 'stream'));
    yield* table.recordBatches();
    onRows(first + n);
  }
}

/**
 * Writes the file unless it is there; a file that is there is whole, since it is renamed when finished.
 * Returns whether it was written now.
 */
export async function generateReviews(path, { rows = ROWS, seed = 1, onRows = () => {} } = {}) {
  if (existsSync(path)) return false;
  mkdirSync(dirname(path), { recursive: true });
  const properties = new parquet.WriterPropertiesBuilder()
    .setCompression(parquet.Compression.SNAPPY)
    .setMaxRowGroupSize(GROUP)
    .setColumnDictionaryEnabled('review_id', false) // a dictionary of unique values is given up half-way, for nothing
    .build();
  const unfinished = `${path}.${process.pid}.part`;
  try {
    const source = batches(rows, seed, onRows);
    const stream = new ReadableStream({
      pull(controller) {
        const { done, value } = source.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
    const bytes = await parquet.transformParquetStream(stream, properties);
    await bytes.pipeTo(Writable.toWeb(createWriteStream(unfinished)));
    const fd = openSync(unfinished, 'r+');
    fsyncSync(fd);
    closeSync(fd);
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return true;
}
