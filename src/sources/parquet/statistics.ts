import type { ColumnSummary } from '../../data/source.js';
import type { Field } from '../../data/types.js';
import { readThrift, type Thrift, type ThriftStruct } from './thrift.js';

/** What the footer says that parquet-wasm does not tell. */
export interface FooterDetails {
  /** Columns of the physical type INT96: instants, whatever the Arrow schema calls them. */
  readonly int96: ReadonlySet<string>;
  /** Per row group, of columns that are neither nested nor repeated. */
  readonly groups: readonly ReadonlyMap<string, Statistics>[];
}

/** Statistics of one column chunk. */
interface Statistics {
  readonly nulls: number | undefined;
  readonly min: bigint | undefined;
  readonly max: bigint | undefined;
}

// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift, by field number
const FILE = { schema: 2, groups: 4 };
const ELEMENT = { type: 1, repetition: 3, name: 4, children: 5 };
const GROUP = { columns: 1 };
const CHUNK = { metadata: 3 };
const METADATA = { type: 1, path: 3, statistics: 12 };
const STATISTICS = { nulls: 3, max: 5, min: 6, maxIsExact: 7, minIsExact: 8 };
const INT32 = 1, INT64 = 2, INT96 = 3, REPEATED = 2;

/** The details of a footer. */
export function footerDetails(footer: Uint8Array): FooterDetails {
  const file = readThrift(footer);
  const flat = new Set<string>(), int96 = new Set<string>();
  const elements = list(file[FILE.schema]);
  for (let i = 1; i < elements.length; i = skipped(elements, i)) {
    const element = elements[i]!;
    if (element[ELEMENT.children] || element[ELEMENT.repetition] === REPEATED) continue;
    flat.add(text(element[ELEMENT.name]));
    if (element[ELEMENT.type] === INT96) int96.add(text(element[ELEMENT.name]));
  }
  const groups = list(file[FILE.groups]).map((group) => {
    const found = new Map<string, Statistics>();
    for (const chunk of list(group[GROUP.columns])) {
      const metadata = chunk[CHUNK.metadata] as ThriftStruct | undefined;
      const path = (metadata?.[METADATA.path] as Uint8Array[] | undefined) ?? [];
      if (!metadata || path.length !== 1 || !flat.has(text(path[0]))) continue;
      const statistics = metadata[METADATA.statistics] as ThriftStruct | undefined;
      if (statistics) found.set(text(path[0]), statisticsOf(metadata[METADATA.type], statistics));
    }
    return found;
  });
  return { int96, groups };
}

function list(value: Thrift | undefined): ThriftStruct[] {
  return Array.isArray(value) ? value as ThriftStruct[] : [];
}

const decoder = new TextDecoder();

function text(value: Thrift | undefined): string {
  return decoder.decode(value as Uint8Array);
}

/** The place behind an element of the schema and all that it contains. */
function skipped(elements: readonly ThriftStruct[], from: number): number {
  let next = from;
  for (let left = 1; left > 0 && next < elements.length; --left, ++next) {
    left += Math.max(0, Number(elements[next]![ELEMENT.children] ?? 0));
  }
  return next;
}

function statisticsOf(type: Thrift | undefined, statistics: ThriftStruct): Statistics {
  const nulls = statistics[STATISTICS.nulls];
  const extremum = (value: Thrift | undefined, isExact: Thrift | undefined): bigint | undefined => {
    if (!(value instanceof Uint8Array) || isExact === false) return undefined;
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    if (type === INT32 && value.length === 4) return BigInt(view.getInt32(0, true));
    return type === INT64 && value.length === 8 ? view.getBigInt64(0, true) : undefined;
  };
  return {
    nulls: typeof nulls === 'number' && nulls >= 0 ? nulls : undefined,
    min: extremum(statistics[STATISTICS.min], statistics[STATISTICS.minIsExact]),
    max: extremum(statistics[STATISTICS.max], statistics[STATISTICS.maxIsExact]),
  };
}

/** Formats of the Arrow C data interface whose values are the stored signed integers. */
const SIGNED = new Set(['c', 's', 'i', 'l', 'C', 'S', 'tdD']);

/** The columns of a row group as a split's summary tells of them; formats are those of the Arrow fields. */
export function columnSummaries(
  fields: readonly Field[], formats: readonly string[], group: ReadonlyMap<string, Statistics>, rows: number,
): Map<string, ColumnSummary> {
  const found = new Map<string, ColumnSummary>();
  fields.forEach(({ name, type }, i) => {
    const statistics = group.get(name);
    if (!statistics) return;
    const { nulls, min, max } = statistics;
    const isOrdered = SIGNED.has(formats[i]!) && min !== undefined && max !== undefined && min <= max;
    found.set(name, {
      type,
      ...(nulls !== undefined && nulls <= rows ? { nulls } : {}),
      ...(isOrdered ? { min, max } : {}),
    });
  });
  return found;
}
