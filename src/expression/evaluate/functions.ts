import { arithmetic } from './arithmetic.js';
import { casts } from './casts.js';
import { codecs } from './codecs.js';
import { conditionals } from './conditionals.js';
import { dateColumns } from './date-columns.js';
import { digestColumns } from './digest-columns.js';
import type { FunctionTable } from './evaluation.js';
import { mathematics } from './mathematics.js';
import { membership } from './membership.js';
import { nested } from './nested.js';
import { operators } from './operators.js';
import { patterns } from './patterns.js';
import { rowHashes } from './row-hashes.js';
import { textColumns } from './text-columns.js';
import { textEdits } from './text-edits.js';

/** Every function that can be evaluated, by its canonical name. */
export const functions: FunctionTable = Object.freeze(
  Object.assign(
    Object.create(null),
    operators, conditionals, membership, casts, arithmetic, mathematics,
    textColumns, textEdits, patterns, codecs, digestColumns, dateColumns, nested, rowHashes,
  ),
);
