import { AssayError } from '../../base/errors.js';
import { BINARY, BOOLEAN, INT, LONG, STRING, sqlTypeName, type DataType } from '../../data/types.js';
import type { Binder } from '../binder.js';
import type { Bound } from '../bound.js';
import { TEXT_OR_BYTES, widerType, wrongType } from '../coerce.js';
import type { FunctionSpec } from './contract.js';

const STRINGS: DataType = { kind: 'array', element: STRING, containsNull: false };
const ARRAY_OF_STRINGS: DataType = { kind: 'array', element: STRING, containsNull: true };

const text = (name: string, doc: string, ...aliases: string[]): FunctionSpec =>
  ({ name, aliases, takes: [STRING], gives: STRING, doc, example: `${name}(name)` });
const size = (name: string, doc: string, ...aliases: string[]): FunctionSpec =>
  ({ name, aliases, takes: [TEXT_OR_BYTES], gives: INT, doc, example: `${name}(name)` });
const digest = (name: string, gives: DataType, doc: string, ...aliases: string[]): FunctionSpec =>
  ({ name, aliases, takes: [BINARY], gives, doc, example: `${name}(name)` });
const hashing = (name: string, gives: DataType, doc: string): FunctionSpec => ({
  name, takes: ['any'], variadic: true,
  bind(args, b) {
    // Equal maps may be stored in different orders, so Spark hashes none.
    const map = args.find((e) => e.type.kind === 'map');
    if (map !== undefined) throw wrongType(`${name}() does not hash ${sqlTypeName(map.type)}`);
    return b.call(name, args, gives);
  },
  doc, example: `${name}(a, b)`,
});

/** TRIM and its sides: the characters come first in Spark's two-argument form, btrim apart. */
const trimming = (name: string, target: string, valueFirst: boolean, doc: string): FunctionSpec => ({
  name, takes: [STRING, STRING], optional: 1,
  bind([x, y], b) {
    if (y === undefined) return b.call(target, [x!], STRING);
    return b.call(target, valueFirst ? [x!, y] : [y, x!], STRING);
  },
  doc, example: `${name}(name)`,
});

/** STARTSWITH and its like: both texts, or both binary. */
const within = (name: string, doc: string): FunctionSpec => ({
  name, takes: [TEXT_OR_BYTES, TEXT_OR_BYTES],
  bind([x, y], b) {
    const type = x!.type.kind === 'binary' && y!.type.kind === 'binary' ? BINARY : STRING;
    return b.call(name, [b.cast(x!, type), b.cast(y!, type)], BOOLEAN);
  },
  doc, example: `${name}(name, 'a')`,
});

const padding = (name: string, doc: string): FunctionSpec => ({
  name, takes: [STRING, INT, STRING], optional: 1,
  bind: ([x, n, pad], b) => b.call(name, [x!, n!, pad ?? b.text(' ')], STRING),
  doc, example: `${name}(code, 5, '0')`,
});

/** CONCAT and ||: all binary, all arrays, or everything as text. */
export function concat(args: readonly Bound[], b: Binder): Bound {
  if (args.length === 0) return b.text('');
  if (args.every((e) => e.type.kind === 'binary')) return joined(args, BINARY, b);
  if (args.some((e) => e.type.kind === 'array')) {
    const type = widerType(args.map((e) => e.type));
    if (type?.kind !== 'array') throw mixed(args);
    return joined(args.map((e) => b.cast(e, type)), type, b);
  }
  const texts = args.map((e) => b.coerce(e, STRING));
  if (!texts.every((e) => e !== null)) throw mixed(args);
  return joined(texts, STRING, b);
}

function joined(args: readonly Bound[], type: DataType, b: Binder): Bound {
  if (args.length === 1) return args[0]!;
  // Texts joined in a row are one call.
  const flat = (e: Bound) => (type.kind === 'string' && e.kind === 'call' && e.fn === 'concat' ? e.args : [e]);
  return b.call('concat', args.flatMap(flat), type);
}

function mixed(args: readonly Bound[]): AssayError {
  return wrongType(`concat() does not join ${args.map((e) => sqlTypeName(e.type)).join(' and ')}; CAST them to string`);
}

/** LIKE, ILIKE, RLIKE. */
export function like(
  op: 'like' | 'ilike' | 'rlike',
  value: Bound,
  pattern: Bound,
  escape: string | null,
  b: Binder,
): Bound {
  const [x, p] = [b.coerce(value, STRING), b.coerce(pattern, STRING)];
  if (x === null || p === null) {
    throw wrongType(`${op.toUpperCase()} takes texts, not ${sqlTypeName((x === null ? value : pattern).type)}`);
  }
  return b.call(op, op === 'rlike' ? [x, p] : [x, p, b.text(escape ?? '\\')], BOOLEAN);
}

/** Texts and bytes. */
export const strings: readonly FunctionSpec[] = [
  size('length', 'The number of characters, or of bytes.', 'char_length', 'character_length', 'len'),
  size('octet_length', 'The number of bytes in UTF-8.'), size('bit_length', 'The number of bits in UTF-8.'),
  text('upper', 'The text in upper case.', 'ucase'), text('lower', 'The text in lower case.', 'lcase'),
  text('initcap', 'Each word with a capital letter.'),
  {
    name: 'reverse', takes: [[STRING, 'array']],
    doc: 'The text or the array turned around.',
    example: 'reverse(name)',
  },
  trimming('trim', 'trim', false, 'The text without spaces at its ends.'),
  trimming('btrim', 'trim', true, 'The text without spaces at its ends.'),
  trimming('ltrim', 'ltrim', false, 'The text without spaces at its start.'),
  trimming('rtrim', 'rtrim', false, 'The text without spaces at its end.'),
  {
    name: 'concat', takes: ['any'], optional: 1, variadic: true, bind: concat,
    doc: 'The values one after another.',
    example: "concat(a, '-', b)",
  },
  {
    name: 'concat_ws', takes: [STRING, 'strings'], optional: 1, variadic: true, gives: STRING,
    doc: 'The values with a separator between them, nulls left out.',
    example: "concat_ws('-', a, b)",
  },
  {
    name: 'substring', aliases: ['substr'], takes: [[STRING, BINARY], INT, INT], optional: 1,
    bind: ([x, from, n], b) => b.call('substring', [x!, from!, n ?? b.int(2147483647)], x!.type),
    doc: 'A part of the text: from a position, counted from 1, some characters.', example: 'substring(name, 1, 2)',
  },
  { name: 'left', takes: [STRING, INT], gives: STRING, doc: 'The first characters.', example: 'left(name, 2)' },
  { name: 'right', takes: [STRING, INT], gives: STRING, doc: 'The last characters.', example: 'right(name, 2)' },
  { name: 'repeat', takes: [STRING, INT], gives: STRING, doc: 'The text several times.', example: "repeat('x', 3)" },
  { name: 'space', takes: [INT], gives: STRING, doc: 'So many spaces.', example: 'space(3)' },
  {
    name: 'replace', takes: [STRING, STRING, STRING], optional: 1,
    bind: ([x, search, by], b) => b.call('replace', [x!, search!, by ?? b.text('')], STRING),
    doc: 'The text with every occurrence of a part replaced.', example: "replace(phone, ' ', '')",
  },
  {
    name: 'translate', takes: [STRING, STRING, STRING], gives: STRING,
    doc: 'The text with single characters exchanged.',
    example: "translate(code, 'abc', 'xyz')",
  },
  {
    name: 'substring_index', takes: [STRING, STRING, INT], gives: STRING,
    doc: 'What stands before the n-th delimiter.',
    example: "substring_index(mail, '@', 1)",
  },
  {
    name: 'instr', takes: [STRING, STRING], gives: INT,
    doc: 'The position of a part in the text, 0 if absent.',
    example: "instr(mail, '@')",
  },
  {
    name: 'locate', aliases: ['position'], takes: [STRING, STRING, INT], optional: 1,
    bind: ([part, x, from], b) => b.call('locate', [part!, x!, from ?? b.int(1)], INT),
    doc: 'The position of a part in the text, from a start on.', example: "locate('@', mail)",
  },
  padding('lpad', 'The text filled up or cut to a length, at its start.'),
  padding('rpad', 'The text filled up or cut to a length, at its end.'),
  { name: 'ascii', takes: [STRING], gives: INT, doc: 'The code of the first character.', example: 'ascii(code)' },
  { name: 'chr', aliases: ['char'], takes: [LONG], gives: STRING, doc: 'The character of a code.', example: 'chr(65)' },
  within('startswith', 'Whether the text begins with another.'),
  within('endswith', 'Whether the text ends with another.'),
  within('contains', 'Whether the text holds another.'),
  {
    name: 'rlike', aliases: ['regexp_like', 'regexp'], takes: [STRING, STRING], gives: BOOLEAN,
    doc: 'Whether a regex is found in the text.',
    example: "rlike(code, '^[A-Z]+$')",
  },
  {
    name: 'like', takes: [STRING, STRING, STRING], optional: 1,
    bind: ([x, p, escape], b) => like('like', x!, p!, escapeOf(escape), b),
    doc: 'Whether the text matches a LIKE pattern.',
    example: "like(name, 'a%')",
  },
  {
    name: 'ilike', takes: [STRING, STRING, STRING], optional: 1,
    bind: ([x, p, escape], b) => like('ilike', x!, p!, escapeOf(escape), b),
    doc: 'LIKE that takes no heed of case.',
    example: "ilike(name, 'a%')",
  },
  {
    name: 'regexp_replace', takes: [STRING, STRING, STRING, INT], optional: 1,
    bind: ([x, p, by, from], b) => b.call('regexp_replace', [x!, p!, by!, from ?? b.int(1)], STRING),
    doc: 'The text with every match of a regex replaced.', example: "regexp_replace(phone, '[^0-9]', '')",
  },
  {
    name: 'regexp_extract', takes: [STRING, STRING, INT], optional: 1,
    bind: ([x, p, group], b) => b.call('regexp_extract', [x!, p!, group ?? b.int(1)], STRING),
    doc: 'A group of the first match of a regex; empty without a match.', example: "regexp_extract(mail, '@(.*)', 1)",
  },
  {
    name: 'split', takes: [STRING, STRING, INT], optional: 1,
    bind: ([x, p, limit], b) => b.call('split', [x!, p!, limit ?? b.int(-1)], STRINGS),
    doc: 'The parts of the text between matches of a regex.', example: "split(tags, ',')",
  },
  {
    name: 'levenshtein', takes: [STRING, STRING], gives: INT,
    doc: 'The edit distance of two texts.',
    example: "levenshtein(name, 'abc')",
  },
  text('soundex', 'How a text sounds in English.'),
  digest('md5', STRING, 'The MD5 hash in hex.'), digest('sha1', STRING, 'The SHA-1 hash in hex.', 'sha'),
  {
    name: 'sha2', takes: [BINARY, INT], gives: STRING,
    doc: 'A SHA-2 hash in hex: of 224, 256, 384 or 512 bits.',
    example: 'sha2(name, 256)',
  },
  digest('crc32', LONG, 'The CRC-32 of the bytes.'), digest('base64', STRING, 'The bytes in base 64.'),
  {
    name: 'unbase64', takes: [STRING], gives: BINARY,
    doc: 'The bytes of a text in base 64.',
    example: 'unbase64(data)',
  },
  { name: 'hex', takes: [[LONG, BINARY, STRING]], gives: STRING, doc: 'The value in hex.', example: 'hex(id)' },
  { name: 'unhex', takes: [STRING], gives: BINARY, doc: 'The bytes of a text in hex.', example: "unhex('1F')" },
  {
    name: 'encode', takes: [STRING, STRING], gives: BINARY,
    doc: 'The bytes of a text in a charset.',
    example: "encode(name, 'UTF-8')",
  },
  hashing('xxhash64', LONG, 'The XXH64 hash of the values, seed 42.'),
  hashing('hash', INT, 'The Murmur3 hash of the values, seed 42.'),
  {
    name: 'array_join', takes: [ARRAY_OF_STRINGS, STRING, STRING], optional: 1, gives: STRING,
    doc: 'The texts of an array with a delimiter between them.', example: "array_join(tags, ',')",
  },
];

function escapeOf(e: Bound | undefined): string | null {
  if (e === undefined) return null;
  if (e.kind === 'literal' && typeof e.value === 'string' && e.value.length === 1) return e.value;
  throw wrongType('the escape character of LIKE must be a string of one character');
}
