import { fnv1a } from '../base/checksum.js';
import { AssayError, asAssayError } from '../base/errors.js';
import { collected } from '../base/joined.js';
import type { Analyzer } from '../analyzers/contract.js';
import type { AnalyzerFactory } from '../analyzers/define.js';
import { analyzerFromJSON } from '../analyzers/registry.js';
import type { Schema } from '../data/types.js';
import { decodeState, encodeState } from '../states/codec.js';
import type { Request, StateSpec } from '../states/contract.js';
import { stateSpecs } from '../states/index.js';
import type { TableRoom } from '../states/saved-blocks.js';
import { tableFromIpc, tableToIpc } from '../states/table-arrow.js';
import { wholeContent, type Content, type Storage } from '../storage/storage.js';
import { refuseResult, type StateSet, type StateValue } from './state-set.js';
import { stateKey, type Answering } from './state-keys.js';
import { keyTypes } from './storable.js';

/**
 * A set of states as one file, little-endian; `docs/state-format.md` describes it for other readers:
 *
 *     0   magic "ASTF"      4  u16  version 1       6  u16  0
 *     8   u32  bytes m of the manifest             12  u32  FNV-1a of bytes 0 … 11 and of the manifest
 *     16  manifest: JSON in UTF-8
 *     then the entries of the manifest in order, each behind zeros up to a multiple of 8
 */
const MAGIC = 0x46545341;
const VERSION = 1;
const HEAD = 16;

interface Manifest {
  readonly rows: number | null;
  readonly schema: Schema['fields'];
  readonly analyzers: readonly unknown[];
  readonly entries: readonly Entry[];
}

interface Entry {
  readonly state: string;
  readonly version: number;
  /** Hash functions on which the state depends. */
  readonly family: string | null;
  readonly encoding: 'fields' | 'arrow';
  readonly request: { readonly inputs: Request['inputs']; readonly where: Request['where']; readonly options: unknown };
  readonly at: number;
  readonly length: number;
  /** FNV-1a of the entry's bytes. */
  readonly checksum: number;
  readonly answers?: readonly string[] | undefined;
}

/** The bytes of a set; equal sets have equal bytes. */
export async function encodeSet(set: StateSet): Promise<Uint8Array> {
  return wholeContent(await contentOfSet(set));
}

/** The same in pieces: groupings are encoded while they are written, and once before for their checksums. */
export async function contentOfSet(set: StateSet): Promise<Content> {
  const sorted = [...set.states].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
  const entries: Entry[] = [];
  const contents: (() => Iterable<Uint8Array>)[] = [];
  let at = 0;
  for (const value of sorted) {
    const pieces = await entryPieces(value);
    const { spec, request: { inputs, where, options }, answers } = value;
    let length = 0;
    let checksum: number | undefined;
    for (const piece of pieces()) {
      length += piece.length;
      checksum = fnv1a(piece, checksum);
    }
    entries.push({
      state: spec.name, version: spec.version, family: familyOf(spec),
      encoding: value.kind === 'table' ? 'arrow' : 'fields',
      request: { inputs, where, options: options ?? null }, at, length, checksum: checksum ?? fnv1a(NO_BYTES), answers,
    });
    contents.push(pieces, () => [new Uint8Array(padding(length))]);
    at += length + padding(length);
  }
  const manifest: Manifest = {
    rows: set.rows, schema: set.schema.fields, analyzers: set.analyzers.flatMap(jsonOf), entries,
  };
  const text = new TextEncoder().encode(JSON.stringify(manifest));
  const head = new Uint8Array(HEAD + text.length + padding(text.length));
  const view = new DataView(head.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint32(8, text.length, true);
  view.setUint32(12, fnv1a(text, fnv1a(head.subarray(0, 12))), true);
  head.set(text, HEAD);
  return {
    length: head.length + at,
    *pieces() {
      yield head;
      for (const pieces of contents) yield* pieces();
    },
  };
}

const NO_BYTES = new Uint8Array(0);

/** An analyzer of a user whose parameters are not plain data is not listed. */
function jsonOf(analyzer: Analyzer): unknown[] {
  try {
    return [(analyzer as unknown as { toJSON(): unknown }).toJSON()];
  } catch {
    return [];
  }
}

const padding = (length: number) => (8 - (length % 8)) % 8;

function familyOf(spec: StateSpec): string | null {
  return spec.kind === 'record' ? (spec.family ?? null) : null;
}

async function entryPieces(value: StateValue): Promise<() => Iterable<Uint8Array>> {
  refuseResult(value, 'stored in this format');
  if (value.kind === 'table') {
    const pieces = await tableToIpc(value.table);
    if (value.table.blocks.length > 1) return pieces;
    const kept = [...pieces()];
    return () => kept;
  }
  const bytes = encodeState(value.spec, value.request, value.state);
  return () => [bytes];
}

/** What a file of states says of itself, and its states, which are decoded when they are asked for. */
export interface StoredSet {
  readonly schema: Schema;
  readonly rows: number | null;
  readonly analyzers: readonly Analyzer[];
  readonly entries: readonly StoredState[];
}

/** A state in a file. */
export interface StoredState extends Answering {
  /** A table lies in the room; absent: in memory. */
  state(room?: TableRoom): Promise<StateValue>;
}

/**
 * The set in some bytes.
 *
 * @param place names the file in errors
 * @param own analyzers of users, which the manifest may name
 * @throws STATE that names file, entry and offset, for whatever is not such a file
 */
export function decodeSet(bytes: Uint8Array, place: string, own: readonly AnalyzerFactory<never>[] = []): StoredSet {
  const { manifest, start } = readManifest(bytes, bytes.length, place);
  checkLayout(manifest.entries, start, bytes.length, place);
  for (const [i, entry] of manifest.entries.entries()) {
    const from = start + entry.at;
    checkEntry(
      bytes.subarray(from, from + entry.length + padding(entry.length)), entry, `${place}: entry ${i + 1}`, from,
    );
  }
  return storedSet(manifest, place, own, async (entry, request, i) => {
    const from = start + entry.at;
    return readEntry(entry, request, {
      bytes: bytes.subarray(from, from + entry.length), where: `${place}: entry ${i + 1}`, at: from,
    });
  });
}

/** Files above this many bytes are read entry by entry, and their groupings piece by piece. */
const WHOLE = 16 << 20;
const PIECE = 1 << 20;

/** The set in an object of a storage, of which no more is read than what is asked for; null: there is none. */
export async function openSet(
  storage: Storage, name: string, own: readonly AnalyzerFactory<never>[] = [],
): Promise<StoredSet | null> {
  const stat = await storage.stat(name);
  const place = storage.place(name);
  if (!stat || stat.size <= WHOLE) {
    const bytes = await storage.read(name);
    return bytes && decodeSet(bytes, place, own);
  }
  const gone = () => new AssayError('STATE', `${place} was replaced while it was read: load it again`);
  const read = async (from: number, to: number): Promise<Uint8Array> => {
    const bytes = await storage.read(name, { from, to });
    if (bytes?.length !== to - from || (await storage.stat(name))?.version !== stat.version) throw gone();
    return bytes;
  };
  const top = await read(0, HEAD);
  const length = new DataView(top.buffer, top.byteOffset).getUint32(8, true);
  const head = await read(0, Math.min(stat.size, HEAD + length + padding(length)));
  const { manifest, start } = readManifest(head, stat.size, place);
  checkLayout(manifest.entries, start, stat.size, place);
  return storedSet(manifest, place, own, async (entry, request, i, room) => {
    const [from, where] = [start + entry.at, `${place}: entry ${i + 1}`];
    const end = from + entry.length;
    if (entry.length <= PIECE) {
      const bytes = await read(from, end + padding(entry.length));
      checkEntry(bytes, entry, where, from);
      return readEntry(entry, request, { bytes: bytes.subarray(0, entry.length), where, at: from });
    }
    const pieces = async function* () {
      for (let at = from; at < end; at += PIECE) yield read(at, Math.min(end, at + PIECE));
    };
    let checksum: number | undefined;
    for await (const piece of pieces()) checksum = fnv1a(piece, checksum);
    if (checksum !== entry.checksum) throw damaged(entry, where, from);
    return readEntry(entry, request, { bytes: pieces(), where, at: from, room });
  });
}

function storedSet(
  { schema, rows, analyzers, entries }: Manifest,
  place: string,
  own: readonly AnalyzerFactory<never>[],
  read: (entry: Entry, request: Request, i: number, room?: TableRoom) => Promise<StateValue>,
): StoredSet {
  const seen = new Set<string>();
  const stored = entries.map((entry, i): StoredState => {
    const { inputs, where, options } = entry.request;
    const request = Object.freeze({ state: entry.state, inputs, where, options });
    const found: StoredState = { request, answers: entry.answers, state: (room) => read(entry, request, i, room) };
    const key = stateKey(found);
    const twice = `${place}: entry ${i + 1}, state '${entry.state}', is there twice`;
    if (seen.has(key)) throw new AssayError('STATE', twice);
    seen.add(key);
    return found;
  });
  return {
    schema: { fields: schema }, rows, analyzers: analyzers.flatMap((json) => known(json, own)), entries: stored,
  };
}

/** All states of a stored set. */
export async function wholeSet(stored: StoredSet): Promise<StateSet> {
  const states = new Map<string, StateValue>();
  for (const entry of stored.entries) states.set(stateKey(entry), await entry.state());
  const { schema, rows, analyzers } = stored;
  return Object.freeze<StateSet>({ schema, rows, analyzers, states });
}

/** A manifest may name an analyzer that this program does not know: its states are of use all the same. */
function known(json: unknown, own: readonly AnalyzerFactory<never>[]): Analyzer[] {
  try {
    return [analyzerFromJSON(json, own as readonly AnalyzerFactory<never>[])];
  } catch {
    return [];
  }
}

/** Where the bytes of an entry are. */
interface EntryBytes {
  readonly bytes: Uint8Array | AsyncIterable<Uint8Array>;
  readonly where: string;
  readonly at: number;
  readonly room?: TableRoom | undefined;
}

async function readEntry(entry: Entry, request: Request, { bytes, where, at, room }: EntryBytes): Promise<StateValue> {
  try {
    const spec = specFor(entry);
    const answers = entry.answers && { answers: entry.answers };
    if (spec.kind === 'table') {
      const { types, measured } = keyTypes(request);
      return { kind: 'table', spec, request, table: await tableFromIpc(bytes, types, measured, room), ...answers };
    }
    const whole = bytes instanceof Uint8Array ? bytes : await collected(bytes);
    return { kind: 'record', spec, request, state: decodeState(spec, request, whole) as object, ...answers };
  } catch (thrown) {
    throw asAssayError(thrown, 'STATE', `${where}, state '${entry.state}' at offset ${at}`);
  }
}

function specFor(entry: Entry): StateSpec {
  const spec = stateSpecs.get(entry.state);
  if (!spec) throw new AssayError('STATE', `this program knows no state '${entry.state}'`);
  if (entry.version !== spec.version) {
    throw new AssayError('STATE', `it has version ${entry.version}; this program reads version ${spec.version}`);
  }
  if (entry.family !== familyOf(spec)) {
    const given = `it depends on hash functions '${entry.family ?? 'none'}'`;
    const own = familyOf(spec) ?? 'none';
    throw new AssayError('STATE', `${given}; this program's are '${own}', and the two cannot be merged`);
  }
  return spec;
}

/** @param size bytes of the file, of which some are given */
function readManifest(bytes: Uint8Array, size: number, place: string): { manifest: Manifest; start: number } {
  const wrong = (at: number, message: string, cause?: unknown) =>
    new AssayError('STATE', `${place}: ${message} (offset ${at})`, { cause });
  if (bytes.length < HEAD) throw wrong(0, `${bytes.length} bytes are fewer than any file of states has`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw wrong(0, 'no file of states: its magic number is missing');
  const version = view.getUint16(4, true);
  if (version !== VERSION) throw wrong(4, `it has version ${version}; this program reads version ${VERSION}`);
  const length = view.getUint32(8, true);
  const start = HEAD + length + padding(length);
  if (start > size) throw wrong(8, `it ends in its manifest: ${length} bytes are promised`);
  if (view.getUint16(6, true) !== 0 || bytes.subarray(HEAD + length, start).some((byte) => byte !== 0)) {
    throw wrong(6, 'it is damaged: there is something where zeros belong');
  }
  const text = bytes.subarray(HEAD, HEAD + length);
  if (view.getUint32(12, true) !== fnv1a(text, fnv1a(bytes.subarray(0, 12)))) {
    throw wrong(12, 'it is damaged: the checksum of its manifest does not fit');
  }
  try {
    const manifest = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)) as Manifest;
    const lists = [manifest.entries, manifest.schema, manifest.analyzers];
    if (lists.every(Array.isArray) && manifest.entries.every(isEntry)) {
      return { manifest, start };
    }
  } catch (cause) {
    throw wrong(HEAD, 'its manifest is no JSON', cause);
  }
  throw wrong(HEAD, 'its manifest lacks schema, analyzers or entries, or one of these is none');
}

function isEntry(entry: Partial<Entry> | null): boolean {
  const answers = entry?.answers ?? [];
  return typeof entry?.state === 'string' && Array.isArray(entry.request?.inputs)
    && Array.isArray(answers) && answers.every((key) => typeof key === 'string');
}

/** Every byte behind the manifest belongs to an entry, or to the zeros behind it. */
function checkLayout(entries: readonly Entry[], start: number, size: number, place: string): void {
  let at = 0;
  const wrong = (message: string) => new AssayError('STATE', `${place}: ${message} (offset ${start + at})`);
  for (const [i, { at: from, length }] of entries.entries()) {
    if (from !== at || !Number.isSafeInteger(length) || length < 0 || start + at + length > size) {
      throw wrong(`it ends in entry ${i + 1} of ${entries.length}`);
    }
    at += length + padding(length);
  }
  if (start + at !== size) throw wrong(`it has ${size} bytes instead of ${start + at}`);
}

/** @param bytes of the entry and the zeros behind it */
function checkEntry(bytes: Uint8Array, entry: Entry, where: string, from: number): void {
  if (fnv1a(bytes.subarray(0, entry.length)) !== entry.checksum) throw damaged(entry, where, from);
  if (bytes.subarray(entry.length).every((byte) => byte === 0)) return;
  throw new AssayError('STATE', `${where}: it is damaged: there is something between it and the next (offset ${from})`);
}

function damaged(entry: Entry, where: string, from: number): AssayError {
  return new AssayError(
    'STATE', `${where}, state '${entry.state}', is damaged: its checksum does not fit (offset ${from})`,
  );
}
