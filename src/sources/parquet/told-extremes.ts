import type { Kernels } from '../../kernels/kernels.js';
import { Room } from '../../kernels/room.js';
import { workOf } from './codecs.js';
import type { Task } from './read-plan.js';
import type { ThriftRecords } from './thrift-records.js';

/** Dictionaries that are larger once they are unpacked are read page by page. */
const ROOM_BYTES = 64 << 10;
const OUT_BYTES = 16;

/**
 * Asks dictionaries whether extremes that statistics tell are true, of which statistics do not say that none is NaN. In one call
 * each, since tables have many column chunks.
 */
export class ToldExtremes {
  readonly #kernels: Kernels;
  readonly #headers: ThriftRecords;
  readonly #room: Room;

  constructor(kernels: Kernels, headers: ThriftRecords) {
    this.#kernels = kernels;
    this.#headers = headers;
    this.#room = new Room(kernels);
  }

  /** Whether the dictionary of a chunk, which lies at an address as a whole, bears them out; false: it does not, or is not asked here. */
  areTrue({ chunk, stored, extremes }: Task, at: number): boolean {
    if (!extremes || stored.kind !== 'fixed' || stored.convert) return false;
    const { fn, memory } = this.#kernels;
    const { codec, start, end } = chunk;
    const out = this.#room.ensure(OUT_BYTES + ROOM_BYTES);
    const work = workOf(this.#kernels, codec);
    const { wish, slots, each } = this.#headers;
    const nans = fn.dictionaryExtremes(
      at, end - start, wish, slots, each, codec, work, out + OUT_BYTES, ROOM_BYTES, stored.width, out,
    );
    if (nans !== 0) return false;
    const [low, high] = new Float64Array(memory.buffer, out, 2);
    return low === extremes.low && high === extremes.high;
  }

  free(): void {
    this.#room.free();
  }
}
