import { fnv1a } from '../base/checksum.js';
import { AssayError, asAssayError } from '../base/errors.js';
import type { Analyzer } from '../analyzers/contract.js';
import type { AnalyzerFactory } from '../analyzers/define.js';
import { analyzerFromJSON } from '../analyzers/registry.js';
import type { Schema } from '../data/types.js';
import { decodeState, encodeState } from '../states/codec.js';
import { requestKey, type Request, type StateSpec } from '../states/contract.js';
import { stateSpecs } from '../states/index.js';
import { keyPartsOf } from '../states/table/key-parts.js';
import { DOUBLE } from '../data/types.js';
import { tableFromIpc, tableToIpc } from '../states/table-arrow.js';
import type { StateSet, StateValue } from './state-set.js';

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
  const sorted = [...set.states].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
  const entries: Entry[] = [];
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const value of sorted) {
    const bytes = await entryBytes(value);
    const { spec, request: { inputs, where, options } } = value;
    entries.push({
      state: spec.name, version: spec.version, family: familyOf(spec), encoding: value.kind === 'table' ? 'arrow' : 'fields',
      request: { inputs, where, options: options ?? null }, at, length: bytes.length, checksum: fnv1a(bytes),
      answers: value.kind === 'record' ? value.answers : undefined,
    });
    pieces.push(bytes, new Uint8Array(padding(bytes.length)));
    at += bytes.length + padding(bytes.length);
  }
  const manifest: Manifest = {
    rows: set.rows, schema: set.schema.fields, analyzers: set.analyzers.flatMap(jsonOf), entries,
  };
  const text = new TextEncoder().encode(JSON.stringify(manifest));
  const start = HEAD + text.length + padding(text.length);
  const out = new Uint8Array(start + at);
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint32(8, text.length, true);
  view.setUint32(12, fnv1a(text, fnv1a(out.subarray(0, 12))), true);
  out.set(text, HEAD);
  let to = start;
  for (const piece of pieces) {
    out.set(piece, to);
    to += piece.length;
  }
  return out;
}

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

async function entryBytes(value: StateValue): Promise<Uint8Array> {
  if (value.kind === 'record') return encodeState(value.spec, value.request, value.state);
  return tableToIpc(value.table, keyTypes(value.request).types);
}

/** What the groups of a table are keyed by, and whether something is added up. */
export function keyTypes(request: Request): { readonly types: readonly Request['inputs'][number]['type'][]; readonly measured: boolean } {
  if (request.state === 'bag') return { types: [DOUBLE], measured: false };
  if (request.state === 'groups') return keyPartsOf(request as never);
  throw new AssayError('UNSUPPORTED', `the state '${request.state}' lives as long as its run: it cannot be stored`);
}

/** Whether the states of a request can be stored: records, and tables of groups. */
export function isStorable(spec: StateSpec): boolean {
  return spec.kind === 'record' || spec.name === 'groups' || spec.name === 'bag';
}

/** What a file of states says of itself, and its states, which are decoded when they are asked for. */
export interface StoredSet {
  readonly schema: Schema;
  readonly rows: number | null;
  readonly analyzers: readonly Analyzer[];
  readonly requests: readonly Request[];
  /** By the key of the request; null: there is none. */
  state(key: string): Promise<StateValue | null>;
}

/**
 * The set in some bytes.
 *
 * @param place names the file in errors
 * @param own analyzers of users, which the manifest may name
 * @throws STATE that names file, entry and offset, for whatever is not such a file
 */
export function decodeSet(bytes: Uint8Array, place: string, own: readonly AnalyzerFactory<never>[] = []): StoredSet {
  const { manifest, start } = readManifest(bytes, place);
  checkEntries(manifest.entries, bytes, start, place);
  const requests = manifest.entries.map((e): Request => {
    const { inputs, where, options } = e.request;
    return Object.freeze({ state: e.state, inputs, where, options });
  });
  const byKey = new Map(requests.map((r, i) => [requestKey(r), i]));
  return {
    schema: { fields: manifest.schema },
    rows: manifest.rows,
    analyzers: manifest.analyzers.flatMap((json) => known(json, own)),
    requests,
    async state(key) {
      const i = byKey.get(key);
      if (i === undefined) return null;
      const entry = manifest.entries[i]!;
      const from = start + entry.at;
      try {
        return await readEntry(entry, requests[i]!, bytes.subarray(from, from + entry.length));
      } catch (thrown) {
        throw asAssayError(thrown, 'STATE', `${place}: entry ${i + 1}, state '${entry.state}' at offset ${from}`);
      }
    },
  };
}

/** All states of a stored set. */
export async function wholeSet(stored: StoredSet): Promise<StateSet> {
  const states = new Map<string, StateValue>();
  for (const request of stored.requests) {
    const key = requestKey(request);
    states.set(key, (await stored.state(key))!);
  }
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

async function readEntry(entry: Entry, request: Request, bytes: Uint8Array): Promise<StateValue> {
  const spec = stateSpecs.get(entry.state);
  if (!spec) throw new AssayError('STATE', `this program knows no state '${entry.state}'`);
  if (entry.version !== spec.version) {
    throw new AssayError('STATE', `it has version ${entry.version}; this program reads version ${spec.version}`);
  }
  if (entry.family !== familyOf(spec)) {
    const given = `it depends on hash functions '${entry.family ?? 'none'}'`;
    throw new AssayError('STATE', `${given}; this program's are '${familyOf(spec) ?? 'none'}', and the two cannot be merged`);
  }
  if (spec.kind === 'record') {
    return { kind: 'record', spec, request, state: decodeState(spec, request, bytes) as object, answers: entry.answers };
  }
  const { types, measured } = keyTypes(request);
  return { kind: 'table', spec, request, table: await tableFromIpc(bytes, types, measured) };
}

function readManifest(bytes: Uint8Array, place: string): { manifest: Manifest; start: number } {
  const wrong = (at: number, message: string, cause?: unknown) =>
    new AssayError('STATE', `${place}: ${message} (offset ${at})`, { cause });
  if (bytes.length < HEAD) throw wrong(0, `${bytes.length} bytes are fewer than any file of states has`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw wrong(0, 'no file of states: its magic number is missing');
  const version = view.getUint16(4, true);
  if (version !== VERSION) throw wrong(4, `it has version ${version}; this program reads version ${VERSION}`);
  const length = view.getUint32(8, true);
  const start = HEAD + length + padding(length);
  if (start > bytes.length) throw wrong(8, `it ends in its manifest: ${length} bytes are promised`);
  if (view.getUint16(6, true) !== 0 || bytes.subarray(HEAD + length, start).some((byte) => byte !== 0)) {
    throw wrong(6, 'it is damaged: there is something where zeros belong');
  }
  const text = bytes.subarray(HEAD, HEAD + length);
  if (view.getUint32(12, true) !== fnv1a(text, fnv1a(bytes.subarray(0, 12)))) {
    throw wrong(12, 'it is damaged: the checksum of its manifest does not fit');
  }
  try {
    const manifest = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)) as Manifest;
    if (Array.isArray(manifest.entries) && Array.isArray(manifest.schema) && Array.isArray(manifest.analyzers)) {
      return { manifest, start };
    }
  } catch (cause) {
    throw wrong(HEAD, 'its manifest is no JSON', cause);
  }
  throw wrong(HEAD, 'its manifest lacks schema, analyzers or entries');
}

/** Every byte behind the manifest belongs to an entry whose checksum fits, or is a zero in between. */
function checkEntries(entries: readonly Entry[], bytes: Uint8Array, start: number, place: string): void {
  let at = 0;
  const wrong = (message: string) => new AssayError('STATE', `${place}: ${message} (offset ${start + at})`);
  const zeros = (from: number, to: number) => {
    for (let i = from; i < to; ++i) if (bytes[i] !== 0) throw wrong('it is damaged: there is something between its entries');
  };
  for (const [i, entry] of entries.entries()) {
    if (entry.at !== at || start + at + entry.length > bytes.length) throw wrong(`it ends in entry ${i + 1} of ${entries.length}`);
    const from = start + at;
    if (fnv1a(bytes.subarray(from, from + entry.length)) !== entry.checksum) {
      throw wrong(`entry ${i + 1}, state '${entry.state}', is damaged: its checksum does not fit`);
    }
    at += entry.length + padding(entry.length);
    zeros(from + entry.length, Math.min(bytes.length, start + at));
  }
  if (start + at !== bytes.length) throw wrong(`it has ${bytes.length} bytes instead of ${start + at}`);
}
