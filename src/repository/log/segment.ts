import { fnv1a } from '../../base/checksum.js';
import { asAssayError, AssayError } from '../../base/errors.js';
import { parseJson, writeJson } from '../../base/lossless-json.js';
import type { Analyzer } from '../../analyzers/contract.js';
import type { AnalyzerFactory } from '../../analyzers/define.js';
import type { Metric } from '../../metrics/metric.js';
import type { Storage } from '../../storage/storage.js';
import { readAnalyzer, writeAnalyzer } from '../deequ-analyzers.js';
import { readMetric, writeMetric } from '../deequ-metrics.js';
import { keyOf, pairsOf, tagsText, type ResultKey } from '../result-key.js';
import { clearAt, mergedOf, putMetric, reviveAt, type Log, type Merged } from './merge.js';

/**
 * Many results in one file, by metric: who wants the series of one metric reads the keys and one block.
 *
 *     0  magic "ASEG"     4  u16 version 1   6  u16 0
 *     8  u32 bytes m of the index           12  u32 FNV-1a of bytes 0 … 11 and the index
 *     16 index: JSON, then the blocks of its entries, JSON too, each with its FNV-1a hash in the index
 */
const MAGIC = 0x47455341;
const VERSION = 1;
const HEAD = 16;

interface Block {
  readonly at: number;
  readonly length: number;
  readonly checksum: number;
}

interface Index {
  readonly keys: Block;
  /** The analyzers as Deequ's JSON, and their metrics. */
  readonly analyzers: readonly { readonly analyzer: string; readonly block: Block }[];
}

/** Keys by column; a date beyond 2^53 is a text; of tags, which often repeat, the distinct sets. */
interface Keys {
  readonly dates: readonly (number | string)[];
  readonly tagSets: readonly (readonly (readonly [string, string])[])[];
  readonly tags: readonly number[];
  readonly clear: readonly string[];
  /** 0: as `clear`. */
  readonly alive: readonly (string | 0)[];
}

/** The metrics of one analyzer. */
interface Metrics {
  /** Where most of them are: entity, instance, name. */
  readonly place: readonly [Metric['entity'], string, string];
  /** Positions among the keys. */
  readonly rows: readonly number[];
  /** A finite number of a DoubleMetric there, or the metric as Deequ's JSON. */
  readonly values: readonly (number | string)[];
  /** Which operation a metric is from, by its position here, where that is not the one that began its result anew. */
  readonly ids: Readonly<Record<string, string>>;
}

/** The bytes of what is in a log. */
export function encodeSegment(log: readonly Merged[]): Uint8Array {
  const tagSets = new Map<string, number>();
  const tags = log.map(({ resultKey }) => {
    const text = JSON.stringify([...resultKey.tags]);
    if (!tagSets.has(text)) tagSets.set(text, tagSets.size);
    return tagSets.get(text)!;
  });
  const keys: Keys = {
    dates: log.map(({ resultKey: { dataSetDate: d } }) => (typeof d === 'bigint' ? String(d) : d)),
    tagSets: [...tagSets.keys()].map((text) => JSON.parse(text)),
    tags,
    clear: log.map((m) => m.clear),
    alive: log.map((m) => (m.alive === m.clear ? 0 : m.alive)),
  };
  const byAnalyzer = new Map<string, { analyzer: Analyzer; rows: number[]; metrics: Metric[]; ids: Record<string, string> }>();
  log.forEach((merged, row) => {
    for (const [key, { analyzer, metric, id }] of merged.metrics) {
      let found = byAnalyzer.get(key);
      if (!found) byAnalyzer.set(key, (found = { analyzer, rows: [], metrics: [], ids: {} }));
      if (id !== merged.clear) found.ids[found.rows.length] = id;
      found.rows.push(row);
      found.metrics.push(metric);
    }
  });
  const pieces: Uint8Array[] = [];
  let at = 0;
  const add = (content: unknown): Block => {
    const bytes = new TextEncoder().encode(JSON.stringify(content));
    pieces.push(bytes);
    const block = { at, length: bytes.length, checksum: fnv1a(bytes) };
    at += bytes.length;
    return block;
  };
  const index: Index = {
    keys: add(keys),
    analyzers: [...byAnalyzer.values()].map(({ analyzer, rows, metrics, ids }) => {
      const { entity, instance, name } = metrics[0]!;
      const values = metrics.map((m) => plainValue(m, metrics[0]!) ?? writeJson(writeMetric(m)));
      const block = add({ place: [entity, instance, name], rows, values, ids } satisfies Metrics);
      return { analyzer: writeJson(writeAnalyzer(analyzer, true)), block };
    }),
  };
  const text = new TextEncoder().encode(JSON.stringify(index));
  const out = new Uint8Array(HEAD + text.length + at);
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint32(8, text.length, true);
  view.setUint32(12, fnv1a(text, fnv1a(out.subarray(0, 12))), true);
  out.set(text, HEAD);
  let to = HEAD + text.length;
  for (const piece of pieces) {
    out.set(piece, to);
    to += piece.length;
  }
  return out;
}

function plainValue(m: Metric, like: Metric): number | null {
  if (m.kind !== 'double' || !m.value.ok || m.entity !== like.entity) return null;
  if (m.instance !== like.instance || m.name !== like.name) return null;
  const value = m.value.value as number;
  return Number.isFinite(value) && !Object.is(value, -0) ? value : null;
}

/** A segment, whose blocks are read when they are wanted, and once. */
export interface Segment {
  /** Adds what it holds to a log: of these analyzers, or everything. False: the file is gone. */
  addTo(log: Log, wanted: ReadonlySet<string> | null): Promise<boolean>;
}

/** The segment in an object; null: it is gone. Throws SYNTAX that names it if it is damaged. */
export async function openSegment(
  storage: Storage, path: string, own: readonly AnalyzerFactory<never>[],
): Promise<Segment | null> {
  const place = storage.place(path);
  const wrong = (at: number, message: string) => new AssayError('SYNTAX', `${place}: ${message} (offset ${at})`);
  const head = await storage.read(path, { from: 0, to: HEAD });
  if (!head) return null;
  if (head.length < HEAD) throw wrong(0, 'it is too short for a segment');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(0, true) !== MAGIC || view.getUint16(4, true) !== VERSION) throw wrong(0, 'no segment of version 1');
  const start = HEAD + view.getUint32(8, true);
  const text = await storage.read(path, { from: HEAD, to: start });
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
  const blocks = new Map<Block, unknown>();
  const read = async (block: Block): Promise<unknown> => {
    if (blocks.has(block)) return blocks.get(block);
    const bytes = await storage.read(path, { from: start + block.at, to: start + block.at + block.length });
    if (!bytes) return null;
    if (bytes.length !== block.length || fnv1a(bytes) !== block.checksum) {
      throw wrong(start + block.at, 'it is damaged: the checksum of a block does not fit');
    }
    const content: unknown = JSON.parse(new TextDecoder().decode(bytes));
    blocks.set(block, content);
    return content;
  };
  let resultKeys: readonly ResultKey[] | undefined;
  return {
    async addTo(log, wanted) {
      const keys = (await read(index.keys)) as Keys | null;
      if (!keys) return false;
      resultKeys ??= keysOf(keys);
      const merged = resultKeys.map((key, row) => {
        const m = mergedOf(log, key);
        clearAt(m, keys.clear[row]!);
        reviveAt(m, keys.alive[row] === 0 ? keys.clear[row]! : (keys.alive[row] as string));
        return m;
      });
      for (const { analyzer, block } of analyzers) {
        if (wanted && !wanted.has(analyzer.key)) continue;
        const metrics = (await read(block)) as Metrics | null;
        if (!metrics) return false;
        const [entity, instance, name] = metrics.place;
        metrics.rows.forEach((row, i) => {
          const value = metrics.values[i]!;
          const metric: Metric = typeof value === 'string'
            ? readMetric(parseJson(value, place))
            : { kind: 'double', entity, instance, name, value: { ok: true, value } };
          putMetric(merged[row]!, { analyzer, metric, id: metrics.ids[i] ?? keys.clear[row]! });
        });
      }
      return true;
    },
  };
}

function keysOf({ dates, tagSets, tags }: Keys): ResultKey[] {
  const sets = tagSets.map((pairs) => pairsOf(pairs));
  const texts = sets.map(tagsText);
  return dates.map((date, i) => {
    const set = tags[i]!;
    return keyOf(typeof date === 'string' ? BigInt(date) : date, sets[set]!, texts[set]!);
  });
}
