import { AssayError } from '../../base/errors.js';
import { SECOND, daysOf, floorDiv } from './calendar.js';

/** A time zone: offsets in seconds east of UTC. */
export interface Zone {
  /** The offset at an instant (microseconds). */
  offsetAt(instant: bigint): number;
  /** The offset at an instant in whole seconds, and the one that a local time has. */
  offsetOf(seconds: number): number;
  offsetOfLocal(seconds: number): number;
  /** The instant of a local time; in an overlap the earlier one, in a gap as far behind it as the time lies in it. */
  instantOf(local: bigint): bigint;
}

const zones = new Map<string, Zone | null>();

/** The zone of a name or an offset as Java's ZoneId reads it; null if there is none. */
export function findZone(name: string): Zone | null {
  let zone = zones.get(name);
  if (zone === undefined) zones.set(name, (zone = makeZone(name)));
  return zone;
}

/** The same, failing on unknown names. */
export function zoneOf(name: string): Zone {
  const zone = findZone(name);
  if (zone) return zone;
  throw new AssayError('INVALID_ARGUMENT', `unknown time zone '${name}'; use a name like Europe/Berlin or an offset like +01:00`);
}

function makeZone(name: string): Zone | null {
  const offset = fixedOffset(name);
  if (offset !== null) return fixed(offset);
  if (/^[+-]/.test(name)) return null;
  try {
    return regional(new Intl.DateTimeFormat('en-US', {
      timeZone: name, hourCycle: 'h23', era: 'short', year: 'numeric', month: 'numeric', day: 'numeric',
      hour: 'numeric', minute: 'numeric', second: 'numeric',
    }));
  } catch {
    return null;
  }
}

/** Microseconds from instants to local times in a zone of one offset; null: its offset changes. */
export function fixedShift(name: string): bigint | null {
  const offset = fixedOffset(name);
  return offset === null ? null : BigInt(offset) * SECOND;
}

/** Seconds of `Z`, `UTC`, `GMT+1`, `+01:30`, …; null for other names. */
function fixedOffset(name: string): number | null {
  const [, prefix = '', rest = ''] = /^(Z|UTC|GMT|UT|)(.*)$/.exec(name) ?? [];
  if (rest === '' && prefix !== '') return 0;
  if (prefix === 'Z') return null;
  const m = /^([+-])(\d{1,2})(?::(\d{1,2})(?::(\d{2}))?|(\d{2})(\d{2})?)?$/.exec(rest);
  if (!m) return null;
  const [hours, minutes, seconds] = [Number(m[2]), Number(m[3] ?? m[5] ?? 0), Number(m[4] ?? m[6] ?? 0)];
  const total = hours * 3600 + minutes * 60 + seconds;
  if (minutes > 59 || seconds > 59 || total > 18 * 3600) return null;
  return m[1] === '-' ? -total : total;
}

function fixed(offset: number): Zone {
  const shift = BigInt(offset) * SECOND;
  const always = () => offset;
  return { offsetAt: always, offsetOf: always, offsetOfLocal: always, instantOf: (local) => local - shift };
}

const WINDOW = 345_600; // four days: no zone changed its offset twice in so short a time

const FARTHEST = 8.64e12; // seconds that dates of JS reach

/** A window in which the offset changes. */
interface Change {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

function regional(format: Intl.DateTimeFormat): Zone {
  const windows = new Map<number, number>();
  const changes = new Map<number, Change>();
  function exact(seconds: number): number {
    const parts: Record<string, string> = {};
    const shown = Math.max(-FARTHEST, Math.min(FARTHEST, seconds)); // zones are regular out there
    for (const { type, value } of format.formatToParts(shown * 1000)) parts[type] = value;
    const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year']);
    const days = daysOf(year, Number(parts['month']), Number(parts['day']));
    return days * 86400 + Number(parts['hour']) * 3600 + Number(parts['minute']) * 60 + Number(parts['second']) - shown;
  }
  /** Looks at both ends of a window; NaN: the offset changes in it. */
  function measured(window: number): number {
    const first = window * WINDOW;
    const before = exact(first);
    const after = exact(first + WINDOW - 1);
    if (before !== after) {
      let [low, high] = [first, first + WINDOW - 1]; // before is right at low, not at high
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (exact(middle) === before) low = middle;
        else high = middle;
      }
      changes.set(window, { at: high, before, after });
    }
    const offset = before === after ? before : NaN;
    windows.set(window, offset);
    return offset;
  }
  let last = NaN; // most times lie in the window of the one before
  let lastOffset = NaN;
  function offsetOf(seconds: number): number {
    const window = Math.floor(seconds / WINDOW);
    if (window !== last) {
      lastOffset = windows.get(window) ?? measured(window);
      last = window;
    }
    if (lastOffset === lastOffset) return lastOffset;
    const change = changes.get(window)!;
    return seconds < change.at ? change.before : change.after;
  }
  function offsetOfLocal(seconds: number): number {
    const before = offsetOf(seconds - 86400);
    const after = offsetOf(seconds + 86400);
    if (before === after && offsetOf(seconds - before) === before) return before;
    const earlier = Math.max(before, after);
    const later = Math.min(before, after);
    // the offset that is right for the instant it leads to; in an overlap both are, in a gap neither is
    if (before !== after && offsetOf(seconds - earlier) !== earlier && offsetOf(seconds - later) === later) return later;
    return offsetOf(seconds - earlier) === earlier ? earlier : before;
  }
  return {
    offsetAt: (instant) => offsetOf(Number(floorDiv(instant, SECOND))),
    offsetOf,
    offsetOfLocal,
    instantOf: (local) => local - BigInt(offsetOfLocal(Number(floorDiv(local, SECOND)))) * SECOND,
  };
}

/** A local time (microseconds as if UTC) of an instant. */
export function localOf(instant: bigint, zone: Zone): bigint {
  return instant + BigInt(zone.offsetAt(instant)) * SECOND;
}
