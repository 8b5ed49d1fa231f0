import { arithmetic } from './arithmetic.js';
import { codecs } from './codecs.js';
import { digestColumns } from './digest-columns.js';
import type { FunctionSpec, FunctionTable } from './evaluation.js';
import { mathematics } from './mathematics.js';
import { nested } from './nested.js';
import { rowHashes } from './row-hashes.js';
import { textColumns } from './text-columns.js';
import { textEdits } from './text-edits.js';

/** Functions that few questions call, save those of dates. */
export const rareFunctions: FunctionTable = Object.freeze(
  Object.assign(
    Object.create(null), arithmetic, mathematics, textColumns, textEdits, codecs, digestColumns, nested, rowHashes,
  ),
);

/** One of these by its canonical name. */
export function rareFunction(name: string): FunctionSpec | undefined {
  return rareFunctions[name];
}
