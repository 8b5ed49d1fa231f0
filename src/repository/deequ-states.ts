import { AssayError } from '../base/errors.js';
import type { Analyzer } from '../analyzers/contract.js';
import { hasFrequencies } from '../analyzers/frequencies.js';
import type { DataType } from '../data/types.js';
import { hllFromDeequ, hllToDeequ } from '../sketches/hll.js';
import { folderStorage } from '../storage/folder.js';
import type { Storage } from '../storage/storage.js';
import type { Request } from '../states/contract.js';
import type { StateProvider } from './state-provider.js';
import { groupedAlike, isFrequencies, readFrequencies, writeFrequencies } from './deequ-frequencies.js';
import { hasResult, readResult, writeResult } from './deequ-results.js';
import { stateFinder } from './state-keys.js';
import { lackOf, type StateSet, type StateValue, type WantedState } from './state-set.js';

/** How Deequ's state files are kept. */
export interface DeequStateOptions {
  /** Whether states may take the place of others; default false, as in Deequ. */
  readonly allowOverwrite?: boolean | undefined;
}

/**
 * The state files of Deequ's HdfsStateProvider: `<prefix>-<identifier>.bin` per analyzer, and for those that group
 * `<prefix>-<identifier>-frequencies.pqt` and `-num_rows.bin`. They know less than Assay's states: which columns there
 * are, how many values a sum or an extremum is of. What is read from them answers the analyzer that they are of, and
 * is merged and saved as such. Of InterquartileRange and ExactQuantile they hold results, which merge with nothing.
 *
 * @param prefix of the paths, e.g. `states/day1`
 */
export function DeequStateProvider(prefix: string, options: DeequStateOptions = {}): StateProvider {
  const cut = Math.max(prefix.lastIndexOf('/'), prefix.lastIndexOf('\\'));
  return deequStates(folderStorage(cut < 0 ? '.' : prefix.slice(0, cut) || '/'), prefix.slice(cut + 1), options);
}

/** The same in a storage. */
export function deequStates(
  storage: Storage, prefix: string, { allowOverwrite = false }: DeequStateOptions = {},
): StateProvider {
  const startOf = (analyzer: Analyzer) => `${prefix}-${deequIdentifier(String(analyzer))}`;
  const fileOf = (analyzer: Analyzer) => `${startOf(analyzer)}.bin`;
  const place = storage.place(prefix);
  return Object.freeze<StateProvider>({
    place,
    load: async () => ({
      schema: null,
      rows: null,
      async state(wanted) {
        const { analyzer, request } = wanted;
        if (hasFrequencies(analyzer)) {
          if (request.state !== 'groups') return unknownRows(wanted);
          for (const other of groupedAlike(analyzer)) {
            const found = await readFrequencies(storage, startOf(other), wanted);
            if (found) return found;
          }
          throw lackOf(wanted, [], `'${storage.place(startOf(analyzer))}-num_rows.bin' does not exist: ${place}`);
        }
        const path = fileOf(analyzer);
        const read = readerFor(analyzer);
        const bytes = await storage.read(path);
        if (bytes && !isMain(analyzer, request)) return unknownRows(wanted);
        if (!bytes) throw lackOf(wanted, [], `'${storage.place(path)}' does not exist: ${place}`);
        return read(wanted, bytes, storage.place(path));
      },
    }),
    async save(set) {
      const added: string[] = [];
      const write = async (path: string, bytes: Uint8Array) => {
        const written = await storage.write(path, bytes, allowOverwrite ? {} : { ifAbsent: true });
        if (written === null) throw new AssayError(
          'CONFLICT', `'${storage.place(path)}' is there already: allow to overwrite it`,
        );
        if (!allowOverwrite) added.push(path);
      };
      try {
        for (const [analyzer, value] of [...askedStates(set)]) {
          if (hasFrequencies(analyzer) && value.kind === 'table') {
            await writeFrequencies(storage, startOf(analyzer), analyzer, value, write);
            continue;
          }
          const bytes = writerFor(analyzer)(value);
          if (bytes) await write(fileOf(analyzer), bytes); // Deequ stores no empty states
        }
      } catch (thrown) {
        for (const path of added) await storage.remove(path);
        throw thrown;
      }
    },
  });
}

type Read = (wanted: WantedState, bytes: Uint8Array, place: string) => StateValue;

function readerFor(analyzer: Analyzer): Read {
  if (hasResult(analyzer)) return readResult;
  const format = formatOf(analyzer);
  return (wanted, bytes, place) => readState(format, wanted, bytes, place);
}

function writerFor(analyzer: Analyzer): (value: StateValue) => Uint8Array | null {
  if (hasResult(analyzer)) return (value) => writeResult(analyzer, value);
  const format = formatOf(analyzer);
  return (value) => writeState(format, value);
}

function* askedStates({ analyzers, states, asks }: StateSet): Generator<readonly [Analyzer, StateValue]> {
  const find = stateFinder(states.values());
  for (const analyzer of analyzers) {
    if (!hasFrequencies(analyzer)) writerFor(analyzer);
    if (!asks) throw cannotStore(analyzer, 'these states do not say whose they are; store what a run computed');
    const values = (asks.get(analyzer.key) ?? []).flatMap((key) => find(key, analyzer) ?? []);
    const main = values.find((v) => isMain(analyzer, v.request));
    if (main) yield [analyzer, main];
  }
}

/** Whether a request is the one whose state Deequ stores, and not about the rows that the analyzer sees. */
function isMain(analyzer: Analyzer, request: Request): boolean {
  const { state, inputs } = request;
  if (hasFrequencies(analyzer)) return isFrequencies(analyzer, request);
  return state !== 'matches' || inputs.length > 0 || analyzer.analyzer === 'Size';
}

/** Deequ's files do not say how many rows there were: some. */
function unknownRows({ request, spec, analyzer }: WantedState): StateValue {
  if (spec.kind !== 'record') throw cannotStore(analyzer, 'it rests on a table');
  const state = request.state === 'sums' ? { n: 1, exact: 0n, double: 0 } : { ...counts(1), known: 0, true: 0 };
  return { kind: 'record', spec, request, state, answers: [analyzer.key] };
}

function cannotStore(analyzer: Analyzer, why: string): AssayError {
  return new AssayError('UNSUPPORTED', `Deequ's state files cannot hold ${String(analyzer)}: ${why}`);
}

/**
 * The name under which Deequ stores an analyzer's state: the signed Murmur3 hash (Appleby 2011) of its text, as
 * Scala's.
 */
export function deequIdentifier(text: string): string {
  let h = 42;
  const mix = (k: number) => Math.imul(rotated(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);
  let i = 0;
  for (; i + 1 < text.length; i += 2) {
    h = (Math.imul(rotated(h ^ mix((text.charCodeAt(i) << 16) + text.charCodeAt(i + 1)), 13), 5) + 0xe6546b64) | 0;
  }
  if (i < text.length) h ^= mix(text.charCodeAt(i));
  h ^= text.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return String(h ^ (h >>> 16));
}

const rotated = (x: number, by: number) => (x << by) | (x >>> (32 - by));

/** How an analyzer's file is laid out, big-endian. */
interface Format {
  /** Bytes; null: a length stands before them. */
  readonly bytes: number | null;
  /** The state, and whether it answers no other analyzer than the one of the file. */
  read(view: DataView, request: Request): object;
  readonly poor?: boolean;
  /** Null: an empty state, which is not stored. */
  write(state: any, view: DataView, request: Request): Uint8Array | null | void;
}

const counts = (n: number) => ({ rows: n, whereKnown: n, scope: n });
const int64 = (view: DataView, at: number) => Number(view.getBigInt64(at));
const setInt64 = (view: DataView, at: number, n: number) => view.setBigInt64(at, BigInt(n));

const size: Format = {
  bytes: 8,
  read: (v) => ({ ...counts(int64(v, 0)), known: 0, true: 0 }),
  write: (s, v) => setInt64(v, 0, s.scope),
};
const zeros: Format = {
  bytes: 8,
  poor: true,
  read: (v) => ({ ...counts(Math.max(1, int64(v, 0))), known: Math.max(1, int64(v, 0)), true: int64(v, 0) }),
  write: (s, v) => (s.rows === 0 ? null : setInt64(v, 0, s.true)),
};
const matched: Format = {
  bytes: 16,
  read: (v) => ({ ...counts(int64(v, 8)), known: int64(v, 8), true: int64(v, 0) }),
  write: (s, v) => (s.scope === 0 ? null : (setInt64(v, 0, s.true), setInt64(v, 8, s.scope))),
};
/** A state as soon as there is a row, even if the filter leaves none. */
const completeness: Format = {
  bytes: 16,
  read: (v) => ({ ...counts(int64(v, 8)), rows: Math.max(1, int64(v, 8)), known: int64(v, 8), true: int64(v, 0) }),
  write: (s, v) => (s.rows === 0 ? null : (setInt64(v, 0, s.true), setInt64(v, 8, s.scope))),
};
const sum: Format = {
  bytes: 8,
  poor: true,
  read: (v, r) => ({ n: 1, ...sumFrom(v.getFloat64(0), r.inputs[0]!.type) }),
  write: (s, v, r) => (s.n === 0 ? null : v.setFloat64(0, sumAsDouble(s, r.inputs[0]!.type))),
};
const mean: Format = {
  bytes: 16,
  read: (v, r) => ({ n: int64(v, 8), ...sumFrom(v.getFloat64(0), r.inputs[0]!.type) }),
  write: (s, v, r) => (s.n === 0 ? null : (v.setFloat64(0, sumAsDouble(s, r.inputs[0]!.type)), setInt64(v, 8, s.n))),
};
const extremum = (which: 'min' | 'max'): Format => ({
  bytes: 8,
  poor: true,
  read(v, r) {
    const x = valueFrom(v.getFloat64(0), r.inputs[0]!.type);
    return { n: 1, min: x, max: x };
  },
  write: (s, v, r) => (s.n === 0 ? null : v.setFloat64(0, asDouble(s[which], r.inputs[0]!.type))),
});
const range: Format = {
  bytes: 16,
  read: (v, r) => ({
    n: 1, min: valueFrom(v.getFloat64(0), r.inputs[0]!.type), max: valueFrom(v.getFloat64(8), r.inputs[0]!.type),
  }),
  write(s, v, r) {
    if (s.n === 0) return null;
    v.setFloat64(0, asDouble(s.min, r.inputs[0]!.type));
    v.setFloat64(8, asDouble(s.max, r.inputs[0]!.type));
  },
};
/** Moments and co-moments: doubles in the order of the fields. */
const doubles = (...fields: string[]): Format => ({
  bytes: 8 * fields.length,
  read: (v, r) => Object.fromEntries(
    [...(r.state === 'moments' ? [['m3', 0], ['m4', 0]] : []), ...fields.map((f, i) => [f, v.getFloat64(8 * i)])],
  ),
  write: (s, v) => (s.n === 0 ? null : fields.forEach((f, i) => v.setFloat64(8 * i, s[f]))),
});
const types: Format = {
  bytes: null,
  read(v) {
    const at = (i: number) => int64(v, 8 * i);
    if (v.byteLength !== 40) throw new AssayError('STATE', `${v.byteLength} bytes instead of 40`);
    return { null: at(0), fractional: at(1), integral: at(2), boolean: at(3), string: at(4), outside: 0 };
  },
  write(s) {
    const view = new DataView(new ArrayBuffer(40));
    [s.null + s.outside, s.fractional, s.integral, s.boolean, s.string].forEach((n, i) => setInt64(view, 8 * i, n));
    return new Uint8Array(view.buffer);
  },
};
const bytesOf = (view: DataView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
const distinct: Format = {
  bytes: null,
  read: (v) => ({ registers: hllFromDeequ(bytesOf(v)) }),
  write: (s) => hllToDeequ(s.registers),
};
const digest: Format = {
  bytes: null,
  read: (v) => ({ digest: bytesOf(v) }),
  write: (s) => (new DataView(s.digest.buffer, s.digest.byteOffset).getBigInt64(12) === 0n ? null : s.digest),
};

const FORMATS: Readonly<Record<string, Format>> = {
  Size: size, ZerosCount: zeros, Completeness: completeness, Compliance: matched, PatternMatch: matched,
  Sum: sum, Mean: mean, Range: range,
  Minimum: extremum('min'), MinLength: extremum('min'), Maximum: extremum('max'), MaxLength: extremum('max'),
  StandardDeviation: doubles('n', 'mean', 'm2'), Variance: doubles('n', 'mean', 'm2'),
  Skewness: doubles('n', 'mean', 'm2', 'm3'), Kurtosis: doubles('n', 'mean', 'm2', 'm3', 'm4'),
  Correlation: doubles('n', 'xAvg', 'yAvg', 'ck', 'xMk', 'yMk'),
  DataType: types, ApproxCountDistinct: distinct, ApproxQuantile: digest,
};

function formatOf(analyzer: Analyzer): Format {
  const format = FORMATS[analyzer.analyzer];
  if (format) return format;
  throw cannotStore(analyzer, 'Deequ has no file for it either');
}

function readState(
  format: Format, { request, spec, analyzer }: WantedState, bytes: Uint8Array, place: string,
): StateValue {
  const wrong = (message: string) => new AssayError('STATE', `${place}: no state of ${String(analyzer)}: ${message}`);
  if (spec.kind !== 'record') throw wrong('that is a table');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let content = view;
  if (format.bytes === null) {
    if (bytes.length < 4 || view.getInt32(0) !== bytes.length - 4) throw wrong('its length does not fit');
    content = new DataView(bytes.buffer, bytes.byteOffset + 4, bytes.length - 4);
  } else if (bytes.length !== format.bytes) throw wrong(`${bytes.length} bytes instead of ${format.bytes}`);
  const state = format.read(content, request);
  for (const [field, kind] of Object.entries(spec.fields)) {
    const value = (state as Record<string, unknown>)[field];
    if (kind === 'count' && !(Number.isSafeInteger(value) && (value as number) >= 0)) throw wrong(
      `the count ${String(value)}`,
    );
  }
  try {
    spec.check?.(state, request);
  } catch (thrown) {
    throw wrong(thrown instanceof Error ? thrown.message : String(thrown));
  }
  return { kind: 'record', spec, request, state, ...(format.poor ? { answers: [analyzer.key] } : {}) };
}

function writeState(format: Format, value: StateValue): Uint8Array | null {
  if (value.kind !== 'record') throw new AssayError('INTERNAL', 'a table for a binary file of Deequ');
  const view = new DataView(new ArrayBuffer(format.bytes ?? 0));
  const written = format.write(value.state, view, value.request);
  if (written === null) return null;
  if (format.bytes !== null) return new Uint8Array(view.buffer);
  const content = written as Uint8Array;
  const out = new Uint8Array(4 + content.length);
  new DataView(out.buffer).setInt32(0, content.length);
  out.set(content, 4);
  return out;
}

function isFloat({ kind }: DataType): boolean {
  return kind === 'float' || kind === 'double';
}

const scaleOf = (type: DataType) => (type.kind === 'decimal' ? type.scale : 0);

/** A sum in the fields of `sums`. */
function sumFrom(x: number, type: DataType): { exact: bigint; double: number } {
  if (isFloat(type)) return { exact: 0n, double: x };
  return { exact: unscaled(x, scaleOf(type)), double: 0 };
}

function sumAsDouble({ exact, double }: { exact: bigint; double: number }, type: DataType): number {
  return isFloat(type) ? double : Number(exact) / 10 ** scaleOf(type);
}

/** A double as an integer of that many decimals: its shortest digits, rounded. */
function unscaled(x: number, scale: number): bigint {
  if (!Number.isFinite(x)) throw new AssayError('STATE', `${x} is no number of its column's type`);
  if (Math.abs(x) < 1e21) {
    const [whole, fraction = ''] = x.toFixed(Math.min(scale, 100)).split('.');
    return BigInt(`${whole}${fraction}`);
  }
  return BigInt(x) * 10n ** BigInt(scale);
}

/** A value of a column's type, which Deequ keeps as a double. */
function valueFrom(x: number, type: DataType): number | bigint {
  if (type.kind === 'long' || type.kind === 'decimal') return unscaled(x, scaleOf(type));
  return x;
}

function asDouble(value: number | bigint, type: DataType): number {
  return Number(value) / 10 ** scaleOf(type);
}
