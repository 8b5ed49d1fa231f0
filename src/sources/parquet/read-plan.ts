import type { Facet, Wanted } from '../../data/source.js';
import {
  chunkAt, claimedExtremes, CODEC, END, ENCODINGS_USED, groupBytes, NULLS, START, UNPACKED, usedBy, VALUES, type Chunks,
} from './chunks.js';
import { codecName, knowsCodec } from './codecs.js';
import { ENCODINGS } from './encodings.js';
import type { RowGroup } from './library-file.js';
import type { Chunk } from './pages.js';
import { storedAs, type Leaf, type Stored } from './stored.js';

/** What reading needs to know of a footer. */
export interface Layout {
  readonly groups: readonly RowGroup[];
  /** Top-level columns that hold no others. */
  readonly leaves: readonly Leaf[];
  /** Their column chunks. */
  readonly chunks: Chunks;
}

/** How wanted columns are read of any row group. */
export interface ReadPlan {
  readonly layout: Layout;
  readonly columns: readonly PlannedColumn[];
  /** Whether none of them is left to parquet-wasm in any row group. */
  readonly isOwn: boolean;
  /** What `valueBytes` has found, by row group; NaN: it was not asked. */
  readonly values: Float64Array;
}

/** A column of a plan. */
export interface PlannedColumn {
  readonly name: string;
  /** Its place among the flat columns; -1: it is nested or repeated. */
  readonly place: number;
  readonly nullable: boolean;
  /** How what is wanted of its values is stored; null: such values are not known. */
  readonly stored: Stored | null;
  /** Whether nothing is asked but where there are values. */
  readonly isPresence: boolean;
  /** Whether nothing is asked but the least and the greatest value. */
  readonly areExtremes: boolean;
}

/** A column of a row group that is read here. */
export interface Task {
  readonly column: PlannedColumn;
  readonly leaf: Leaf;
  readonly stored: Stored;
  readonly chunk: Chunk;
  /** Whether every row is known to have a value, and that is all that is asked: then nothing is read. */
  readonly isKnown: boolean;
  /** Where nothing but extremes is asked: what they are, if the dictionary of the chunk bears that out. */
  readonly extremes: { readonly low: number; readonly high: number } | null;
}

const KNOWN_ENCODINGS = Object.values(ENCODINGS).reduce<number>((bits, e) => bits | (1 << e), 0);
const NONE: Stored = { kind: 'none' };
const HASHED: Stored = { kind: 'texts', areHashed: true };

/** What follows of columns, whatever their chunks are. */
interface Known {
  readonly places: ReadonlyMap<string, number>;
  readonly stored: readonly (Stored | null)[];
}
const knownLeaves = new WeakMap<readonly Leaf[], Known>();

function knownOf(leaves: readonly Leaf[]): Known {
  let known = knownLeaves.get(leaves);
  if (!known) {
    known = { places: new Map(leaves.map(({ name }, i) => [name, i])), stored: leaves.map(storedAs) };
    knownLeaves.set(leaves, known);
  }
  return known;
}

const plans = new WeakMap<Chunks, WeakMap<Wanted, ReadPlan>>();

/** How columns of a file are read. */
export function planOf(layout: Layout, wanted: Wanted): ReadPlan {
  let made = plans.get(layout.chunks);
  if (!made) plans.set(layout.chunks, (made = new WeakMap()));
  let plan = made.get(wanted);
  if (!plan) {
    const columns = [...wanted].map(([name, facets]) => columnOf(layout.leaves, name, facets));
    columns.sort((a, b) => a.place - b.place); // as chunks lie in most files
    const isOwn = columns.every(({ place }) => place >= 0) && isReadWhole(layout);
    plan = { layout, columns, isOwn, values: new Float64Array(layout.groups.length).fill(NaN) };
    made.set(wanted, plan);
  }
  return plan;
}

function columnOf(leaves: readonly Leaf[], name: string, facets: readonly Facet[]): PlannedColumn {
  const { places, stored } = knownOf(leaves);
  const place = places.get(name) ?? -1;
  const isPresence = facets.every((facet) => facet === 'presence');
  const own = place < 0 ? null : stored[place]!;
  const areHashed = own?.kind === 'texts' && !facets.some((facet) => facet !== 'presence' && facet !== 'hashes');
  return {
    name, place, isPresence,
    nullable: place >= 0 && leaves[place]!.nullable,
    stored: isPresence ? NONE : areHashed ? HASHED : own,
    areExtremes: !isPresence && facets.every((facet) => facet === 'extrema'),
  };
}

/** Whether the footer says all that is asked of a chunk: that each of its values is there. */
function isAnswered({ isPresence, nullable }: PlannedColumn, { numbers }: Chunks, at: number): boolean {
  return isPresence && (!nullable || numbers[at + NULLS] === 0);
}

/** Whether a column of a row group is left to parquet-wasm. */
export function isLeft({ layout, isOwn }: ReadPlan, column: PlannedColumn, group: number): boolean {
  return !isOwn && whyLeft(layout, column, group) !== null;
}

/** Why it is; null: it is read here. */
export function whyLeft({ chunks }: Layout, column: PlannedColumn, group: number): string | null {
  if (column.place < 0) return 'it is nested or repeated';
  const { numbers } = chunks;
  const at = chunkAt(chunks, group, column.place);
  if (numbers[at + START]! < 0) return 'it is encrypted, or its place is not known';
  if (isAnswered(column, chunks, at)) return null;
  if (!knowsCodec(numbers[at + CODEC]!)) return `its codec is ${codecName(numbers[at + CODEC]!)}`;
  if (column.isPresence) return null;
  if (!column.stored) return 'such values are not known';
  return (numbers[at + ENCODINGS_USED]! & ~KNOWN_ENCODINGS) === 0 ? null : 'one of its encodings is not known';
}

const readWhole = new WeakMap<Chunks, boolean>();

/** Whether the values of all flat columns of all row groups are read here. */
export function isReadWhole({ leaves, chunks, groups }: Layout): boolean {
  let isWhole = readWhole.get(chunks);
  if (isWhole === undefined) {
    const { areKnown, codecs, encodings } = usedBy(chunks);
    isWhole = areKnown && codecs.every(knowsCodec) && (encodings & ~KNOWN_ENCODINGS) === 0
      && (groups.length === 0 || knownOf(leaves).stored.every((stored) => stored !== null));
    readWhole.set(chunks, isWhole);
  }
  return isWhole;
}

/** How a column of a row group is read here, which `whyLeft` must not forbid. */
export function taskOf({ leaves, chunks }: Layout, column: PlannedColumn, group: number): Task {
  const { numbers } = chunks;
  const at = chunkAt(chunks, group, column.place);
  return {
    column,
    leaf: leaves[column.place]!,
    stored: column.stored!,
    chunk: {
      start: numbers[at + START]!, end: numbers[at + END]!, rows: numbers[at + VALUES]!, codec: numbers[at + CODEC]!,
      unpacked: numbers[at + UNPACKED]!,
    },
    isKnown: isAnswered(column, chunks, at),
    extremes: column.areExtremes ? claimedExtremes(chunks, at, column.nullable) : null,
  };
}

/** Bytes of the file that columns of a row group take, at most: what is nested is not told apart. */
export function plannedBytes({ layout: { chunks, groups }, columns }: ReadPlan, group: number): number {
  const { numbers } = chunks;
  let bytes = 0, isNested = false;
  for (let i = 0; i < columns.length; ++i) {
    const column = columns[i]!;
    const at = chunkAt(chunks, group, column.place);
    if (column.place < 0 || numbers[at + START]! < 0) isNested = true;
    else if (!isAnswered(column, chunks, at)) bytes += numbers[at + END]! - numbers[at + START]!;
  }
  return isNested ? bytes + Math.max(0, groups[group]!.bytes - groupBytes(chunks, group)) : bytes;
}

/** About as many bytes as the values of columns of a row group have. */
export function valueBytes(plan: ReadPlan, group: number): number {
  const { layout: { chunks, groups }, columns, values } = plan;
  if (!Number.isNaN(values[group])) return values[group]!;
  const { numbers } = chunks;
  const { rows, decoded, bytes } = groups[group]!;
  let sum = 0, isNested = false;
  for (let i = 0; i < columns.length; ++i) {
    const column = columns[i]!;
    const at = chunkAt(chunks, group, column.place);
    if (column.place < 0 || numbers[at + START]! < 0) isNested = true;
    else if (!column.isPresence) sum += Math.max(numbers[at + UNPACKED]!, rows * 4); // indices at least
  }
  const packed = isNested ? plannedBytes(plan, group) : 0; // of what is nested nothing more is known
  return (values[group] = Math.max(sum, decoded * Math.min(1, packed / Math.max(1, bytes))));
}
