import { fnv1a } from '../../base/checksum.js';
import { asAssayError, AssayError } from '../../base/errors.js';
import { parseJson, writeJson, type Json, type JsonObject } from '../../base/lossless-json.js';
import type { AnalyzerFactory } from '../../analyzers/define.js';
import { analyzerContext } from '../analyzer-context.js';
import { readResult, resultJson } from '../deequ-json.js';
import type { Operation } from './merge.js';

/**
 * An operation as a file: one line of JSON, `{"format":1,"op":"save","result":…}` with a result as in Deequ's files,
 * and one line with the FNV-1a hash of the first in eight hexadecimal digits.
 */
export function encodeEntry({ kind, resultKey, entries }: Operation): Uint8Array {
  const result = resultJson({ resultKey, analyzerContext: analyzerContext(entries) }, {});
  const line = `${writeJson(new Map<string, Json>([['format', 1n], ['op', kind], ['result', result]]))}\n`;
  const bytes = new TextEncoder().encode(line);
  const sum = new TextEncoder().encode(`${hex(bytes)}\n`);
  const out = new Uint8Array(bytes.length + sum.length);
  out.set(bytes);
  out.set(sum, bytes.length);
  return out;
}

const hex = (bytes: Uint8Array) => fnv1a(bytes).toString(16).padStart(8, '0');
const TAIL = 9;

/** The operation in a file; throws SYNTAX that names it if it is damaged. */
export function decodeEntry(
  bytes: Uint8Array, id: string, place: string, own: readonly AnalyzerFactory<never>[],
): Operation {
  const line = bytes.subarray(0, Math.max(0, bytes.length - TAIL));
  const tail = new TextDecoder().decode(bytes.subarray(line.length));
  if (tail !== `${hex(line)}\n`) {
    throw new AssayError('SYNTAX', `${place}: it is damaged: the checksum at offset ${line.length} does not fit`);
  }
  const json = parseJson(new TextDecoder().decode(line), place) as JsonObject;
  if (!(json instanceof Map) || json.get('format') !== 1) {
    throw new AssayError('SYNTAX', `${place}: no operation of a format that this program reads`);
  }
  const kind = json.get('op');
  if (kind !== 'save' && kind !== 'append' && kind !== 'delete') {
    throw new AssayError('SYNTAX', `${place}: unknown operation '${String(kind)}'`);
  }
  try {
    const { resultKey, analyzerContext: context } = readResult(json.get('result') ?? null, own);
    return { id, kind, resultKey, entries: context.entries };
  } catch (thrown) {
    throw asAssayError(thrown, 'SYNTAX', place);
  }
}
