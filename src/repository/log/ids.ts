/** Names of operations: whoever comes later has the greater text. */
export interface Clock {
  /** A new name, greater than every one that this process made or saw. */
  next(): string;
  /** Notes a name that somebody else made. */
  saw(id: string): void;
}

const SHAPE = /^([0-9a-z]{9})-([0-9a-z]{4})-[0-9a-z]{8}$/;
const MOST = 36 ** 4 - 1;

/** Time of the wall in milliseconds, a counter, and a random text that tells processes apart, so that none repeats. */
export function openClock(now: () => number = Date.now): Clock {
  let ms = 0;
  let count = 0;
  const random = () => {
    const [a, b] = crypto.getRandomValues(new Uint32Array(2));
    return ((BigInt(a!) << 32n) | BigInt(b!)).toString(36).padStart(13, '0').slice(-8);
  };
  return {
    next() {
      const wall = now();
      if (wall > ms) [ms, count] = [wall, 0];
      else if (++count > MOST) [ms, count] = [ms + 1, 0];
      return `${ms.toString(36).padStart(9, '0')}-${count.toString(36).padStart(4, '0')}-${random()}`;
    },
    saw(id) {
      const [, time, counter] = SHAPE.exec(id) ?? [];
      if (time === undefined) return;
      const [theirs, theirCount] = [parseInt(time, 36), parseInt(counter!, 36)];
      if (theirs > ms || (theirs === ms && theirCount > count)) [ms, count] = [theirs, theirCount];
    },
  };
}

/** The milliseconds of a name. */
export function timeOf(id: string): number {
  return parseInt(id.slice(0, 9), 36);
}
