import { nonSpacingMarks, lettersAndDigits, wordCharacters } from './properties.js';
import { holds, setTable, type SetTable } from './set-table.js';
import { decodeAt, decodeBefore, stepBack } from './utf8.js';

let letters: SetTable | undefined;
let marks: SetTable | undefined;
let words: SetTable | undefined;
let unicodeWords: SetTable | undefined;

/** Whether the text between start and end has a terminator of lines that begins at a place; 2: it is \r\n. */
function terminatorAt(bytes: Uint8Array, at: number, end: number): number {
  const b = bytes[at]!;
  if (b === 10) return 1;
  if (b === 13) return at + 1 < end && bytes[at + 1] === 10 ? 2 : 1;
  if (b === 0xc2) return at + 1 < end && bytes[at + 1] === 0x85 ? 2 : 0;
  if (b === 0xe2) return at + 2 < end && bytes[at + 1] === 0x80 && (bytes[at + 2]! | 1) === 0xa9 ? 3 : 0;
  return 0;
}

function isAfterTerminator(bytes: Uint8Array, at: number, start: number): boolean {
  const b = bytes[at - 1]!;
  if (b === 10 || b === 13) return true;
  if (b < 0x80) return false;
  const c = decodeBefore(bytes, at, start);
  return c === 0x85 || c === 0x2028 || c === 0x2029;
}

/** `(?m)^`: behind a terminator, but not at the end of the text. */
export function isLineBegin(bytes: Uint8Array, at: number, start: number, end: number): boolean {
  if (at === end) return false;
  if (at === start) return true;
  return isAfterTerminator(bytes, at, start) && !(bytes[at - 1] === 13 && bytes[at] === 10);
}

/** `$`: at the end or before a terminator, in single-line mode the last one only. */
export function isLineEnd(bytes: Uint8Array, at: number, start: number, end: number, multiline: boolean): boolean {
  if (at === end) return true;
  const width = terminatorAt(bytes, at, end);
  if (width === 0 || (bytes[at] === 10 && at > start && bytes[at - 1] === 13)) return false;
  return multiline || at + width === end;
}

/** `\b`: between a word and what is none; marks belong to the letter before them. */
export function isBoundary(
  bytes: Uint8Array, at: number, start: number, end: number, unicodeClasses: boolean,
): boolean {
  words ??= setTable(wordCharacters(false));
  if (unicodeClasses) unicodeWords ??= setTable(wordCharacters(true));
  const table = unicodeClasses ? unicodeWords! : words;
  const left = at > start && isWordAt(bytes, stepBack(bytes, at, start), start, end, table);
  const right = at < end && isWordAt(bytes, at, start, end, table);
  return left !== right;
}

function isWordAt(bytes: Uint8Array, at: number, start: number, end: number, table: SetTable): boolean {
  const c = decodeAt(bytes, at, end);
  if (holds(table, c)) return true;
  if (c < 128) return false;
  marks ??= setTable(nonSpacingMarks());
  letters ??= setTable(lettersAndDigits());
  let i = at;
  let before = c;
  while (holds(marks, before)) {
    if (i === start) return false;
    before = decodeBefore(bytes, i, start);
    if (holds(letters, before)) return true;
    i = stepBack(bytes, i, start);
  }
  return false;
}

/** Whether a place is one of those that `PLACES` of the program numbers. */
export function isPlace(
  place: number, bytes: Uint8Array, at: number, start: number, end: number, last: number,
): boolean {
  switch (place) {
    case 0:
      return at === start;
    case 1:
      return at === end;
    case 2:
      return at === last;
    case 3:
      return isLineBegin(bytes, at, start, end);
    case 4:
      return isLineEnd(bytes, at, start, end, true);
    case 5:
      return isLineEnd(bytes, at, start, end, false);
    case 6:
      return at !== end && (at === start || bytes[at - 1] === 10);
    case 7:
      return at === end || bytes[at] === 10;
    case 8:
      return at === end || (bytes[at] === 10 && at + 1 === end);
    case 9:
    case 10:
      return isBoundary(bytes, at, start, end, false) === (place === 9);
    default:
      return isBoundary(bytes, at, start, end, true) === (place === 11);
  }
}

/** Whether that many characters stand before a place. */
export function hasBefore(bytes: Uint8Array, start: number, at: number, least: number): boolean {
  let from = at;
  for (let n = 0; n < least; n++) {
    if (from === start) return false;
    from = stepBack(bytes, from, start);
  }
  return true;
}
