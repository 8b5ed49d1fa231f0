// Structs of Thrift's compact protocol as numbers: what is wanted of them lands in slots, everything else is skipped.
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
//
// The wish: u16 per field of a struct, 16 fields a struct (field 0 is never one), struct 0 the outermost: what is done with the
// field in the upper byte (below), and a slot or the number of a struct in the lower.
//
// Slots: f64. Those of fields that are not there, or of another type than is wanted, are NaN.

const SKIP: u32 = 0, NUMBER: u32 = 1, FLAG: u32 = 2, STRUCT_OF: u32 = 3, BYTES: u32 = 4, BITS: u32 = 5, TEXTS: u32 = 6, LIST_OF: u32 = 7;
const THERE: u32 = 8, ENCODINGS_OF: u32 = 9;

const STOP: i32 = 0, NONE: i32 = i32.MIN_VALUE;
const TRUE: u32 = 1, FALSE: u32 = 2, BYTE: u32 = 3, I16: u32 = 4, I32: u32 = 5, I64: u32 = 6;
const DOUBLE: u32 = 7, BINARY: u32 = 8, LIST: u32 = 9, SET: u32 = 10, STRUCT: u32 = 12;
const DEEPEST: i32 = 32;
const DICTIONARY_PAGE: i64 = 2;
const FAR: i64 = 0xffffff; // numbers of fields have 16 bits

/** Why nothing was read; as `ThriftRecords` spells them out. */
const ENDS: i32 = -1, TOO_LONG: i32 = -2, LEADS_OUT: i32 = -3, TOO_DEEP: i32 = -4, UNKNOWN: i32 = -5;

let begin: usize = 0;
let place: usize = 0;
let end: usize = 0;
let wrong: i32 = 0;

/** Ends all reading. */
function fail(why: i32): u64 {
  if (wrong == 0) wrong = why;
  place = end;
  return 0;
}

function byte(): u32 {
  if (place >= end) return <u32>fail(ENDS);
  return <u32>load<u8>(place++);
}

function unsigned(): u64 {
  let value: u64 = 0;
  for (let shift: u64 = 0; shift < 70; shift += 7) {
    const next = <u64>byte();
    value |= (next & 127) << shift;
    if (next < 128) return value;
  }
  return fail(TOO_LONG);
}

/** Zigzag: the sign is the lowest bit. */
function signed(): i64 {
  const value = unsigned();
  return <i64>(value >> 1) ^ -<i64>(value & 1);
}

/** A number of bytes or values, which cannot be more than there are bytes. */
function size(): u64 {
  const value = unsigned();
  if (value > <u64>(end - place)) return fail(value > <u64>(end - begin) ? LEADS_OUT : ENDS);
  return value;
}

/** The number of values of a list, and their type in the lower four bits. */
function listHead(): u64 {
  const head = <u64>byte();
  return ((head >> 4) == 15 ? size() : head >> 4) << 4 | (head & 15);
}

/** The number of the next field of a struct; the type is in the lower four bits. NONE: there is none. */
function nextField(last: i32): i32 {
  const head = <i32>byte();
  if (head == STOP) return NONE;
  const field = (head >> 4) == 0 ? <i32>max<i64>(-FAR, min<i64>(signed(), FAR)) : last + (head >> 4);
  return (field << 4) | (head & 15);
}

function skip(type: u32, depth: i32): void {
  if (depth > DEEPEST) {
    fail(TOO_DEEP);
    return;
  }
  switch (type) {
    case TRUE: case FALSE: return;
    case BYTE: byte(); return;
    case I16: case I32: case I64: unsigned(); return;
    case DOUBLE:
      if (end - place < 8) fail(ENDS);
      else place += 8;
      return;
    case BINARY: {
      const length = <usize>size(); // which moves the place
      place += length;
      return;
    }
    case LIST: case SET: {
      const head = listHead();
      const inner = <u32>head & 15;
      for (let left = head >> 4; left > 0 && wrong == 0; left--) {
        if (inner <= FALSE) byte();
        else skip(inner, depth + 1);
      }
      return;
    }
    case STRUCT: {
      for (let field = nextField(0); field != NONE && wrong == 0; field = nextField(field >> 4)) skip(<u32>field & 15, depth + 1);
      return;
    }
    default: fail(UNKNOWN);
  }
}

/** The numbers of a list as bits; such as have none are bit 30. */
function bits(): f64 {
  const head = listHead();
  let all: u32 = 0;
  for (let left = head >> 4; left > 0 && wrong == 0; left--) {
    const type = <u32>head & 15;
    if (type >= BYTE && type <= I64) {
      const value = type == BYTE ? <i64>byte() : signed();
      all |= <u32>1 << (value >= 0 && value < 30 ? <u32>value : 30);
    } else {
      if (type <= FALSE) byte();
      else skip(type, 1);
      all |= <u32>1 << 30;
    }
  }
  return <f64>all;
}

/** Of a list of page encoding statistics the encodings of all pages but dictionaries, as bits; NaN: it is empty, or something else. */
function encodings(): f64 {
  const head = listHead();
  if ((head & 15) != STRUCT || (head >> 4) == 0) return NaN;
  let all: u32 = 0;
  for (let left = head >> 4; left > 0 && wrong == 0; left--) {
    let page: i64 = -1, encoding: i64 = -1;
    for (let field = nextField(0); field != NONE && wrong == 0; field = nextField(field >> 4)) {
      const id = field >> 4, type = <u32>field & 15;
      if (id == 1 && type == I32) page = signed();
      else if (id == 2 && type == I32) encoding = signed();
      else skip(type, 1);
    }
    if (page != DICTIONARY_PAGE) all |= <u32>1 << (encoding >= 0 && encoding < 30 ? <u32>encoding : 30);
  }
  return <f64>all;
}

function fields(from: usize, wish: usize, struct: u32, slots: usize, depth: i32): void {
  if (depth > DEEPEST) {
    fail(TOO_DEEP);
    return;
  }
  for (let field = nextField(0); field != NONE && wrong == 0; field = nextField(field >> 4)) {
    const id = <u32>(field >> 4), type = <u32>field & 15;
    const wanted = id < 16 ? <u32>load<u16>(wish + (<usize>(struct << 4 | id) << 1)) : SKIP;
    const slot = slots + (<usize>(wanted & 255) << 3);
    const kind = wanted >> 8;
    const isList = type == LIST || type == SET;
    if (kind == NUMBER && type >= BYTE && type <= I64) {
      store<f64>(slot, type == BYTE ? <f64>byte() : <f64>signed());
    } else if (kind == FLAG && (type == TRUE || type == FALSE)) {
      store<f64>(slot, type == TRUE ? 1 : 0);
    } else if (kind == STRUCT_OF && type == STRUCT) {
      fields(from, wish, wanted & 255, slots, depth + 1);
    } else if (kind == BYTES && type == BINARY) {
      const length = size();
      store<f64>(slot, <f64>(place - from));
      store<f64>(slot, <f64>length, 8);
      place += <usize>length;
    } else if (kind == BITS && isList) {
      store<f64>(slot, bits());
    } else if (kind == TEXTS && isList) {
      const before = place;
      const head = listHead();
      store<f64>(slot, <f64>(head >> 4));
      if ((head >> 4) > 0 && (head & 15) == BINARY) {
        const length = size();
        store<f64>(slot, <f64>(place - from), 8);
        store<f64>(slot, <f64>length, 16);
      }
      if (wrong == 0) place = before;
      skip(type, depth);
    } else if (kind == LIST_OF && isList) {
      const before = place;
      const head = listHead();
      if ((head & 15) == STRUCT) {
        store<f64>(slot, <f64>(head >> 4));
        store<f64>(slot, <f64>(place - from), 8);
      }
      if (wrong == 0) place = before;
      skip(type, depth);
    } else if (kind == ENCODINGS_OF && isList) {
      const before = place;
      store<f64>(slot, encodings());
      if (wrong == 0) place = before;
      skip(type, depth);
    } else if (kind == THERE) {
      store<f64>(slot, 1);
      skip(type, depth);
    } else {
      skip(type, depth);
    }
  }
}

/**
 * Reads so many structs that lie one after the other, each into as many slots as `each` says, which are NaN where nothing is found;
 * places count from the first of them. How many bytes they have together, less than 0: why one is malformed.
 */
export function thriftStructs(from: usize, bytes: usize, wish: usize, slots: usize, each: i32, count: i32): i32 {
  begin = place = from;
  end = from + bytes;
  wrong = 0;
  for (; count > 0 && wrong == 0; count--) {
    for (let i = 0; i < each; i++) store<f64>(slots + (<usize>i << 3), NaN);
    fields(from, wish, 0, slots, 0);
    slots += <usize>each << 3;
  }
  return wrong != 0 ? wrong : <i32>(place - from);
}
