import { fnv1a } from '../../base/checksum.js';
import { asAssayError, AssayError } from '../../base/errors.js';
import { joined } from '../../base/joined.js';
import { parseJson, writeJson } from '../../base/lossless-json.js';
import type { Analyzer } from '../../analyzers/contract.js';
import type { AnalyzerFactory } from '../../analyzers/define.js';
import type { Metric } from '../../metrics/metric.js';
import type { Storage } from '../../storage/storage.js';
import { readAnalyzer, writeAnalyzer } from '../deequ-analyzers.js';
import { readMetric, writeMetric } from '../deequ-metrics.js';
import { keyOf, pairsOf, tagsText } from '../result-key.js';
import type { MetricColumn } from '../series.js';
import { BlockWriter, decodeColumns, encodeColumns, type Block, type Columns } from './columns.js';
import { clearAt, mergedOf, putMetric, reviveAt, type Log, type Merged } from './merge.js';

/**
 * Many results in one file, by metric: who wants the series of one metric reads dates, tags and one block.
 *
 *     0  magic "ASEG"     4  u16 version 2   6  u16 0
 *     8  u32 bytes m of the index           12  u32 FNV-1a of bytes 0 … 11 and the index
 *     16 index: JSON, then its blocks, each with its FNV-1a hash in the index
 *
 * Results stand in the order of their last operations. Of removed ones only keys and operations are kept.
 */
const MAGIC = 0x47455341;
const VERSION = 2;
const HEAD = 16;
/** What is read at first: mostly head and index. */
const FIRST = 32 << 10;

interface Index {
  /** Results, those that were removed included. */
  readonly results: number;
  /** The last operation that added something; empty: there is none. */
  readonly last: string;
  /** Their dates (beyond 2^53 NaN, and a text in `more`); `more` has the distinct sets of tags. */
  readonly dates: Block;
  /** Which set of tags each has. */
  readonly tags: Block;
  /** The names of their operations, in JSON. */
  readonly operations: Block;
  /** The analyzers as Deequ's JSON, and their metrics. */
  readonly analyzers: readonly { readonly analyzer: string; readonly block: Block }[];
}

interface Dates {
  readonly late: Readonly<Record<string, string>>;
  readonly tagSets: readonly (readonly (readonly [string, string])[])[];
}

interface Operations {
  readonly clear: readonly string[];
  /** 0: as `clear`. */
  readonly alive: readonly (string | 0)[];
}

/** What is said of the metrics of an analyzer besides their numbers. */
interface Metrics {
  /** Where most of them are: entity, instance, name. */
  readonly place: readonly [Metric['entity'], string, string];
  /** Metrics that are no finite number of that place, as Deequ's JSON, by position. */
  readonly texts: Readonly<Record<string, string>>;
  /** Which operation a metric is from, where that is not the one that began its result anew. */
  readonly ids: Readonly<Record<string, string>>;
}

/** The bytes of what is in a log. */
export function encodeSegment(log: readonly Merged[]): Uint8Array {
  const sorted = [...log].sort((a, b) => (a.alive < b.alive ? -1 : a.alive > b.alive ? 1 : 0));
  const blocks = new BlockWriter();
  const tagSets = new Map<string, number>();
  const tags = sorted.map(({ resultKey }) => {
    const text = JSON.stringify([...resultKey.tags]);
    if (!tagSets.has(text)) tagSets.set(text, tagSets.size);
    return tagSets.get(text)!;
  });
  const late: Record<string, string> = {};
  const dates = Float64Array.from(sorted, ({ resultKey: { dataSetDate: date } }, row) => {
    if (typeof date === 'number') return date;
    late[row] = String(date);
    return NaN;
  });
  const index: Index = {
    results: sorted.length,
    last: sorted.at(-1)?.alive ?? '',
    dates: blocks.add(encodeColumns({
      numbers: dates, rows: null,
      more: { late, tagSets: [...tagSets.keys()].map((text) => JSON.parse(text)) } satisfies Dates,
    })),
    tags: blocks.add(encodeColumns({ numbers: Float64Array.from(tags), rows: null, more: null })),
    operations: blocks.json({
      clear: sorted.map((m) => m.clear), alive: sorted.map((m) => (m.alive === m.clear ? 0 : m.alive)),
    } satisfies Operations),
    analyzers: byAnalyzer(sorted).map(({ analyzer, columns }) =>
      ({ analyzer: writeJson(writeAnalyzer(analyzer, true)), block: blocks.add(encodeColumns(columns)) })),
  };
  const text = new TextEncoder().encode(JSON.stringify(index));
  const out = joined(Uint8Array, [new Uint8Array(HEAD), text, ...blocks.pieces]);
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint32(8, text.length, true);
  view.setUint32(12, fnv1a(text, fnv1a(out.subarray(0, 12))), true);
  return out;
}

function byAnalyzer(log: readonly Merged[]): { readonly analyzer: Analyzer; readonly columns: Columns<Metrics> }[] {
  interface Found {
    analyzer: Analyzer; like: Metric; rows: number[]; numbers: number[];
    texts: Record<string, string>; ids: Record<string, string>;
  }
  const all = new Map<string, Found>();
  log.forEach((merged, row) => {
    for (const [key, { analyzer, metric, id }] of merged.metrics) {
      let found = all.get(key);
      if (!found) all.set(key, (found = { analyzer, like: metric, rows: [], numbers: [], texts: {}, ids: {} }));
      const at = found.rows.length;
      if (id !== merged.clear) found.ids[at] = id;
      const number = plainValue(metric, found.like);
      if (number === null) found.texts[at] = writeJson(writeMetric(metric));
      found.rows.push(row);
      found.numbers.push(number ?? NaN);
    }
  });
  return [...all.values()].map(({ analyzer, like: { entity, instance, name }, rows, numbers, texts, ids }) => ({
    analyzer,
    columns: {
      numbers: Float64Array.from(numbers),
      rows: rows.length === log.length ? null : Uint32Array.from(rows),
      more: { place: [entity, instance, name], texts, ids },
    },
  }));
}

function plainValue(m: Metric, like: Metric): number | null {
  if (m.kind !== 'double' || !m.value.ok || m.entity !== like.entity) return null;
  if (m.instance !== like.instance || m.name !== like.name) return null;
  const value = m.value.value as number;
  return Number.isFinite(value) ? value : null;
}

/** A segment, whose blocks are read when they are wanted, and once. */
export interface Segment {
  /** Results, those that were removed included. */
  readonly results: number;
  /** The last operation that added something. */
  readonly last: string;
  /** Adds what it holds to a log: of these analyzers, or everything; of some rows alone. False: the file is gone. */
  addTo(log: Log, wanted: ReadonlySet<string> | null, only?: ReadonlySet<number>): Promise<boolean>;
  /** Dates and tags of its results, row by row; null: the file is gone. */
  keys(): Promise<SegmentKeys | null>;
  /** The metrics of some analyzers, without making results of them; null: the file is gone. */
  columns(wanted: ReadonlySet<string>): Promise<readonly MetricColumn[] | null>;
}

/** Under what the rows of a segment are stored. */
export interface SegmentKeys {
  readonly dates: ArrayLike<number | bigint>;
  tags(row: number): ReadonlyMap<string, string>;
  /** The tags as keys have them. */
  tagsText(row: number): string;
}

/** The segment in an object; null: it is gone. Throws SYNTAX that names it if it is damaged. */
export async function openSegment(
  storage: Storage, path: string, own: readonly AnalyzerFactory<never>[],
): Promise<Segment | null> {
  const place = storage.place(path);
  const wrong = (at: number, message: string) => new AssayError('SYNTAX', `${place}: ${message} (offset ${at})`);
  const head = await storage.read(path, { from: 0, to: FIRST });
  if (!head) return null;
  if (head.length < HEAD) throw wrong(0, 'it is too short for a segment');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const version = view.getUint16(4, true);
  if (view.getUint32(0, true) !== MAGIC) throw wrong(0, 'it is no segment');
  if (version !== VERSION) throw wrong(4, `it has version ${version}; this program reads version ${VERSION}`);
  const start = HEAD + view.getUint32(8, true);
  const text = start <= head.length ? head.subarray(HEAD, start) : await storage.read(path, { from: HEAD, to: start });
  if (!text) return null;
  if (text.length !== start - HEAD || view.getUint32(12, true) !== fnv1a(text, fnv1a(head.subarray(0, 12)))) {
    throw wrong(12, 'it is damaged: the checksum of its index does not fit');
  }
  const index = JSON.parse(new TextDecoder().decode(text)) as Index;
  const analyzers = index.analyzers.map(({ analyzer, block }) => {
    try {
      return { analyzer: readAnalyzer(parseJson(analyzer, place), own), block };
    } catch (thrown) {
      throw asAssayError(thrown, 'SYNTAX', place);
    }
  });
  const known = new Map<Block, unknown>();
  const read = async <T>(block: Block, decode: (bytes: Uint8Array) => T | null): Promise<T | null> => {
    if (known.has(block)) return known.get(block) as T;
    const from = start + block.at;
    const bytes = await storage.read(path, { from, to: from + block.length });
    if (!bytes) return null;
    if (bytes.length !== block.length || fnv1a(bytes) !== block.checksum) {
      throw wrong(from, 'it is damaged: the checksum of a block does not fit');
    }
    const content = decode(bytes);
    if (content === null) throw wrong(from, 'a block has other bytes than it says');
    known.set(block, content);
    return content;
  };
  const keys = async (): Promise<SegmentKeys | null> => {
    const [dates, tags] = await Promise.all([
      read(index.dates, decodeColumns<Dates>), read(index.tags, decodeColumns<null>),
    ]);
    if (!dates || !tags) return null;
    const sets = dates.more.tagSets.map((pairs) => pairsOf(pairs));
    const texts = sets.map(tagsText);
    const set = tags.numbers;
    return {
      dates: withLate(dates), tags: (row: number) => sets[set[row]!]!, tagsText: (row: number) => texts[set[row]!]!,
    };
  };
  const metricsOf = (block: Block) => read(block, decodeColumns<Metrics>);
  return {
    results: index.results,
    last: index.last,
    async addTo(log, wanted, only) {
      const [names, operations] = await Promise.all([keys(), read(index.operations, (bytes) =>
        JSON.parse(new TextDecoder().decode(bytes)) as Operations)]);
      if (!names || !operations) return false;
      const { dates, tags, tagsText: textAt } = names;
      const { clear, alive } = operations;
      const merged = Array.from(dates, (date, row) => {
        if (only && !only.has(row)) return null;
        const m = mergedOf(log, keyOf(date, tags(row), textAt(row)));
        clearAt(m, clear[row]!);
        reviveAt(m, alive[row] === 0 ? clear[row]! : (alive[row] as string));
        return m;
      });
      for (const { analyzer, block } of analyzers) {
        if (wanted && !wanted.has(analyzer.key)) continue;
        const metrics = await metricsOf(block);
        if (!metrics) return false;
        const { numbers, rows, more: { place: at, texts, ids } } = metrics;
        const [entity, instance, name] = at;
        numbers.forEach((value, i) => {
          const row = rows ? rows[i]! : i;
          const result = merged[row];
          if (!result) return;
          const metric: Metric = i in texts
            ? readMetric(parseJson(texts[i]!, place))
            : { kind: 'double', entity, instance, name, value: { ok: true, value } };
          putMetric(result, { analyzer, metric, id: ids[i] ?? clear[row]! });
        });
      }
      return true;
    },
    keys,
    async columns(wanted) {
      const found: MetricColumn[] = [];
      for (const { analyzer, block } of analyzers) {
        if (!wanted.has(analyzer.key)) continue;
        const metrics = await metricsOf(block);
        if (!metrics) return null;
        const { numbers, rows, more: { place: [entity, instance, name], texts } } = metrics;
        const others = new Map(
          Object.entries(texts).map(([i, json]) => [Number(i), readMetric(parseJson(json, place))]),
        );
        found.push({ analyzer, entity, instance, name, numbers, rows, others });
      }
      return found;
    },
  };
}

function withLate({ numbers, more: { late } }: Columns<Dates>): ArrayLike<number | bigint> {
  const rows = Object.keys(late);
  if (rows.length === 0) return numbers;
  const dates: (number | bigint)[] = [...numbers];
  for (const row of rows) dates[Number(row)] = BigInt(late[row]!);
  return dates;
}
